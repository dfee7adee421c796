"""Second-choice diversion: where buyers go when options are taken out of their choice set.

Nested logit from shares alone, in the closed form that follows from Berry (1994): with `w` the removed part of a
nest, its inclusive value falls by the factor (1 - w) ** (1 - rho). rho is the within-nest correlation, sigma of
Berry (1994) and 1 - lambda of Train (2009); at 0 it is the plain logit. Removals are joint and exact, which sums
of single removals are not.
"""

from collections.abc import Hashable, Sequence

import numpy as np
import numpy.typing as npt

from shareshift.errors import ModelError

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


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
    outside = max(1.0 - inside.sum(), 0.0)
    membership = np.array([labels.index(nest) for nest in nests])
    to_options, to_outside, open_ = joint_removal(
        inside[None, :, None],
        np.array([[outside]]),
        mask[:, None],
        membership,
        np.broadcast_to(correlation.reshape(-1, 1), (len(labels), 1)),
    )
    if not open_[0, 0]:
        raise ModelError("Every option with a share is removed and there is no outside. Leave one option open.")
    return np.append(to_options[0, :, 0], to_outside[0, 0])


def joint_removal(
    shares: Floats, outside: Floats, removed: Mask, membership: npt.NDArray[np.intp], rho: Floats
) -> tuple[Floats, Floats, Mask]:
    """Return the diversion from the removed options jointly, for many customers and draws at once.

    `shares` (customers, options, draws) and `outside` (customers, draws) sum to 1 over options and outside;
    `removed` is (options, draws), `membership` the nest number of each option, `rho` (nests, draws). Returns the
    diversion to options (customers, options, draws), to the outside (customers, draws), and where there is
    anything left to go to. Where nothing is left, or nothing of worth was removed, the diversion is 0.

    Written with `expm1` and `log1p`, so that removing a sliver loses no digits to cancellation.
    """
    nests = rho.shape[0]
    kept = np.where(removed, 0.0, shares)
    left = _by_nest(kept, membership, nests)
    gone = _by_nest(np.where(removed, shares, 0.0), membership, nests)
    total = left + gone
    with np.errstate(divide="ignore", invalid="ignore"):
        log_kept = np.log1p(-gone / total)
    whole = left <= 0.0
    log_kept = np.where(whole, 0.0, log_kept)
    # 1 - k of a nest: how much of its inclusive value is lost.
    lost = np.where(whole, 1.0, -np.expm1((1 - rho) * log_kept))
    freed = np.einsum("cgn,cgn->cn", total, lost)
    remaining = 1.0 - freed
    open_ = (outside > 0) | (left > 0).any(axis=1)
    removed_share = gone.sum(axis=1)
    usable = open_ & (removed_share > 0)
    scale = np.where(usable, 1.0 / np.where(usable, remaining * removed_share, 1.0), 0.0)
    gain = np.where(whole, 0.0, np.expm1(-rho * log_kept)) + freed[:, None, :]
    to_options = kept * (gain * scale[:, None, :])[:, membership, :]
    return to_options, outside * freed * scale, open_


def _by_nest(values: Floats, membership: npt.NDArray[np.intp], nests: int) -> Floats:
    """Sum the options of each nest; (customers, options, draws) to (customers, nests, draws)."""
    sums = np.zeros((values.shape[0], nests, values.shape[2]))
    for option, nest in enumerate(membership):
        sums[:, nest, :] += values[:, option, :]
    return sums


def _check_shares(shares: Floats, nests: Sequence[Hashable], removed: Sequence[int]) -> None:
    if shares.ndim != 1 or len(nests) != shares.size:
        raise ModelError(f"{len(nests)} nests for shares of shape {shares.shape}. Give one nest per option.")
    if not np.isfinite(shares).all() or (shares < 0).any() or shares.sum() > 1 + 1e-9:
        raise ModelError(f"Shares {shares.tolist()} are not shares. Give numbers from 0 whose sum is at most 1.")
    if not removed or not all(-shares.size <= option < shares.size for option in removed):
        raise ModelError(f"Removed options {list(removed)} of {shares.size}. Name at least one existing option.")
    if shares[list(removed)].sum() <= 0:
        raise ModelError("The removed options have no share. Remove an option that somebody chose.")
