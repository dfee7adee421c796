"""The projection: one run of the model, and the tables it answers with."""

from collections.abc import Callable
from datetime import date
from functools import cached_property

import numpy as np
import polars as pl

from shareshift.basics.errors import ModelError
from shareshift.market.market import Market
from shareshift.market.parameters import DEFAULT_DRAWS
from shareshift.model.draws.streams import Draws
from shareshift.model.inputs import build_inputs, market_inputs
from shareshift.model.placing import migrate
from shareshift.model.run import Run
from shareshift.model.sample import Sample, draw_sample
from shareshift.results.tables.accounts import (
    concentration_table,
    displacement_table,
    flows_table,
    gains_table,
    projection_table,
    shares_table,
)
from shareshift.results.tables.capacity import capacity_table, spill_table
from shareshift.results.tables.frames import Table, summarised, tidy
from shareshift.results.tables.headlines import summary_table
from shareshift.scenario.scenario import Scenario

# Every table by the name of its file; what its rows hold is said by its function.
TABLES: dict[str, Callable[[Run], Table]] = {
    "summary": summary_table,
    "projection": projection_table,
    "gains": gains_table,
    "displacement": displacement_table,
    "flows": flows_table,
    "shares": shares_table,
    "concentration": concentration_table,
}
# Tables that follow every draw from month to month, which only a run that is held at once has.
HELD_TABLES: dict[str, Callable[[Run], pl.DataFrame]] = {"capacity": capacity_table, "spill": spill_table}


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


def _held(name: str) -> "cached_property[pl.DataFrame]":
    return cached_property(lambda run: run.table(name))


class Projection(Run):
    """The results of one run; every table is computed when it is first asked for.

    All frames carry the scenario's title. Statistics stand in columns `central_`, `mean_`, `p5_`, `p25_`, `p50_`,
    `p75_`, `p95_` and `standard_error_`, each followed by the quantity with its unit.
    """

    summary = _held("summary")
    projection = _held("projection")
    gains = _held("gains")
    displacement = _held("displacement")
    flows = _held("flows")
    shares = _held("shares")
    concentration = _held("concentration")
    capacity = _held("capacity")
    spill = _held("spill")

    def table(self, name: str) -> pl.DataFrame:
        """Return a table by the name of its file, one of `TABLES` or `HELD_TABLES`."""
        if name in HELD_TABLES:
            return HELD_TABLES[name](self)
        return summarised(self.scenario.title, TABLES[name](self), self.sample.patience.size - 1, self.scramblings)

    @property
    def tables(self) -> dict[str, pl.DataFrame]:
        """Every table by the name of its file."""
        return {name: getattr(self, name) for name in (*TABLES, *HELD_TABLES)}

    def flows_to_date(self, month: date) -> pl.DataFrame:
        """Return one row per customer and destination: displaced money that went there up to and with a month."""
        return self.to_date(month)[0]

    def to_date(self, month: date) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Return `flows_to_date`, and the same of all customers together: one row per destination."""
        count = self.months.index(month) + 1
        whole = count == len(self.months)
        total = self.migration.cumulative if whole else self.migration.flows(slice(0, count))
        keys = {"customer_id": self.inputs.customers, "destination_id": self.destinations}
        flows = tidy(self.scenario.title, keys, {"cumulative_flow_usd": total}, self.scramblings)
        arrived = {"arrived_usd": total.sum(axis=0)}
        arrivals = tidy(self.scenario.title, {"destination_id": self.destinations}, arrived, self.scramblings)
        dated = (
            frame.insert_column(place, pl.Series("month", [month]).new_from_index(0, frame.height))
            for frame, place in ((flows, 3), (arrivals, 2))
        )
        return next(dated), next(dated)


def check_finite(sample: Sample) -> None:
    """Raise `ModelError` naming the first array of a sample that holds NaN or infinity."""
    for name, values in vars(sample).items():
        if isinstance(values, np.ndarray) and values.dtype == np.float64 and not np.isfinite(values).all():
            words = name.replace("_", " ")
            raise ModelError(f"The input {words} became infinite or undefined. Bring its range nearer to the data.")
