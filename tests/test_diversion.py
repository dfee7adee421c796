"""Removal diversion against PyBLP, which reckons it from utilities instead of shares."""

import numpy as np
import pytest

from shareshift.model.destinations import first_choices
from shareshift.model.diversion import joint_removal, removal_diversion

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
    # "return" keeps the given prices: only the shares are reckoned.
    still = pyblp.Iteration("return")
    return simulation.replace_endogenous(costs=zeros, prices=data["prices"], iteration=still)


def shares_of(pyblp, utilities, nests, rho):
    return solved(pyblp, utilities, nests, rho).product_data.shares.ravel()


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


def test_many_customers_and_draws_at_once_are_the_same_as_one_by_one():
    rng = np.random.default_rng(7)
    nests, customers, draws = ["a", "a", "b", "c", "b"], 3, 4
    shares = rng.dirichlet(np.ones(6), size=(customers, draws)).transpose(0, 2, 1)
    removed = np.array([[1, 0, 1, 0], [0, 0, 1, 0], [0, 1, 0, 1], [0, 0, 0, 1], [0, 0, 0, 1]], dtype=bool)
    rho = rng.uniform(0, 0.9, (3, draws))
    membership = np.array([0, 0, 1, 2, 1])
    options, outside, open_ = joint_removal(shares[:, :-1], shares[:, -1], removed, membership, rho)
    assert open_.all()
    for c in range(customers):
        for d in range(draws):
            alone = removal_diversion(shares[c, :-1, d], nests, np.flatnonzero(removed[:, d]).tolist(), rho[:, d])
            assert np.append(options[c, :, d], outside[c, d]) == pytest.approx(alone, abs=1e-12)


def test_where_nothing_is_removed_nothing_moves():
    shares = np.array([0.4, 0.4])[None, :, None]
    nobody = np.zeros((2, 1), dtype=bool)
    options, outside, open_ = joint_removal(shares, np.array([[0.2]]), nobody, np.array([0, 1]), np.zeros((2, 1)))
    assert (options == 0).all()
    assert (outside == 0).all()
    assert open_.all()


def test_where_everything_is_removed_nothing_is_open():
    shares = np.array([0.5, 0.5])[None, :, None]
    all_ = np.ones((2, 1), dtype=bool)
    options, outside, open_ = joint_removal(shares, np.array([[0.0]]), all_, np.array([0, 0]), np.full((1, 1), 0.5))
    assert (options == 0).all()
    assert (outside == 0).all()
    assert not open_.any()


@pytest.mark.parametrize("sliver", [1e-6, 1e-9, 1e-12])
def test_removing_a_sliver_loses_no_digits(sliver):
    # In the limit each option beyond the nest draws with weight 1 - rho, a nest mate with rho / nest share more.
    inside, mate, other, rho = sliver, 0.4, 0.35, 0.6
    outside = 1 - inside - mate - other
    found = removal_diversion([inside, mate, other], ["a", "a", "b"], [0], rho)
    weights = np.array([mate * (1 - rho + rho / mate), other * (1 - rho), outside * (1 - rho)])
    assert found[1:] == pytest.approx(weights / weights.sum(), abs=10 * sliver + 1e-12)


@pytest.mark.parametrize("seed", range(6))
def test_the_first_choice_among_rivals_is_the_joint_removal_of_the_incumbent(seed):
    rng = np.random.default_rng(seed)
    nests = rng.integers(0, 3, 5)
    preference = rng.dirichlet(np.ones(5))
    share, rho = float(rng.uniform(0.01, 0.9)), float(rng.uniform(0, 0.95))
    found = first_choices(
        preference[None, :, None], np.array([[share]]), nests, int(rng.integers(0, 1)), np.array([rho])
    )[0, :, 0]
    expected = removal_diversion(np.append(preference * (1 - share), share), [*nests.tolist(), 0], [5], rho)
    assert found == pytest.approx(expected[:5], abs=1e-12)
