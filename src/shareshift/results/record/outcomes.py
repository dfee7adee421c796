"""Which outcomes a run can be scored on, and what the run said of each."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import polars as pl

from shareshift.basics.arrays import Floats
from shareshift.basics.months import MONTHS_PER_YEAR, part_over
from shareshift.market.trends import MEASURED
from shareshift.model.run import Run
from shareshift.results.naive import Revenues


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """One row of outcomes: what was observed, or why it cannot be scored."""

    outcome_id: str
    vendor_id: str
    customer_id: str
    metric: str
    period_end: date
    title: str
    conflict: str
    month: int = -1
    observed: float = np.nan
    reason: str = ""
    mark: str = ""


@dataclass(frozen=True, kw_only=True)
class Scope:
    """What a forecast speaks of: so many months from `start` on, and whom; `made_on` says what it may have known.

    `told` has the last date of which each vendor's tables had a measured amount by then.
    """

    start: date
    months: int
    made_on: date
    vendors: tuple[str, ...]
    customers: tuple[str, ...]
    gross: Mapping[str, str | None] = field(default_factory=dict)
    told: Mapping[str, date] = field(default_factory=dict)


def scope_of(run: Run) -> Scope:
    """Return what a run speaks of."""
    sizes = run.market.current("revenues", ["vendor_id"])
    known = run.market.tables["revenues"].filter(
        pl.col("known_from") <= run.market.as_of, pl.col("basis").is_in(MEASURED)
    )
    return Scope(
        start=run.months[0],
        months=len(run.months),
        made_on=run.market.as_of,
        vendors=run.vendors,
        customers=run.inputs.customers,
        gross=dict(sizes.select("vendor_id", "gross").iter_rows()),
        told=dict(known.drop_nulls("period_end").group_by("vendor_id").agg(pl.col("period_end").max()).iter_rows()),
    )


def outcomes_of(table: pl.DataFrame, scope: Scope, scored_on: date) -> list[Outcome]:
    """Return every row of a market's outcomes, by its key; those that cannot be scored say why.

    A figure is scored against the same figure of the forecast in the month that holds its date, on its own basis and
    never before it was due and known, nor where it was known when the forecast was made, or the tables told as much.
    """
    return [_outcome(scope, row, scored_on) for row in table.sort("outcome_id").iter_rows(named=True)]


def _outcome(scope: Scope, row: Mapping[str, Any], scored_on: date) -> Outcome:
    day, known, metric = row["period_end"], row["known_from"], str(row["metric"])
    value = row["central"]
    month = (day.year - scope.start.year) * MONTHS_PER_YEAR + day.month - scope.start.month
    reason = ""
    if value is None:
        reason = "no figure was published"
    elif metric not in MEASURES:
        reason = f"the model has no figure for {metric.replace('_', ' ')}"
    elif metric == "revenue" and row["basis"] != "run_rate":
        reason = f"its basis is {row['basis'] or 'not stated'}, and run rates are what the model gives at a date"
    elif metric == "exit" and row["customer_id"] not in scope.customers:
        reason = "it names no customer of this market"
    elif metric != "exit" and row["vendor_id"] not in scope.vendors:
        reason = "it names no vendor of this market"
    elif known <= scope.made_on:
        reason = f"it was known on {scope.made_on}, when the forecast was made"
    elif metric == "revenue" and scope.told.get(row["vendor_id"], date.min) >= day.replace(day=1):
        reason = f"revenues.csv had an amount of that month or a later one by {scope.made_on}"
    elif max(day, known) > scored_on:
        reason = f"it is due on {max(day, known)}"
    elif not 0 <= month < scope.months and metric != "exit":
        reason = "its date lies outside the months of the run"
    return Outcome(
        outcome_id=str(row["outcome_id"]),
        vendor_id=str(row["vendor_id"] or ""),
        customer_id=str(row["customer_id"] or ""),
        metric=metric,
        period_end=day,
        title=str(row["title"]),
        conflict=str(row["conflict_id"] or ""),
        month=month,
        observed=np.nan if value is None else float(str(value)),
        reason=reason,
        mark=_mark(scope, row) if metric == "revenue" and row["vendor_id"] in scope.gross else "",
    )


# What a cell of the column `gross` says, as readers see it.
GROSS_WORDS = {"yes": "gross of contractor pay", "no": "net of contractor pay"}
UNSTATED = "not said to be gross or net"


def _mark(scope: Scope, row: Mapping[str, Any]) -> str:
    """Return a sentence where a figure and what it is set against are not known to be one kind of amount."""
    seen, said = (GROSS_WORDS.get(kind or "", UNSTATED) for kind in (row["gross"], scope.gross[row["vendor_id"]]))
    return "" if seen == said else f"The figure is {seen}, the forecast {said}."


def measured(run: Run, of: Outcome, revenues: Revenues) -> Floats:
    """Return the draws of what an outcome measures, (draws,), with vendors billing what `revenues` says."""
    return np.asarray(MEASURES[of.metric](run, of, revenues))


def _revenue(run: Run, of: Outcome, revenues: Revenues) -> Floats:
    return np.asarray(revenues(of.month)[run.vendors.index(of.vendor_id)] * MONTHS_PER_YEAR)


def _share(run: Run, of: Outcome, revenues: Revenues) -> Floats:
    all_of = revenues(of.month)
    total = all_of.sum(axis=0)
    return np.asarray(all_of[run.vendors.index(of.vendor_id)] / np.where(total > 0, total, 1.0))


def _part_of_movers(run: Run, of: Outcome, _: Revenues) -> Floats:
    months = slice(0, of.month + 1)
    won = run.migration.to_options[months, run.inputs.rivals.index(of.vendor_id), :-1].sum(axis=0)
    left = run.left[months, :-1].sum(axis=0)
    return np.asarray(np.where(left > 0, won / np.where(left > 0, left, 1.0), 0.0))


def _exit(run: Run, of: Outcome, _: Revenues) -> Floats:
    return np.asarray(
        run.sample.begun(of.month - 1 + part_over(of.period_end))[run.inputs.customers.index(of.customer_id), :-1]
    )


MEASURES: Mapping[str, Callable[[Run, Outcome, Revenues], Floats]] = {
    "revenue": _revenue,
    "share": _share,
    "part_of_movers": _part_of_movers,
    "exit": _exit,
}
