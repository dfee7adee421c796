"""From a market and a scenario to the named uncertain inputs of the model."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from math import isfinite

import numpy as np
import polars as pl

from shareshift.basics.arrays import Floats, Indices, Mask
from shareshift.basics.errors import ModelError, ScenarioError
from shareshift.basics.months import MONTHS_PER_YEAR, first_month
from shareshift.market.market import Market
from shareshift.market.parameters import Range
from shareshift.model.equations.departures import NEVER
from shareshift.model.fit import serving
from shareshift.model.keys import InputKey
from shareshift.model.ranges import ranges_of
from shareshift.scenario.forms import DEFAULT_FORM, HELD, MATRIX
from shareshift.scenario.scenario import Scenario, scenario_faults


@dataclass(frozen=True, kw_only=True)
class MarketFacts:
    """What is certain of a market; rivals and customers stand in the order of their tables.

    `membership` (rivals,) and `incumbent_nest` are numbers of `nests`; `independent` (rivals,), how far each is free of
    what broke, and `conflict` (customers,), how much each cares, 0..1; `match` (customers, rivals) which part of what a
    customer buys a rival serves, -1 where it cannot, and `there` its size for that customer over its run rate;
    `stances` has the last known stance of each customer; `firms` (customers,) and `vendor_firms` (vendors,) how many
    firms a row stands for, infinity where they are many; `slope` (vendors,) the log growth per year that a vendor's
    rows show and `slope_variance` its error, infinite where they show none, the incumbent first in all three; `owner`
    the number of the customer that owns the incumbent, -1 for none; `closes` the number of the first whole month in
    which the incumbent is closed, from 0, none of them for none. All of it follows from the market that `market_key`
    names.
    """

    customers: tuple[str, ...]
    remainder: str
    rivals: tuple[str, ...]
    nests: tuple[str, ...]
    membership: Indices
    incumbent_nest: int
    independent: Floats
    conflict: Floats
    match: Floats
    there: Floats
    stances: Mapping[str, str]
    firms: Floats
    vendor_firms: Floats
    slope: Floats
    slope_variance: Floats
    owner: int
    closes: int
    event_date: date
    market_key: str


@dataclass(frozen=True, kw_only=True)
class Inputs(MarketFacts):
    """Every uncertain number under its key, and what the scenario chooses.

    `ranges` holds one range per input: each parameter under its own id, `incumbent_revenue`, `revenue:VENDOR`,
    `spend:CUSTOMER`, `wallet:CUSTOMER:VENDOR`, `exit:CUSTOMER` (a probability), `slack:VENDOR` and
    `capacity_growth:VENDOR`; under the form diversion_matrix also `diversion:CUSTOMER:VENDOR`, with * for every
    customer.
    """

    ranges: Mapping[InputKey, Range]
    excluded: Mask
    horizon_months: int
    form: str = DEFAULT_FORM
    capacity: bool = True

    def choice(self, name: str) -> Hashable:
        """Return a choice of the scenario, or the market's key, by its name; arrays as their bytes."""
        value: Hashable = getattr(self, name)
        return value.tobytes() if isinstance(value, np.ndarray) else value

    def range_of(self, own: InputKey, common: str = "") -> Range | None:
        """Return the range of an input, else that of a common slider, else None."""
        return self.ranges.get(own) or self.ranges.get(InputKey(common))


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
        ranges[InputKey(name)] = parameter.range.moved_to(float(central), parameter.minimum, parameter.maximum)
    for customer, values in scenario.customers.items():
        for key, value in values.items():
            kind = "exit" if key == "exit" else "spend"
            ranges[InputKey(kind, customer)] = Range.fixed(float(value))
    for vendor, values in scenario.vendors.items():
        for key in set(values) - {"excluded"}:
            ranges[InputKey(key, vendor=vendor)] = Range.fixed(float(values[key]))
    ranges |= {InputKey(name): Range.fixed(value) for name, value in HELD[scenario.form].items()}
    if scenario.form != MATRIX:
        ranges = {key: figure for key, figure in ranges.items() if key.kind != "diversion"}
    # Here the range still has its own name; drawn, narrowed and combined it would spoil others first.
    if faults := [_not_finite(key, figure) for key, figure in ranges.items() if not _is_finite(figure)]:
        raise ModelError("\n".join(faults))
    spread = ranges[InputKey("evidence_spread")].central
    return replace(
        baseline,
        ranges={key: figure.narrowed(spread) for key, figure in ranges.items()},
        excluded=np.array([bool(scenario.vendors.get(rival, {}).get("excluded")) for rival in baseline.rivals]),
        horizon_months=scenario.horizon_months or market.horizon_months,
        form=scenario.form,
        capacity=scenario.capacity,
    )


