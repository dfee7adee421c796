"""Believing: known answers, what order and copies may not change, and the refusals."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from shareshift.basics.errors import ClaimError
from shareshift.results.claims.answer import claims_answer
from shareshift.results.claims.believing import Belief, as_if_true, believe
from shareshift.results.claims.claim import Claim, Measured
from shareshift.results.claims.inputs_moved import inputs_moved_table
from shareshift.results.claims.posterior import beliefs_table, posterior_table, weighted_summary
from shareshift.results.claims.reweighting import attainable, reweight
from shareshift.results.counting.statistics import summarise
from shareshift.results.projection import project
from shareshift.results.tables.headlines import headline_figures

CLAIM = Claim(
    claim_id="a", reading="only", vendor_id=None, customer_id="north", metric="exit", comparator="at_least", low=1.0,
    high=None, unit="probability", deadline=date(2025, 3, 31), basis="event", speaker="North",
    said_on=date(2024, 12, 16), words="It leaves.", known_from=date(2024, 12, 16), conflict_id=None,
    source_id="gazette", grade="B2", origin_id="a", note=None,
)  # fmt: skip


STAYS = {"comparator": "at_most", "low": None, "high": 0.0}


def measured(holds, claim_id, **changes):
    """Return a claim that holds in the given draws, the central path appended."""
    claim = replace(CLAIM, **{"claim_id": claim_id, "origin_id": claim_id, **changes})
    return Measured(claim=claim, value=np.append(np.asarray(holds, dtype=float), 0.5))


def key(claim_id):
    return claim_id, "only"


def independent(*counts):
    """Return the draws of independent claims: a full grid, the first claim true in counts[0] of 10, and so on."""
    axes = np.meshgrid(*[np.arange(10)] * len(counts), indexing="ij")
    return np.column_stack([axis.ravel() < count for axis, count in zip(axes, counts, strict=True)])


def test_two_independent_claims_give_the_known_answer():
    holds = independent(5, 2)
    weights = reweight(holds, np.array([0.8, 0.8]))
    assert weights.sum() == pytest.approx(1, abs=1e-14)
    assert weights @ holds == pytest.approx([0.8, 0.8], abs=1e-12)
    assert weights[holds.all(axis=1)].sum() == pytest.approx(0.64, abs=1e-12)
    belief = believe([measured(holds[:, i], name) for i, name in enumerate("ab")], {key("a"): 0.8, key("b"): 0.8}, 100)
    assert belief.effective_share == pytest.approx(1 / (1.36 * 3.25), abs=1e-9)
    assert belief.effective_share == pytest.approx(0.226244, abs=5e-7)
    assert not belief.few_draws


@given(
    st.lists(
        st.tuples(st.integers(1, 9), st.integers(0, 10_000).map(lambda part: part / 10_000)), min_size=1, max_size=3
    )
)
def test_independent_claims_multiply_their_own_weights(claims):
    holds = independent(*(count for count, _ in claims))
    wanted = np.array([credibility for _, credibility in claims])
    prior = np.array([count / 10 for count, _ in claims])
    expected = np.where(holds, wanted / prior, (1 - wanted) / (1 - prior)).prod(axis=1) / len(holds)
    assert reweight(holds, wanted) == pytest.approx(expected, abs=1e-9)


@given(st.integers(1, 4095), st.integers(1, 999), st.integers(1, 4095), st.integers(1, 999))
def test_the_rarest_claim_can_be_believed_and_the_commonest_doubted(one, sure_of_one, other, sure_of_other):
    draws = np.arange(4096)
    holds = np.column_stack([draws < one, draws % 2 * 2048 + draws // 2 < other])
    wanted = np.array([sure_of_one, sure_of_other]) / 1000
    assert reweight(holds[:, :1], wanted[:1]) @ holds[:, 0] == pytest.approx(wanted[0], abs=1e-9)
    weights = reweight(holds, wanted)
    assert (weights is not None) == attainable(holds, wanted)
    if weights is not None:
        assert weights @ holds == pytest.approx(wanted, abs=1e-9)


def raked(holds, wanted, rounds=20_000):
    """Iterative proportional fitting, one claim after the other."""
    weights = np.full(len(holds), 1 / len(holds))
    for _ in range(rounds):
        for held, credibility in zip(holds.T, wanted, strict=True):
            weights = np.where(held, weights * credibility / weights[held].sum(), weights)
            weights = np.where(held, weights, weights * (1 - credibility) / weights[~held].sum())
        if np.abs(weights @ holds - wanted).max() < 1e-12:
            break
    return weights


tables = st.integers(1, 4).flatmap(
    lambda k: st.tuples(
        st.lists(st.lists(st.booleans(), min_size=k, max_size=k), min_size=6, max_size=40),
        st.lists(st.integers(1, 9), min_size=6, max_size=6),
        st.permutations(range(k)),
    )
)


@given(tables)
def test_weights_are_those_of_raking_in_any_order_of_claims(table):
    rows, loads, order = table
    holds = np.array(rows)
    # Credibilities that some positive weights have, so that they can be had.
    start = np.resize(loads, len(holds)) / np.resize(loads, len(holds)).sum()
    wanted = start @ holds
    assume(((wanted > 1e-9) & (wanted < 1 - 1e-9)).all())
    weights = reweight(holds, wanted)
    assert weights.sum() == pytest.approx(1, abs=1e-12)
    assert weights @ holds == pytest.approx(wanted, abs=1e-9)
    assert weights == pytest.approx(raked(holds, wanted), abs=1e-7)
    assert reweight(holds[:, order], wanted[list(order)]) == pytest.approx(weights, abs=1e-9)


def test_the_order_in_which_claims_are_given_changes_no_bit():
    holds = independent(5, 2, 7)
    items = [measured(holds[:, i], name) for i, name in enumerate("abc")]
    wanted = {key("a"): 0.7, key("b"): 0.4, key("c"): 0.6}
    one = believe(items, wanted, 1000)
    other = believe(items[::-1], dict(reversed(wanted.items())), 1000)
    assert (one.weights == other.weights).all()


def test_ten_copies_of_one_claim_weigh_as_one():
    holds = independent(5, 2)
    single = believe([measured(holds[:, 1], "a")], {key("a"): 0.8}, 100)
    copies = [measured(holds[:, 1], f"copy-{i}", origin_id="a") for i in range(10)]
    belief = believe(copies, {item.claim.key: 0.8 for item in copies}, 100)
    assert belief.weights == pytest.approx(single.weights, abs=1e-15)
    assert (len(belief.believed), len(belief.merged)) == (1, 9)


def test_readings_of_one_claim_count_once_and_the_most_credible_stands():
    holds = independent(5, 2)
    items = [measured(holds[:, i], "a", reading=f"r{i}") for i in range(2)]
    belief = believe(items, {("a", "r0"): 0.5, ("a", "r1"): 0.6}, 100)
    assert belief.believed == {("a", "r1"): 0.6}
    assert belief.merged == {("a", "r0"): "Another reading of the claim counts: r1."}


def test_nothing_believed_leaves_equal_weights():
    belief = believe([measured([0, 1, 1, 0], "a")], {}, 4)
    assert belief.weights.tolist() == [0.25] * 4
    assert belief.effective_draws == 4
    assert belief.changes_nothing


def test_a_claim_believed_for_certain_keeps_only_its_draws():
    weights = reweight(np.array([[True], [False], [True], [False]]), np.array([1.0]))
    assert weights.tolist() == [0.5, 0, 0.5, 0]


def test_a_claim_that_holds_in_no_draw_is_refused_and_says_how_near_it_comes():
    claim = replace(CLAIM, metric="revenue", unit="usd", basis="recognised", low=200e6, customer_id=None)
    far = Measured(claim=claim, value=np.array([1e6, 14e6, 3e6, 2e6, 0.0]))
    near = measured([1, 1, 0, 0], "b")
    belief = believe([far, near], {key("a"): 0.5, key("b"): 0.75}, 4)
    assert "fails in every simulation" in belief.refused[key("a")]
    assert "the largest reaches $14m, the claim needs at least $200m." in belief.refused[key("a")]
    assert belief.weights == pytest.approx([0.375, 0.375, 0.125, 0.125])
    alone = believe([far], {key("a"): 0.5}, 4)
    assert alone.changes_nothing
    assert alone.weights.tolist() == [0.25] * 4


@pytest.mark.parametrize(("holds", "changes", "words"), [(0, {}, "leaves"), (1, STAYS, "stays")])
def test_an_exit_that_happens_in_no_draw_is_refused_in_words(holds, changes, words):
    belief = believe([measured([holds] * 4, "a", **changes)], {key("a"): 0.5}, 4)
    assert belief.refused[key("a")].endswith(f"the customer {words} in none.")


def test_as_if_true_keeps_the_draws_that_hold_or_else_the_nearest():
    item = measured([1, 1, 0, 0], "a")
    assert as_if_true(item).weights.tolist() == [0.5, 0.5, 0, 0]
    claim = replace(CLAIM, metric="revenue", unit="usd", basis="recognised", low=200.0, customer_id=None)
    far = Measured(claim=claim, value=np.array([1.0, 14.0, 3.0, 2.0, 0.0]))
    assert as_if_true(far, share=0.25).weights.tolist() == [0, 1, 0, 0]
    with pytest.raises(ClaimError, match="was not tested"):
        as_if_true(Measured(claim=claim, reason="Too late."))


def test_a_claim_that_holds_nowhere_is_asked_of_the_nearest_twentieth_of_the_draws():
    claim = replace(CLAIM, metric="revenue", unit="usd", basis="recognised", low=200.0, customer_id=None)
    far = Measured(claim=claim, value=np.append(np.arange(100.0), 0.0))
    assert as_if_true(far).weights.tolist() == [0] * 95 + [0.2] * 5


@pytest.mark.parametrize(("carrying", "few"), [(9, True), (11, False)])
def test_fewer_than_a_tenth_of_the_draws_are_few(carrying, few):
    weights = np.zeros(100)
    weights[:carrying] = 1 / carrying
    assert Belief(weights=weights, believed={}, refused={}, merged={}).few_draws is few


def test_a_certain_claim_cannot_be_made_doubtful():
    certain = measured([1, 1, 1, 1], "a")
    assert "holds in every simulation" in believe([certain], {key("a"): 0.8}, 4).refused[key("a")]
    sure = believe([certain], {key("a"): 1.0}, 4)
    assert not sure.refused
    assert sure.weights == pytest.approx([0.25] * 4)


def test_two_that_contradict_cannot_both_be_likely_but_can_share_the_odds():
    yes, no = np.array([1, 1, 0, 0]), np.array([0, 0, 1, 1])
    other = measured([1, 0, 1, 0], "c")
    items = [measured(yes, "a"), measured(no, "b"), other]
    belief = believe(items, {key("a"): 0.8, key("b"): 0.8, key("c"): 0.5}, 4)
    assert belief.conflicting == (key("a"), key("b"))
    assert "a/only at 80% and b/only at 80% together" in belief.conflict
    assert belief.changes_nothing
    assert belief.weights.tolist() == [0.25] * 4
    shared = believe(items, {key("a"): 0.7, key("b"): 0.3}, 4)
    assert shared.conflict is None
    assert shared.weights == pytest.approx([0.35, 0.35, 0.15, 0.15], abs=1e-12)


def test_credibilities_on_the_edge_of_what_can_be_had_leave_some_patterns_out():
    # The second claim holds only where the first does; at equal credibility nothing is left between them.
    holds = np.array([[1, 1], [1, 0], [0, 0], [0, 0]], dtype=bool)
    assert reweight(holds, np.array([0.6, 0.6])) == pytest.approx([0.6, 0, 0.2, 0.2], abs=1e-12)
    assert reweight(holds, np.array([0.5, 0.6])) is None


@pytest.mark.parametrize("credibility", [-0.1, 1.1, float("nan")])
def test_a_credibility_is_a_number_from_0_to_1(credibility):
    with pytest.raises(ClaimError, match="Give a number from 0 to 1"):
        believe([measured([0, 1], "a")], {key("a"): credibility}, 2)


def test_an_unknown_claim_is_named():
    with pytest.raises(ClaimError, match="b/only is no claim"):
        believe([measured([0, 1], "a")], {key("b"): 0.5}, 2)


@given(st.lists(st.floats(-1e6, 1e6), min_size=16, max_size=64), st.integers(0, 3))
def test_equal_weights_give_the_statistics_of_the_draws(values, spare):
    drawn = np.array([*values[: len(values) // 16 * 16], 0.0])
    expected, found = summarise(drawn, 16), weighted_summary(drawn, np.full(len(drawn) - 1, 1 / (len(drawn) - 1)), 16)
    for name in ("mean", "p5", "p25", "p50", "p75", "p95", "standard_error"):
        assert found[name] == pytest.approx(expected[name], rel=1e-9, abs=1e-5)


@pytest.fixture(scope="module")
def run(tiny):
    return project(tiny, draws=512)


def test_the_posterior_of_nothing_believed_is_the_prior_exactly(run):
    answer = claims_answer(run, credibilities={})
    frame = answer.posterior
    for name in ("mean", "p5", "p25", "p50", "p75", "p95", "standard_error"):
        assert (frame[f"prior_{name}"] == frame[f"posterior_{name}"]).all()
    assert answer.inputs_moved["moved_sd"].abs().max() == 0
    assert (answer.beliefs["prior_probability"] == answer.beliefs["posterior_probability"]).all()


def test_the_posterior_has_every_headline_figure_and_the_exit_that_is_believed(run):
    answer = claims_answer(run, credibilities={("north-leaves", "event"): 0.25})
    frame = answer.posterior
    assert frame["figure"].to_list() == [figure.figure for figure in headline_figures(run)]
    displaced = frame.row(1, named=True)
    assert displaced["figure"] == "displaced"
    assert displaced["posterior_mean"] < displaced["prior_mean"]
    weights, drawn = answer.belief.weights, run.sample.displaced.sum(axis=(0, 1))[:-1]
    assert displaced["posterior_mean"] == pytest.approx(weights @ drawn, rel=1e-12)
    treated = beliefs_table(run, answer.measured, answer.belief)
    assert treated.filter(treated["claim_id"] == "north-leaves")["posterior_probability"][0] == pytest.approx(0.25)
    assert treated["treatment"].to_list() == ["not believed", "believed"]


def test_the_input_behind_a_believed_claim_moves_most_and_has_a_readable_name(run):
    answer = claims_answer(run, credibilities={("north-leaves", "event"): 0.25})
    first = inputs_moved_table(run, answer.belief).row(0, named=True)
    assert (first["input_id"], first["label"]) == ("exits:north", "North: leaves")
    exits = run.sample.begun(len(run.months) - 1)[0, :-1]
    assert first["moved_sd"] == pytest.approx((0.25 - exits.mean()) / exits.std(), rel=1e-9)
    assert first["beyond_noise"]
    labels = set(answer.inputs_moved["label"])
    assert {"North: spend at Acme", "Crane: revenue", "Bolt: attraction beyond size and fit"} <= labels


def test_every_customer_rival_and_uncertain_range_is_among_the_inputs(run):
    moved = set(posterior_inputs(run))
    uncertain = {str(key) for key, figure in run.inputs.ranges.items() if figure.low < figure.high}
    assert uncertain <= moved
    assert {f"momentum:{rival}" for rival in run.inputs.rivals} <= moved
    assert {"exits:north", "exits:rest"} <= moved


def posterior_inputs(run):
    return claims_answer(run, credibilities={}).inputs_moved["input_id"]


def test_a_conflict_is_shown_against_the_prior(run):
    answer = claims_answer(run)
    items = [*answer.measured, measured(~answer.measured[1].holds, "north-stays")]
    belief = believe(items, {("north-leaves", "event"): 0.9, key("north-stays"): 0.9}, run.draws)
    treated = beliefs_table(run, tuple(items), belief)
    assert treated["treatment"].to_list() == ["not believed", "at odds", "at odds"]
    frame = posterior_table(run, belief)
    assert (frame["change_of_mean"] == 0).all()
