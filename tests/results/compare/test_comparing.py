"""Comparisons: identities of paired differences, parts that add up, ranks, and a case computed by hand."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import permutations

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from shareshift.basics.errors import ScenarioError
from shareshift.market.market import Market
from shareshift.model.draws.streams import Draws
from shareshift.results.compare.alike import distinct_titles, over_common_months
from shareshift.results.compare.answer import Comparison, compare
from shareshift.results.compare.explaining import INTERACTION, WHOLE, Part, explain, parts_of
from shareshift.results.compare.outcome import run_outcome
from shareshift.results.compare.pairing import SAME, paired_frame
from shareshift.results.compare.ranks import order_frame, ranks_frame
from shareshift.results.compare.settings import MANY_INPUTS, changes_between, grouped, on_the_way, settings_of
from shareshift.results.counting.statistics import STATISTICS, summarise
from shareshift.results.projection import project
from shareshift.scenario.scenario import Scenario, scenario_from
from support.tiny_by_hand import pool_of

DRAWS, SEED = 256, 3
BASE = Scenario()
FLIGHT = Scenario(
    title="Everybody flees",
    parameters={"exodus": 2.0, "moved_share": 0.95, "half_life": 0.5},
    customers={"rest": {"exit": 1.0}},
    vendors={"bolt": {"excluded": True}},
)
CALM = Scenario(title="Calm", parameters={"exodus": -1.0, "growth": 0.5}, customers={"north": {"exit": 0.2}})
PAIRED = ("figures", "vendors", "shares", "revenue")
SWAPPED = {"p5": "p95", "p25": "p75", "p75": "p25", "p95": "p5"}


@pytest.fixture(scope="module")
def held() -> Draws:
    return Draws(DRAWS, SEED)


@pytest.fixture(scope="module")
def pair(tiny: Market, held: Draws) -> Comparison:
    return compare(tiny, [BASE, FLIGHT], held)


def statistics(side: str) -> list[str]:
    return [f"{name}_{side}" for name in STATISTICS]


@pytest.mark.parametrize("name", PAIRED)
def test_a_scenario_against_itself_differs_nowhere_and_always_ties(tiny: Market, held: Draws, name: str) -> None:
    frame = getattr(compare(tiny, [FLIGHT, FLIGHT], held), name)
    assert (frame.select(statistics("difference")).to_numpy() == 0).all()
    assert (frame["probability_same"] == 1).all()
    assert (frame["probability_more"] + frame["probability_less"] == 0).all()


def test_a_scenario_against_itself_changes_no_rank_and_no_order(tiny: Market, held: Draws) -> None:
    same = compare(tiny, [FLIGHT, FLIGHT], held)
    assert (same.ranks["rank_change"] == 0).all()
    assert (same.orders["probability_flip"] == 0).all()
    assert same.inputs.is_empty()
    explained = explain(tiny, [FLIGHT, FLIGHT], held)
    assert set(explained["part"]) == {INTERACTION, WHOLE}
    assert (explained["mean_one_at_a_time"] == 0).all()


@pytest.mark.parametrize("name", PAIRED)
def test_turning_a_comparison_round_turns_every_sign(tiny: Market, held: Draws, pair: Comparison, name: str) -> None:
    there, back = getattr(pair, name), getattr(compare(tiny, [FLIGHT, BASE], held), name)
    assert (there["mean_difference"] != 0).any()
    for statistic in STATISTICS:
        sign = 1 if statistic == "standard_error" else -1
        other = sign * back[f"{SWAPPED.get(statistic, statistic)}_difference"].to_numpy()
        np.testing.assert_allclose(there[f"{statistic}_difference"].to_numpy(), other, rtol=1e-9, atol=1e-12)
    assert_frame_equal(there.select(statistics("reference")), unsided(back, "scenario", "reference"))
    assert there["probability_more"].equals(back["probability_less"].rename("probability_more"))
    assert there["probability_same"].equals(back["probability_same"])


def unsided(frame: pl.DataFrame, side: str, new: str) -> pl.DataFrame:
    return frame.select(pl.col(f"{name}_{side}").alias(f"{name}_{new}") for name in STATISTICS)


def test_both_sides_are_the_numbers_of_their_own_runs(tiny: Market, pair: Comparison) -> None:
    for side, scenario in (("reference", BASE), ("scenario", FLIGHT)):
        run = project(tiny, scenario, DRAWS, SEED)
        ours = pair.figures.select("figure", "unit", *statistics(side))
        theirs = run.summary.select("figure", "unit", *(pl.col(f"{s}_value").alias(f"{s}_{side}") for s in STATISTICS))
        assert_frame_equal(ours, theirs, check_exact=True)
        shares = run.shares.select(
            "vendor_id", "month", *(pl.col(f"{s}_share").alias(f"{s}_{side}") for s in STATISTICS)
        )
        assert_frame_equal(pair.shares.select("vendor_id", "month", *statistics(side)), shares, check_exact=True)
        revenue = run.projection.select(*(pl.col(f"{s}_revenue_usd").alias(f"{s}_{side}") for s in STATISTICS))
        assert_frame_equal(pair.revenue.select(statistics(side)), revenue, check_exact=True)
        for measure in ("displaced_gain", "market_growth_gain"):
            gains = run.gains.select("vendor_id", mean=f"mean_{measure}_usd", p95=f"p95_{measure}_usd")
            rows = pair.vendors.filter(measure=measure)
            rows = rows.select("vendor_id", mean=f"mean_{side}", p95=f"p95_{side}")
            assert_frame_equal(rows, gains, rel_tol=1e-9)


def test_the_mean_difference_is_the_difference_of_means_and_the_chances_add_up(pair: Comparison) -> None:
    for name in PAIRED:
        frame = getattr(pair, name)
        gap = (frame["mean_scenario"] - frame["mean_reference"] - frame["mean_difference"]).abs()
        assert (gap <= 1e-9 * (1 + frame["mean_scenario"].abs())).all()
        chances = frame["probability_more"] + frame["probability_less"] + frame["probability_same"]
        assert (chances - 1).abs().max() < 1e-12


def test_common_draws_give_a_narrower_range_than_draws_of_their_own(tiny: Market) -> None:
    # One slider moved a little shifts every draw by nearly the same, while the draws themselves lie far apart.
    near = Scenario(title="A little more", parameters={"moved_share": 0.85})
    paired = compare(tiny, [BASE, near], Draws(DRAWS, SEED)).figures.row(
        by_predicate=pl.col("figure") == "displaced", named=True
    )
    ends = [project(tiny, scenario, DRAWS, seed) for scenario, seed in ((BASE, SEED), (near, SEED + 1))]
    one, other = (run.sample.displaced_total.sum(axis=0) for run in ends)
    independent = summarise(other - one, ends[0].scramblings)
    assert paired["p95_difference"] - paired["p5_difference"] < 0.2 * (independent["p95"] - independent["p5"])
    assert paired["standard_error_difference"] < 0.2 * independent["standard_error"]


def parts(tiny: Market, held: Draws, reference: Scenario, scenario: Scenario) -> list[Part]:
    ends = over_common_months(tiny, (reference, scenario))
    outcomes = tuple(run_outcome(tiny, end, held) for end in ends)
    return list(parts_of(tiny, ends, (outcomes[0], outcomes[1]), held))  # type: ignore[arg-type]


@pytest.mark.parametrize(("reference", "scenario"), list(permutations((BASE, FLIGHT, CALM), 2)))
def test_the_parts_add_up_to_the_whole_in_every_draw(
    tiny: Market, held: Draws, reference: Scenario, scenario: Scenario
) -> None:
    found = parts(tiny, held, reference, scenario)
    runs = [run_outcome(tiny, one, Draws(DRAWS, SEED)).values for one in (reference, scenario)]
    scale = np.maximum(np.abs(runs[0]), np.abs(runs[1])).max(axis=1, keepdims=True)
    assert [part.part for part in found[-2:]] == [INTERACTION, WHOLE]
    for way in ("one_at_a_time", "put_back"):
        total = np.sum([getattr(part, way) for part in found[:-1]], axis=0)
        assert (np.abs(total - (runs[1] - runs[0])) <= 1e-9 * scale).all()
        assert np.array_equal(getattr(found[-1], way), runs[1] - runs[0])


def test_turning_round_swaps_the_two_ways_of_explaining(tiny: Market, held: Draws) -> None:
    there, back = parts(tiny, held, BASE, FLIGHT), parts(tiny, held, FLIGHT, BASE)
    for one, other in zip(there, back, strict=True):
        assert one.input_id == other.input_id
        scale = 1e-9 * (1 + np.abs(one.one_at_a_time).max())
        np.testing.assert_allclose(one.one_at_a_time, -other.put_back, rtol=1e-9, atol=scale)
        np.testing.assert_allclose(one.put_back, -other.one_at_a_time, rtol=1e-9, atol=scale)


@pytest.mark.parametrize(
    "scenario",
    [
        Scenario(parameters={"exodus": 1.5}),
        Scenario(parameters={"evidence_spread": 0.3}),
        Scenario(customers={"north": {"spend_usd_per_year": 900.0}}),
        Scenario(vendors={"crane": {"slack": 0.5}}),
    ],
    ids=["slider", "width", "customer", "rival"],
)
def test_a_scenario_that_differs_in_one_input_has_no_interaction(tiny: Market, held: Draws, scenario: Scenario) -> None:
    one, interaction, whole = parts(tiny, held, BASE, scenario)
    assert np.abs(whole.one_at_a_time).max() > 0
    for way in ("one_at_a_time", "put_back"):
        assert np.array_equal(getattr(one, way), whole.one_at_a_time)
        assert not getattr(interaction, way).any()


def test_inputs_that_work_apart_have_no_interaction_and_inputs_that_multiply_have(tiny: Market, held: Draws) -> None:
    # Top-up and new lines are added to the incumbent's revenue; growth multiplies what leaves.
    apart = Scenario(parameters={"owner_top_up": 240.0, "pivot_revenue": 120.0})
    multiplied = Scenario(parameters={"moved_share": 0.95, "growth": 1.0})
    rows = {}
    for name, scenario in (("apart", apart), ("multiplied", multiplied)):
        frame = explain(tiny, [BASE, scenario], held).filter(pl.col("vendor_id").is_null(), part=INTERACTION)
        rows[name] = dict(frame.select("measure", "mean_one_at_a_time").iter_rows())
    assert abs(rows["apart"]["incumbent_revenue"]) < 1e-9
    assert rows["multiplied"]["displaced"] > 0.01


def test_the_central_path_of_one_moved_slider_is_computed_by_hand(tiny: Market, held: Draws) -> None:
    # What is displaced is in proportion to the part that moves, so 0.4 instead of 0.8 displaces half.
    half = Scenario(title="Half", parameters={"moved_share": 0.4})
    full = sum(pool_of(month) for month in range(3))
    row = compare(tiny, [BASE, half], held).figures.row(by_predicate=pl.col("figure") == "displaced", named=True)
    assert row["central_reference"] == pytest.approx(full, rel=1e-12)
    assert row["central_difference"] == pytest.approx(-full / 2, rel=1e-12)
    assert row["probability_less"] + row["probability_same"] == 1


def test_relabelling_the_order_of_scenarios_changes_nothing_else(tiny: Market, held: Draws) -> None:
    one, other = compare(tiny, [BASE, FLIGHT, CALM], held), compare(tiny, [BASE, CALM, FLIGHT], held)
    assert one.titles != other.titles
    for name, frame in one.tables.items():
        again = other.tables[name]
        for title in ("Calm", "Everybody flees"):
            assert_frame_equal(frame.filter(scenario=title), again.filter(scenario=title), check_exact=True)
    alone = compare(tiny, [BASE, CALM], Draws(DRAWS, SEED))
    assert_frame_equal(alone.vendors, one.vendors.filter(scenario="Calm"), check_exact=True)


def test_explaining_some_scenarios_is_a_part_of_explaining_all(tiny: Market, held: Draws) -> None:
    heard: list[float] = []
    every = explain(tiny, [BASE, FLIGHT, CALM], held, progress=heard.append)
    assert heard == sorted(heard)
    assert heard[-1] == 1.0
    assert_frame_equal(every.filter(scenario="Calm"), explain(tiny, [BASE, FLIGHT, CALM], held, [2]), check_exact=True)


def test_explained_rows_add_up_in_the_frame_as_well(tiny: Market, held: Draws) -> None:
    frame = explain(tiny, [BASE, FLIGHT], held)
    assert frame.columns[:8] == ["scenario", "reference", "measure", "vendor_id", "unit", "part", "input_id", "label"]
    for way in ("mean_one_at_a_time", "mean_put_back"):
        total = frame.filter(pl.col("part") != WHOLE).group_by("measure", "vendor_id").agg(pl.col(way).sum())
        whole = frame.filter(part=WHOLE).select("measure", "vendor_id", whole=way)
        joined = total.join(whole, on=["measure", "vendor_id"], nulls_equal=True)
        assert joined.height == whole.height
        assert ((joined[way] - joined["whole"]).abs() <= 1e-9 * (1 + joined["whole"].abs())).all()


def test_every_kind_of_setting_is_found_and_what_the_tables_say_anyway_is_none(tiny: Market) -> None:
    found = {change.place.path: (change.reference, change.scenario) for change in changes_between(tiny, BASE, FLIGHT)}
    assert found == {
        "customers.rest.exit": (None, 1.0),
        "parameters.exodus": (0.0, 2.0),
        "parameters.half_life": (1.0, 0.5),
        "parameters.moved_share": (0.8, 0.95),
        "vendors.bolt.excluded": (None, True),
    }
    idle = Scenario(title="Idle", parameters={"exodus": 0.0}, vendors={"bolt": {"excluded": False}}, horizon_months=3)
    assert changes_between(tiny, BASE, idle) == ()


def test_the_form_of_the_model_is_an_input_like_any_other(tiny: Market, held: Draws) -> None:
    simple = Scenario(title="Simple", form="fair_share", capacity=False, parameters={"exodus": 1.0})
    frame = compare(tiny, [BASE, simple], held).inputs
    assert frame.select("input_id", "kind", "label", "reference_words", "scenario_words").rows() == [
        ("capacity", "model form", "Rivals can be full", "yes", "no"),
        ("form", "model form", "How money chooses among rivals", "Nested logit", "Fair share"),
        ("parameters.exodus", "who leaves", tiny.parameters["exodus"].label, "as sourced", "odds ×2.7"),
    ]
    explained = explain(tiny, [BASE, simple], held).filter(measure="unplaced", input_id="capacity")
    assert explained["mean_one_at_a_time"].item() < 0


def test_taking_every_change_arrives_at_the_other_scenario(tiny: Market) -> None:
    for start, end in permutations((BASE, FLIGHT, CALM), 2):
        arrived = on_the_way(tiny, start, end, changes_between(tiny, start, end))
        assert settings_of(tiny, arrived) == settings_of(tiny, end)


def test_many_inputs_are_grouped_by_kind_and_still_add_up(tiny: Market, held: Draws) -> None:
    moved = {name: item.maximum for name, item in tiny.parameters.items() if item.in_view or item.group == "how fast"}
    moved |= {"loyalty": 0.9, "fit": 1.5, "slack": 0.5, "evidence_spread": 0.5, "built_in_house": 0.2, "not_spent": 0.2}
    many = Scenario(title="Many", parameters=moved, vendors={"crane": {"slack": 0.3}})
    changes = changes_between(tiny, BASE, many)
    assert len(changes) > MANY_INPUTS
    groups = grouped(tiny, changes)
    paths = [change.place.path for change in changes]
    assert sorted(change.place.path for group in groups for change in group.changes) == paths
    kinds = {item.group for item in tiny.parameters.values()} | {"vendors"}
    assert {group.group_id for group in groups} <= kinds
    found = parts(tiny, held, BASE, many)
    assert len(found) == len(groups) + 2
    whole = found[-1].one_at_a_time
    total = np.sum([part.one_at_a_time for part in found[:-1]], axis=0)
    assert (np.abs(total - whole) <= 1e-9 * (1 + np.abs(whole).max(axis=1, keepdims=True))).all()


def test_different_horizons_are_compared_over_the_months_in_common(tiny: Market, held: Draws) -> None:
    long = replace(CALM, horizon_months=6)
    found = compare(tiny, [BASE, long], held)
    assert len(found.months) == 3
    assert found.own_months == (3, 6)
    note = found.horizon_note
    assert note is not None
    assert "3 in common" in note
    assert found.inputs.filter(input_id="horizon_months").select("reference_value", "scenario_value").row(0) == (3, 6)
    assert_frame_equal(found.figures, compare(tiny, [BASE, CALM], held).figures, check_exact=True)
    assert compare(tiny, [BASE, CALM], held).horizon_note is None


def test_titles_are_told_apart() -> None:
    named = [Scenario(title=title) for title in ("One", "One", "Two", "One")]
    assert distinct_titles(named) == ("One", "One (2)", "Two", "One (3)")


@pytest.mark.parametrize("count", [0, 1, 5])
def test_fewer_than_two_or_more_than_four_are_refused(tiny: Market, held: Draws, count: int) -> None:
    for ask in (compare, explain):
        with pytest.raises(ScenarioError, match="Choose two to four"):
            ask(tiny, [BASE] * count, held)


def test_a_scenario_that_does_not_fit_is_named(tiny: Market, held: Draws) -> None:
    with pytest.raises(ScenarioError, match="Odd: nobody is no parameter"):
        compare(tiny, [BASE, Scenario(title="Odd", parameters={"nobody": 1.0})], held)


def test_differences_below_the_tolerance_of_the_ledger_are_ties() -> None:
    reference = np.array([[0.0, 1e9, 1e9, 5.0, -2.0, 0.0]])
    scenario = np.array([[0.0, 1e9 * (1 + SAME / 2), 1e9 * (1 + 3 * SAME), 4.0, -1.0, 0.0]])
    frame = paired_frame({"row": ["only"]}, reference, scenario, 1)
    chances = frame.select("probability_more", "probability_less", "probability_same").row(0)
    assert chances == pytest.approx((0.4, 0.2, 0.4))


def test_ranks_and_flips_are_those_of_a_case_computed_by_hand() -> None:
    # Four draws and a central path that does not count. First a, b, c; then b gains three in every simulation.
    reference = np.array([[4.0, 4.0, 6.0, 6.0, 0.0], [2.0, 4.0, 2.0, 4.0, 0.0], [1.0, 1.0, 1.0, 1.0, 99.0]])
    scenario = reference + np.array([[0.0], [3.0], [0.0]])
    ranks = ranks_frame("m", ["a", "b", "c"], reference, scenario)
    assert ranks.select("vendor_id", "rank_reference", "rank_scenario", "rank_change").rows() == [
        ("a", 1, 2, -1), ("b", 2, 1, 1), ("c", 3, 3, 0),
    ]  # fmt: skip
    # a leads alone but for the tie of the second draw; afterwards b leads except in the third.
    assert ranks["probability_first_reference"].to_list() == [0.75, 0.0, 0.0]
    assert ranks["probability_first_scenario"].to_list() == [0.25, 0.75, 0.0]
    orders = order_frame("m", ["a", "b", "c"], reference, scenario)
    assert orders.row(0, named=True) == {
        "measure": "m", "vendor_id": "a", "other_vendor_id": "b",
        "probability_ahead_reference": 0.75, "probability_ahead_scenario": 0.25, "probability_flip": 0.5,
    }  # fmt: skip
    assert orders.select("vendor_id", "other_vendor_id").rows() == [("a", "b"), ("a", "c"), ("b", "c")]
    assert orders["probability_flip"].to_list()[1:] == [0.0, 0.0]


def test_equal_means_share_a_rank_whatever_their_order() -> None:
    values = np.array([[1.0, 1.0, 0.0], [3.0, 3.0, 0.0], [1.0, 1.0, 0.0]])
    assert ranks_frame("m", ["a", "b", "c"], values, values)["rank_reference"].to_list() == [2, 1, 2]


def test_an_excluded_rival_wins_nothing_and_falls_to_the_last_rank(tiny: Market, pair: Comparison) -> None:
    row = pair.ranks.row(
        by_predicate=(pl.col("vendor_id") == "bolt") & (pl.col("measure") == "displaced_gain"), named=True
    )
    assert (row["rank_scenario"], row["mean_scenario"]) == (2, 0.0)
    assert row["rank_reference"] == 1
    flips = pair.orders.filter(measure="displaced_gain")
    assert flips["probability_flip"].item() == flips["probability_ahead_reference"].item() > 0.5


def test_every_frame_is_small_tidy_and_says_what_is_compared(pair: Comparison, tiny: Market) -> None:
    keys: dict[str, tuple[str, ...]] = {
        "compare_figures": ("figure",),
        "compare_vendors": ("measure", "vendor_id"),
        "compare_shares": ("vendor_id", "month"),
        "compare_revenue": ("vendor_id", "month"),
        "compare_ranks": ("measure", "vendor_id"),
        "compare_orders": ("measure", "vendor_id", "other_vendor_id"),
        "compare_inputs": ("input_id",),
    }
    assert set(pair.tables) == set(keys)
    for name, frame in pair.tables.items():
        assert frame.columns[:2] == ["scenario", "reference"]
        assert frame.select("scenario", "reference").unique().rows() == [("Everybody flees", "Baseline")]
        assert not frame.select("scenario", *keys[name]).is_duplicated().any()
    assert pair.shares.height == tiny.tables["vendors"].height * 3


def test_a_kind_of_setting_yet_unknown_is_compared_without_a_word_about_it(tiny: Market) -> None:
    @dataclass(frozen=True, kw_only=True)
    class Ruled(Scenario):
        rule: Mapping[str, str]

    one, other = Ruled(rule={"who": "Baseline"}), Ruled(rule={"who": "Other"})
    found = changes_between(tiny, one, other)
    assert [(change.place.path, change.reference, change.scenario) for change in found] == [
        ("rule.who", "Baseline", "Other")
    ]
    with pytest.raises(ScenarioError, match="rule"):
        scenario_from(BASE.to_dict() | {"rule": {"who": "Other"}}, tiny)
