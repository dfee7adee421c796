"""At the limits of every number the ledger still closes, nothing is negative, and the answer is the obvious one.

Everything is read from the tables a reader gets. What the tables of a market may not hold is put there unchecked, so
that the engine itself is tried and not the checks in front of it.
"""

from collections.abc import Mapping
from functools import cache

import numpy as np
import polars as pl
import pytest

from shareshift.basics.errors import ModelError
from shareshift.market.market import Market, read_market
from shareshift.market.parameter_records import PARAMETERS
from shareshift.market.parameters import Range
from shareshift.model.draws.streams import Draws
from shareshift.model.equations.diversion import removal_diversion
from shareshift.model.inputs import build_inputs
from shareshift.results.projection import Projection, project
from shareshift.scenario.scenario import Scenario
from support.markets import with_table
from support.places import TINY

DRAWS = 16
CUSTOMERS, RIVALS = ("north", "south", "rest"), ("bolt", "crane")
OWN = ("in_house", "not_spent", "unplaced")
ROUNDED = 1e-9
# Where a minus sign is no fault: losses, and what is computed against the event-free path.
SIGNED = ("displaced_gain", "other_gain", "market_growth_gain", "own_growth_gain", "incumbent_change")
EVERYBODY_LEAVES = {"moved_share": 1.0, "lag": 0.0}
NO_ROOM = {"slack": 0.0, "capacity_growth": 0.0, "in_house_growth": 0.0, "growth": 0.5}


@cache
def market() -> Market:
    return read_market(TINY)


@cache
def held() -> Draws:
    return Draws(DRAWS)


def run(scenario: Scenario | None = None, of: Market | None = None) -> Projection:
    return check(project(of or market(), scenario, draws=DRAWS, held=held()))


def fixed(parameters: Mapping[str, float] | None = None, of: Market | None = None) -> Market:
    """Return the market with sliders fixed at values that may lie beyond its own limits."""
    frame = (of or market()).tables["parameters"]
    for name, value in (parameters or {}).items():
        own = pl.col("parameter_id") == name
        frame = frame.with_columns(
            *(pl.when(own).then(pl.lit(value)).otherwise(end).alias(end) for end in ("low", "central", "high")),
            pl.when(own).then(pl.min_horizontal("minimum", pl.lit(value))).otherwise("minimum").alias("minimum"),
            pl.when(own).then(pl.max_horizontal("maximum", pl.lit(value))).otherwise("maximum").alias("maximum"),
            pl.when(own).then(pl.lit("fixed")).otherwise("distribution").alias("distribution"),
        )
    return with_table(of or market(), "parameters", frame)


def paying(table: str, key: str, amounts: Mapping[str, float], of: Market | None = None) -> Market:
    """Return the market with the amounts of some rows of revenues or spend fixed, in USD per year."""
    frame = (of or market()).tables[table]
    for name, amount in amounts.items():
        own = (pl.col(key) == name) & pl.col("used")
        ends = [f"{end}_usd_per_year" for end in ("low", "central", "high")]
        frame = frame.with_columns(
            *(pl.when(own).then(pl.lit(amount)).otherwise(end).alias(end) for end in ends),
            pl.when(own).then(pl.lit("fixed")).otherwise("distribution").alias("distribution"),
        )
    return with_table(of or market(), table, frame)


def without(of: Market, column: str, *gone: str) -> Market:
    """Return the market without some customers or vendors, in every table that names them."""
    for name, frame in of.tables.items():
        if column in frame.columns:
            of = with_table(of, name, frame.filter(~pl.col(column).is_in(gone) | pl.col(column).is_null()))
    return of


def leaving(exits: float = 1.0, **vendors: Mapping[str, float]) -> Scenario:
    """Return a scenario in which every customer leaves, and rivals are as given."""
    return Scenario(customers={name: {"exit": exits} for name in CUSTOMERS}, vendors=vendors)


