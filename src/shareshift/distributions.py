"""Inverse distribution functions: an uncertain number is a pure function of a uniform one."""

import numpy as np
import numpy.typing as npt
from scipy.special import betaincinv, ndtri

from shareshift.parameters import Range

Floats = npt.NDArray[np.float64]
# Standard normal quantile of 0.95: a log-normal is given by its 90 % interval.
Z95 = float(ndtri(0.95))


def quantile(figure: Range, uniform: Floats) -> Floats:
    """Return the quantiles of a range at `uniform` (any shape, within (0, 1)), in the range's own unit.

    PERT is the beta distribution on low..high with mode central and mean (low + 4 central + high) / 6
    (Malcolm, Roseboom, Clark and Fazar 1959); `lognormal` reads low..high as its 90 % interval.
    """
    low, central, high = figure.low, figure.central, figure.high
    if figure.distribution == "fixed" or low == high:
        return np.full_like(uniform, central)
    if figure.distribution == "uniform":
        return low + (high - low) * uniform
    if figure.distribution == "triangular":
        return _triangular(low, central, high, uniform)
    if figure.distribution == "lognormal":
        centre, spread = (np.log(low) + np.log(high)) / 2, (np.log(high) - np.log(low)) / (2 * Z95)
        return np.asarray(np.exp(centre + spread * ndtri(uniform)))
    alpha = 1 + 4 * (central - low) / (high - low)
    return np.asarray(low + (high - low) * betaincinv(alpha, 6 - alpha, uniform))


def normal(uniform: Floats) -> Floats:
    """Return standard normal quantiles of `uniform`, same shape."""
    return np.asarray(ndtri(uniform))


def _triangular(low: float, mode: float, high: float, uniform: Floats) -> Floats:
    rising = low + np.sqrt(uniform * (high - low) * (mode - low))
    falling = high - np.sqrt((1 - uniform) * (high - low) * (high - mode))
    return np.where(uniform < (mode - low) / (high - low), rising, falling)
