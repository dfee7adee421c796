"""A vendor's own growth: its limits, its size, and what it leaves alone."""

import numpy as np
import pytest
from scipy import stats

from shareshift.model.equations.growth import OwnGrowth, drift, grow, laplace

DRAWS = 4001


def own(share=0.1, spread=0.5, small=0.0, slope=0.0, noise=np.inf, width=1.0, error=0.0, size=0.2):
    shock = laplace((np.arange(DRAWS) + 0.5) / DRAWS)[None]
    row = np.ones(DRAWS)
    return OwnGrowth(
        share=row[None] * share, slope=np.array([slope]), noise=np.array([noise]), market=row * 0.0, shock=shock,
        width=np.array([width]), spread=row * spread, size=row * size, small=row * small, half_life=row,
        error=row * error,
    )  # fmt: skip


def path(of, years=(1.0,), market=1.0):
    found = np.empty((len(years), 2, DRAWS))
    grow(of, drift(of), np.array(years), np.full((len(years), DRAWS), market), found)
    return found


def test_shocks_are_laplace_of_variance_one():
    uniform = np.array([0.01, 0.3, 0.5, 0.9])
    assert laplace(uniform) == pytest.approx(stats.laplace.ppf(uniform, scale=1 / np.sqrt(2)))


def test_without_spread_and_drift_a_vendor_grows_with_the_market_to_the_last_bit():
    assert (path(own(spread=0.0), market=1.37)[0, 0] == 1.37).all()


def test_a_tiny_vendor_has_log_growth_of_the_spread_at_its_size():
    share = 1e-6
    growth = np.log(path(own(share=share, spread=0.01))[0, 0])
    expected = 0.01 * (share / 0.1) ** -0.2 * laplace((np.arange(DRAWS) + 0.5) / DRAWS)
    assert growth == pytest.approx(expected, abs=1e-4)


def test_nobody_outgrows_the_market():
    for share in (1e-9, 0.01, 0.5, 0.999, 1.0):
        found = share * path(own(share=share, spread=5.0, size=1.0), years=(0.1, 10.0))[:, 0]
        assert np.isfinite(found).all()
        assert (found <= 1 + 1e-12).all()
        assert (found >= 0).all()


def test_the_median_stays_where_the_drift_puts_it_and_fades():
    found = np.median(path(own(share=1e-6, small=0.1, size=0.0), years=(1.0, 50.0))[:, 0], axis=1)
    rate = 0.1 * np.log(0.1 / 1e-6)
    # Half of the drift is left after the half-life of a year, so it adds up to rate / ln 2 in the end.
    assert np.log(found) == pytest.approx([rate * 0.5 / np.log(2), rate / np.log(2)], rel=1e-3)


def test_a_past_counts_as_far_as_it_is_exact():
    exact, vague = (drift(own(slope=0.8, noise=noise))[0, 0] for noise in (1e-9, 1e9))
    assert exact == pytest.approx(0.8)
    assert vague == pytest.approx(0.0, abs=1e-6)
    assert drift(own(slope=0.8, noise=0.25))[0, 0] == pytest.approx(0.4)


def test_a_pool_of_many_grows_with_the_market():
    assert path(own(width=0.0, small=0.3, share=0.01))[0, 0] == pytest.approx(1.0)
