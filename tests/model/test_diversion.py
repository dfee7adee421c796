"""Removal diversion against PyBLP, which computes it from utilities instead of shares."""

import numpy as np
import pytest

from shareshift.model.equations.destinations import first_choices
from shareshift.model.equations.diversion import divert, removal_diversion
from shareshift.results.projection import project
from shareshift.scenario.scenario import Scenario

TOLERANCE = 1e-8


@pytest.fixture(scope="module")
def pyblp():
    # Imported late: it takes seconds, which other tests need not wait for.
    import pyblp as peer

    peer.options.verbose = False
    return peer


def random_market(seed):
    """Return utilities, nest labels and a correlation; nests of 1 to 4 options."""
    rng = np.random.default_rng(seed)
    nests = [f"nest-{nest}" for nest in range(rng.integers(1, 5)) for _ in range(rng.integers(1, 5))]
    if len(nests) < 2:
        nests = ["nest-0", "nest-0"]
    rho = float(rng.uniform(0, 0.95))
    # Utilities within a nest keep close where options are close, or PyBLP divides shares too small for its digits.
    return rng.normal(0.0, 1.0) + rng.normal(0.0, 1.0 - rho, len(nests)), nests, rho


def solved(pyblp, utilities, nests, rho):
    """Return PyBLP's results for one market whose mean utilities are given."""
    count = len(utilities)
    data = {
        "market_ids": np.zeros(count, dtype=int),
        "firm_ids": np.arange(count),
        "nesting_ids": np.array(nests),
        "prices": -np.asarray(utilities, dtype=float),
    }
    zeros = np.zeros(count)
    simulation = pyblp.Simulation(pyblp.Formulation("0 + prices"), data, beta=[-1.0], rho=rho, xi=zeros, omega=zeros)
    # "return" keeps the given prices: only the shares are computed.
    still = pyblp.Iteration("return")
    return simulation.replace_endogenous(costs=zeros, prices=data["prices"], iteration=still)


def shares_of(pyblp, utilities, nests, rho):
    return solved(pyblp, utilities, nests, rho).product_data.shares.ravel()


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(12))
def test_single_removals_are_pyblps_long_run_diversion_ratios(pyblp, seed):
    utilities, nests, rho = random_market(seed)
    results = solved(pyblp, utilities, nests, rho)
    theirs = results.compute_long_run_diversion_ratios()
    shares = results.product_data.shares.ravel()
    for removed in range(shares.size):
        ours = removal_diversion(shares, nests, [removed], rho)
        # PyBLP puts the outside on the diagonal.
        expected = np.append(theirs[removed], theirs[removed, removed])
        expected[removed] = 0.0
        assert ours == pytest.approx(expected, abs=TOLERANCE)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 112))
def test_joint_removals_are_what_remains_when_pyblp_leaves_the_options_out(pyblp, seed):
    utilities, nests, rho = random_market(seed)
    rng = np.random.default_rng(seed)
    count = len(nests)
    removed = sorted(rng.choice(count, size=rng.integers(1, count), replace=False).tolist())
    kept = [option for option in range(count) if option not in removed]
    before = shares_of(pyblp, utilities, nests, rho)
    after = shares_of(pyblp, utilities[kept], [nests[option] for option in kept], rho)
    pool = before[removed].sum()
    expected = np.zeros(count + 1)
    expected[kept] = (after - before[kept]) / pool
    expected[-1] = (before.sum() - after.sum()) / pool
    assert removal_diversion(before, nests, removed, rho) == pytest.approx(expected, abs=TOLERANCE)


def test_a_joint_removal_is_not_the_sum_of_single_removals():
    shares, nests = [0.25, 0.20, 0.15, 0.10, 0.10], ["a", "a", "b", "b", "c"]
    joint = removal_diversion(shares, nests, [0, 2], 0.5)
    single = [removal_diversion(shares, nests, [option], 0.5) for option in (0, 2)]
    summed = (0.25 * single[0] + 0.15 * single[1]) / 0.40
    assert np.abs(joint - summed)[[1, 3, 4, 5]].max() > 0.02


@pytest.mark.parametrize("sliver", [1e-6, 1e-9, 1e-12])
def test_removing_a_sliver_loses_no_digits(sliver):
    # In the limit each option beyond the nest draws with weight 1 - rho, a nest mate with rho / nest share more.
    inside, mate, other, rho = sliver, 0.4, 0.35, 0.6
    outside = 1 - inside - mate - other
    found = removal_diversion([inside, mate, other], ["a", "a", "b"], [0], rho)
    weights = np.array([mate * (1 - rho + rho / mate), other * (1 - rho), outside * (1 - rho)])
    assert found[1:] == pytest.approx(weights / weights.sum(), abs=10 * sliver + 1e-12)


@pytest.mark.parametrize("left", [0.0, 5e-324, 1e-309])
def test_where_no_share_of_worth_is_left_there_is_nowhere_to_go(left):
    diversion = np.full(1, np.nan)
    arguments = np.ones(1, dtype=np.bool_), np.zeros(1, dtype=np.int64), np.full(1, 0.5), np.empty((3, 1))
    assert divert(np.ones(1), left, *arguments, diversion) == -1
    assert (diversion == 0).all()


@pytest.mark.parametrize("left", [5e-324, 1e-309, 1e-280])
def test_a_share_too_small_for_its_inverse_does_not_break_a_run(tiny, left):
    # Nothing has grown yet when everybody leaves, so that all rivals are full.
    leaves = {name: {"exit": 1.0} for name in ("north", "south", "rest")}
    sliders = {"built_in_house": 0.0, "not_spent": left, "moved_share": 1.0, "slack": 0.0, "capacity_growth": 0.0}
    run = project(tiny, Scenario(parameters=sliders, customers=leaves), draws=8)
    assert np.isfinite(run.flows.select("mean_flow_usd", "central_flow_usd").to_numpy()).all()


@pytest.mark.parametrize("seed", range(6))
def test_the_first_choice_among_rivals_is_the_removal_of_the_incumbent(seed):
    rng = np.random.default_rng(seed)
    customers, rivals, draws = 3, 5, 4
    nests = np.append(rng.integers(0, 3, rivals), rng.integers(0, 3))
    preference = rng.dirichlet(np.ones(rivals), (draws, customers))
    share, rho = rng.uniform(0.01, 0.9, (customers, draws)), rng.uniform(0, 0.95, draws)
    found = np.empty_like(preference)
    first_choices(preference, share, nests, rho, 3, found)
    for c in range(customers):
        for d in range(draws):
            shares = np.append(preference[d, c] * (1 - share[c, d]), share[c, d])
            expected = removal_diversion(shares, nests.tolist(), [rivals], rho[d])
            assert found[d, c] == pytest.approx(expected[:rivals], abs=1e-12)
