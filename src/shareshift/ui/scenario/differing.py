"""What differs between two scenarios, in words."""

from dataclasses import dataclass

import polars as pl

from shareshift.market.market import Market
from shareshift.scenario.scenario import WORDS, Scenario
from shareshift.scenario.values import PLAIN, flat
from shareshift.ui.scenario.words import label_of, value_words


@dataclass(frozen=True)
class Differing:
    """One value that differs: what it is, and what it was and is, in words with units."""

    what: str
    before: str
    after: str


def differing(before: Scenario, after: Scenario, market: Market) -> list[Differing]:
    """Return every value that differs between two scenarios, sliders first, in words."""
    old, new = flat(before), flat(after)
    order = [*market.parameters, *PLAIN]
    keys = sorted(
        {key for key in {*old, *new} if old.get(key) != new.get(key)},
        key=lambda key: (order.index(key) if key in order else len(market.parameters), key),
    )
    return [
        Differing(label_of(key, market), value_words(key, old.get(key), market), value_words(key, new.get(key), market))
        for key in keys
    ]


def changed_words(before: Scenario, after: Scenario, market: Market) -> list[str]:
    """Return what readers call everything that differs between two scenarios, but for what they say of themselves."""
    old, new = flat(before), flat(after)
    keys = [key for key in dict.fromkeys([*new, *old]) if key not in WORDS and old.get(key) != new.get(key)]
    return [label_of(key, market) for key in keys]


def differing_table(before: Scenario, after: Scenario, market: Market, columns: tuple[str, str]) -> pl.DataFrame:
    """Return what differs as a table: what, and each of the two under its column's name."""
    rows = differing(before, after, market)
    return pl.DataFrame(
        {
            "What": [row.what for row in rows],
            columns[0]: [row.before for row in rows],
            columns[1]: [row.after for row in rows],
        },
        schema=dict.fromkeys(("What", *columns), pl.String),
    )
