"""Second-choice diversion: where buyers go when options are taken out of their choice set.

Nested logit from shares alone, in the closed form that follows from Berry (1994): with `w` the removed part of a
nest, its inclusive value falls by the factor (1 - w) ** (1 - rho). rho is the within-nest correlation, sigma of
Berry (1994) and 1 - lambda of Train (2009); at 0 it is the plain logit. Removals are joint and exact, which sums
of single removals are not.
"""

from collections.abc import Hashable, Sequence

import numpy as np
import numpy.typing as npt

from shareshift.basics.arrays import Floats, Indices, Mask
from shareshift.basics.errors import ModelError
from shareshift.basics.kernels import kernel

# Where more than a tenth of a nest is removed, what remains gains so much that a difference keeps its digits.
SLIVER = 0.9
# A share this small is no money of any kind, and its inverse no number.
WORTHLESS = 1e-290


def removal_diversion(
    shares: npt.ArrayLike, nests: Sequence[Hashable], removed: Sequence[int], rho: npt.ArrayLike
) -> Floats:
    """Return the diversion from a set of removed options to every option and, last, to the outside.

    `shares` is 1-D over the K inside options, the outside taking 1 - sum; `nests` has one label per option;
    `removed` are indices of options; `rho` is one correlation in [0, 1), or one per nest in the order in which
    the labels first appear. The result has K + 1 entries, 0 for the removed options, and sums to 1.

    Raises `ModelError` for shares that are no shares, correlations outside [0, 1), or a removal that leaves
    nothing to divert or nowhere to go.
    """
    inside = np.asarray(shares, dtype=np.float64)
    labels = list(dict.fromkeys(nests))
    _check_shares(inside, nests, removed)
    correlation = np.asarray(rho, dtype=np.float64)
    if correlation.ndim > 1 or correlation.size not in {1, len(labels)}:
        raise ModelError(f"rho has {correlation.size} values for {len(labels)} nests. Give one, or one per nest.")
    if not ((correlation >= 0) & (correlation < 1)).all():
        raise ModelError(f"rho is {correlation.tolist()}. Give correlations of at least 0 and below 1.")
    mask = np.zeros(inside.size, dtype=np.bool_)
    mask[list(removed)] = True
    diversion = np.empty(inside.size)
    to_outside = divert(
        inside,
        max(1.0 - inside.sum(), 0.0),
        mask,
        np.array([labels.index(nest) for nest in nests], dtype=np.int64),
        np.array(np.broadcast_to(correlation, len(labels))),
        np.empty((3, len(labels))),
        diversion,
    )
    if to_outside < 0:
        raise ModelError("Every option with a share is removed and there is no outside. Leave one option open.")
    return np.append(diversion, to_outside)


@kernel("f8(f8[::1], f8, b1[::1], i8[:], f8[::1], f8[:,::1], f8[::1])")
def divert(
    shares: Floats,
    outside: float,
    removed: Mask,
    membership: Indices,
    rho: Floats,
    work: Floats,
    diversion: Floats,
) -> float:
    """Fill `diversion` with the diversion from the removed options jointly, and return that to the outside.

    `shares` (options,) and `outside` sum to 1; `membership` is the nest number of each option, `rho` (nests,),
    `work` (3, nests) room to compute in. Where nothing is left to go to, -1 is returned and the diversion is 0; it is
    0 as well where nothing of worth was removed.

    Written with `expm1` and `log1p`, so that removing a sliver loses no digits to cancellation.
    """
    left, gone, gain = work[0], work[1], work[2]
    left[:] = 0.0
    gone[:] = 0.0
    for option in range(shares.size):
        if removed[option]:
            gone[membership[option]] += shares[option]
        else:
            left[membership[option]] += shares[option]
    # How much of all inclusive values is freed, how much remains, and how much share is removed.
    freed, remaining, away = 0.0, outside, 0.0
    for nest in range(rho.size):
        total = left[nest] + gone[nest]
        away += gone[nest]
        gain[nest] = 0.0
        if left[nest] <= 0.0:
            freed += total
        elif gone[nest] <= 0.0:
            remaining += total
        else:
            # Each form keeps its digits where the other loses them: a sliver removed, or a sliver left.
            kept = left[nest] / total
            log_kept = np.log1p(-gone[nest] / total) if gone[nest] < left[nest] else np.log(kept)
            fall = (1.0 - rho[nest]) * log_kept
            if fall > -1.0:
                less = np.expm1(fall)
                value = 1.0 + less
            else:
                value = np.exp(fall)
                less = value - 1.0
            freed -= total * less
            remaining += total * value
            gain[nest] = value / kept - 1.0 if kept < SLIVER else np.expm1(-rho[nest] * log_kept)
    if away <= WORTHLESS or remaining <= WORTHLESS:
        diversion[:] = 0.0
        return -1.0 if remaining <= WORTHLESS else 0.0
    scale = 1.0 / (remaining * away)
    for option in range(shares.size):
        stays = 0.0 if removed[option] else shares[option]
        diversion[option] = stays * (gain[membership[option]] + freed) * scale
    return outside * freed * scale


def _check_shares(shares: Floats, nests: Sequence[Hashable], removed: Sequence[int]) -> None:
    if shares.ndim != 1 or len(nests) != shares.size:
        raise ModelError(f"{len(nests)} nests for shares of shape {shares.shape}. Give one nest per option.")
    if not np.isfinite(shares).all() or (shares < 0).any() or shares.sum() > 1 + 1e-9:
        raise ModelError(f"Shares {shares.tolist()} are not shares. Give numbers from 0 whose sum is at most 1.")
    if not removed or not all(-shares.size <= option < shares.size for option in removed):
        raise ModelError(f"Removed options {list(removed)} of {shares.size}. Name at least one existing option.")
    if shares[list(removed)].sum() <= 0:
        raise ModelError("The removed options have no share. Remove an option that somebody chose.")
