"""Claims on the tiny market, worked by hand: North leaves for certain, and every input stands at its central value.

North pays 50 a month, a leaver moves 0.8 of it, and half, then three quarters of that has left in February and March:
40 x (0, 1/2, 3/4) x growth is the pool. Bolt wants more of it than it has room for, so it wins exactly its room,
50 x 1.05 x 1.03 ** t less what its own customers need (see test_tiny_by_hand).
"""

from dataclasses import replace
from datetime import date
from math import sqrt

import numpy as np
import polars as pl
import pytest

from shareshift.basics.errors import ClaimError
from shareshift.results.claims.certainty import bound_of_none, in_words
from shareshift.results.claims.claim import Claim, known_claims
from shareshift.results.claims.claims_table import claims_table, distributions_table
from shareshift.results.claims.histogram import histogram
from shareshift.results.claims.measuring import measure_claims
from shareshift.results.projection import project
from shareshift.scenario.scenario import Scenario
from shareshift.ui.claims.words import error_words
from support.markets import with_table

SURE = Scenario(
    title="Only North",
    parameters={"evidence_spread": 0.0, "momentum_spread": 0.0},
    customers={"north": {"exit": 1.0}, "south": {"exit": 0.0}, "rest": {"exit": 0.0}},
)
GROWTH = [1.2 ** ((t + 0.5) / 12) for t in range(3)]
POOL = [40 * gone * growth for gone, growth in zip((0, 1 / 2, 3 / 4), GROWTH, strict=True)]
ROOM = [50 * 1.05 * 1.03 ** (t + 1) - 50 * GROWTH[t] for t in range(3)]
BOLT_WISH = 0.8 * (2 * sqrt(3) / (sqrt(3) + 1) - 1 / 2)
WON = [0.0, ROOM[1], ROOM[2]]
BASES = {"recognised": "usd", "run_rate": "usd_per_year", "bookings": "usd"}


@pytest.fixture(scope="module")
def run(tiny):
    return project(tiny, SURE, draws=64)


@pytest.fixture(scope="module")
def spread(tiny):
    return project(tiny, draws=256)


@pytest.fixture(scope="module")
def bolt_wins(tiny):
    return known_claims(tiny)[0]


def accumulated(monthly, basis):
    return {"recognised": sum(monthly), "run_rate": 12 * monthly[-1], "bookings": sum(monthly) + 12 * monthly[-1]}[
        basis
    ]


def on_basis(claim, basis, **changes):
    return replace(claim, basis=basis, unit=BASES[basis], **changes)


def row_of(run, claim):
    return claims_table(run, measure_claims(run, [claim])).row(0, named=True)


def about(claim, metric, basis, unit, **changes):
    return replace(claim, metric=metric, basis=basis, unit=unit, **changes)


@pytest.mark.parametrize("basis", BASES)
def test_what_a_rival_won_is_measured_on_the_basis_of_the_claim(run, bolt_wins, basis):
    found = measure_claims(run, [on_basis(bolt_wins, basis)])[0]
    assert found.value == pytest.approx(np.full(65, accumulated(WON, basis)), rel=1e-9)
    assert found.winnings.displaced == pytest.approx(np.full(65, accumulated(POOL, basis)), rel=1e-9)
    assert found.winnings.wanted == pytest.approx(np.full(65, BOLT_WISH * accumulated(POOL, basis)), rel=1e-9)
    assert found.winnings.capacity == pytest.approx(np.full(65, accumulated(ROOM, basis)), rel=1e-9)


def test_the_deadline_month_is_included_and_later_ones_are_not(run, bolt_wins):
    by_february = replace(bolt_wins, deadline=date(2025, 2, 28))
    assert measure_claims(run, [by_february])[0].value == pytest.approx(np.full(65, WON[0] + WON[1]), rel=1e-9)


