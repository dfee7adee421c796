"""Single draws, the shortest and longest horizons, and the edges of months, against the second implementation.

Read from the tables a reader gets: with one draw, mean and every percentile of a cell are that draw.
"""

from dataclasses import replace
from datetime import date
from functools import cache

import numpy as np
import polars as pl
import pytest

from shareshift.market.market import Market, read_market
from shareshift.model.draws.streams import Draws
from shareshift.results.projection import Projection, project
from shareshift.scenario.scenario import Scenario
from support.markets import with_table
from support.places import TINY
from support.reference import IN_HOUSE, NOT_SPENT, UNPLACED, reference

RELATIVE = 1e-9
LEAVES = {name: {"exit": 1.0} for name in ("north", "south", "rest")}


@cache
def market() -> Market:
    return read_market(TINY)


def fixed(**sliders: float) -> Market:
    """Return the tiny market with sliders fixed, so that time falls where it is wanted in every simulation."""
    frame = market().tables["parameters"]
    for name, value in sliders.items():
        own = pl.col("parameter_id") == name
        ends = [pl.when(own).then(pl.lit(value)).otherwise(end).alias(end) for end in ("low", "central", "high")]
        shape = pl.when(own).then(pl.lit("fixed")).otherwise("distribution").alias("distribution")
        frame = frame.with_columns(*ends, shape)
    return with_table(market(), "parameters", frame)


def assert_one_draw_agrees(of: Market, scenario: Scenario | None = None, seed: int = 0) -> Projection:
    """Compare the only draw and the central path of a run with the reference; return the run."""
    scenario = scenario or Scenario()
    run = project(of, scenario, draws=1, seed=seed)
    drawn, central = reference(of, scenario, Draws(1, seed))
    assert len(drawn) == len(central) == len(run.months)
    for columns, months in ((("mean", "p5", "p50", "p95"), drawn), (("central",), central)):
        customers, destinations = run.inputs.customers, (*run.inputs.rivals, IN_HOUSE, NOT_SPENT, UNPLACED)
        flows = [month.flow[c][k] for c in sorted(customers) for k in sorted(destinations) for month in months]
        revenue = [month.revenue[v] for v in run.vendors for month in months]
        share = [month.share[v] for v in run.vendors for month in months]
        money = max(revenue)
        for column in columns:
            close(run.flows[f"{column}_flow_usd"], flows, money)
            close(run.projection[f"{column}_revenue_usd"], revenue, money)
            close(run.shares[f"{column}_share"], share, 1.0)
            close(run.concentration[f"{column}_hhi"], [month.hhi for month in months], 1e4)
    return run


def close(found: pl.Series, expected: list[float], whole: float) -> None:
    np.testing.assert_allclose(found.to_numpy(), expected, rtol=RELATIVE, atol=1e-12 * whole)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_a_single_draw_is_the_references(seed: int) -> None:
    assert_one_draw_agrees(market(), seed=seed)


@pytest.mark.parametrize(
    ("months", "growth"), [(1, -0.9), (1, 9.0), (120, 9.0), pytest.param(120, -0.9, marks=pytest.mark.slow)]
)
def test_the_shortest_and_the_longest_run_are_the_references(months: int, growth: float) -> None:
    run = assert_one_draw_agrees(fixed(growth=growth), Scenario(horizon_months=months, customers=LEAVES))
    assert len(run.months) == months


# The middles of the first two months lie half a month and one and a half after the event.
@pytest.mark.parametrize("lag", [0.0, 0.5, 0.5 + 1e-9, 1.0, 1.5, 12.0])
def test_a_lag_that_ends_on_the_edge_of_a_month_is_the_references(lag: float) -> None:
    run = assert_one_draw_agrees(fixed(lag=lag, half_life=1.0), Scenario(customers=LEAVES))
    displaced = run.displacement.filter(customer_id="north")["mean_displaced_usd"].to_list()
    assert [amount > 0 for amount in displaced] == [month + 0.5 > lag for month in range(3)]


@pytest.mark.parametrize(
    ("event", "first"),
    [
        (date(2024, 12, 1), date(2025, 1, 1)),
        (date(2024, 12, 31), date(2025, 1, 1)),
        (date(2024, 2, 29), date(2024, 3, 1)),
        (date(2024, 11, 30), date(2024, 12, 1)),
    ],
)
def test_the_first_month_follows_the_events_and_years_turn(event: date, first: date) -> None:
    run = assert_one_draw_agrees(replace(market(), event_date=event), Scenario(horizon_months=14))
    assert run.months[0] == first
    assert run.months[-1] == first.replace(year=first.year + 1 + (first.month == 12), month=first.month % 12 + 1)
    assert all(month.day == 1 for month in run.months)
    assert run.flows["month"].unique().sort().to_list() == run.months