def check(result: Projection) -> Projection:
    """Assert what every table of every run must satisfy, and return the run."""
    for name, frame in result.tables.items():
        rows = frame.filter(pl.col("figure") != "incumbent_change") if name == "summary" else frame
        columns = [column for column, dtype in frame.schema.items() if dtype.is_float()]
        unknown = np.array([result.scramblings == 1 and column.startswith("standard_error_") for column in columns])
        signed = np.array([any(word in column for word in SIGNED) for column in columns])
        numbers = rows.select(columns).to_numpy()
        assert numbers.size, name
        assert (np.isfinite(numbers).all(axis=0) ^ unknown).all(), name
        negative = [column for column, any_ in zip(columns, (numbers < 0).any(axis=0) & ~signed, strict=True) if any_]
        assert not negative, (name, numbers.min())
    assert_the_ledger_closes(result)
    return result


def assert_the_ledger_closes(result: Projection) -> None:
    """What is displaced is where it went, and every vendor's revenue is what its parts add up to."""
    keys = ["customer_id", "month"]
    went = result.flows.group_by(keys).agg(pl.col("^(mean|central)_flow_usd$").sum())
    both = result.displacement.join(went, on=keys, how="inner", validate="1:1")
    assert both.height == result.displacement.height == len(result.inputs.customers) * len(result.months)
    for kind in ("mean", "central"):
        displaced = both[f"{kind}_displaced_usd"].to_numpy()
        scale = ROUNDED * max(1.0, float(np.abs(displaced).max()))
        np.testing.assert_allclose(both[f"{kind}_flow_usd"].to_numpy(), displaced, rtol=ROUNDED, atol=scale)
        parts = sum(
            result.projection[f"{kind}_{part}_usd"].to_numpy()
            for part in ("no_event_revenue", "displaced_gain", "other_gain")
        )
        revenue = result.projection[f"{kind}_revenue_usd"].to_numpy()
        np.testing.assert_allclose(parts, revenue, rtol=ROUNDED, atol=ROUNDED * max(1.0, float(revenue.max())))
        # Shares of what is billed at all make a whole.
        shares = result.shares.group_by("month").agg(pl.col(f"{kind}_share").sum())[f"{kind}_share"].to_numpy()
        assert ((np.abs(shares - 1) < ROUNDED) | (shares == 0)).all()


def mean(result: Projection, figure: str) -> float:
    return float(result.summary.filter(figure=figure)["mean_value"][0])


def went(result: Projection) -> dict[str, float]:
    """Return what went where in all, the mean over draws."""
    last = result.flows.filter(pl.col("month") == result.months[-1])
    totals = last.group_by("destination_id").agg(pl.col("mean_cumulative_flow_usd").sum())
    return dict(totals.iter_rows())


# Money --------------------------------------------------------------------------------------------------------------


def test_a_customer_that_pays_nothing_displaces_nothing() -> None:
    result = run(Scenario(customers={"north": {"spend_usd_per_year": 0.0, "exit": 1.0}}))
    north = result.displacement.filter(customer_id="north").select(pl.selectors.float())
    assert (north == 0).to_numpy().all()
    assert mean(result, "displaced") > 0


def test_when_all_named_customers_pay_nothing_the_remainder_is_the_incumbent() -> None:
    nothing = {"spend_usd_per_year": 0.0}
    result = run(Scenario(customers={"north": nothing, "south": nothing}))
    spent = result.displacement.group_by("customer_id").agg(pl.col("mean_no_event_spend_usd").sum())
    assert dict(spent.iter_rows()) == pytest.approx(
        {"north": 0, "south": 0, "rest": mean(result, "incumbent_no_event")}, rel=ROUNDED
    )


def test_an_incumbent_without_revenue_loses_nothing() -> None:
    result = run(leaving(), paying("revenues", "vendor_id", {"acme": 0.0}, fixed({"growth": 0.2})))
    for figure in ("displaced", "to_rivals", "unplaced", "displaced_share", "incumbent_no_event"):
        assert mean(result, figure) == 0, figure
    # What the owner and new business bring is all there is.
    assert mean(result, "incumbent_revenue") == pytest.approx(mean(result, "incumbent_change"), rel=ROUNDED)


def test_a_rival_without_revenue_attracts_nobody_and_has_no_room() -> None:
    result = run(leaving(), paying("revenues", "vendor_id", {"bolt": 0.0}))
    assert went(result)["bolt"] == 0
    assert went(result)["crane"] > 0