def _is_finite(figure: Range) -> bool:
    return isfinite(figure.low) and isfinite(figure.central) and isfinite(figure.high)


def _not_finite(key: InputKey, figure: Range) -> str:
    ends = f"low {figure.low:g}, central {figure.central:g}, high {figure.high:g}"
    return f"The input {key} is infinite or no number ({ends}). Give finite numbers."


def market_inputs(market: Market) -> Inputs:
    """Return the inputs as the tables have them, before any scenario and with every range at its full width."""
    vendors = market.tables["vendors"]
    rivals = vendors.filter(pl.col("vendor_id") != market.incumbent)
    incumbent = vendors.row(by_predicate=pl.col("vendor_id") == market.incumbent, named=True)
    customers, trends = market.tables["customers"], market.trends
    in_order = pl.concat([vendors.filter(pl.col("vendor_id") == market.incumbent), rivals])
    nests = tuple(sorted(set(vendors["nest"])))
    match, there = serving(market, rivals)
    stances = dict(market.events("stance").select("customer_id", "stance").iter_rows())
    return Inputs(
        ranges=ranges_of(market),
        customers=tuple(customers["customer_id"]),
        remainder=customers.row(by_predicate=pl.col("is_remainder"), named=True)["customer_id"],
        rivals=tuple(rivals["vendor_id"]),
        nests=nests,
        membership=np.array([nests.index(nest) for nest in rivals["nest"]], dtype=np.int64),
        incumbent_nest=nests.index(incumbent["nest"]),
        independent=np.array(rivals["free_of_cause"].fill_null(rivals["independent"].cast(pl.Float64))),
        conflict=np.array(customers["competes_with_owner"]),
        match=match,
        there=there,
        excluded=np.zeros(rivals.height, dtype=np.bool_),
        firms=_firms(customers, customers["is_remainder"].to_list()),
        vendor_firms=_firms(in_order, [False] * in_order.height),
        slope=np.array([trends[vendor].slope if vendor in trends else 0.0 for vendor in in_order["vendor_id"]]),
        slope_variance=np.array([trends[v].variance if v in trends else np.inf for v in in_order["vendor_id"]]),
        owner=next((at for at, name in enumerate(customers["customer_id"]) if name == market.owner), -1),
        closes=_closing(market),
        event_date=market.event_date,
        stances={customer: stances.get(customer, "unknown") for customer in customers["customer_id"]},
        horizon_months=market.horizon_months,
        market_key=market.digest,
    )


def _closing(market: Market) -> int:
    """Return the number of the first month that begins once the incumbent has closed, from 0; `NEVER` for none."""
    if market.closes_on is None:
        return NEVER
    first, day = first_month(market.event_date), market.closes_on
    months = (day.year - first.year) * MONTHS_PER_YEAR + day.month - first.month
    return max(months + (day.day > 1), 0)


def _firms(rows: pl.DataFrame, rest: list[bool]) -> Floats:
    """Return how many firms each row of a table stands for; without a word, one, and many where it is the `rest`."""
    told = [word or ("many" if is_rest else "1") for word, is_rest in zip(rows["firms"], rest, strict=True)]
    return np.array([np.inf if word == "many" else float(word) for word in told])
