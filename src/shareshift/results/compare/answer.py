"""Scenarios against a reference, all on the same draws: the frames that page, files and command line share."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import polars as pl

from shareshift.basics.errors import ScenarioError
from shareshift.basics.months import first_month, months_from
from shareshift.market.market import Market
from shareshift.model.draws.streams import Draws
from shareshift.results.compare.explaining import Progress, explained_frame, parts_of
from shareshift.results.compare.inputs import inputs_frame
from shareshift.results.compare.outcome import Outcome, run_outcome
from shareshift.results.compare.pairing import paired_frame
from shareshift.results.compare.ranks import RANKED, order_frame, ranks_frame
from shareshift.results.compare.settings import months_of
from shareshift.scenario.scenario import Scenario

FEWEST, MOST = 2, 4


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """What two to four scenarios come to; the first is the reference, and every frame has both their titles.

    `figures`, `vendors`, `shares` and `revenue` are as `paired_frame`, `ranks` as `ranks_frame`, `orders` as
    `order_frame` and `inputs` as `inputs_frame`. `months` are those all have in common, and `titles` one per
    scenario, told apart where two have the same.
    """

    titles: tuple[str, ...]
    scenarios: tuple[Scenario, ...] = field(repr=False)
    own_months: tuple[int, ...]
    months: tuple[date, ...]
    draws: int
    figures: pl.DataFrame = field(repr=False)
    vendors: pl.DataFrame = field(repr=False)
    shares: pl.DataFrame = field(repr=False)
    revenue: pl.DataFrame = field(repr=False)
    ranks: pl.DataFrame = field(repr=False)
    orders: pl.DataFrame = field(repr=False)
    inputs: pl.DataFrame = field(repr=False)

    @property
    def horizon_note(self) -> str | None:
        """Say which months are compared where the scenarios do not look ahead equally far."""
        if len(set(self.own_months)) == 1:
            return None
        own = ", ".join(f"{title} {months}" for title, months in zip(self.titles, self.own_months, strict=True))
        return (
            f"The scenarios look ahead by different numbers of months ({own}); the {len(self.months)} in common count."
        )

    @property
    def tables(self) -> dict[str, pl.DataFrame]:
        """Every table by the name of its file; what inputs explain is asked for separately."""
        names = ("figures", "vendors", "shares", "revenue", "ranks", "orders", "inputs")
        return {f"compare_{name}": getattr(self, name) for name in names}


def compare(market: Market, scenarios: Sequence[Scenario], held: Draws) -> Comparison:
    """Run scenarios on the same draws and return how they differ from the first, over the months all have.

    Two runs at most are held in memory at a time. Raises `ScenarioError` for fewer than two or more than four
    scenarios, and for one that does not fit the market.
    """
    check_count(len(scenarios))
    titles, alike = distinct_titles(scenarios), over_common_months(market, scenarios)
    months = months_from(first_month(market.event_date), months_of(market, alike[0]))
    reference = run_outcome(market, alike[0], held, monthly=True)
    frames: dict[str, list[pl.DataFrame]] = {}
    for title, scenario in zip(titles[1:], alike[1:], strict=True):
        outcome = run_outcome(market, scenario, held, monthly=True)
        for name, frame in _frames(reference, outcome, months, held.scramblings):
            frames.setdefault(name, []).append(_titled(frame, title, titles[0]))
    inputs = [
        _titled(inputs_frame(market, scenarios[0], scenario), title, titles[0])
        for title, scenario in zip(titles[1:], scenarios[1:], strict=True)
    ]
    return Comparison(
        titles=titles,
        scenarios=tuple(scenarios),
        own_months=tuple(months_of(market, scenario) for scenario in scenarios),
        months=tuple(months),
        draws=held.count,
        inputs=pl.concat(inputs),
        **{name: pl.concat(parts) for name, parts in frames.items()},
    )


def explain(
    market: Market,
    scenarios: Sequence[Scenario],
    held: Draws,
    which: Sequence[int] | None = None,
    progress: Progress = lambda _: None,
) -> pl.DataFrame:
    """Return how much of the differences to the first scenario each input explains; see `explained_frame`.

    `scenarios` are those of the comparison, as all of them decide over the months in common; `which` of them, by
    position, or all but the first.
    """
    check_count(len(scenarios))
    titles, alike = distinct_titles(scenarios), over_common_months(market, scenarios)
    chosen = range(1, len(scenarios)) if which is None else which
    reference = run_outcome(market, alike[0], held)
    frames = []
    for done, number in enumerate(chosen):
        outcomes = (reference, run_outcome(market, alike[number], held))

        def of_all(share: float, done: int = done) -> None:
            progress((done + share) / len(chosen))

        parts = parts_of(market, (alike[0], alike[number]), outcomes, held, of_all)
        frames.append(_titled(explained_frame(reference, parts, held.scramblings), titles[number], titles[0]))
    return pl.concat(frames)


def check_count(count: int) -> None:
    """Raise `ScenarioError` unless so many scenarios can be compared."""
    if not FEWEST <= count <= MOST:
        raise ScenarioError(f"{count} scenario{'' if count == 1 else 's'} to compare. Choose two to four.")


def over_common_months(market: Market, scenarios: Sequence[Scenario]) -> tuple[Scenario, ...]:
    """Return the scenarios over the months that all of them have; a longer run begins with the shorter one."""
    common = min(months_of(market, scenario) for scenario in scenarios)
    return tuple(replace(scenario, horizon_months=common) for scenario in scenarios)


def distinct_titles(scenarios: Sequence[Scenario]) -> tuple[str, ...]:
    """Return the titles, a number behind every further scenario of the same title."""
    titles: list[str] = []
    for scenario in scenarios:
        title, number = scenario.title, 1
        while title in titles:
            number += 1
            title = f"{scenario.title} ({number})"
        titles.append(title)
    return tuple(titles)


def _frames(
    reference: Outcome, scenario: Outcome, months: Sequence[date], scramblings: int
) -> Iterator[tuple[str, pl.DataFrame]]:
    values = paired_frame(_keys(reference), reference.values, scenario.values, scramblings)
    of_vendors = pl.col("vendor_id").is_not_null()
    yield "figures", values.filter(~of_vendors).drop("vendor_id").rename({"measure": "figure"})
    yield "vendors", values.filter(of_vendors)
    vendors = [one.vendor_id for one in reference.measures if one.measure == "share_at_horizon" and one.vendor_id]
    keys: dict[str, Sequence[object]] = {
        "vendor_id": [vendor for vendor in vendors for _ in months],
        "month": [month for _ in vendors for month in months],
    }
    for name in ("shares", "revenue"):
        rows = [getattr(outcome, name).reshape(len(keys["month"]), -1) for outcome in (reference, scenario)]
        yield name, paired_frame(keys, rows[0], rows[1], scramblings)
    for name, make in (("ranks", ranks_frame), ("orders", order_frame)):
        parts = []
        for measure, with_incumbent in RANKED.items():
            first = 0 if with_incumbent else 1
            parts.append(make(measure, vendors[first:], reference.of(measure)[first:], scenario.of(measure)[first:]))
        yield name, pl.concat(parts)


def _keys(outcome: Outcome) -> dict[str, Sequence[object]]:
    return {
        "measure": [one.measure for one in outcome.measures],
        "vendor_id": [one.vendor_id for one in outcome.measures],
        "unit": [one.unit for one in outcome.measures],
    }


def _titled(frame: pl.DataFrame, scenario: str, reference: str) -> pl.DataFrame:
    return frame.select(pl.lit(scenario).alias("scenario"), pl.lit(reference).alias("reference"), pl.all())
