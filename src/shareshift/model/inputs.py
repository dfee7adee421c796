"""From a market and a scenario to the named uncertain inputs of the model."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace
from math import isfinite

import numpy as np
import polars as pl

from shareshift.basics.arrays import Floats, Indices, Mask
from shareshift.basics.errors import ModelError, ScenarioError
from shareshift.market.market import Market
from shareshift.market.parameters import Range, range_of
from shareshift.market.second_choices import second_choice_rows
from shareshift.scenario.forms import DEFAULT_FORM, HELD, MATRIX
from shareshift.scenario.scenario import Scenario, scenario_faults


@dataclass(frozen=True, kw_only=True)
class Inputs:
    """Every uncertain number under its name, and the facts that are certain.

    `ranges` holds one range per named input: each parameter under its own id, `incumbent_revenue`,
    `revenue:VENDOR`, `spend:CUSTOMER`, `wallet:CUSTOMER:VENDOR`, `exit:CUSTOMER` (a probability),
    `slack:VENDOR` and `capacity_growth:VENDOR`; under the form diversion_matrix also `diversion:CUSTOMER:VENDOR`,
    with * for every customer. Rivals and customers stand in the order of their tables.
    """

    ranges: Mapping[str, Range]
    customers: tuple[str, ...]
    remainder: str
    rivals: tuple[str, ...]
    nests: tuple[str, ...]
    membership: Indices
    incumbent_nest: int
    independent: Floats
    conflict: Floats
    match: Floats
    excluded: Mask
    stances: Mapping[str, str]
    horizon_months: int
    market_key: str
    form: str = DEFAULT_FORM
    capacity: bool = True

    def key(self, *names: str) -> tuple[Hashable, ...]:
        """Return all that a stage rests on: the market, the facts, and the ranges of some inputs.

        A name stands for itself and for what follows it with a colon or an underscore: `exit` for every chance to
        exit, `revenue` for every rival's; `form` and `capacity` stand for those choices.
        """
        wanted = tuple(f"{name}{mark}" for name in names for mark in ":_")
        figures = [(name, figure) for name, figure in self.ranges.items() if name in names or name.startswith(wanted)]
        choices = [getattr(self, name) for name in ("form", "capacity") if name in names]
        return (self.market_key, self.horizon_months, self.excluded.tobytes(), *choices, *figures)


def build_inputs(market: Market, scenario: Scenario, baseline: Inputs | None = None) -> Inputs:
    """Return the inputs of a run.

    `baseline` may be what `market_inputs` returned for the same market.

    Raises `ScenarioError` where the scenario does not fit the market, `ModelError` naming every input whose range is
    infinite or no number.
    """
    if faults := scenario_faults(scenario, market):
        raise ScenarioError("\n".join(f"{scenario.title}: {fault}" for fault in faults))
    baseline = baseline or market_inputs(market)
    ranges = dict(baseline.ranges)
    for name, central in scenario.parameters.items():
        parameter = market.parameters[name]
        ranges[name] = parameter.range.moved_to(float(central), parameter.minimum, parameter.maximum)
    for customer, values in scenario.customers.items():
        for key, value in values.items():
            ranges[f"{'exit' if key == 'exit' else 'spend'}:{customer}"] = Range.fixed(float(value))
    for vendor, values in scenario.vendors.items():
        for key in set(values) - {"excluded"}:
            ranges[f"{key}:{vendor}"] = Range.fixed(float(values[key]))
    ranges |= {name: Range.fixed(value) for name, value in HELD[scenario.form].items()}
    if scenario.form != MATRIX:
        ranges = {name: figure for name, figure in ranges.items() if not name.startswith("diversion:")}
    # Here the range still has its own name; drawn, narrowed and combined it would spoil others first.
    if faults := [_not_finite(name, figure) for name, figure in ranges.items() if not _is_finite(figure)]:
        raise ModelError("\n".join(faults))
    spread = ranges["evidence_spread"].central
    return replace(
        baseline,
        ranges={name: figure.narrowed(spread) for name, figure in ranges.items()},
        excluded=np.array([bool(scenario.vendors.get(rival, {}).get("excluded")) for rival in baseline.rivals]),
        horizon_months=scenario.horizon_months or market.horizon_months,
        form=scenario.form,
        capacity=scenario.capacity,
    )


def _is_finite(figure: Range) -> bool:
    return isfinite(figure.low) and isfinite(figure.central) and isfinite(figure.high)


def _not_finite(name: str, figure: Range) -> str:
    ends = f"low {figure.low:g}, central {figure.central:g}, high {figure.high:g}"
    return f"The input {name} is infinite or no number ({ends}). Give finite numbers."


def market_inputs(market: Market) -> Inputs:
    """Return the inputs as the tables have them, before any scenario and with every range at its full width."""
    vendors = market.tables["vendors"]
    rivals = vendors.filter(pl.col("vendor_id") != market.incumbent)
    incumbent = vendors.row(by_predicate=pl.col("vendor_id") == market.incumbent, named=True)
    customers = market.tables["customers"]
    nests = tuple(sorted(set(vendors["nest"])))
    stances = dict(market.events("stance").select("customer_id", "stance").iter_rows())
    return Inputs(
        ranges=_ranges(market),
        customers=tuple(customers["customer_id"]),
        remainder=customers.row(by_predicate=pl.col("is_remainder"), named=True)["customer_id"],
        rivals=tuple(rivals["vendor_id"]),
        nests=nests,
        membership=np.array([nests.index(nest) for nest in rivals["nest"]], dtype=np.int64),
        incumbent_nest=nests.index(incumbent["nest"]),
        independent=np.array(rivals["independent"], dtype=np.float64),
        conflict=np.array(customers["competes_with_owner"]),
        match=_match(customers["segments"].to_list(), rivals["segments"].to_list()),
        excluded=np.zeros(rivals.height, dtype=np.bool_),
        stances={customer: stances.get(customer, "unknown") for customer in customers["customer_id"]},
        horizon_months=market.horizon_months,
        market_key=market.digest,
    )


def _ranges(market: Market) -> dict[str, Range]:
    ranges = {name: parameter.range for name, parameter in market.parameters.items()}
    for row in market.current("revenues", ["vendor_id"]).iter_rows(named=True):
        own = row["vendor_id"] == market.incumbent
        ranges["incumbent_revenue" if own else f"revenue:{row['vendor_id']}"] = range_of(row, "_usd_per_year")
    for row in market.current("spend", ["customer_id", "vendor_id"]).iter_rows(named=True):
        own = row["vendor_id"] == market.incumbent
        name = f"spend:{row['customer_id']}" if own else f"wallet:{row['customer_id']}:{row['vendor_id']}"
        ranges[name] = range_of(row, "_usd_per_year")
    for kind in ("capacity_growth", "slack"):
        for row in market.events(kind).iter_rows(named=True):
            if row["vendor_id"] != market.incumbent:
                ranges[f"{kind}:{row['vendor_id']}"] = range_of(row, "")
    for row in market.events("exit_probability").iter_rows(named=True):
        ranges[f"exit:{row['customer_id']}"] = range_of(row, "")
    second_choices = second_choice_rows(market)
    for row in () if second_choices is None else second_choices.iter_rows(named=True):
        ranges[f"diversion:{row['customer_id']}:{row['vendor_id']}"] = range_of(row, "")
    return ranges


def _match(wanted: list[str | None], served: list[str | None]) -> Floats:
    """Return which part of what a customer buys each rival serves; shape (customers, rivals)."""
    needs = [set(words.split(";")) if words else set() for words in wanted]
    offers = [set(words.split(";")) if words else set() for words in served]
    return np.array([[len(need & offer) / len(need) if need else 0.0 for offer in offers] for need in needs])
