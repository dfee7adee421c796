"""Every input has a stream of its own, keyed by its name: whoever joins the tables changes nobody else's draws.

What the model itself lets a newcomer change, it may change: the remainder makes room for a new customer, and a new
rival draws money. Draws of one count say nothing of those of another: the count settles the strata.
"""

from functools import cache

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from shareshift.basics.vocabulary import STANCES
from shareshift.market.market import Market, read_market
from shareshift.model.draws import points as module
from shareshift.model.draws.points import SOBOL_NAMES
from shareshift.model.draws.streams import Draws
from shareshift.results.projection import Projection, project
from shareshift.scenario.scenario import Scenario
from support.markets import with_table
from support.places import TINY

COUNT = 12
# The dimension of a parameter is its place in this list; a stored projection rests on every one of them.
FIRST_NAMES = (
    "exits", "incumbent_revenue", "growth", "moved_share", "half_life", "exodus", "built_in_house", "not_spent",
    "neutrality", "capacity_growth", "patience", "size_pull", "nest_correlation", "slack", "lag", "contagion",
    "in_house_base", "in_house_growth", "loyalty", "fit", "timing_shape", "owner_top_up", "pivot_revenue",
    "momentum_spread", "exit_left", "exit_leaving", "exit_reconsidering", "exit_unknown", "exit_continuing",
    "exit_staying",
)  # fmt: skip
ROUNDED = 1e-12
# An example is two projections or more, on a market changed on the spot: 50 ms.
few = settings(max_examples=settings.default.max_examples // 10)
ids = st.text("abcdefghijklmnopqrstuvwxyz0123456789-", min_size=1, max_size=12).map("new-{}".format)


@cache
def market() -> Market:
    return read_market(TINY)


@cache
def held() -> Draws:
    return Draws(COUNT)


def run(of: Market | None = None, scenario: Scenario | None = None) -> Projection:
    return project(of or market(), scenario, draws=COUNT, held=held())


@cache
def before() -> Projection:
    return run()


def with_row(of: Market, table: str, like: str, **changes: object) -> Market:
    """Return the market with one more row, a copy of the first that has `like` in any column but for some cells."""
    frame = of.tables[table]
    rows = [row for row in frame.iter_rows(named=True) if like in row.values()]
    return with_table(of, table, frame.vstack(pl.DataFrame([rows[0] | changes], schema=frame.schema)))


def usd(amount: float) -> dict[str, object]:
    ends = dict.fromkeys((f"{end}_usd_per_year" for end in ("low", "central", "high")), amount)
    return ends | {"distribution": "fixed"}


def assert_same_bits(one: pl.DataFrame, two: pl.DataFrame) -> None:
    assert one.height > 0
    assert_frame_equal(one, two, check_exact=True)


def wants_to_leave(result: Projection, *customers: str) -> pl.DataFrame:
    """Return what customers spend and displace; every statistic of it rests on their own draws alone."""
    columns = ["customer_id", "month", "^.*_(no_event_spend|displaced)_usd$"]
    return result.displacement.filter(pl.col("customer_id").is_in(customers)).select(columns)


def without_the_event(result: Projection, *vendors: str) -> pl.DataFrame:
    columns = ["vendor_id", "month", "^.*_(no_event_revenue|market_growth_gain)_usd$"]
    quantities = result.projection.filter(pl.col("vendor_id").is_in(vendors)).select(columns)
    return quantities.sort("vendor_id", "month")


# Uniforms -----------------------------------------------------------------------------------------------------------


@given(wanted=ids, others=st.lists(ids | st.sampled_from(FIRST_NAMES), max_size=6), count=st.sampled_from([7, 16, 64]))
def test_what_else_is_drawn_before_changes_no_draw_of_an_input(wanted: str, others: list[str], count: int) -> None:
    alone, crowded = Draws(count, 3), Draws(count, 3)
    for name in others:
        crowded.uniform(f"spend:{name}" if name not in FIRST_NAMES else name)
    for name in (f"spend:{wanted}", "growth"):
        assert alone.uniform(name).tobytes() == crowded.uniform(name).tobytes()


def test_the_dimensions_of_the_first_parameters_are_settled() -> None:
    assert SOBOL_NAMES[: len(FIRST_NAMES)] == FIRST_NAMES


def test_one_more_parameter_leaves_the_draws_of_all_others_as_they_were(monkeypatch: pytest.MonkeyPatch) -> None:
    names = (*SOBOL_NAMES, "exits:north", "spend:north", "momentum:bolt", "wallet:north:crane")
    old = {name: Draws(COUNT, 5).uniform(name).tobytes() for name in names}
    monkeypatch.setattr(module, "SOBOL_NAMES", (*SOBOL_NAMES, "brand_new"))
    fresh = Draws(COUNT, 5)
    fresh.uniform("brand_new")
    assert {name: fresh.uniform(name).tobytes() for name in names} == old


def test_an_input_moved_by_a_scenario_is_drawn_from_the_same_uniforms() -> None:
    old, new = held().uniform("growth"), Draws(COUNT)
    project(market(), Scenario(parameters={"growth": 0.4, "exodus": 1.0}), draws=COUNT, held=new)
    assert new.uniform("growth").tobytes() == old.tobytes()


# Newcomers ----------------------------------------------------------------------------------------------------------


@few
@given(name=ids, stance=st.sampled_from(STANCES), amount=st.floats(0, 100), first=st.booleans())
def test_a_new_customer_leaves_exits_and_spend_of_the_others_as_they_were(
    name: str, stance: str, amount: float, first: bool
) -> None:
    more = with_row(market(), "customers", "south", customer_id=name)
    more = with_row(more, "spend", "south", spend_id=f"{name}-acme", customer_id=name, **usd(amount))
    more = with_row(more, "events", "south-stance", event_id=f"{name}-stance", customer_id=name, stance=stance)
    if first:
        more = with_table(more, "customers", more.tables["customers"].reverse())
    after = run(more)
    for customer in ("north", "south"):
        assert_same_bits(wants_to_leave(after, customer), wants_to_leave(before(), customer))
    vendors = ("acme", "bolt", "crane")
    assert_same_bits(without_the_event(after, *vendors), without_the_event(before(), *vendors))
    assert wants_to_leave(after, name)["mean_no_event_spend_usd"][0] == pytest.approx(
        amount / 12 * wants_to_leave(before(), "south")["mean_no_event_spend_usd"][0] / 20, rel=1e-9
    )


@few
@given(name=ids, amount=st.floats(1, 1e4), nest=st.sampled_from(["experts", "platform", "studio"]))
def test_a_new_rival_leaves_who_leaves_and_what_all_others_bill_without_the_event(
    name: str, amount: float, nest: str
) -> None:
    more = with_row(market(), "vendors", "crane", vendor_id=name, nest=nest)
    more = with_row(more, "revenues", "bolt-now", revenue_id=f"{name}-now", vendor_id=name, **usd(amount))
    after = run(more)
    customers, vendors = ("north", "south", "rest"), ("acme", "bolt", "crane")
    assert_same_bits(wants_to_leave(after, *customers), wants_to_leave(before(), *customers))
    assert_same_bits(without_the_event(after, *vendors), without_the_event(before(), *vendors))
    assert not after.flows.filter(destination_id="bolt").equals(before().flows.filter(destination_id="bolt"))


def test_a_new_rival_without_revenue_changes_where_nobody_goes() -> None:
    more = with_row(market(), "vendors", "crane", vendor_id="dray", nest="studio")
    more = with_row(more, "revenues", "bolt-now", revenue_id="dray-now", vendor_id="dray", **usd(0.0))
    flows = run(more).flows
    assert_frame_equal(
        flows.filter(pl.col("destination_id") != "dray"), before().flows, rel_tol=ROUNDED, abs_tol=ROUNDED
    )
    assert (flows.filter(destination_id="dray").select(pl.selectors.float()) == 0).to_numpy().all()


def test_a_wallet_moves_the_choice_of_its_customer_alone() -> None:
    # With room for everybody nobody stands in another's way.
    wide = Scenario(parameters={"slack": 2.0, "capacity_growth": 0.5, "in_house_base": 2.0, "in_house_growth": 0.5})
    paid = with_row(market(), "spend", "north-acme", spend_id="north-crane", vendor_id="crane", **usd(90.0))
    old, new = run(scenario=wide), run(paid, wide)
    customers = ("north", "south", "rest")
    assert_same_bits(wants_to_leave(new, *customers), wants_to_leave(old, *customers))
    changed = (new.flows["mean_flow_usd"] - old.flows["mean_flow_usd"]).abs() > 1e-9
    assert set(new.flows.filter(changed)["customer_id"]) == {"north"}


def test_a_fixed_exit_changes_the_exit_of_its_customer_alone() -> None:
    sure = run(scenario=Scenario(customers={"rest": {"exit": 1.0}}))
    assert_same_bits(wants_to_leave(sure, "north", "south"), wants_to_leave(before(), "north", "south"))
    assert not wants_to_leave(sure, "rest").equals(wants_to_leave(before(), "rest"))


@few
@given(
    sliders=st.lists(
        st.tuples(st.sampled_from(["growth", "exodus", "slack", "half_life"]), st.floats(0.5, 0.9)),
        min_size=1,
        max_size=2,
    )
)
def test_scenarios_in_any_order_change_no_bit_of_each_other(sliders: list[tuple[str, float]]) -> None:
    shared = Draws(COUNT)
    for name, value in sliders:
        scenario = Scenario(parameters={name: value})
        crowded = project(market(), scenario, draws=COUNT, held=shared)
        assert_same_bits(crowded.flows, project(market(), scenario, draws=COUNT).flows)
    assert_same_bits(project(market(), draws=COUNT, held=shared).flows, before().flows)


# Order --------------------------------------------------------------------------------------------------------------


def test_the_order_of_rows_changes_no_number_in_any_row() -> None:
    keys = ["figure", "vendor_id", "customer_id", "destination_id", "month"]
    shuffled, order = market(), np.random.default_rng(1)
    for name, frame in market().tables.items():
        shuffled = with_table(shuffled, name, frame[order.permutation(frame.height).tolist()])
    assert any(not shuffled.tables[name].equals(frame) for name, frame in market().tables.items())
    moved = run(shuffled)
    for name, frame in before().tables.items():
        rows = [key for key in keys if key in frame.columns]
        # Sums over customers run in the order of their table, so the last digits may differ.
        assert_frame_equal(moved.tables[name].sort(rows), frame.sort(rows), rel_tol=1e-10, abs_tol=1e-10)
    assert_same_bits(
        wants_to_leave(moved, "north", "south").sort("customer_id", "month"),
        wants_to_leave(before(), "north", "south").sort("customer_id", "month"),
    )
