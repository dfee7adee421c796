"""Percentiles found by selection are those that sorting finds, to the last bit."""

import numpy as np
import pytest

from shareshift.results.counting.statistics import PERCENTILES, summarise

rng = np.random.default_rng(0)
PLAIN = rng.gamma(2, 1, (12, 4097))
ROWS = {
    "plain": PLAIN,
    "many zeros": PLAIN * (rng.random(PLAIN.shape) < 0.4),
    "many zeros at the top": -PLAIN * (rng.random(PLAIN.shape) < 0.4),
    "zeros at both ends": np.clip(PLAIN - 2, 0, 0.5),
    "very skewed": np.exp(3 * rng.standard_normal(PLAIN.shape)),
    "one far away": np.where(np.arange(4097) == 7, 1e12, PLAIN),
    "yes and no": (rng.random(PLAIN.shape) < 0.3) * 1.0,
    "all the same": np.full_like(PLAIN, 3.5),
    "few values": np.round(PLAIN),
    "enormous": PLAIN * 1e300,
    "at both ends of the numbers": np.where(rng.random(PLAIN.shape) < 0.5, -1.7e308, 1.7e308),
    "hardly numbers": PLAIN * 1e-310,
}


def sorted_percentile(draws: np.ndarray, level: int) -> np.ndarray:
    ordered = np.sort(draws, axis=-1)
    position = level / 100 * (draws.shape[-1] - 1)
    below = int(position)
    low, high = ordered[..., below], ordered[..., min(below + 1, draws.shape[-1] - 1)]
    return low + (position - below) * (high - low)


@pytest.mark.parametrize("rows", ROWS.values(), ids=ROWS)
def test_percentiles_are_those_of_sorted_draws(rows):
    with np.errstate(over="ignore", invalid="ignore"):
        found = summarise(rows, 16)
        for level in PERCENTILES:
            np.testing.assert_array_equal(found[f"p{level}"], sorted_percentile(rows[:, :-1], level))


@pytest.mark.parametrize("count", [1, 2, 3, 7, 33, 48, 49, 50, 99, 200, 1001])
def test_few_draws_are_put_in_order_as_well(count):
    rows = np.round(rng.gamma(2, 1, (20, count + 1)), 1)
    found = summarise(rows, 1)
    for level in PERCENTILES:
        np.testing.assert_array_equal(found[f"p{level}"], sorted_percentile(rows[:, :-1], level))


def test_means_are_those_of_all_draws():
    for rows in (PLAIN, ROWS["many zeros"], PLAIN[:, :100]):
        np.testing.assert_allclose(summarise(rows, 1)["mean"], rows[:, :-1].mean(axis=1), rtol=1e-13)
