"""Inverse distribution functions: an uncertain number is a pure function of a uniform one."""

from functools import lru_cache

import numpy as np
from scipy.special import betainc, betaln, ndtri

from shareshift.basics.arrays import Floats
from shareshift.basics.kernels import kernel
from shareshift.market.parameters import Range

# What of a log-normal's two tails lies beyond low and high, where nothing is drawn, as with every other shape.
TAIL = 0.05
Z95 = float(ndtri(1 - TAIL))
# Nodes of the table of a beta quantile, per half: the interpolation is then good to 1e-12 of the range.
NODES = 256


def quantile(figure: Range, uniform: Floats) -> Floats:
    """Return the quantiles of a range at `uniform` (any shape, within (0, 1)), in the range's own unit.

    PERT is the beta distribution on low..high with mode central and mean (low + 4 central + high) / 6
    (Malcolm, Roseboom, Clark and Fazar 1959); `lognormal` is the middle 90% of the log-normal whose 5% and 95%
    points are low and high. No shape has a value below low or above high.
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
        return np.asarray(np.exp(centre + spread * ndtri(TAIL + (1 - 2 * TAIL) * uniform)))
    alpha = 1 + 4 * (central - low) / (high - low)
    return np.asarray(low + (high - low) * beta_quantile(alpha, 6 - alpha, uniform))


def normal(uniform: Floats) -> Floats:
    """Return standard normal quantiles of `uniform`, same shape."""
    return np.asarray(ndtri(uniform))


def beta_quantile(alpha: float, beta: float, uniform: Floats) -> Floats:
    """Return the quantiles of a beta distribution with parameters of at least 1, same shape as `uniform`.

    Each half is interpolated between exact nodes, to 1e-12; that is fifty times as quick as inverting the
    incomplete beta function value by value.
    """
    found = np.empty(uniform.size)
    _interpolate(np.ascontiguousarray(uniform).reshape(-1), *_table(alpha, beta), found)
    return found.reshape(uniform.shape)


@lru_cache(maxsize=512)
def _table(alpha: float, beta: float) -> tuple[Floats, Floats]:
    """Return the nodes of the lower and, mirrored, of the upper half; (4, NODES) each.

    With F the distribution function the rows are y = ln F(x), z = ln x, and the first two derivatives of z by y. In
    logarithms the quantile function is smooth down to 0, where it is a power law.
    """
    halves = []
    for a, b in ((alpha, beta), (beta, alpha)):
        # One step beyond the median, so that it lies within both halves; nodes crowd towards it.
        top = _median(a, b)
        x = top * (np.arange(1, NODES + 1) / (NODES - 1)) ** 2.5
        below = betainc(a, b, x)
        density = np.exp((a - 1) * np.log(x) + (b - 1) * np.log1p(-x) - betaln(a, b))
        slope = below / (x * density)
        bend = slope * (1 - slope * (a - (b - 1) * x / (1 - x)))
        halves.append(np.array([np.log(below), np.log(x), slope, bend]))
    return halves[0], halves[1]


def _median(alpha: float, beta: float) -> float:
    """Return a point at or a little above the median, far enough below 1."""
    low, high = 0.0, 1.0
    for _ in range(20):
        middle = (low + high) / 2
        low, high = (middle, high) if betainc(alpha, beta, middle) < 0.5 else (low, middle)
    return high


@kernel("(f8[::1], f8[:,::1], f8[:,::1], f8[::1])")
def _interpolate(uniform: Floats, lower: Floats, upper: Floats, found: Floats) -> None:
    """Fill `found` by quintic Hermite interpolation of ln x over ln F."""
    nodes = lower.shape[1]
    for index in range(uniform.size):
        rising = uniform[index] <= 0.5
        table = lower if rising else upper
        y = np.log(uniform[index] if rising else 1.0 - uniform[index])
        first, last = 0, nodes - 1
        if y <= table[0, 0]:
            # So far out that the power law holds.
            z = table[1, 0] + (y - table[0, 0]) * table[2, 0]
        else:
            while last - first > 1:
                middle = (first + last) >> 1
                if table[0, middle] <= y:
                    first = middle
                else:
                    last = middle
            width = table[0, last] - table[0, first]
            s = (y - table[0, first]) / width
            rise = table[1, last] - table[1, first]
            start, end = table[2, first] * width, table[2, last] * width
            start_bend, end_bend = table[3, first] * width * width / 2, table[3, last] * width * width / 2
            cubic = 10 * rise - 6 * start - 4 * end - 3 * start_bend + end_bend
            quartic = -15 * rise + 8 * start + 7 * end + 3 * start_bend - 2 * end_bend
            quintic = 6 * rise - 3 * start - 3 * end - start_bend + end_bend
            z = table[1, first] + s * (start + s * (start_bend + s * (cubic + s * (quartic + s * quintic))))
        found[index] = np.exp(z) if rising else 1.0 - np.exp(z)


def _triangular(low: float, mode: float, high: float, uniform: Floats) -> Floats:
    rising = low + np.sqrt(uniform * (high - low) * (mode - low))
    falling = high - np.sqrt((1 - uniform) * (high - low) * (high - mode))
    return np.where(uniform < (mode - low) / (high - low), rising, falling)