def test_rivals_without_revenue_leave_everything_to_the_customers_own_options() -> None:
    result = run(leaving(), paying("revenues", "vendor_id", {"bolt": 0.0, "crane": 0.0}))
    assert went(result)["bolt"] == went(result)["crane"] == 0
    assert mean(result, "in_house") > 0
    assert mean(result, "not_spent") > 0


def test_nobody_bills_anything_and_no_share_is_made_up() -> None:
    nothing = dict.fromkeys(("acme", "bolt", "crane"), 0.0)
    poor = paying("revenues", "vendor_id", nothing, fixed({"owner_top_up": 0.0, "pivot_revenue": 0.0}))
    result = run(leaving(), poor)
    for frame in (result.shares, result.concentration, result.projection):
        assert (frame.select(pl.selectors.float()) == 0).to_numpy().all()


@cache
def in_hundreds() -> Projection:
    return run(of=fixed({"owner_top_up": 60.0, "pivot_revenue": 36.0}))


@pytest.mark.parametrize("amount", [1.0, 1e13], ids=["a-dollar", "ten-trillion"])
def test_a_dollar_and_ten_trillion_are_computed_alike(amount: float) -> None:
    scale = amount / 1200
    amounts = pl.col("^(low|central|high)_usd_per_year$") * scale
    scaled = fixed({"owner_top_up": 0.05 * amount, "pivot_revenue": 0.03 * amount})
    for name in ("spend", "revenues"):
        scaled = with_table(scaled, name, scaled.tables[name].with_columns(amounts))
    plain, result = in_hundreds(), run(of=scaled)
    for figure in ("displaced", "to_rivals", "in_house", "not_spent", "unplaced", "incumbent_revenue"):
        assert mean(result, figure) == pytest.approx(mean(plain, figure) * scale, rel=1e-8), figure
    for figure in ("displaced_share", "hhi_at_horizon", "customers_leaving"):
        assert mean(result, figure) == pytest.approx(mean(plain, figure), rel=1e-8), figure


def test_one_customer_may_pay_a_dollar_beside_one_that_pays_ten_trillion() -> None:
    rich = paying("revenues", "vendor_id", {"acme": 1e13 + 1e9})
    result = run(
        Scenario(customers={"north": {"spend_usd_per_year": 1e13}, "south": {"spend_usd_per_year": 1.0}}), rich
    )
    spent = result.displacement.filter(month=result.months[0])
    south, north = (spent.filter(customer_id=name)["central_no_event_spend_usd"][0] for name in ("south", "north"))
    assert north / south == pytest.approx(1e13, rel=ROUNDED)


# Room ---------------------------------------------------------------------------------------------------------------


def test_without_any_room_what_does_not_wait_is_not_spent() -> None:
    patience = {"patience": 0.0}
    result = run(leaving(), fixed(NO_ROOM | EVERYBODY_LEAVES | patience))
    assert went(result)["bolt"] == went(result)["crane"] == mean(result, "in_house") == mean(result, "unplaced") == 0
    assert mean(result, "not_spent") == pytest.approx(mean(result, "displaced"), rel=ROUNDED)


def test_without_room_and_with_full_patience_only_what_was_never_to_be_spent_leaves() -> None:
    result = run(leaving(), fixed(NO_ROOM | EVERYBODY_LEAVES | {"patience": 1.0, "not_spent": 0.1}))
    displaced = mean(result, "displaced")
    assert mean(result, "to_rivals") == mean(result, "in_house") == 0
    assert mean(result, "not_spent") == pytest.approx(0.1 * displaced, rel=ROUNDED)
    assert mean(result, "unplaced") == pytest.approx(0.9 * displaced, rel=ROUNDED)


def test_without_room_and_with_no_way_out_everything_waits() -> None:
    stuck = {"patience": 0.0, "not_spent": 0.0}
    result = run(leaving(), fixed(NO_ROOM | EVERYBODY_LEAVES | stuck))
    assert mean(result, "unplaced") == pytest.approx(mean(result, "displaced"), rel=ROUNDED)
    assert mean(result, "left_incumbent") == pytest.approx(0, abs=ROUNDED)