@pytest.mark.parametrize("basis", BASES)
@pytest.mark.parametrize(
    ("low", "stopped_by"), [(0.999, "nothing"), (1.001, "capacity"), ("wish", "preference"), ("pool", "pool")]
)
def test_what_stops_a_claim_is_capacity_then_preference_then_the_pool(run, bolt_wins, basis, low, stopped_by):
    won, pool = accumulated(WON, basis), accumulated(POOL, basis)
    amount = {"wish": 1.001 * BOLT_WISH * pool, "pool": 1.001 * pool}.get(low) or low * won
    row = row_of(run, on_basis(bolt_wins, basis, low=amount))
    assert row["stopped_by"] == stopped_by
    assert row["probability"] == (1.0 if stopped_by == "nothing" else 0.0)
    assert row["likelihood"] == ("in every simulation" if stopped_by == "nothing" else "in no simulation")
    assert row["needed_capture_share"] == pytest.approx(amount / pool, rel=1e-9)
    assert row["shortfall_usd"] == pytest.approx(max(amount - won, 0), rel=1e-9, abs=1e-9)
    assert row["pool_too_small_share"] == (1.0 if low == "pool" else 0.0)
    if stopped_by != "nothing":
        assert row[f"stopped_by_{stopped_by}_share"] == 1.0
        assert row["nearest_value"] == pytest.approx(won, rel=1e-9)
        assert row["reach"].startswith("It fails in every simulation: the largest reaches ")
    else:
        assert row["reach"] is None


def test_a_claim_that_fails_by_a_hair_never_reads_as_one_that_holds(run, bolt_wins):
    row = row_of(run, on_basis(bolt_wins, "recognised", low=sum(WON) * 1.0000001))
    assert row["probability"] == 0.0
    assert "the largest reaches just under $" in row["reach"]


def test_a_claim_of_less_that_fails_says_what_the_smallest_simulation_reaches(run, bolt_wins):
    row = row_of(run, replace(on_basis(bolt_wins, "recognised"), comparator="at_most", low=None, high=0.5 * sum(WON)))
    assert row["probability"] == 0.0
    assert row["reach"].startswith("It fails in every simulation: the smallest reaches ")
    assert "the claim needs at most " in row["reach"]


@pytest.mark.parametrize("basis", BASES)
def test_the_month_of_a_deadline_counts_by_its_days(run, bolt_wins, basis):
    """By 10 March ten days of March are over: what adds up takes 10/31 of the month, a run rate is the month's."""
    claim = replace(on_basis(bolt_wins, basis), deadline=date(2025, 3, 10))
    part = WON[1] + WON[2] * 10 / 31
    expected = {"recognised": part, "run_rate": 12 * WON[2], "bookings": part + 12 * WON[2]}[basis]
    assert measure_claims(run, [claim])[0].value == pytest.approx(np.full(65, expected), rel=1e-9)


def test_who_leaves_after_the_day_of_the_deadline_has_not_left_by_it(spread, bolt_wins):
    def begun(day):
        claim = about(bolt_wins, "exit", "event", "probability", customer_id="south", vendor_id=None, low=1.0)
        return measure_claims(spread, [replace(claim, deadline=date(2025, 2, day))])[0].value

    early, late = begun(1), begun(28)
    assert (early <= late).all()
    # On the central path stands the chance: 0.05 within 12 months, at a constant hazard, from the end of 2024.
    for found, months in ((early, 1 + 1 / 28), (late, 2)):
        assert found[-1] == pytest.approx(1 - 0.95 ** (months / 12))


def test_demand_is_tested_before_capacity_and_says_so(run, bolt_wins):
    asked = GROWTH[2] + BOLT_WISH * POOL[2] / 50
    found = measure_claims(run, [about(bolt_wins, "demand_ratio", "demand", "ratio", low=asked * 0.999)])[0]
    assert found.value == pytest.approx(np.full(65, asked), rel=1e-9)
    assert found.holds.all()
    assert "before capacity" in found.what
    assert GROWTH[2] + WON[2] / 50 < asked * 0.9


def test_an_exit_is_tested_on_exits(spread, bolt_wins):
    leaves = about(bolt_wins, "exit", "event", "probability", customer_id="rest", vendor_id=None, low=1.0)
    stays = replace(leaves, comparator="at_most", low=None, high=0.0)
    yes, no = measure_claims(spread, [leaves, stays])
    position = spread.inputs.customers.index("rest")
    # The rest are many, of whom most leave or do not.
    month = (leaves.deadline.year - 2025) * 12 + leaves.deadline.month - 1
    assert (yes.holds == (spread.sample.begun(month)[position, :-1] > 0.5)).all()
    assert (yes.holds ^ no.holds).all()
    assert 0 < yes.holds.mean() < 1


