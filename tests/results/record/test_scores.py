"""Scores with known answers, and what no score may depend on."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from shareshift.results.record.scores import bits, brier, crps, log_score, reached

MANY = (np.arange(20_000) + 0.5) / 20_000
AMOUNTS = st.floats(-50, 50).map(lambda value: round(value, 6))


@pytest.mark.parametrize("seen", [-2.0, -0.3, 0.0, 1.0, 3.0])
def test_the_crps_of_a_normal_is_its_closed_form(seen):
    """Gneiting and others 2005: z (2 Phi(z) - 1) + 2 phi(z) - 1 / sqrt(pi)."""
    expected = seen * (2 * stats.norm.cdf(seen) - 1) + 2 * stats.norm.pdf(seen) - 1 / np.sqrt(np.pi)
    assert crps(stats.norm.ppf(MANY), seen) == pytest.approx(expected, abs=1e-3)


@pytest.mark.parametrize("seen", [-1.5, 0.0, 0.4, 2.0])
def test_the_crps_of_a_laplace_is_its_closed_form(seen):
    """|x| + e ** -|x| - 3 / 4 for a Laplace of scale 1."""
    assert crps(stats.laplace.ppf(MANY), seen) == pytest.approx(abs(seen) + np.exp(-abs(seen)) - 0.75, abs=1e-3)


@given(AMOUNTS, AMOUNTS)
def test_the_crps_of_a_point_is_the_absolute_error(told, seen):
    assert crps(np.full(5, told), seen) == pytest.approx(abs(told - seen), abs=1e-9)


@given(st.lists(AMOUNTS, min_size=2, max_size=30), AMOUNTS, st.floats(0.1, 10), AMOUNTS)
def test_the_crps_moves_and_scales_with_the_forecast(draws, seen, scale, shift):
    told = crps(np.array(draws), seen)
    assert crps(np.array(draws) * scale + shift, seen * scale + shift) == pytest.approx(told * scale, abs=1e-6)
    assert crps(np.array(draws[::-1]), seen) == pytest.approx(told, abs=1e-9)
    assert told >= -1e-9


def test_the_log_score_is_the_log_density():
    draws = stats.norm.ppf(MANY)
    for seen in (-1.0, 0.0, 2.0):
        assert log_score(draws, seen) == pytest.approx(stats.norm.logpdf(seen), abs=0.03)
    assert log_score(np.full(9, 2.0), 2.0) == -np.inf


def test_what_is_reached_is_uniform_where_forecasts_are_right():
    draws, came = stats.norm.ppf(MANY), stats.norm.ppf((np.arange(200) + 0.5) / 200)
    found = np.array([reached(draws, seen) for seen in came])
    assert found == pytest.approx((np.arange(200) + 0.5) / 200, abs=1e-3)
    assert reached(np.array([1.0, 1.0]), 1.0) == 0.5


def test_a_split_is_measured_in_bits_against_another():
    observed = np.array([0.5, 0.5, 0.0])
    assert bits(np.array([0.5, 0.25, 0.25]), np.array([0.25, 0.25, 0.5]), observed) == pytest.approx(0.5)
    assert bits(observed, observed, observed) == 0
    assert bits(np.array([1.0, 0.0, 0.0]), np.full(3, 1 / 3), observed) == -np.inf
    assert brier(0.3, 1.0) == pytest.approx(0.49)
