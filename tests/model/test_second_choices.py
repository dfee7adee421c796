"""Where leavers go whose choices are not to be had: against simulated buyers, and as identities."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad

from shareshift.model.equations.records import Nests
from shareshift.model.equations.second_choices import best_left
from shareshift.results.projection import project
from shareshift.scenario.scenario import Scenario

BUYERS = 200_000


def nests_of(nests, rho):
    """Rivals' nests and, last, the incumbent's."""
    labels = sorted(set(nests))
    return Nests(
        membership=np.array([labels.index(nest) for nest in nests[:-1]], dtype=np.int64),
        home=labels.index(nests[-1]),
        rho=np.full(len(labels), rho),
        work=np.empty((4, len(labels))),
    )


def best_of(shares, nests, gone, rho):
    best = np.empty(len(shares) - 1)
    mask = np.zeros(len(shares) - 1, dtype=np.bool_)
    mask[list(gone)] = True
    best_left(np.array(shares), mask, nests_of(nests, rho), best)
    return best


def simulated(shares, nests, gone, rho):
    """Return the best rival left of simulated buyers whose first choice is the incumbent, and the error of that.

    Utilities of a nested logit: a Gumbel each, and of each nest the logarithm of a positive stable variable.
    """
    random, part = np.random.default_rng(5), 1.0 - rho
    utility = np.empty((len(shares), BUYERS))
    for nest in set(nests):
        angle, wait = random.uniform(0, np.pi, BUYERS), random.exponential(size=BUYERS)
        frailty = np.sin(part * angle) / np.sin(angle) ** (1 / part)
        frailty *= (np.sin(rho * angle) / wait) ** (rho / part) if rho else 1.0
        members = [at for at, of in enumerate(nests) if of == nest]
        whole = sum(shares[at] for at in members)
        for at in members:
            # Inverted from the shares: within its nest, and the nest among all.
            worth = part * np.log(shares[at] / whole) + np.log(whole)
            utility[at] = worth + part * (np.log(frailty) - np.log(random.exponential(size=BUYERS)))
    first = utility.argmax(axis=0)
    assert np.bincount(first, minlength=len(shares)) / BUYERS == pytest.approx(np.array(shares), abs=0.005)
    leavers = utility[:, first == len(shares) - 1]
    leavers[[*gone, len(shares) - 1]] = -np.inf
    found = np.bincount(leavers.argmax(axis=0), minlength=len(shares))[:-1] / leavers.shape[1]
    return found, np.sqrt(found * (1 - found) / leavers.shape[1])


@pytest.mark.parametrize("rho", [0.0, 0.2, 0.5, 0.8])
@pytest.mark.parametrize(
    ("nests", "gone"),
    [("aabca", [0]), ("abbca", [1]), ("babca", [0, 1]), ("aabcd", [0]), ("bbbca", [0, 1]), ("aabba", [])],
)
def test_the_best_left_is_that_of_simulated_buyers(nests, gone, rho):
    shares = [0.2, 0.15, 0.22, 0.18, 0.25]
    found, error = simulated(shares, nests, gone, rho)
    assert best_of(shares, nests, gone, rho) == pytest.approx(found, abs=4 * error.max())


@pytest.mark.parametrize("rho", [0.0, 0.4, 0.9])
def test_a_nest_that_nobody_chooses_changes_nothing_for_the_others(rho):
    """The incumbent and the rival in its nest sell nothing: the others share as if that rival were not there."""
    alone = best_of([0.3, 0.2, 0.5, 0.0], "bbca", [0], rho)
    assert best_of([0.0, 0.3, 0.2, 0.5, 0.0], "abbca", [1], rho) == pytest.approx(np.array([0.0, *alone]))
    assert alone.sum() == pytest.approx(1)


@given(
    weights=st.lists(st.floats(0.01, 1), min_size=4, max_size=8),
    labels=st.text("abc", min_size=8, max_size=8),
    gone=st.sets(st.integers(0, 6), max_size=3),
    rho=st.floats(0, 0.5),
)
def test_six_points_come_to_what_the_integral_does(weights, labels, gone, rho):
    shares, nests = np.array(weights) / sum(weights), labels[: len(weights)]
    gone = {at for at in gone if at < len(shares) - 1}
    size = {nest: sum(s for s, of in zip(shares, nests, strict=True) if of == nest) for nest in set(nests)}
    away = {nest: sum(shares[at] for at in {*gone, len(shares) - 1} if nests[at] == nest) for nest in size}

    def integrand(z, nest):
        theta = {of: 1 - away[of] / size[of] * (1 - z) for of in size}
        alpha, home = sum(size[of] * theta[of] ** (1 - rho) for of in size), nests[-1]
        found = (theta[home] * theta[nest]) ** -rho / alpha**2
        return found + (nest == home) * rho / (1 - rho) * theta[home] ** (-1 - rho) / (size[home] * alpha)

    worth = {of: quad(integrand, 0, 1, args=(of,), limit=200)[0] for of in size if away[of] < size[of]}
    expected = np.array([0.0 if k in gone else shares[k] * worth.get(nests[k], 0.0) for k in range(len(shares) - 1)])
    if expected.sum() > 0:
        assert best_of(shares, nests, gone, rho) == pytest.approx(expected / expected.sum(), abs=2e-3)


@pytest.mark.parametrize("rho", [0.0, 0.3, 0.7])
def test_an_excluded_rival_and_one_without_capacity_are_the_same(tiny, rho):
    """In money, to rounding: nobody else is full, nothing waits, and the own path of the rival needs all it has."""
    still = {"growth": 0.0, "growth_spread": 0.0, "small_growth": 0.0, "level_error": 0.0, "evidence_spread": 0.0}
    flat = {**still, "patience": 0.0, "nest_correlation": rho, "in_house_base": 2.0, "in_house_growth": 0.5}
    roomy = {"crane": {"slack": 2.0, "capacity_growth": 0.5}}
    full = Scenario(parameters=flat, vendors={**roomy, "bolt": {"slack": 0.0, "capacity_growth": 0.0}})
    excluded = replace(full, vendors={**roomy, "bolt": {"excluded": True}})
    one, other = (project(tiny, scenario, 64).migration for scenario in (full, excluded))
    assert one.turned_away[1:, 0, -1].min() > 0
    for name in ("to_options", "not_spent_total", "unplaced_total"):
        np.testing.assert_allclose(getattr(one, name), getattr(other, name), rtol=1e-9, atol=1e-9)
