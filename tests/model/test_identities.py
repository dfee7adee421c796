"""What must hold whatever the numbers: theorems of the model, tried on generated cases."""

from functools import cache

import numpy as np
import polars as pl
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from shareshift.basics.errors import ModelError
from shareshift.market.market import read_market
from shareshift.model.draws.streams import Draws
from shareshift.model.equations.capacity import headroom
from shareshift.model.equations.concentration import herfindahl
from shareshift.model.equations.destinations import Facts, Pulls, first_choices, preferences, with_own_options
from shareshift.model.equations.diversion import divert, removal_diversion
from shareshift.model.equations.exits import chance_by, share_gone, shifted_probability, start_months
from shareshift.model.equations.ledger import check_ledger
from shareshift.model.wishes import wishes_of as engine_wishes
from shareshift.results.projection import project
from shareshift.scenario.scenario import Scenario
from support.markets import with_table
from support.places import TINY
from support.placing import place_month

DRAWS = 32
EXACT, ROUNDED = 1e-12, 1e-9
seeds = st.integers(0, 2**32 - 1)
# A projection takes 20 ms, a good deal longer than an equation.
few = settings(max_examples=settings.default.max_examples // 5)


# Diversion -----------------------------------------------------------------------------------------------------------


def random_choice(seed, outside=True):
    """Return shares (the outside being what they leave), nests, removed options and a correlation."""
    rng = np.random.default_rng(seed)
    count = int(rng.integers(2, 8))
    shares = rng.dirichlet(np.full(count + 1, 0.7))
    inside = shares[:-1] if outside else shares[:-1] / shares[:-1].sum() * (1 - 1e-15)
    nests = rng.integers(0, rng.integers(1, count + 1), count).tolist()
    removed = rng.choice(count, int(rng.integers(1, count)), replace=False).tolist()
    return inside, nests, removed, float(rng.uniform(0, 0.95))


@given(seed=seeds)
def test_a_row_of_diversion_is_a_distribution_over_what_is_left(seed):
    shares, nests, removed, rho = random_choice(seed)
    found = removal_diversion(shares, nests, removed, rho)
    assert (found >= 0).all()
    assert found.sum() == pytest.approx(1, abs=EXACT)
    assert (found[removed] == 0).all()


@given(seed=seeds)
def test_reordering_options_and_renaming_nests_changes_nothing(seed):
    shares, nests, removed, rho = random_choice(seed)
    order = np.random.default_rng(seed).permutation(len(nests))
    labels = [f"nest {nests[option]}" for option in order]
    moved = removal_diversion(shares[order], labels, [order.tolist().index(option) for option in removed], rho)
    assert moved[:-1] == pytest.approx(removal_diversion(shares, nests, removed, rho)[order], abs=EXACT)


@given(seed=seeds)
def test_without_correlation_diversion_is_the_fair_share(seed):
    shares, nests, removed, _ = random_choice(seed)
    kept = np.append(shares, 1 - shares.sum())
    kept[removed] = 0
    found = removal_diversion(shares, nests, removed, 0.0)
    assert found == pytest.approx(kept / kept.sum(), abs=1e-10)
    # And nearly so for nearly none.
    near = removal_diversion(shares, nests, removed, 1e-9)
    assert near == pytest.approx(found, abs=1e-6)


@given(seed=seeds)
def test_merging_two_identical_rivals_without_correlation_adds_their_flows(seed):
    shares, nests, removed, _ = random_choice(seed)
    rest = [option for option in range(len(nests)) if option not in removed]
    twin = rest[0]
    split = np.append(shares, shares[twin] / 2)
    split[twin] /= 2
    apart = removal_diversion(split, [*nests, nests[twin]], removed, 0.0)
    together = removal_diversion(shares, nests, removed, 0.0)
    assert apart[twin] + apart[-2] == pytest.approx(together[twin], abs=EXACT)
    assert np.delete(apart, [twin, len(nests)]) == pytest.approx(np.delete(together, twin), abs=EXACT)


@given(seed=seeds, other=st.floats(0, 0.99))
def test_removing_whole_nests_gives_the_same_diversion_for_every_correlation(seed, other):
    shares, nests, removed, rho = random_choice(seed)
    gone = {nests[option] for option in removed}
    whole = [option for option, nest in enumerate(nests) if nest in gone]
    found = removal_diversion(shares, nests, whole, rho)
    assert found == pytest.approx(removal_diversion(shares, nests, whole, other), abs=1e-9)


@given(seed=seeds)
def test_more_correlation_keeps_more_within_the_nest(seed):
    shares, nests, removed, rho = random_choice(seed)
    one = removed[:1]
    mates = [option for option, nest in enumerate(nests) if nest == nests[one[0]] and option not in one]
    low, high = (removal_diversion(shares, nests, one, value)[mates].sum() for value in (rho / 2, rho))
    assert high >= low - EXACT


@pytest.mark.parametrize("share", [0.0, 1e-300])
def test_removing_what_nobody_chose_diverts_nothing(share):
    diversion = np.full(2, np.nan)
    shares, removed, nests = np.array([0.6, share]), np.array([False, True]), np.array([0, 1])
    assert divert(shares, 0.4, removed, nests, np.zeros(2), np.empty((3, 2)), diversion) == 0
    assert (diversion == 0).all()


# Destinations and exits ----------------------------------------------------------------------------------------------


def test_without_a_rival_the_customers_own_options_share_everything():
    choices, outsides = np.empty((3, 1, 3)), np.empty((3, 1))
    with_own_options(np.zeros((3, 1, 2)), np.array([0.1, 0.0, 0.0]), np.array([0.3, 0.2, 0.0]), choices, outsides)
    assert choices[:, 0, -1] == pytest.approx([0.25, 0, 0], abs=EXACT)
    assert outsides[:, 0] == pytest.approx([0.75, 1, 0], abs=EXACT)


def preferred(run_rate, independent=(0.0, 0.0)):
    """Return one customer's shares among two rivals: size counts squared, and being independent doubles the pull."""
    one, shares = np.ones(1), np.full((1, 1, 2), np.nan)
    pulls = Pulls(
        run_rate=np.array(run_rate)[:, None],
        momentum=np.zeros((2, 1)),
        wallets=np.empty((0, 1)),
        size_pull=2 * one,
        neutrality=np.log(2) * one,
        fit=one,
        loyalty=np.atleast_2d(one),
    )
    facts = Facts(
        conflict=one,
        independent=np.array(independent),
        matches=one,
        match=np.zeros((1, 2), dtype=np.int64),
        there=np.ones((1, 2)),
        wallet=np.full((1, 2), -1),
    )
    preferences(pulls, facts, shares)
    return shares[0, 0]


def test_rivals_that_are_partly_independent_pull_partly():
    assert preferred([1.0, 1.0], (0.5, 0.0)) == pytest.approx([2**0.5 / (2**0.5 + 1), 1 / (2**0.5 + 1)], rel=EXACT)


def test_rivals_of_any_size_share_by_their_ratio():
    for scale in (1e-200, 1.0, 1e200):
        assert preferred([scale, 3 * scale]) == pytest.approx([0.1, 0.9], rel=EXACT)


def test_where_nobody_attracts_nobody_has_a_share():
    assert preferred([0.0, 0.0]).tolist() == [0, 0]


@pytest.mark.parametrize(("incumbent", "near"), [(0.0, 1e-9), (1.0, 1 - 1e-9)])
def test_who_pays_the_incumbent_nothing_or_everything_chooses_as_who_nearly_does(incumbent, near):
    preference = np.array([[[0.3, 0.5, 0.2]]])
    found, limit = np.empty((2, 1, 1, 3))
    for share, choices in ((incumbent, found), (near, limit)):
        first_choices(preference, np.array([[share]]), np.array([0, 0, 1, 0]), np.array([0.6]), 2, choices)
    assert found.sum() == pytest.approx(1, abs=EXACT)
    assert found == pytest.approx(limit, abs=1e-5)


@given(st.floats(0, 1), st.floats(-10, 10), st.floats(0, 10))
def test_more_exodus_is_never_a_smaller_probability(probability, shift, more):
    low, high = (shifted_probability(np.array([probability]), np.array([s]))[0] for s in (shift, shift + more))
    assert 0 <= low <= high + 1e-15 <= 1 + 1e-15
    assert shifted_probability(np.array([probability]), np.array([0.0]))[0] == pytest.approx(probability, abs=1e-15)


@given(st.sampled_from([0.0, 1.0]), st.floats(-10, 10), st.floats(0, 1), st.floats(0.1, 240))
def test_certainties_stay_certain(probability, shift, uniform, decision):
    shifted = shifted_probability(np.array([[probability]]), np.array([shift]))
    assert shifted[0, 0] == probability
    assert start_months(np.array([uniform]), shifted[0], np.array([decision]))[0] == (0.0 if probability else np.inf)


@given(st.floats(0, 1), st.floats(1e-9, 1 - 1e-9), st.floats(0.1, 240), st.floats(0, 240), st.floats(0, 240))
def test_a_chance_holds_by_its_date_and_only_grows_with_time(chance, uniform, decision, at, more):
    p, months = np.array([chance]), np.array([decision])
    one, by, later = (chance_by(p, months, time)[0] for time in (decision, at, at + more))
    assert one == pytest.approx(chance, abs=1e-15, rel=1e-12)
    assert 0 <= by <= later <= 1
    start = start_months(np.array([uniform]), p, months)[0]
    # Who starts by a time is who lies below the chance by then, but for rounding.
    if abs(uniform - by) > 1e-9 * by:
        assert (start <= at) == (uniform < by or (chance == 1 and at >= 0))


@given(st.floats(0, 24), st.floats(0.01, 24), st.floats(0.1, 5))
def test_leaving_begins_after_the_lag_is_half_done_at_the_half_life_and_never_turns_back(lag, half_life, shape):
    times = np.linspace(0, 60, 61)
    ones = [np.array([value]) for value in (lag, half_life, shape)]
    gone = share_gone(times, *ones)[:, 0]
    assert (gone[times <= lag] == 0).all()
    assert (np.diff(gone) >= 0).all()
    assert ((gone >= 0) & (gone <= 1)).all()
    assert share_gone(np.array([lag + half_life]), *ones)[0, 0] == pytest.approx(0.5, abs=1e-9)


@given(st.lists(st.floats(0.001, 1e9), min_size=1, max_size=8))
def test_concentration_lies_between_equal_shares_and_monopoly(revenues):
    shares = np.array(revenues) / sum(revenues)
    index = herfindahl(shares[:, None])[0]
    assert 1e4 / len(shares) - 1e-6 <= index <= 1e4 + 1e-6


# Capacity ------------------------------------------------------------------------------------------------------------


def random_month(seed, customers=3, options=4, draws=6):
    """Return what `place_month` takes, with rooms small enough to bind in most draws; in half of them no outside."""
    rng = np.random.default_rng(seed)
    wishes = rng.dirichlet(np.ones(options + 1), (customers, draws)).transpose(0, 2, 1).copy()
    if rng.integers(0, 2):
        wishes[:, -1] = 0.0
        wishes /= wishes.sum(axis=1, keepdims=True)
    return {
        "money": rng.lognormal(0, 1, (customers, draws)) * (rng.random((customers, draws)) < 0.8),
        "shares": wishes[:, :-1].copy(),
        "outside": wishes[:, -1].copy(),
        "room": rng.lognormal(-0.5, 1, (options, draws)) * (rng.random((options, draws)) < 0.9),
        "patience": rng.uniform(0, 1, draws),
        "rho": rng.uniform(0, 0.9, draws),
        "membership": rng.integers(0, 3, options),
    }


@given(seed=seeds)
def test_every_dollar_is_somewhere_and_nobody_is_over_its_room(seed):
    month = random_month(seed)
    flows, not_spent, unplaced = place_month(**month)
    assert min(flows.min(), not_spent.min(), unplaced.min()) >= 0
    assert flows.sum(axis=1) + not_spent + unplaced == pytest.approx(month["money"], rel=ROUNDED, abs=EXACT)
    assert (flows.sum(axis=0) <= month["room"] * (1 + ROUNDED) + EXACT).all()


@given(seed=seeds)
def test_infinite_room_is_no_capacity_rule(seed):
    month = random_month(seed)
    flows, not_spent, unplaced = place_month(**month | {"room": np.full_like(month["room"], 1e30)})
    assert flows == pytest.approx(month["money"][:, None] * month["shares"], rel=EXACT, abs=EXACT)
    assert not_spent == pytest.approx(month["money"] * month["outside"], rel=EXACT, abs=EXACT)
    assert (unplaced == 0).all()


@given(seed=seeds, option=st.integers(0, 3), more=st.floats(0, 5))
def test_more_room_never_leaves_more_money_unplaced(seed, option, more):
    month = random_month(seed)
    wider = month["room"].copy()
    wider[option] += more
    before = place_month(**month)[2].sum(axis=0)
    after = place_month(**month | {"room": wider})[2].sum(axis=0)
    assert (after <= before * (1 + ROUNDED) + EXACT).all()


@given(seed=seeds)
def test_splitting_a_customer_in_two_changes_no_total(seed):
    month = random_month(seed)
    part = np.random.default_rng(seed).uniform(0, 1)
    split = dict(month)
    split["money"] = np.vstack([month["money"][:1] * part, month["money"][:1] * (1 - part), month["money"][1:]])
    for name in ("shares", "outside"):
        split[name] = np.concatenate([month[name][:1], month[name]])
    for whole, parts in zip(place_month(**month), place_month(**split), strict=True):
        assert parts.sum(axis=0) == pytest.approx(whole.sum(axis=0), rel=ROUNDED, abs=EXACT)
        assert parts[:2].sum(axis=0) == pytest.approx(whole[0], rel=ROUNDED, abs=EXACT)


@given(seed=seeds)
def test_reordering_options_and_customers_reorders_the_flows(seed):
    month = random_month(seed)
    rng = np.random.default_rng(seed)
    customers, options = rng.permutation(3), rng.permutation(4)
    moved = month | {
        "money": month["money"][customers],
        "shares": month["shares"][customers][:, options],
        "outside": month["outside"][customers],
        "room": month["room"][options],
        "membership": month["membership"][options],
    }
    flows, not_spent, unplaced = place_month(**month)
    again = place_month(**moved)
    assert again[0] == pytest.approx(flows[customers][:, options], rel=ROUNDED, abs=EXACT)
    assert again[1] == pytest.approx(not_spent[customers], rel=ROUNDED, abs=EXACT)
    assert again[2] == pytest.approx(unplaced[customers], rel=ROUNDED, abs=EXACT)


@given(seed=seeds, scale=st.floats(1e-3, 1e9))
def test_scaling_money_and_room_scales_the_flows(seed, scale):
    month = random_month(seed)
    scaled = month | {"money": month["money"] * scale, "room": month["room"] * scale}
    for one, many in zip(place_month(**month), place_month(**scaled), strict=True):
        assert many == pytest.approx(one * scale, rel=ROUNDED, abs=EXACT * scale)


@given(seed=seeds)
def test_who_does_not_wait_leaves_nothing_unplaced_while_not_spending_is_open(seed):
    month = random_month(seed)
    assume((month["outside"] > 0).all())
    assert place_month(**month | {"patience": np.zeros(6)})[2] == pytest.approx(np.zeros((3, 6)), abs=EXACT)


def test_room_grows_with_slack_and_months_and_is_never_negative():
    steady, doubled = np.ones((3, 1)), np.full((3, 1), 2.0)
    room = headroom(np.array([[120.0]]), np.array([[0.1]]), np.array([[0.05]]), steady)
    assert room[:, 0, 0] == pytest.approx([11 * 1.05**t - 10 for t in (1, 2, 3)], rel=EXACT)
    assert (headroom(np.array([[60.0]]), np.array([[0.1]]), np.array([[0.05]]), doubled) == 0).all()


# The ledger ----------------------------------------------------------------------------------------------------------


def test_a_ledger_that_closes_is_accepted():
    displaced = np.array([[10.0, 0.0], [5.0, 1e9]])
    check_ledger(displaced, displaced * 0.5, displaced * 0.3, displaced * 0.2)


@pytest.mark.parametrize("spoiled", range(4))
@pytest.mark.parametrize("value", [1e-6, float("nan"), float("inf"), -20.0])
def test_a_ledger_that_does_not_close_is_refused(spoiled, value):
    displaced = np.array([[10.0, 20.0], [5.0, 7.0]])
    books = [displaced, displaced * 0.5, displaced * 0.3, displaced * 0.2]
    books[spoiled] = books[spoiled].copy()
    books[spoiled][1, 1] += value
    with np.errstate(invalid="ignore"), pytest.raises(ModelError, match="does not close"):
        check_ledger(*books)


def test_what_may_be_missing_grows_with_the_money():
    displaced = np.array([[1e9]])
    check_ledger(displaced, displaced - 0.5)
    check_ledger(displaced * 0, displaced * 0 + 0.9e-9)
    with pytest.raises(ModelError, match="unaccounted for"):
        check_ledger(displaced * 0, displaced * 0 + 1.1e-9)
    with pytest.raises(ModelError, match="2 USD of a month are unaccounted for"):
        check_ledger(displaced, displaced - 2.0)


def test_a_ledger_of_nothing_but_nan_is_refused_in_words():
    with pytest.raises(ModelError, match="does not close"):
        check_ledger(*[np.full((1, 1), np.nan)] * 4)


@pytest.mark.parametrize("much", [5.0, 1e-3])
def test_a_negative_flow_is_refused_although_the_sum_is_right(much):
    displaced = np.array([[10.0]])
    with pytest.raises(ModelError, match="negative"):
        check_ledger(displaced, displaced + much, displaced * 0, displaced * 0 - much)


# Projections ---------------------------------------------------------------------------------------------------------


@cache
def market():
    return read_market(TINY)


@cache
def held():
    return Draws(DRAWS, 0)


def run(scenario=None, of=None):
    return project(of or market(), scenario, draws=DRAWS, held=held())


@cache
def baseline():
    return run()


@st.composite
def scenarios(draw, without=()):
    """A random variation of the tiny market: a few sliders anywhere within their limits, and overrides."""
    parameters = market().parameters
    names = draw(st.lists(st.sampled_from(sorted(set(parameters) - set(without))), unique=True, max_size=5))
    share = st.floats(0, 1)
    rival = st.fixed_dictionaries({}, optional={"excluded": st.booleans(), "slack": share, "capacity_growth": share})
    return Scenario(
        parameters={name: draw(st.floats(parameters[name].minimum, parameters[name].maximum)) for name in names},
        customers=draw(st.dictionaries(st.sampled_from(["north", "rest"]), st.fixed_dictionaries({"exit": share}))),
        vendors=draw(st.dictionaries(st.sampled_from(["bolt", "crane"]), rival)),
        horizon_months=draw(st.none() | st.integers(1, 30)),
    )


@few
@given(scenario=scenarios())
def test_the_ledger_closes_in_every_draw_and_month(scenario):
    result = run(scenario)
    moved = result.migration
    assert result.sample.displaced.shape == (len(result.months), 3, DRAWS + 1)
    # By month, over customers.
    placed = moved.to_options.sum(axis=1) + moved.not_spent_total + moved.unplaced_total
    assert placed == pytest.approx(result.sample.displaced.sum(axis=1), rel=ROUNDED, abs=ROUNDED)
    # By customer, over months.
    assert moved.cumulative.sum(axis=1) == pytest.approx(result.sample.displaced.sum(axis=0), rel=ROUNDED, abs=ROUNDED)
    assert min(moved.to_options.min(), moved.not_spent_total.min(), moved.unplaced.min(), moved.cumulative.min()) >= 0
    assert (moved.to_options <= moved.headroom * (1 + ROUNDED) + ROUNDED).all()
    # The incumbent loses what left and gains what the owner and new business bring; every vendor's books close.
    sample, months = result.sample, np.arange(1, len(result.months) + 1)[:, None]
    left = result.sample.displaced.sum(axis=1) - moved.unplaced.sum(axis=1)
    stays = np.array([1 - sample.begun(month)[sample.owner] for month in range(len(months))])
    extra = sample.owner_top_up / 12 * stays + np.minimum(months / 12, 1) * sample.pivot_revenue / 12
    no_event = sample.incumbent_run_rate / 12 * sample.path[:, 0]
    assert result.revenue[0] == pytest.approx(no_event - left + extra, rel=ROUNDED, abs=ROUNDED)
    own = sample.run_rate[:, None] / 12 * sample.path[:, 1:-1].transpose(1, 0, 2)
    rivals = own + moved.to_options[:, :-1].transpose(1, 0, 2)
    assert result.revenue[1:] == pytest.approx(rivals, rel=ROUNDED, abs=ROUNDED)


@few
@given(scenario=scenarios())
def test_the_tables_agree_with_each_other(scenario):
    result = run(scenario)
    flows = result.flows.group_by("customer_id", "month").agg(pl.col("mean_flow_usd", "central_flow_usd").sum())
    both = result.displacement.join(flows, on=["customer_id", "month"], validate="1:1")
    for statistic in ("mean", "central"):
        expected = both[f"{statistic}_displaced_usd"].to_numpy()
        assert both[f"{statistic}_flow_usd"].to_numpy() == pytest.approx(expected, rel=ROUNDED, abs=ROUNDED)
    last = result.flows.filter(month=result.months[-1]).select(
        "customer_id", "destination_id", "p95_cumulative_flow_usd"
    )
    to_date = result.flows_to_date(result.months[-1]).select(last.columns)
    keys = ["customer_id", "destination_id"]
    assert_frame_equal(last.sort(keys), to_date.sort(keys), rel_tol=ROUNDED, abs_tol=ROUNDED)
    shares = result.shares.group_by("month").agg(pl.col("mean_share", "central_share").sum())
    assert shares["mean_share"].to_numpy() == pytest.approx(np.ones(shares.height), rel=ROUNDED)
    assert shares["central_share"].to_numpy() == pytest.approx(np.ones(shares.height), rel=ROUNDED)
    gains = result.projection.group_by("vendor_id", maintain_order=True).agg(pl.col("mean_displaced_gain_usd").sum())
    total = result.gains["mean_displaced_gain_usd"].to_numpy()
    assert gains["mean_displaced_gain_usd"].to_numpy() == pytest.approx(total, rel=ROUNDED, abs=ROUNDED)


@few
@given(scenario=scenarios())
def test_every_statistic_of_every_table_is_finite_and_in_order(scenario):
    for name, frame in run(scenario).tables.items():
        numbers = frame.select(pl.selectors.numeric())
        assert numbers.null_count().sum_horizontal()[0] == 0, name
        assert np.isfinite(numbers.to_numpy()).all(), name
        quantities = [column.removeprefix("p5_") for column in numbers.columns if column.startswith("p5_")]
        for quantity in quantities:
            levels = frame.select(f"p{level}_{quantity}" for level in (5, 25, 50, 75, 95)).to_numpy()
            assert (np.diff(levels, axis=1) >= 0).all(), (name, quantity)


@few
@given(scenario=scenarios())
def test_wishes_are_distributions_over_rivals_in_house_and_not_spent(scenario):
    result = run(scenario)
    wishes = engine_wishes(result.inputs, result.sample, slice(0, DRAWS + 1))
    shares, outside = wishes.choices, wishes.outsides
    assert min(shares.min(), outside.min()) >= 0
    total = shares.sum(axis=2) + outside
    # Where every rival is excluded and neither own option has a share, nothing can be chosen.
    assert total[total > 0] == pytest.approx(np.ones(int((total > 0).sum())), abs=EXACT)
    if not (scenario.vendors.get("bolt", {}).get("excluded") and scenario.vendors.get("crane", {}).get("excluded")):
        assert (total > 0).all()


def wishes_of(scenario, of=None):
    """Return the central wishes of North for Bolt and Crane."""
    result = run(scenario, of)
    return central_wishes(result.inputs, result.sample, 0)


def central_wishes(inputs, sample, customer):
    """Return what a customer wants from the two rivals in the central path."""
    return engine_wishes(inputs, sample, slice(DRAWS, DRAWS + 1)).choices[0, sample.kind[customer], :2]


def test_with_size_pull_1_and_no_correlation_rivals_share_by_run_rate():
    rates = {"bolt": 300.0, "crane": 900.0}
    column = pl.col("vendor_id").replace_strict(rates, default=1200.0, return_dtype=pl.Float64)
    ends = {f"{end}_usd_per_year": column for end in ("low", "central", "high")}
    revenues = market().tables["revenues"].with_columns(distribution=pl.lit("fixed"), **ends)
    fair = Scenario(parameters={"size_pull": 1.0, "nest_correlation": 0.0, "loyalty": 0.0})
    found = wishes_of(fair, with_table(market(), "revenues", revenues))
    assert found / found.sum() == pytest.approx([0.25, 0.75], rel=EXACT)
    equal = wishes_of(fair.with_parameters(size_pull=0.0), with_table(market(), "revenues", revenues))
    assert equal / equal.sum() == pytest.approx([0.5, 0.5], rel=EXACT)


def test_a_vendor_that_a_rival_owns_pulls_less_on_those_who_compete_with_the_owner():
    vendors = market().tables["vendors"].with_columns(independent=pl.col("vendor_id") != "crane")
    owned = with_table(market(), "vendors", vendors)
    flat = {"nest_correlation": 0.0, "fit": 0.0}
    found = wishes_of(Scenario(parameters=flat | {"neutrality": 1.5}), owned)
    assert found[0] / found[1] == pytest.approx(np.exp(1.5), rel=EXACT)
    # South does not compete with the owner and does not mind.
    result = run(Scenario(parameters=flat | {"neutrality": 1.5}), owned)
    south = central_wishes(result.inputs, result.sample, 1)
    assert south[0] / south[1] == pytest.approx(1, rel=EXACT)


def test_known_wallets_count_by_loyalty():
    spend = market().tables["spend"]
    paid = spend.head(1).with_columns(
        pl.lit(value).alias(f"{end}_usd_per_year") for end, value in (("low", 90.0), ("central", 90.0), ("high", 90.0))
    )
    paid = paid.with_columns(spend_id=pl.lit("north-crane"), vendor_id=pl.lit("crane"), distribution=pl.lit("fixed"))
    known = with_table(market(), "spend", spend.vstack(paid))
    found = wishes_of(Scenario(parameters={"nest_correlation": 0.0, "loyalty": 0.4}), known)
    # North pays Acme 600 of its 1,200 and so, by the market, 600 to rivals, of which 90 are known.
    weight = 0.4 * 90 / 600
    assert found / found.sum() == pytest.approx([(1 - weight) * 0.5, (1 - weight) * 0.5 + weight], rel=EXACT)
    loyal = wishes_of(Scenario(parameters={"nest_correlation": 0.0, "loyalty": 1.0}), known)
    assert loyal / loyal.sum() == pytest.approx([0.85 * 0.5, 0.85 * 0.5 + 0.15], abs=EXACT)


def assert_same_bits(one, two):
    for name, frame in one.tables.items():
        assert_frame_equal(frame.drop("scenario"), two.tables[name].drop("scenario"), check_exact=True)


def test_the_empty_scenario_is_the_baseline_bit_for_bit(tiny):
    assert_same_bits(run(Scenario(title="Nothing changed")), baseline())
    assert_same_bits(project(tiny, draws=DRAWS), baseline())


@pytest.mark.parametrize("parameter", sorted(market().parameters))
def test_a_slider_at_its_own_central_value_is_the_baseline_bit_for_bit(parameter):
    same = run(Scenario(parameters={parameter: market().parameters[parameter].range.central}))
    for name in ("to_options", "not_spent_total", "unplaced", "cumulative"):
        assert (getattr(same.migration, name) == getattr(baseline().migration, name)).all()
    assert (same.revenue == baseline().revenue).all()


@few
@given(scenario=scenarios(), shorter=st.integers(1, 12))
def test_a_longer_run_begins_with_the_shorter_one(scenario, shorter):
    fields = scenario.to_dict() | {"horizon_months": shorter}
    short, long = (run(Scenario(**fields | {"horizon_months": months})) for months in (shorter, 24))
    assert long.months[:shorter] == short.months
    for name in ("projection", "displacement", "flows", "shares", "concentration"):
        start = long.tables[name].filter(pl.col("month") <= short.months[-1])
        assert_frame_equal(start, short.tables[name], check_exact=True)


@few
@given(scenario=scenarios(without=["exodus"]), shift=st.floats(-3, 3), more=st.floats(0, 3))
def test_more_exodus_never_lowers_displaced_in_any_draw(scenario, shift, more):
    low, high = (run(scenario.with_parameters(exodus=min(value, 3.0))) for value in (shift, shift + more))
    assert (high.sample.displaced >= low.sample.displaced * (1 - ROUNDED)).all()


@few
@given(scenario=scenarios(without=["capacity_growth"]), growth=st.floats(0, 0.5), more=st.floats(0, 0.5))
def test_more_capacity_never_leaves_more_money_unplaced_in_any_draw(scenario, growth, more):
    tight, wide = (run(scenario.with_parameters(capacity_growth=min(value, 0.5))) for value in (growth, growth + more))
    before, after = (result.migration.unplaced.sum(axis=1) for result in (tight, wide))
    assert (after <= before * (1 + ROUNDED) + ROUNDED).all()


def in_new_units(scale):
    """Return the tiny market with every amount of money scaled, sliders in dollars included."""
    amounts = pl.col("^(low|central|high)_usd_per_year$") * scale
    money = pl.when(pl.col("unit") == "usd_per_year").then(scale).otherwise(1.0)
    columns = ("low", "central", "high", "minimum", "maximum", "step")
    scaled = with_table(market(), "spend", market().tables["spend"].with_columns(amounts))
    scaled = with_table(scaled, "revenues", scaled.tables["revenues"].with_columns(amounts))
    sliders = scaled.tables["parameters"].with_columns(pl.col(name) * money for name in columns)
    return with_table(scaled, "parameters", sliders)


@few
@given(scale=st.floats(1e-3, 1e7))
def test_scaling_all_spend_scales_all_flows(scale):
    result = run(of=in_new_units(scale))
    assert result.sample.displaced == pytest.approx(baseline().sample.displaced * scale, rel=1e-8, abs=1e-9 * scale)
    for name in ("to_options", "not_spent_total", "unplaced", "cumulative"):
        expected = getattr(baseline().migration, name) * scale
        assert getattr(result.migration, name) == pytest.approx(expected, rel=1e-8, abs=1e-9 * scale)
    assert result.revenue == pytest.approx(baseline().revenue * scale, rel=1e-8)
    assert result.vendor_shares == pytest.approx(baseline().vendor_shares, rel=1e-8)


@few
@given(seed=seeds)
def test_reordering_rows_of_customers_and_vendors_changes_no_result(seed):
    rng = np.random.default_rng(seed)
    shuffled = market()
    for name in ("customers", "vendors", "spend", "revenues", "events"):
        frame = shuffled.tables[name]
        shuffled = with_table(shuffled, name, frame[rng.permutation(frame.height).tolist()])
    moved = run(of=shuffled)
    for name, keys in (("flows", ["customer_id", "destination_id", "month"]), ("shares", ["vendor_id", "month"])):
        one, two = (result.tables[name].sort(keys) for result in (baseline(), moved))
        assert_frame_equal(one, two, rel_tol=ROUNDED, abs_tol=ROUNDED)


def test_renaming_nests_and_showing_other_names_changes_no_result():
    vendors = (
        market()
        .tables["vendors"]
        .with_columns(
            nest=pl.col("nest").replace({"experts": "z-last", "platform": "a-first"}), name=pl.lit("Somebody")
        )
    )
    moved = run(of=with_table(market(), "vendors", vendors))
    assert_frame_equal(moved.flows, baseline().flows, rel_tol=ROUNDED, abs_tol=ROUNDED)


def test_an_excluded_rival_receives_nothing_and_still_grows_with_the_market():
    result = run(Scenario(vendors={"bolt": {"excluded": True}}))
    assert (result.migration.to_options[:, 0] == 0).all()
    assert (result.revenue[1] == result.no_event[1]).all()
    assert result.migration.to_options[:, 1].sum() > 0


def test_without_any_rival_all_money_stays_in_house_unspent_or_waits():
    result = run(Scenario(vendors={"bolt": {"excluded": True}, "crane": {"excluded": True}}))
    assert (result.migration.to_options[:, :2] == 0).all()
    assert result.migration.not_spent_total.sum() > 0


def test_a_customer_that_surely_stays_displaces_nothing_and_one_that_surely_leaves_always():
    stays = run(Scenario(customers={name: {"exit": 0.0} for name in ("north", "south", "rest")}))
    assert (stays.sample.displaced == 0).all()
    leaves = run(Scenario(customers={name: {"exit": 1.0} for name in ("north", "south", "rest")}))
    assert (leaves.sample.begun(0) == 1).all()


def test_without_spread_in_the_evidence_only_exits_and_luck_differ_between_draws():
    result = run(Scenario(parameters={"evidence_spread": 0.0}))
    for name in ("path", "run_rate", "incumbent_run_rate", "spend", "patience", "slack", "monthly"):
        values = getattr(result.sample, name)
        assert (values == values[..., -1:]).all(), name


def test_named_customers_that_exceed_the_incumbent_are_scaled_down_together():
    result = run(Scenario(customers={"north": {"spend_usd_per_year": 2160.0}}))
    assert result.sample.overdrawn.all()
    assert result.sample.spend[:, -1] == pytest.approx([1200 * 0.9, 1200 * 0.1, 0], rel=EXACT)
    assert result.summary.filter(figure="sources_contradict")["mean_value"][0] == 1
