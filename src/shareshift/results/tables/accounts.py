"""The accounts of a run, month by month: what each vendor bills, what displaced it, and what that makes of shares.

Every table's draws are computed here in pieces that fit into the processor's cache, one month or a few at a time.
"""

from collections.abc import Callable, Sequence

import numpy as np
import polars as pl

from shareshift.basics.arrays import Floats, Indices
from shareshift.basics.months import MONTHS_PER_YEAR
from shareshift.basics.threads import each_block, each_piece
from shareshift.model.equations.concentration import herfindahl
from shareshift.model.run import Run
from shareshift.results.counting.statistics import CELLS
from shareshift.results.tables.frames import Keys, Table, Take


def projection_table(run: Run) -> Table:
    """One row per vendor and month: revenue = no-event revenue + displaced gain + other gain."""
    at_event = run.run_rate / MONTHS_PER_YEAR

    def rows(month: int) -> Sequence[Floats]:
        of = run.month_accounts(month)
        with_market = at_event * run.sample.path[month, -1]
        market, own = with_market - at_event, of.no_event - with_market
        return of.revenue, of.no_event, market, own, of.displaced_gain, of.other_gain

    quantities = (
        "revenue_usd", "no_event_revenue_usd", "market_growth_gain_usd", "own_growth_gain_usd", "displaced_gain_usd",
        "other_gain_usd",
    )  # fmt: skip
    return _monthly(run, "vendor_id", run.vendors, quantities, rows)


def shares_table(run: Run) -> Table:
    """One row per vendor and month: share of outsourced revenue with the event and without it, 0..1.

    The base is all vendors in the table.
    """
    quantities = ("share", "no_event_share")
    return _monthly(
        run, "vendor_id", run.vendors, quantities, lambda month: (run.month_shares(month), run.no_event_shares(month))
    )


def concentration_table(run: Run) -> Table:
    """One row per month: HHI (0..10,000) and effective number of vendors, over outsourced revenue.

    A vendor that stands for several firms leaves the index open: `lowest_hhi` parts it into its firms, equally large
    (many: none of them counts), `hhi` takes it as one firm. The effective number goes with the latter.
    """
    firms = run.firms

    def rows(month: int) -> Sequence[Floats]:
        shares = run.month_shares(month)
        index = herfindahl(shares)
        number = np.where(index > 0, 1e4 / np.where(index > 0, index, 1.0), 0.0)
        return herfindahl(shares, firms)[None], index[None], number[None]

    return _monthly(run, None, ("",), ("lowest_hhi", "hhi", "effective_number"), rows)


def gains_table(run: Run) -> Table:
    """One row per vendor, over all months: what it gains from the market's growth, its own, and displaced money."""

    def feed(take: Take) -> None:
        path, at_event = run.sample.path.sum(axis=0), run.run_rate / MONTHS_PER_YEAR
        won = np.concatenate([-run.left.sum(axis=0)[None], run.migration.to_options[:, :-1].sum(axis=0)])
        market, own = at_event * (path[-1] - len(run.months)), at_event * (path[:-1] - path[-1])
        for quantity, rows in enumerate((market, own, won)):
            take(quantity, np.arange(len(rows)), rows)

    quantities = ("market_growth_gain_usd", "own_growth_gain_usd", "displaced_gain_usd")
    return Table(keys={"vendor_id": run.vendors}, quantities=quantities, feed=feed)


def displacement_table(run: Run) -> Table:
    """One row per customer and month: what is displaced, waits unplaced, and has left, in USD."""
    sample, months = run.sample, len(run.months)

    def feed(take: Take) -> None:
        for asked, customers, unplaced in run.migration.monthly_unplaced():
            for month in range(asked.start, asked.stop):
                waits, at = unplaced[month - asked.start], customers.start
                wanted = sample.leaving(slice(month, month + 1), slice(None))[0]

                def work(
                    block: slice, month: int = month, waits: Floats = waits, wanted: Floats = wanted, at: int = at
                ) -> None:
                    some = slice(block.start + at, block.stop + at)
                    displaced = wanted[some]
                    spend = sample.spend[some] * (sample.path[month, 0] / MONTHS_PER_YEAR)
                    where = np.arange(some.start, some.stop) * months + month
                    left = np.maximum(displaced - waits[block] * sample.is_open[month], 0.0)
                    for quantity, rows in enumerate((spend, displaced, waits[block], left)):
                        take(quantity, where, np.ascontiguousarray(rows))

                each_block(len(waits), work, CELLS)

    quantities = ("no_event_spend_usd", "displaced_usd", "unplaced_usd", "left_usd")
    return Table(keys={"customer_id": run.inputs.customers, "month": run.months}, quantities=quantities, feed=feed)


def flows_table(run: Run) -> Table:
    """One row per customer, destination and month: displaced money that goes there, in USD.

    The means over destinations add up to the mean displaced. `cumulative_flow_usd` runs from the first month.
    """
    months, destinations = len(run.months), len(run.destinations)

    def feed(take: Take) -> None:
        running: dict[int, Floats] = {}
        for asked, customers, flows in run.migration.monthly_flows():
            for month in range(asked.start, asked.stop):
                flow = flows[month - asked.start].reshape(-1, flows.shape[-1])
                total = running.setdefault(customers.start, np.zeros_like(flow))
                cells = np.arange(customers.start * destinations, customers.stop * destinations) * months + month

                def work(block: slice, flow: Floats = flow, total: Floats = total, cells: Indices = cells) -> None:
                    total[block] += flow[block]
                    take(0, cells[block], flow[block])
                    take(1, cells[block], total[block])

                each_block(len(flow), work, CELLS)

    def finish(frame: pl.DataFrame) -> pl.DataFrame:
        return frame.sort("customer_id", "destination_id", "month", maintain_order=True)

    keys: Keys = {"customer_id": run.inputs.customers, "destination_id": run.destinations, "month": run.months}
    return Table(keys=keys, quantities=("flow_usd", "cumulative_flow_usd"), feed=feed, finish=finish)


def _monthly(
    run: Run,
    key: str | None,
    values: Sequence[str],
    quantities: tuple[str, ...],
    rows: Callable[[int], Sequence[Floats]],
) -> Table:
    """Return a table with one row per value of a key, if any, and month; `rows` gives a month's draws."""
    months = len(run.months)

    def feed(take: Take) -> None:
        # Both are used by every month and kept by the run; here they are computed once and not by every thread.
        _ = run.left, run.incumbent_revenue

        def work(month: int) -> None:
            where = np.arange(len(values)) * months + month
            for quantity, found in enumerate(rows(month)):
                take(quantity, where, found)

        each_piece(range(months), work)

    keys: Keys = {"month": run.months} if key is None else {key: values, "month": run.months}
    return Table(keys=keys, quantities=quantities, feed=feed)