def test_the_in_house_wave_is_tested_on_its_share_of_the_displaced_money(run, bolt_wins):
    wave = about(bolt_wins, "in_house_flow", "event", "share", vendor_id=None, low=0.01)
    placed = run.migration.to_options[:, -1].sum(axis=0)
    expected = placed / sum(POOL)
    assert measure_claims(run, [wave])[0].value == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize(("basis", "unit"), [("recognised", "usd"), ("run_rate", "usd_per_year")])
def test_revenue_claims_read_the_revenue_of_the_vendor(spread, bolt_wins, basis, unit):
    for metric, vendor in (("revenue", "bolt"), ("revenue", "acme"), ("incumbent_revenue", "acme")):
        claim = about(bolt_wins, metric, basis, unit, vendor_id=vendor)
        revenue = spread.revenue[spread.vendors.index(vendor)]
        expected = revenue.sum(axis=0) if basis == "recognised" else 12 * revenue[-1]
        assert measure_claims(spread, [claim])[0].value == pytest.approx(expected, rel=1e-12)


def test_a_share_claim_reads_the_month_of_its_deadline(spread, bolt_wins):
    claim = about(bolt_wins, "share", "event", "share", vendor_id="crane", deadline=date(2025, 2, 28))
    assert measure_claims(spread, [claim])[0].value == pytest.approx(spread.vendor_shares[2, 1], rel=1e-12)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"basis": "planned"}, "planned has no stated conversion to won_from_incumbent"),
        ({"basis": "demand"}, "no stated conversion"),
        ({"unit": "usd_per_year"}, "usd_per_year does not measure won_from_incumbent on the basis recognised. Use usd"),
        ({"vendor_id": "acme"}, "is the incumbent and cannot win its own customers"),
        ({"metric": "incumbent_revenue"}, "is not the incumbent"),
        ({"metric": "revenue", "basis": "bookings"}, "bookings has no stated conversion to revenue"),
    ],
)
def test_mixed_measures_are_refused_with_a_sentence(run, bolt_wins, changes, words):
    with pytest.raises(ClaimError, match=words):
        measure_claims(run, [replace(bolt_wins, **changes)])


def test_every_fault_is_named_at_once(run, bolt_wins):
    wrong = [replace(bolt_wins, basis="planned"), replace(bolt_wins, reading="other", unit="share")]
    with pytest.raises(ClaimError) as caught:
        measure_claims(run, wrong)
    assert "reading recognised" in str(caught.value)
    assert "reading other" in str(caught.value)


@pytest.mark.parametrize(("deadline", "words"), [(date(2025, 4, 1), "beyond"), (date(2024, 12, 31), "before")])
def test_a_deadline_outside_the_run_is_not_tested_and_says_why(run, bolt_wins, deadline, words):
    claim = replace(bolt_wins, deadline=deadline)
    row = row_of(run, claim)
    assert row["probability"] is None
    assert words in row["not_tested"]
    assert distributions_table(run, measure_claims(run, [claim])).is_empty()


def test_claims_that_became_known_later_are_left_out(tiny):
    later = tiny.tables["claims"].with_columns(
        known_from=pl.when(pl.col("claim_id") == "bolt-wins").then(date(2025, 1, 1)).otherwise("known_from")
    )
    market = with_table(tiny, "claims", later)
    assert [claim.claim_id for claim in known_claims(market)] == ["north-leaves"]
    assert len(known_claims(replace(market, as_of=date(2025, 1, 1)))) == 2


def test_probability_statistics_and_error_are_those_of_the_draws(spread, bolt_wins):
    claim = replace(bolt_wins, low=9.0)
    found = measure_claims(spread, [claim])[0]
    row = row_of(spread, claim)
    drawn = found.value[:-1]
    assert row["probability"] == pytest.approx((drawn >= 9).mean())
    parts = (drawn >= 9).reshape(spread.scramblings, -1).mean(axis=1)
    assert row["standard_error"] == pytest.approx(parts.std(ddof=1) / np.sqrt(spread.scramblings))
    assert row["p5_value"] == pytest.approx(np.quantile(drawn, 0.05))
    assert row["mean_value"] == pytest.approx(drawn.mean())
    assert row["central_value"] == found.value[-1]
    assert row["shortfall_usd"] == pytest.approx(np.maximum(9 - drawn, 0).mean())
    causes = [row[f"stopped_by_{cause}_share"] for cause in ("pool", "capacity", "preference", "range")]
    assert sum(causes) == pytest.approx(1)


