"""What changed between two dates: the rows that became known or stopped counting, and what each group of them moves."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from shareshift.basics.errors import ScenarioError
from shareshift.basics.formats import day_words, money
from shareshift.market.known import as_known_on, counted_rows, known_in_part
from shareshift.market.market import Market
from shareshift.market.second_choices import EVERYBODY
from shareshift.model.draws.streams import Draws
from shareshift.results.compare.explaining import INTERACTION, WHOLE, Part, explained_frame
from shareshift.results.compare.outcome import run_outcome
from shareshift.scenario.scenario import Scenario

NEW, OVER = "became known", "no longer counts"
CHANGES = ((NEW, "became known"), (OVER, "stopped counting"))
NAMES = {"revenues": "run rate and growth", "spend": "spend", "events": "events", "diversion": "second choices"}


@dataclass(frozen=True, kw_only=True)
class Changed:
    """What the evidence of one date is against that of an earlier one.

    `rows` has one row per row of the tables, and per thing it counts for, that counts on one of the dates alone.
    `effects` is as `explained_frame`: what the rows of each group move of every figure when they alone become known,
    what is lost when they alone are not known, what acts together, and the whole; its `input_id` is the group.
    """

    before: date
    after: date
    rows: pl.DataFrame = field(repr=False)
    effects: pl.DataFrame = field(repr=False)

    @property
    def tables(self) -> dict[str, pl.DataFrame]:
        """Both tables by the name of their file."""
        return {"changed_rows": self.rows, "changed_effects": self.effects}


def changed_rows(market: Market, before: date, after: date) -> pl.DataFrame:
    """Return the rows that count on one of two dates alone, by group; raises `ScenarioError` where one is too early."""
    if before >= after:
        raise ScenarioError(f"{before} is not before {after}. Give the earlier date first.")
    first, second = (counted_rows(as_known_on(market, day)) for day in (before, after))
    keys = ["table", "row_id", "counts_as"]
    gone, new = first.join(second, on=keys, how="anti"), second.join(first, on=keys, how="anti")
    found = [frame.with_columns(pl.lit(word).alias("change")) for frame, word in ((new, NEW), (gone, OVER))]
    return pl.concat(found).sort("table", "group_id", "known_from", "row_id", "counts_as")


def what_changed(
    market: Market,
    scenario: Scenario,
    dates: tuple[date, date],
    held: Draws,
    progress: Callable[[float], None] = lambda _: None,
) -> Changed:
    """Run a scenario with the rows of each group known alone, and with all others known, on the same draws.

    Raises `ScenarioError` where a date is too early or the scenario does not fit the market.
    """
    rows = changed_rows(market, *dates)
    before, after = (as_known_on(market, day) for day in dates)
    ends = [run_outcome(end, scenario, held) for end in (before, after)]
    whole = ends[1].values - ends[0].values
    groups, parts, rest = sorted(set(rows["group_id"])), [], [whole.copy(), whole.copy()]
    for number, group in enumerate(groups, start=1):
        alone = run_outcome(known_in_part(after, dates[0], {group}), scenario, held).values - ends[0].values
        others = known_in_part(after, dates[0], set(groups) - {group})
        back = ends[1].values - run_outcome(others, scenario, held).values
        rest[0] -= alone
        rest[1] -= back
        label = group_words(market, group)
        parts.append(Part(part="input", input_id=group, label=label, one_at_a_time=alone, put_back=back))
        progress(number / len(groups))
    parts.append(Part(part=INTERACTION, input_id=None, label="Together", one_at_a_time=rest[0], put_back=rest[1]))
    parts.append(Part(part=WHOLE, input_id=None, label="All rows", one_at_a_time=whole, put_back=whole))
    return Changed(
        before=dates[0], after=dates[1], rows=rows, effects=explained_frame(ends[0], parts, held.scramblings)
    )


def group_words(market: Market, group: str) -> str:
    """Return what readers call a group of rows, such as Mercor: run rate and growth."""
    table, _, about = group.partition(":")
    who = "Every customer" if about == EVERYBODY else market.names.get(about, about)
    return f"{who}: {NAMES[table]}"


def changed_sentence(found: Changed, figure: str = "displaced") -> str:
    """Return how many rows changed between two dates, and which group of them moves a headline figure most."""
    if found.rows.is_empty():
        return (
            f"Between {day_words(found.before)} and {day_words(found.after)} no row of the tables changed what counts."
        )
    counts = dict(found.rows.select("row_id", "change").unique()["change"].value_counts().iter_rows())
    told = [f"{counts[word]} row{'s' if counts[word] > 1 else ''} {words}" for word, words in CHANGES if word in counts]
    moved = found.effects.filter(pl.col("measure") == figure, pl.col("part") == "input")
    most = moved.sort(pl.col("mean_one_at_a_time").abs(), descending=True, maintain_order=True).row(0, named=True)
    whole = found.effects.row(by_predicate=(pl.col("measure") == figure) & (pl.col("part") == WHOLE), named=True)
    return (
        f"Between {day_words(found.before)} and {day_words(found.after)} {' and '.join(told)}. "
        f"Displaced money moves by {_signed(whole['mean_one_at_a_time'])} in the mean, most by {most['label']} "
        f"({_signed(most['mean_one_at_a_time'])} alone)."
    )


def _signed(usd: float) -> str:
    return f"+{money(usd)}" if usd > 0 else money(usd)
