"""What vendors grow to without the event: with the market, and each by a growth of its own."""

from typing import Annotated, NamedTuple

import numpy as np
from numba import float64, void

from shareshift.basics.arrays import Floats
from shareshift.basics.kernels import kernel, record
from shareshift.market.trends import REFERENCE_SHARE

LEAST_SHARE = 1e-9


class OwnGrowth(NamedTuple):
    """What a vendor's growth apart from the market's rests on; vendors in the order of the run, the incumbent first.

    `share` (vendors, n) of the market at the event; of the past, `slope` (vendors,) log per year, the variance `noise`
    (vendors,) of its error, infinite where nothing is known, and `market` (n,) the market's own log growth; `shock`
    (vendors, n) of mean 0 and variance 1; `width` (vendors,), 1 for one firm, less for a pool whose members even out;
    and the sliders `spread`, log per square root of a year, `size`, `small`, log per year, `half_life`, in years, and
    `error`, log, (n,) each.
    """

    share: Annotated[Floats, float64[:, ::1]]
    slope: Annotated[Floats, float64[::1]]
    noise: Annotated[Floats, float64[::1]]
    market: Annotated[Floats, float64[::1]]
    shock: Annotated[Floats, float64[:, ::1]]
    width: Annotated[Floats, float64[::1]]
    spread: Annotated[Floats, float64[::1]]
    size: Annotated[Floats, float64[::1]]
    small: Annotated[Floats, float64[::1]]
    half_life: Annotated[Floats, float64[::1]]
    error: Annotated[Floats, float64[::1]]


def laplace(uniform: Floats) -> Floats:
    """Return Laplace quantiles of mean 0 and variance 1 at `uniform`, same shape, within (0, 1).

    Growth rates of firms are tent-shaped in logarithms (Stanley and others 1996).
    """
    off = uniform - 0.5
    return np.asarray(-np.sign(off) * np.log1p(-2 * np.abs(off)) / np.sqrt(2.0))


def drift(of: OwnGrowth) -> Floats:
    """Return the rate at which each vendor's size outgrows the market at the event; (vendors, n), log per year.

    What its past says, as far as that is trusted, and for the rest what vendors of its size do: small ones grow faster.
    """
    relative = np.maximum(of.share, LEAST_SHARE) / REFERENCE_SHARE
    usual = -of.small * np.log(relative) * of.width[:, None]
    variance = np.square(of.spread * relative**-of.size * of.width[:, None])
    trust = np.where(np.isinf(of.noise)[:, None], 0.0, variance / (variance + of.noise[:, None]))
    return np.ascontiguousarray(usual + trust * (of.slope[:, None] - of.market - usual))


@kernel(void(record(OwnGrowth), float64[:, ::1], float64[::1], float64[:, ::1], float64[:, :, ::1]))
def grow(of: OwnGrowth, drifts: Floats, years: Floats, market: Floats, path: Floats) -> None:
    """Fill `path` (months, vendors + 1, n) with revenue without the event over that at the event; last, the market's.

    With s a vendor's share at the event and x = drift (1 - 2 ** -(t / half_life)) half_life / ln 2 + shock
    sqrt((spread (s / REFERENCE_SHARE) ** -size width) ** 2 t + error ** 2), its share is s e ** x / (1 - s + s e ** x):
    a vendor's odds against the rest of the market grow, so that nobody outgrows it. `years` (months,) since the event,
    `market` (months, n).
    """
    months, vendors, count = path.shape
    for vendor in range(vendors - 1):
        for draw in range(count):
            share = max(of.share[vendor, draw], LEAST_SHARE)
            wide = of.spread[draw] * (share / REFERENCE_SHARE) ** -of.size[draw]
            fade = np.log(2.0) / of.half_life[draw]
            for month in range(months):
                lasting = -np.expm1(-fade * years[month]) / fade
                x = drifts[vendor, draw] * lasting
                x += of.shock[vendor, draw] * np.sqrt(
                    (wide * of.width[vendor]) ** 2 * years[month] + of.error[draw] ** 2
                )
                # All forms are 1 to the last bit where x is 0, finite however far from it, and lose no digits.
                near, less = np.exp(-abs(x)), np.expm1(-abs(x))
                if x > 0.0:
                    own = 1.0 / (near - share * less)
                elif share < 0.5:
                    own = near / (1.0 + share * less)
                else:
                    own = near / (1.0 - share + share * near)
                path[month, vendor, draw] = market[month, draw] * own
    for month in range(months):
        for draw in range(count):
            path[month, vendors - 1, draw] = market[month, draw]
