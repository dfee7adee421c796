"""The projection: join the model's parts for one market and scenario, and answer with tidy frames."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import numpy as np
import polars as pl

from shareshift.basics.arrays import Floats
from shareshift.basics.errors import ModelError
from shareshift.basics.months import MONTHS_PER_YEAR, first_month, months_from
from shareshift.basics.version import __version__
from shareshift.basics.vocabulary import RESERVED
from shareshift.market.market import Market
from shareshift.market.parameters import DEFAULT_DRAWS
from shareshift.model.draws.streams import Draws
from shareshift.model.equations.ledger import incumbent_revenue
from shareshift.model.inputs import Inputs, build_inputs, market_inputs
from shareshift.model.placing import Migration, migrate
from shareshift.model.state import Sample, draw_sample
from shareshift.results.tables.accounts import (
    concentration_table,
    displacement_table,
    flows_table,
    gains_table,
    month_accounts,
    month_shares,
    projection_table,
    shares_table,
)
from shareshift.results.tables.capacity import capacity_table, spill_table
from shareshift.results.tables.frames import Table, summarised, tidy
from shareshift.results.tables.headlines import summary_table
from shareshift.scenario.scenario import Scenario


def project(
    market: Market,
    scenario: Scenario | None = None,
    draws: int = DEFAULT_DRAWS,
    seed: int = 0,
    *,
    held: Draws | None = None,
    flows: bool = True,
) -> "Projection":
    """Run the model of a market under a scenario; the baseline when none is given.

    The same market, scenario, draws, seed and version give the same bits. `held` may be a `Draws` of an earlier
    run with the same count and seed; inputs that have not changed are then not drawn again. `flows` says whether flows
    over all months will be asked for, which are cheap to have on the way.

    Raises `ScenarioError` when the scenario does not fit the market, `ModelError` when an input leads outside
    what the equations allow.
    """
    scenario = scenario or Scenario()
    if held is None or (held.count, held.seed) != (draws, seed):
        held = Draws(draws, seed)
    baseline = held.stage("baseline", market.digest, lambda: market_inputs(market))
    inputs = build_inputs(market, scenario, baseline)
    sample = draw_sample(inputs, held)
    check_finite(sample)
    return Projection(
        market=market,
        scenario=scenario,
        draws=draws,
        seed=seed,
        scramblings=held.scramblings,
        inputs=inputs,
        sample=sample,
        migration=migrate(inputs, sample, flows=flows),
    )


@dataclass(frozen=True, kw_only=True)
class Projection:
    """The results of one run; every table is reckoned when it is first asked for.

    All frames carry the scenario's title. Statistics stand in columns `central_`, `mean_`, `p5_`, `p25_`, `p50_`,
    `p75_`, `p95_` and `standard_error_`, each followed by the quantity with its unit.
    """

    market: Market
    scenario: Scenario
    draws: int
    seed: int
    scramblings: int
    inputs: Inputs = field(repr=False)
    sample: Sample = field(repr=False)
    migration: Migration = field(repr=False)
    version: str = __version__

    @property
    def months(self) -> list[date]:
        """The months of the run, each as its day 1."""
        return months_from(first_month(self.market.event_date), self.inputs.horizon_months)

    @property
    def vendors(self) -> tuple[str, ...]:
        """The incumbent, then the rivals in the order of their table."""
        return (self.market.incumbent, *self.inputs.rivals)

    @property
    def destinations(self) -> tuple[str, ...]:
        """The rivals, then the reserved destinations."""
        return (*self.inputs.rivals, *RESERVED)

    @cached_property
    def run_rate(self) -> Floats:
        """Run rates at the event; (vendors, draws + 1), USD per year."""
        return np.vstack([self.sample.incumbent_run_rate[None], self.sample.run_rate])

    @cached_property
    def incumbent_no_event(self) -> Floats:
        """What the incumbent would have billed; (months, draws + 1), USD."""
        return self.sample.incumbent_run_rate / MONTHS_PER_YEAR * self.sample.growth_factor

    @cached_property
    def incumbent_revenue(self) -> Floats:
        """What the incumbent bills; (months, draws + 1), USD."""
        sample = self.sample
        return incumbent_revenue(self.incumbent_no_event, self.left, sample.owner_top_up, sample.pivot_revenue)

    @cached_property
    def left(self) -> Floats:
        """What has left the incumbent: displaced less what waits; (months, draws + 1), USD."""
        # Where everything waits, rounding may leave a trace below nothing.
        return np.maximum(self.migration.displaced_total - self.migration.unplaced_total, 0.0)

    @cached_property
    def no_event(self) -> Floats:
        """Revenue without the event; (vendors, months, draws + 1), USD."""
        return self._by_month(lambda month: month_accounts(self, month).no_event)

    @cached_property
    def displaced_gain(self) -> Floats:
        """Displaced money won, for the incumbent lost; (vendors, months, draws + 1), USD."""
        return self._by_month(lambda month: month_accounts(self, month).displaced_gain)

    @cached_property
    def revenue(self) -> Floats:
        """Revenue with the event; (vendors, months, draws + 1), USD."""
        return self._by_month(lambda month: month_accounts(self, month).revenue)

    @cached_property
    def vendor_shares(self) -> Floats:
        """Share of outsourced revenue; (vendors, months, draws + 1)."""
        return self._by_month(lambda month: month_shares(self, month))

    @cached_property
    def summary(self) -> pl.DataFrame:
        """The headline figures: one row per figure, over all months unless the figure says otherwise."""
        return self.table("summary")

    @cached_property
    def projection(self) -> pl.DataFrame:
        """One row per vendor and month: revenue = no-event revenue + displaced gain + other gain."""
        return self.table("projection")

    @cached_property
    def gains(self) -> pl.DataFrame:
        """One row per vendor, over all months: what it gains from market growth and from displaced money."""
        return self.table("gains")

    @cached_property
    def displacement(self) -> pl.DataFrame:
        """One row per customer and month: what is displaced, waits unplaced, and has left, in USD."""
        return self.table("displacement")

    @cached_property
    def flows(self) -> pl.DataFrame:
        """One row per customer, destination and month: displaced money that goes there, in USD.

        The means over destinations add up to the mean displaced. `cumulative_flow_usd` runs from the first month.
        """
        return self.table("flows")

    def flows_to_date(self, month: date) -> pl.DataFrame:
        """Return one row per customer and destination: displaced money that went there up to and with a month."""
        keys = {"customer_id": self.inputs.customers, "destination_id": self.destinations}
        count = self.months.index(month) + 1
        whole = count == len(self.months)
        total = self.migration.cumulative if whole else self.migration.flows(slice(0, count))
        frame = tidy(self.scenario.title, keys, {"cumulative_flow_usd": total}, self.scramblings)
        return frame.insert_column(3, pl.Series("month", [month]).new_from_index(0, frame.height))

    @cached_property
    def shares(self) -> pl.DataFrame:
        """One row per vendor and month: share of outsourced revenue, 0..1; the base is all vendors in the table."""
        return self.table("shares")

    @cached_property
    def concentration(self) -> pl.DataFrame:
        """One row per month: HHI (0..10,000) and effective number of vendors, over outsourced revenue."""
        return self.table("concentration")

    def table(self, name: str) -> pl.DataFrame:
        """Return a table by the name of its file, one of `TABLES`."""
        return summarised(self.scenario.title, TABLES[name](self), self.sample.patience.size - 1, self.scramblings)

    @cached_property
    def capacity(self) -> pl.DataFrame:
        """One row per rival and in-house: how often it is full, which limit binds, what more room would bring."""
        return capacity_table(self)

    @cached_property
    def spill(self) -> pl.DataFrame:
        """One row per rival or in-house, and place: what it turned away and what became of that, in USD."""
        return spill_table(self)

    @property
    def tables(self) -> dict[str, pl.DataFrame]:
        """Every table by the name of its file."""
        return {name: getattr(self, name) for name in (*TABLES, *HELD_TABLES)}

    def _by_month(self, part: Callable[[int], Floats]) -> Floats:
        found = np.empty((len(self.vendors), *self.left.shape))
        for month in range(len(self.months)):
            found[:, month] = part(month)
        return found


def check_finite(sample: Sample) -> None:
    """Raise `ModelError` naming the first array of a sample that holds NaN or infinity."""
    for name, values in vars(sample).items():
        if isinstance(values, np.ndarray) and values.dtype == np.float64 and not np.isfinite(values).all():
            words = name.replace("_", " ")
            raise ModelError(f"The input {words} became infinite or undefined. Bring its range nearer to the data.")


# Every table by the name of its file; the projection has each under the same name.
TABLES: dict[str, Callable[[Projection], Table]] = {
    "summary": summary_table,
    "projection": projection_table,
    "gains": gains_table,
    "displacement": displacement_table,
    "flows": flows_table,
    "shares": shares_table,
    "concentration": concentration_table,
}
# Tables that follow every draw from month to month, which only a run that is held at once has.
HELD_TABLES = ("capacity", "spill")