@pytest.mark.parametrize("patience", [0.0, 1.0])
def test_with_all_the_room_in_the_world_nothing_waits_however_patient(patience: float) -> None:
    wide = {"slack": 100.0, "capacity_growth": 10.0, "in_house_base": 1000.0, "in_house_growth": 10.0}
    result = run(leaving(), fixed(wide | {"patience": patience, "built_in_house": 0.2, "not_spent": 0.1}))
    displaced = mean(result, "displaced")
    assert mean(result, "unplaced") == 0
    assert mean(result, "in_house") == pytest.approx(0.2 * displaced, rel=ROUNDED)
    assert mean(result, "to_rivals") == pytest.approx(0.7 * displaced, rel=ROUNDED)


# Rivals -------------------------------------------------------------------------------------------------------------


def test_a_single_rival_takes_all_that_rivals_can_take() -> None:
    alone = without(market(), "vendor_id", "bolt")
    wide = {"slack": 100.0, "in_house_base": 1000.0, "in_house_growth": 10.0}
    result = run(leaving(), fixed(wide, alone))
    assert result.vendors == ("acme", "crane")
    assert went(result)["crane"] == pytest.approx(mean(result, "to_rivals"), rel=ROUNDED)
    assert mean(result, "to_rivals") > 0.5 * mean(result, "displaced")


def test_with_every_rival_excluded_the_money_is_in_house_not_spent_or_unplaced() -> None:
    result = run(leaving(**{name: {"excluded": True} for name in RIVALS}))
    assert went(result)["bolt"] == went(result)["crane"] == mean(result, "to_rivals") == 0
    assert sum(went(result)[name] for name in OWN) == pytest.approx(mean(result, "displaced"), rel=ROUNDED)
    assert mean(result, "in_house") > 0


@pytest.mark.parametrize("open_to", RIVALS)
def test_with_all_but_one_excluded_the_last_has_the_rivals_whole_part(open_to: str) -> None:
    shut = next(name for name in RIVALS if name != open_to)
    wide = fixed({"slack": 100.0, "in_house_base": 1000.0, "in_house_growth": 10.0})
    result = run(leaving(**{shut: {"excluded": True}}), wide)
    assert went(result)[shut] == 0
    assert went(result)[open_to] == pytest.approx(mean(result, "to_rivals"), rel=ROUNDED)
    assert went(result)[open_to] == pytest.approx(
        mean(result, "displaced") - mean(result, "in_house") - mean(result, "not_spent"), rel=ROUNDED
    )


@pytest.mark.parametrize(("in_house", "not_spent"), [(1.0, 0.0), (0.0, 1.0), (0.6, 0.4)])
def test_when_customers_want_no_rival_none_gets_anything_but_second_choices(in_house: float, not_spent: float) -> None:
    wide = {"in_house_base": 1000.0, "in_house_growth": 10.0}
    result = run(leaving(), fixed(wide | {"built_in_house": in_house, "not_spent": not_spent}))
    displaced = mean(result, "displaced")
    assert mean(result, "to_rivals") == 0
    assert mean(result, "in_house") == pytest.approx(in_house * displaced, rel=ROUNDED)
    assert mean(result, "not_spent") == pytest.approx(not_spent * displaced, rel=ROUNDED)


def test_in_house_alone_and_full_leaves_everything_unplaced() -> None:
    only = {"built_in_house": 1.0, "not_spent": 0.0, "in_house_base": 0.0, "patience": 0.5}
    result = run(leaving(), fixed(only))
    assert mean(result, "unplaced") == pytest.approx(mean(result, "displaced"), rel=ROUNDED)


def test_near_perfect_correlation_keeps_the_money_within_the_nest() -> None:
    wide = {"slack": 100.0, "in_house_base": 1000.0, "built_in_house": 0.0, "not_spent": 0.0}
    result = run(leaving(), fixed(wide | {"nest_correlation": 0.999999}))
    # Acme and Bolt are experts, and Crane is not.
    assert went(result)["bolt"] == pytest.approx(mean(result, "displaced"), rel=1e-5)


@pytest.mark.parametrize("rho", [0.99, 0.999999, 1 - 1e-12])
def test_diversion_at_near_perfect_correlation_is_a_distribution(rho: float) -> None:
    found = removal_diversion([0.3, 0.2, 0.2, 0.1], ["a", "a", "b", "b"], [0], rho)
    assert found.sum() == pytest.approx(1, abs=1e-12)
    assert (found >= 0).all()
    assert found[1] == pytest.approx(1, abs=3 * (1 - rho))


