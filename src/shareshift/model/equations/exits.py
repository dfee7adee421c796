"""Who leaves, how much of the budget moves, and how fast."""

import numpy as np
from scipy.special import bdtr, ndtr, ndtri

from shareshift.basics.arrays import Floats


def shifted_probability(probability: Floats, log_odds: Floats) -> Floats:
    """Return probabilities with their log-odds shifted; 0 and 1 are certainties and stay.

    Shapes broadcast; the result is within [0, 1].
    """
    odds = np.exp(-log_odds)
    return np.asarray(probability / (probability + (1 - probability) * odds))


def exit_indicator(probability: Floats, common: Floats, own: Floats, contagion: Floats) -> Floats:
    """Return 1.0 where a customer exits and 0.0 where it stays; shape (customers, draws).

    One-factor Gaussian copula: a customer exits when sqrt(contagion) common + sqrt(1 - contagion) own falls below
    the normal quantile of its probability. `probability` and `own` are (customers, draws), `common` and
    `contagion` (draws,); `common` and `own` are standard normal.
    """
    latent = np.sqrt(contagion) * common + np.sqrt(1 - contagion) * own
    return np.asarray((latent < ndtri(probability)).astype(np.float64))


def conditional_exit(probability: Floats, common: Floats, contagion: Floats) -> Floats:
    """Return the chance to exit once the common factor is known; (draws,), arguments as for `exit_indicator`."""
    certain = (probability <= 0) | (probability >= 1)
    safe = np.where(certain, 0.5, probability)
    found = ndtr((ndtri(safe) - np.sqrt(contagion) * common) / np.sqrt(np.maximum(1 - contagion, 1e-300)))
    return np.asarray(np.where(certain, probability, found))


def exit_share(chance: Floats, uniform: Floats, firms: float) -> Floats:
    """Return which share of the firms of one row exits, each with `chance` by itself; (draws,), 0..1.

    Binomial quantiles at `uniform`; where the firms are many (`firms` infinite) it is the chance.
    """
    if np.isinf(firms):
        return chance
    gone = np.zeros_like(chance)
    for count in range(int(firms)):
        gone += uniform > bdtr(count, int(firms), chance)
    return gone / firms


def share_gone(mid_month: Floats, lag: Floats, half_life: Floats, shape: Floats) -> Floats:
    """Return the share of what will leave that has left by the middle of each month; shape (months, draws).

    1 - 2 ** -(((t - lag)+ / half_life) ** shape): nothing during the lag, half after the half-life. `mid_month`
    is (months,) in months after the event, the others (draws,) in months and a pure number.
    """
    since = np.maximum(mid_month[:, None] - lag, 0.0)
    return np.asarray(-np.expm1(-np.log(2.0) * (since / half_life) ** shape))
