"""Proper scores of a sample of draws against what was observed."""

import numpy as np

from shareshift.basics.arrays import Floats


def crps(draws: Floats, observed: float) -> float:
    """Return the continuous ranked probability score of draws (n,), in their unit; 0 is perfect.

    Mean distance to what was observed less half the mean distance between two draws (Gneiting and Raftery 2007); of a
    single draw it is the absolute error.
    """
    ordered = np.sort(draws)
    count = ordered.size
    apart = 2 * np.arange(1, count + 1) - count - 1
    return float(np.abs(ordered - observed).mean() - (apart * ordered).sum() / count**2)


def reached(draws: Floats, observed: float) -> float:
    """Return the part of the draws below what was observed, ties by half; uniform on 0..1 where forecasts are right."""
    return float((draws < observed).mean() + (draws == observed).mean() / 2)


def log_score(draws: Floats, observed: float) -> float:
    """Return the natural log of the density of draws (n,) at what was observed; higher is better.

    The density is a mixture of normals around the draws with the width of Silverman's rule (0.9 of the smaller of
    standard deviation and interquartile range / 1.34, over n ** 0.2); -inf where all draws are one number.
    """
    low, high = np.percentile(draws, [25, 75])
    spread = min(draws.std(), (high - low) / 1.34) or draws.std()
    if spread == 0:
        return -np.inf
    width = 0.9 * spread * draws.size**-0.2
    apart = -(((observed - draws) / width) ** 2) / 2
    top = apart.max()
    return float(top + np.log(np.exp(apart - top).mean()) - np.log(width * np.sqrt(2 * np.pi)))


def brier(chance: float, happened: float) -> float:
    """Return the squared distance of a probability from what happened, 0 or 1; 0 is perfect."""
    return (chance - happened) ** 2


def bits(forecast: Floats, reference: Floats, observed: Floats) -> float:
    """Return by how many bits per displaced unit a split beats a reference; all are shares over the same options.

    Where the forecast gives nothing to an option that took something the score is -inf.
    """
    took = observed > 0
    with np.errstate(divide="ignore"):
        return float((observed[took] * np.log2(forecast[took] / reference[took])).sum() / observed.sum())