# Who leaves ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("exits", "contagion", "exodus"),
    [(0.0, 0.999999, 10.0), (0.0, 0.0, 10.0), (1.0, 0.999999, -10.0), (1.0, 0.0, -10.0)],
)
def test_certainties_stay_certain_whatever_the_exodus_and_contagion(
    exits: float, contagion: float, exodus: float
) -> None:
    result = run(leaving(exits), fixed({"contagion": contagion, "exodus": exodus}))
    leavers = result.summary.filter(figure="customers_leaving").select(pl.selectors.float()).row(0, named=True)
    assert leavers.pop("standard_error_value") == 0
    assert set(leavers.values()) == {exits * len(CUSTOMERS)}


@pytest.mark.parametrize(("exodus", "least", "most"), [(-10.0, 0.0, 0.01), (10.0, 2.9, 3.0)])
def test_at_its_limits_exodus_keeps_nearly_everybody_or_nobody(exodus: float, least: float, most: float) -> None:
    chances = {"exit_leaving": 0.9, "exit_staying": 0.05, "exit_unknown": 0.2}
    result = run(of=fixed({"exodus": exodus, "decision_months": 3.0, **chances}))
    central = result.summary.filter(figure="customers_leaving")["central_value"][0]
    assert least <= central <= most


def test_perfect_contagion_moves_equally_likely_customers_together() -> None:
    result = run(leaving(0.5), fixed({"contagion": 1.0, "exodus": 0.0, "decision_months": 3.0}))
    leavers = result.summary.filter(figure="customers_leaving").row(0, named=True)
    assert {leavers["p5_value"], leavers["p95_value"]} == {0.0, 3.0}
    assert leavers["mean_value"] / 3 * DRAWS == pytest.approx(round(leavers["mean_value"] / 3 * DRAWS), abs=ROUNDED)


@pytest.mark.parametrize(("exit_", "expected"), [(0.0, 0.0), (1.0, 1.0)])
def test_a_market_of_the_remainder_alone_leaves_whole_or_stays_whole(exit_: float, expected: float) -> None:
    alone = without(market(), "customer_id", "north", "south")
    instant = fixed({"lag": 0.0, "half_life": 0.01, "moved_share": 1.0}, alone)
    result = run(Scenario(customers={"rest": {"exit": exit_}}), instant)
    assert result.inputs.customers == ("rest",)
    assert mean(result, "displaced_share") == pytest.approx(expected, abs=1e-12)


# Time ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("half_life", "share"), [(1e-9, 1.0), (1e9, 0.0)])
def test_money_leaves_at_once_or_never_when_its_half_life_is_tiny_or_huge(half_life: float, share: float) -> None:
    result = run(leaving(), fixed({"half_life": half_life, "lag": 0.0, "moved_share": 1.0}))
    assert mean(result, "displaced_share") == pytest.approx(share, abs=1e-8)


def test_nothing_leaves_within_a_lag_longer_than_the_run() -> None:
    result = run(leaving(), fixed({"lag": 120.0}))
    assert mean(result, "displaced") == mean(result, "to_rivals") == 0


@pytest.mark.parametrize(
    ("months", "growth"), [(1, -0.9), (1, 9.0), (120, -0.9), pytest.param(120, 9.0, marks=pytest.mark.slow)]
)
def test_the_shortest_and_the_longest_run_close_in_a_crash_and_in_a_boom(months: int, growth: float) -> None:
    result = run(Scenario(horizon_months=months, parameters={"exodus": 1.0}), fixed({"growth": growth}))
    assert len(result.months) == months
    expected = sum(100 * (1 + growth) ** ((month + 0.5) / 12) for month in range(months))
    assert mean(result, "incumbent_no_event") == pytest.approx(expected, rel=ROUNDED)


@pytest.mark.parametrize("shape", [0.1, 10.0])
def test_the_shape_of_leaving_may_be_flat_or_sudden(shape: float) -> None:
    result = run(leaving(), fixed({"timing_shape": shape, "lag": 0.0, "half_life": 1.5}))
    assert 0 < mean(result, "displaced_share") < 1