@pytest.mark.parametrize(("low", "probability", "sign"), [(1e9, 0.0, 1), (-1.0, 1.0, -1)])
def test_what_no_draw_or_every_draw_shows_has_a_bound_and_no_error(spread, bolt_wins, low, probability, sign):
    row = row_of(spread, replace(bolt_wins, low=low))
    assert (row["probability"], row["standard_error"]) == (probability, None)
    # At the bound, 256 independent draws all miss the rest in one case of twenty.
    rest = abs(row["probability_bound"] - probability)
    assert (row["probability_bound"] - probability) * sign > 0
    assert (1 - rest) ** 256 == pytest.approx(0.05)


def test_what_some_draws_show_has_an_error_and_no_bound(spread, bolt_wins):
    row = row_of(spread, replace(bolt_wins, low=9.0))
    assert row["standard_error"] > 0
    assert row["probability_bound"] is None


@pytest.mark.parametrize("draws", [1, 3, 4096])
def test_the_bound_is_near_three_in_the_number_of_draws_and_always_a_probability(draws):
    assert 0 < bound_of_none(draws) < min(3 / draws, 1)
    if draws > 1000:
        assert bound_of_none(draws) == pytest.approx(3 / draws, rel=0.01)


def test_the_error_in_words_is_a_bound_where_the_draws_agree(spread, bolt_wins):
    never, always, some = (row_of(spread, replace(bolt_wins, low=low)) for low in (1e9, -1.0, 9.0))
    assert error_words(never) == "under 1.16%, 95% confidence"
    assert error_words(always) == "over 98.84%, 95% confidence"
    assert error_words(some) == f"± {100 * some['standard_error']:.1f} points"
    assert error_words(some | {"standard_error": 0.0004}) == "± under 0.1 points"


def test_a_range_that_is_overshot_is_put_down_to_the_range(run, bolt_wins):
    row = row_of(run, replace(bolt_wins, comparator="between", low=0.0, high=accumulated(WON, "recognised") / 2))
    assert (row["probability"], row["stopped_by"], row["stopped_by_range_share"]) == (0.0, "range", 1.0)


def test_no_displaced_money_stops_a_claim_at_the_pool(tiny, bolt_wins):
    nobody = Scenario(title="Nobody", customers={name: {"exit": 0.0} for name in ("north", "south", "rest")})
    run = project(tiny, nobody, draws=32)
    wave = about(bolt_wins, "in_house_flow", "event", "share", vendor_id=None, low=0.1)
    rows = claims_table(run, measure_claims(run, [bolt_wins, wave]))
    assert rows["stopped_by"].to_list() == ["pool", "pool"]
    assert rows["needed_capture_share"].to_list() == [None, 0.1]


def test_distributions_hold_every_draw_once(spread, tiny):
    measured = measure_claims(spread)
    frame = distributions_table(spread, measured)
    totals = frame.group_by("claim_id", "reading").agg(
        pl.sum("share_of_draws"), held=(pl.col("share_of_draws") * pl.col("holds_share")).sum()
    )
    assert totals["share_of_draws"].to_list() == pytest.approx([1, 1])
    held = dict(totals.select("claim_id", "held").iter_rows())
    assert held == pytest.approx({item.claim.claim_id: item.holds.mean() for item in measured})
    exits = frame.filter(pl.col("claim_id") == "north-leaves")
    assert exits["bin_low"].to_list() == [-0.5, 0.5]


def test_a_histogram_of_one_value_has_a_width():
    edges, bins = histogram(np.full(10, 7.0))
    assert (np.diff(edges) > 0).all()
    assert edges[bins[0]] <= 7 <= edges[bins[0] + 1]


@pytest.mark.parametrize(
    ("probability", "words"),
    [
        (0.0, "in no simulation"),
        (0.001, "almost no chance (under 1%)"),
        (0.12, "very unlikely (12%)"),
        (0.5, "roughly even chance (50%)"),
        (0.999, "almost certain (over 99%)"),
        (1.0, "in every simulation"),
    ],
)
def test_likelihood_words_have_their_number_beside_them(probability, words):
    assert in_words(probability) == words


def test_the_key_of_a_claim_is_claim_and_reading(bolt_wins):
    assert isinstance(bolt_wins, Claim)
    assert bolt_wins.key == ("bolt-wins", "recognised")
