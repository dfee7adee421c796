"""Who leaves, how much of the budget moves, and how fast."""

import numpy as np
from scipy.special import betaincinv, ndtr, ndtri

from shareshift.basics.arrays import Floats


def shifted_probability(probability: Floats, log_odds: Floats) -> Floats:
    """Return probabilities with their log-odds shifted; 0 and 1 are certainties and stay.

    Shapes broadcast; the result is within [0, 1].
    """
    odds = np.exp(-log_odds)
    return np.asarray(probability / (probability + (1 - probability) * odds))


def chance_by(chance: Floats, decision: Floats, at: Floats | float) -> Floats:
    """Return the chance to have begun to leave `at` months after the event; shapes broadcast.

    `chance` holds by `decision` months and comes at a constant hazard: 1 - (1 - chance) ** (at / decision).
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        by = -np.expm1(np.log1p(-chance) * (at / decision))
    return np.asarray(np.where(chance >= 1, 1.0, by))


def start_months(uniform: Floats, chance: Floats, decision: Floats) -> Floats:
    """Return how many months after the event each customer begins to leave, infinite where it never does.

    The inverse of `chance_by` at `uniform`; shapes broadcast.
    """
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        found = decision * np.log1p(-uniform) / np.log1p(-chance)
    return np.asarray(np.where(chance <= 0, np.inf, np.where(chance >= 1, 0.0, found)))


def conditional_exit(probability: Floats, common: Floats, contagion: Floats) -> Floats:
    """Return the chance to exit once the common factor is known; all (draws,).

    One-factor Gaussian copula: who leaves does so where sqrt(contagion) common + sqrt(1 - contagion) own falls below
    the normal quantile of its probability, `common` and `own` being standard normal.
    """
    certain = (probability <= 0) | (probability >= 1)
    safe = np.where(certain, 0.5, probability)
    found = ndtr((ndtri(safe) - np.sqrt(contagion) * common) / np.sqrt(np.maximum(1 - contagion, 1e-300)))
    return np.asarray(np.where(certain, probability, found))


def exit_thresholds(uniform: Floats, firms: float) -> Floats:
    """Return the chances above which one firm more of a row has left, where each leaves by itself; (firms, draws).

    The binomial quantile at `uniform` (draws,), turned round, so that a chance that changes costs a comparison.
    """
    return np.array([1 - betaincinv(firms - count, count + 1, uniform) for count in range(int(firms))])


def share_gone(mid_month: Floats, lag: Floats, half_life: Floats, shape: Floats) -> Floats:
    """Return the share of what will leave that has left by the middle of each month; shape (months, draws).

    1 - 2 ** -(((t - lag)+ / half_life) ** shape): nothing during the lag, half after the half-life. `mid_month`
    is (months,) in months after the event, the others (draws,) in months and a pure number.
    """
    since = np.maximum(mid_month[:, None] - lag, 0.0)
    return np.asarray(-np.expm1(-np.log(2.0) * (since / half_life) ** shape))