@pytest.mark.parametrize("end", [0, 1], ids=["least", "most"])
@pytest.mark.parametrize("months", [1, pytest.param(120, marks=pytest.mark.slow)])
def test_every_slider_at_the_limit_of_the_equations_runs(end: int, months: int) -> None:
    at_limit = {name: record.limits[end] for name, record in PARAMETERS.items()}
    if end:
        at_limit |= {"built_in_house": 0.5, "not_spent": 0.5}
    run(Scenario(horizon_months=months), fixed(at_limit))


# Draws --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 2, 3, 5])
def test_a_few_draws_are_enough_and_their_error_is_unknown(count: int) -> None:
    result = check(project(market(), draws=count))
    assert result.scramblings == 1
    assert result.flows["standard_error_flow_usd"].null_count() == result.flows.height
    row = result.summary.filter(figure="displaced").row(0, named=True)
    levels = [row[f"{level}_value"] for level in ("p5", "p25", "p50", "p75", "p95")]
    assert levels == sorted(levels)
    if count == 1:
        assert set(levels) == {row["mean_value"]}


# What is no number --------------------------------------------------------------------------------------------------

NAMED = sorted(map(str, build_inputs(market(), Scenario()).ranges))
BAD = {"nan": float("nan"), "inf": float("inf"), "minus-inf": float("-inf")}
# Each of these ranges is finite, and what is drawn from it is not.
OVERFLOWS = {
    "lognormal-from-0": Range(low=0.0, central=1.0, high=2.0, distribution="lognormal"),
    "wider-than-floats": Range(low=-1.7e308, central=0.0, high=1.7e308, distribution="uniform"),
}


@pytest.mark.parametrize("name", NAMED)
def test_every_input_that_is_no_number_is_refused_by_its_name(name: str) -> None:
    for bad in (float("nan"), float("inf")):
        with pytest.raises(ModelError, match=rf"\b{name} is infinite or no number"):
            project(spoiled(name, bad), draws=DRAWS, held=held())


def spoiled(name: str, value: float) -> Market:
    """Return the tiny market with one input's central value replaced, unchecked."""
    kind, _, who = name.partition(":")
    table, key, row, unit = {
        "incumbent_revenue": ("revenues", "vendor_id", "acme", "_usd_per_year"),
        "revenue": ("revenues", "vendor_id", who, "_usd_per_year"),
        "spend": ("spend", "customer_id", who, "_usd_per_year"),
    }.get(kind, ("parameters", "parameter_id", name, ""))
    column = f"central{unit}"
    cell = pl.when(pl.col(key) == row).then(pl.lit(value)).otherwise(column).alias(column)
    return with_table(market(), table, market().tables[table].with_columns(cell))


def test_all_inputs_that_are_no_numbers_are_named_at_once() -> None:
    both = paying("revenues", "vendor_id", {"bolt": float("nan"), "crane": float("inf")})
    with pytest.raises(ModelError) as caught:
        project(both, draws=DRAWS)
    assert "revenue:bolt" in str(caught.value)
    assert "revenue:crane" in str(caught.value)


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
@pytest.mark.parametrize("end", ["low", "central", "high"])
def test_no_draw_comes_from_a_range_that_is_no_number(bad: float, end: str) -> None:
    ends = {"low": 1.0, "central": 2.0, "high": 3.0} | {end: bad}
    with np.errstate(all="ignore"), pytest.raises(ModelError, match="spend:north"):
        Draws(4).value("spend:north", Range(distribution="triangular", **ends))


@pytest.mark.parametrize("figure", OVERFLOWS.values(), ids=OVERFLOWS)
def test_a_draw_that_is_no_number_names_its_input(figure: Range) -> None:
    with np.errstate(all="ignore"), pytest.raises(ModelError, match="spend:north"):
        Draws(4).value("spend:north", figure)


def test_a_share_that_is_hardly_a_number_loses_no_money() -> None:
    # A width of the ranges at the very bottom of what a float can be.
    sliders = {"built_in_house": 0.0, "capacity_growth": 0.5, "growth": 2.0, "half_life": 1.0}
    run = project(market(), Scenario(parameters=sliders | {"evidence_spread": 2.2e-311}), 64)
    assert run.sample.displaced_total.sum() > 0
    assert np.isfinite(run.migration.to_options).all()
