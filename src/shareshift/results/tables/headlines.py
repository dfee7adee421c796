"""The headline figures of a projection, each one number per draw."""

import numpy as np
import polars as pl

from shareshift.basics.months import MONTHS_PER_YEAR
from shareshift.model.equations.concentration import herfindahl
from shareshift.model.run import Run
from shareshift.results.counting.statistics import Figure
from shareshift.results.tables.frames import Table, Take


def summary_table(run: Run) -> Table:
    """The headline figures: one row per figure, over all months unless the figure says otherwise."""
    figures = headline_figures(run)

    def feed(take: Take) -> None:
        take(0, np.arange(len(figures)), np.array([figure.values for figure in figures]))

    def finish(frame: pl.DataFrame) -> pl.DataFrame:
        return frame.insert_column(2, pl.Series("unit", [figure.unit for figure in figures]))

    return Table(
        keys={"figure": [figure.figure for figure in figures]}, quantities=("value",), feed=feed, finish=finish
    )


def headline_figures(run: Run) -> list[Figure]:
    """Return the figures of the first page; sums are over all months, from the event to the horizon."""
    placed = run.migration
    no_event = run.incumbent_no_event.sum(axis=0)
    displaced = run.sample.displaced_total.sum(axis=0)
    went = placed.to_options.sum(axis=0)
    in_house, not_spent, unplaced = went[-1], placed.not_spent_total.sum(axis=0), placed.unplaced_total.sum(axis=0)
    revenue = run.incumbent_revenue
    last = len(run.months) - 1
    shares, all_lines = run.month_shares(last), run.month_in_market(last, all_lines=True)
    everything = all_lines.sum(axis=0)
    usd = {
        "incumbent_no_event": no_event,
        "displaced": displaced,
        # Where all of it waits, rounding must not leave less than nothing.
        "left_incumbent": np.maximum(displaced - unplaced, 0.0),
        "to_rivals": went[:-1].sum(axis=0),
        "in_house": in_house,
        "not_spent": not_spent,
        # In-house and not spent move against each other in a draw, so their sum has percentiles of its own.
        "in_house_and_not_spent": in_house + not_spent,
        "unplaced": unplaced,
        "incumbent_revenue": revenue.sum(axis=0),
        "incumbent_change": revenue.sum(axis=0) - no_event,
        "incumbent_run_rate_at_horizon": revenue[-1] * MONTHS_PER_YEAR,
    }
    ratios = {
        "displaced_share": displaced / np.where(no_event > 0, no_event, 1.0),
        "incumbent_share_at_horizon": shares[0],
        "incumbent_share_with_new_lines": all_lines[0] / np.where(everything > 0, everything, 1.0),
    }
    units = {"incumbent_run_rate_at_horizon": "usd_per_year"}
    return [
        *(Figure(figure=name, unit=units.get(name, "usd"), values=values) for name, values in usd.items()),
        *(Figure(figure=name, unit="share", values=values) for name, values in ratios.items()),
        Figure(figure="lowest_hhi_at_horizon", unit="hhi", values=herfindahl(shares, run.firms)),
        Figure(figure="hhi_at_horizon", unit="hhi", values=herfindahl(shares)),
        Figure(figure="customers_leaving", unit="customers", values=run.sample.begun(len(run.months) - 1).sum(axis=0)),
        Figure(figure="sources_contradict", unit="share", values=run.sample.overdrawn.astype(np.float64)),
    ]
