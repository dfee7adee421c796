"""Claims on one pool: what adds up and what counts once, and the linear programme against brute force."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shareshift.market.market import read_market
from shareshift.results.claims.claim import known_claims
from shareshift.results.claims.conflicts import Demands, fits, smallest_conflict, smallest_drop, smallest_pool
from shareshift.results.claims.credibility import CREDIBILITY, by_weight, contradictions, credibility, default_beliefs
from shareshift.results.claims.measuring import measure_claims
from shareshift.results.claims.programme import programme_table
from shareshift.results.claims.subscription import subscriptions
from shareshift.results.claims.subscription_tables import oversubscription_bins, oversubscription_table, stack_table
from shareshift.results.projection import project
from support.places import BUNDLED


@pytest.fixture(scope="module")
def run(tiny):
    return project(tiny, draws=256)


@pytest.fixture(scope="module")
def bolt(tiny):
    return replace(known_claims(tiny)[0], low=30.0)


@pytest.fixture(scope="module")
def crane(bolt):
    return replace(bolt, claim_id="crane-wins", vendor_id="crane", low=25.0, speaker="Crane", grade="C3")


def parts_of(run, *claims):
    return subscriptions(measure_claims(run, claims))


def test_the_claims_of_rivals_add_up_over_the_pool_at_the_deadline(run, bolt, crane):
    parts = parts_of(run, bolt, crane)
    row = oversubscription_table(run, parts).row(0, named=True)
    pool = run.sample.displaced.sum(axis=(0, 1))[:-1]
    assert (row["claims_counted"], row["claimed_low"], row["claimed_high"]) == (2, 55, None)
    assert row["mean_pool"] == pytest.approx(pool.mean(), rel=1e-12)
    assert row["ratio_of_means"] == pytest.approx(55 / pool.mean(), rel=1e-12)
    assert row["probability_over_one"] == pytest.approx((pool < 55).mean())
    assert row["p50_ratio"] == pytest.approx(55 / np.median(pool))
    assert row["p25_ratio"] < row["p50_ratio"] < row["p75_ratio"]


def test_a_range_with_two_ends_adds_up_to_two_ends(run, bolt, crane):
    ranges = [replace(claim, comparator="between", high=claim.low + 10) for claim in (bolt, crane)]
    assert oversubscription_table(run, parts_of(run, *ranges))["claimed_high"].to_list() == [75]


def test_bases_are_never_mixed(run, bolt, crane):
    pace = replace(crane, basis="run_rate", unit="usd_per_year")
    frame = oversubscription_table(run, parts_of(run, bolt, pace))
    assert frame.select("basis", "claimed_low").rows() == [("recognised", 30), ("run_rate", 25)]


def test_ten_copies_of_one_claim_count_once(run, bolt):
    copies = [replace(bolt, claim_id=f"copy-{i}", speaker=f"paper {i}") for i in range(10)]
    part = parts_of(run, *copies)[0]
    assert (part.low, len(part.counted), len(part.left_out)) == (30, 1, 9)
    assert {why for _, why in part.left_out} == {"It tells the same story as copy-0, which counts once."}


def test_one_reading_of_a_claim_and_one_claim_of_a_vendor_count(run, bolt):
    other_reading = replace(bolt, reading="high", low=40.0, grade="C3")
    own_words = replace(bolt, claim_id="bolt-later", origin_id="radio", low=45.0, grade="B1")
    part = parts_of(run, bolt, other_reading, own_words)[0]
    assert [item.claim.claim_id for item in part.counted] == ["bolt-later"]
    assert part.low == 45
    assert parts_of(run, bolt, other_reading)[0].low == 30


def test_what_was_due_earlier_still_counts_at_a_later_deadline(run, bolt, crane):
    early = replace(crane, deadline=date(2025, 2, 28))
    assert [(part.deadline.month, part.low) for part in parts_of(run, bolt, early)] == [(2, 25), (3, 55)]


def test_each_deadline_has_the_pool_of_its_own_day(run, bolt, crane):
    early = replace(crane, deadline=date(2025, 2, 28))
    table = oversubscription_table(run, parts_of(run, bolt, early))
    pools = [run.sample.displaced[:months].sum(axis=(0, 1))[:-1].mean() for months in (2, 3)]
    assert table["mean_pool"].to_list() == pytest.approx(pools, rel=1e-12)
    assert table["ratio_of_means"].to_list() == pytest.approx([25 / pools[0], 55 / pools[1]], rel=1e-12)
    programme = programme_table(run, parts_of(run, bolt, early), measure_claims(run, [bolt, early]))
    assert programme.filter(level="mean")["pool_available"].to_list() == pytest.approx(pools, rel=1e-12)
    upper = [np.quantile(run.sample.displaced[:months].sum(axis=(0, 1))[:-1], 0.95) for months in (2, 3)]
    assert programme.filter(level="p95")["pool_available"].to_list() == pytest.approx(upper, rel=1e-12)


def test_of_two_claims_the_better_graded_counts_then_the_later(run, bolt):
    assert bolt.grade == "B3"
    later = replace(bolt, claim_id="later", origin_id="later", said_on=bolt.said_on + timedelta(1), low=31.0)
    worse = replace(later, claim_id="worse", origin_id="worse", grade="C3", said_on=bolt.said_on + timedelta(9))
    for order in (bolt, later, worse), (worse, later, bolt):
        assert [claim.claim_id for claim in by_weight(order)] == ["later", bolt.claim_id, "worse"]
        (part,) = parts_of(run, *order)
        assert [item.claim.claim_id for item in part.counted] == ["later"]


def test_at_most_asks_for_nothing(run, bolt):
    modest = replace(bolt, comparator="at_most", low=None, high=5.0)
    part = parts_of(run, modest)[0]
    assert part.counted == ()
    row = oversubscription_table(run, [part]).row(0, named=True)
    assert (row["probability_over_one"], row["standard_error"]) == (0, None)
    assert 0 < row["probability_bound"] < 0.2


def test_the_stack_is_as_high_as_what_is_claimed(run, bolt, crane):
    copy = replace(bolt, claim_id="copy", grade="D4")
    frame = stack_table(run, parts_of(run, bolt, crane, copy))
    counted = frame.filter("counted")
    assert counted.select("stack_from", "stack_to").rows() == [(0, 30), (30, 55)]
    assert frame.filter(~pl.col("counted"))["why_not"].to_list() == [
        "It tells the same story as bolt-wins, which counts once."
    ]


def test_the_bins_of_the_ratio_hold_every_draw_once(run, bolt):
    frame = oversubscription_bins(run, parts_of(run, bolt))
    assert frame["share_of_draws"].sum() == pytest.approx(1)


def test_no_claims_give_empty_frames_with_all_columns(run):
    for table in (oversubscription_table(run, ()), stack_table(run, ()), programme_table(run, (), ())):
        assert table.is_empty()
        assert "basis" in table.columns
    assert oversubscription_bins(run, ()).is_empty()


amounts = st.integers(0, 40).map(float)
claimants = st.lists(st.tuples(amounts, amounts, st.integers(0, 10)), min_size=1, max_size=5)


@st.composite
def demands(draw):
    rows = draw(claimants)
    return Demands(
        names=tuple(f"claim-{i}" for i in range(len(rows))),
        low=tuple(row[0] for row in rows),
        capacity=tuple(row[1] + 5 for row in rows),
        weight=tuple(row[2] / 10 for row in rows),
        in_house=draw(st.sampled_from([None, "wave"])),
        in_house_share=draw(st.sampled_from([0.1, 0.25, 0.5])),
        in_house_capacity=draw(st.sampled_from([0.0, 5.0, 30.0, np.inf])),
        in_house_weight=0.5,
    ).only(range(len(rows) + draw(st.integers(0, 1))))


def holds_by_hand(demands, kept, pool):
    rivals = [i for i in kept if i < len(demands.low)]
    house = demands.in_house_share * pool if len(demands.low) in kept else 0.0
    in_room = all(demands.low[i] <= demands.capacity[i] for i in rivals) and house <= demands.in_house_capacity
    return in_room and sum(demands.low[i] for i in rivals) + house <= pool + 1e-9


def subsets(count):
    return [kept for size in range(count + 1) for kept in combinations(range(count), size)]


@given(demands())
def test_the_smallest_pool_is_the_sum_of_claims_over_what_in_house_leaves(asked):
    expected = sum(asked.low) / (1 - asked.in_house_share)
    possible = all(low <= room for low, room in zip(asked.low, asked.capacity, strict=True))
    if possible and asked.in_house_share * expected <= asked.in_house_capacity:
        assert smallest_pool(asked) == pytest.approx(expected, rel=1e-7, abs=1e-6)
    else:
        assert smallest_pool(asked) is None


@given(demands(), st.integers(1, 120))
def test_the_fewest_claims_to_drop_are_those_of_brute_force(asked, pool):
    count = len(asked.claims)
    keepable = [kept for kept in subsets(count) if holds_by_hand(asked, kept, pool)]
    dropped = smallest_drop(asked, pool)
    kept = tuple(i for i in range(count) if i not in dropped)
    assert kept in keepable
    assert len(kept) == max(map(len, keepable))
    weights = (*asked.weight, asked.in_house_weight)
    best = max(sum(weights[i] for i in some) for some in keepable if len(some) == len(kept))
    assert sum(weights[i] for i in kept) == pytest.approx(best, abs=1e-5)


@given(demands(), st.integers(1, 120))
def test_the_smallest_conflict_is_that_of_brute_force(asked, pool):
    count = len(asked.claims)
    found = smallest_conflict(count, lambda kept: not fits(asked.only(kept), pool))
    at_odds = [len(kept) for kept in subsets(count) if not holds_by_hand(asked, kept, pool)]
    assert len(found) == (min(at_odds) if at_odds else 0)
    assert not found or not holds_by_hand(asked, found, pool)


def test_a_conflict_of_many_claims_is_found_by_striking_what_it_does_not_need():
    needed = {1, 3, 4, 6, 8, 9}
    assert set(smallest_conflict(10, lambda kept: needed <= set(kept))) == needed


def test_the_programme_names_what_conflicts_and_what_to_drop(run, bolt, crane):
    wave = replace(
        bolt,
        claim_id="wave",
        metric="in_house_flow",
        basis="event",
        unit="share",
        low=0.2,
        vendor_id=None,
        origin_id="w",
    )
    measured = measure_claims(run, [replace(bolt, low=1.0), replace(crane, low=500.0), wave])
    frame = programme_table(run, subscriptions(measured), measured)
    row = frame.row(by_predicate=pl.col("level") == "mean", named=True)
    assert row["claims"] == "crane-wins;bolt-wins;wave"
    assert row["smallest_pool_without_room"] == pytest.approx(501 / 0.8)
    assert row["smallest_pool"] is None
    assert (row["beyond_room"], row["conflict"]) == ("crane-wins", "crane-wins")
    assert "crane-wins" in row["drop"]
    assert not row["all_hold"]


def test_claims_that_fit_the_pool_conflict_with_nothing(run, bolt, crane):
    measured = measure_claims(run, [replace(bolt, low=0.5), replace(crane, low=0.25)])
    row = programme_table(run, subscriptions(measured), measured).row(0, named=True)
    assert (row["all_hold"], row["conflict"], row["drop"]) == (True, None, None)
    assert row["smallest_pool"] == pytest.approx(0.75)


def test_leaving_and_staying_contradict_each_other(tiny):
    leaves = known_claims(tiny)[1]
    stays = replace(leaves, claim_id="north-stays", comparator="at_most", low=None, high=0.0, deadline=date(2025, 2, 1))
    south = replace(stays, claim_id="south-stays", customer_id="south")
    assert contradictions([stays, leaves, south]) == [(leaves, stays)]


def test_a_worse_letter_or_digit_never_makes_a_claim_more_credible():
    for letter, worse in zip("ABCD", "BCDE", strict=True):
        assert all(CREDIBILITY[f"{worse}{digit}"] < CREDIBILITY[f"{letter}{digit}"] for digit in range(1, 6))
    for digit in range(1, 5):
        assert all(CREDIBILITY[f"{letter}{digit + 1}"] < CREDIBILITY[f"{letter}{digit}"] for letter in "ABCDE")
    assert credibility("F3") is None
    assert credibility("B6") is None


def test_by_default_one_report_of_a_claim_and_one_side_of_a_contradiction_are_believed(run, tiny):
    leaves = replace(known_claims(tiny)[1], customer_id="south", claim_id="leaves", grade="B2")
    again = replace(leaves, claim_id="again", grade="C2")
    stays = replace(leaves, claim_id="stays", comparator="at_most", low=None, high=0.0, grade="B3", origin_id="radio")
    unknown = replace(leaves, claim_id="unknown", customer_id="rest", grade="F6")
    likely = replace(leaves, claim_id="north", customer_id="north")
    never = replace(known_claims(tiny)[0], claim_id="never", low=1e15, high=None, grade="B2", origin_id="never")
    believed, left_out = default_beliefs(measure_claims(run, [again, stays, unknown, likely, leaves, never]))
    assert "fails in every simulation" in left_out[never.key]
    assert believed == {leaves.key: CREDIBILITY["B2"]}
    assert "same story as leaves" in left_out[again.key]
    assert "contradicts leaves" in left_out[stays.key]
    assert "cannot be judged" in left_out[unknown.key]
    assert "more probable" in left_out[likely.key]


@pytest.mark.parametrize("kind", ["target", "opinion"])
def test_a_target_or_an_opinion_is_believed_only_where_the_reader_asks(run, tiny, kind):
    wish = replace(known_claims(tiny)[1], customer_id="south", claim_id="wish", grade="A1", kind=kind)
    report = replace(wish, claim_id="report", grade="B2", kind="report", said_on=wish.said_on - timedelta(1))
    believed, left_out = default_beliefs(measure_claims(run, [wish, report]))
    assert believed == {report.key: CREDIBILITY["B2"]}
    assert left_out[wish.key].startswith(f"It is {'an opinion' if kind == 'opinion' else 'a target'}")
    assert left_out[wish.key].endswith("It is believed only if you say so.")


def test_by_default_no_fact_of_the_past_is_moved_by_a_wish():
    market = read_market(BUNDLED)
    run = project(market, draws=256)
    believed, left_out = default_beliefs(measure_claims(run))
    kinds = {claim.key: claim.kind for claim in known_claims(market)}
    assert {kinds[key] for key in believed} == {"report"}
    assert {"scale-target-2025", "neutrality-essential"} <= {claim_id for claim_id, _ in left_out}
