"""Where each displaced dollar wants to go, before anybody is full."""

import numpy as np
import numpy.typing as npt
from numba import njit

from shareshift.model.diversion import divert

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]
# A customer that pays the incumbent nothing displaces nothing; its diversion is the limit of a vanishing removal.
SLIVER = 1e-12


def attraction(
    run_rate: Floats,
    size_pull: Floats,
    neutrality: Floats,
    fit: Floats,
    momentum: Floats,
    conflict: Floats,
    independent: Floats,
    match: Floats,
) -> Floats:
    """Return the attraction of each rival for each customer; shape (customers, rivals, draws).

    run_rate ** size_pull * exp(neutrality * conflict * independent + fit * match + momentum), with `run_rate` and
    `momentum` (rivals, draws), the sliders (draws,), `conflict` (customers,), `independent` (rivals,), `match`
    (customers, rivals). Run rates enter relative to the largest, which cancels and keeps the powers small.
    """
    largest = run_rate.max(axis=0)
    size = (run_rate / np.where(largest > 0, largest, 1.0)) ** size_pull
    pull = np.multiply.outer(np.multiply.outer(conflict, independent), neutrality)
    return np.asarray(size * np.exp(pull + match[:, :, None] * fit + momentum))


def mixed_with_wallets(attraction: Floats, wallets: Floats, loyalty: Floats) -> Floats:
    """Return each customer's shares among rivals, known wallets mixed in; shape (customers, rivals, draws).

    `wallets` is what the customer pays each rival already, USD per year, same shape as `attraction`; a customer
    without a known wallet follows attraction alone. `loyalty` (draws,) is the weight of the wallet. Sums to 1 over
    rivals, or to 0 where no rival attracts anything.
    """
    pulled, held = _normalised(attraction), _normalised(wallets)
    known = wallets.sum(axis=1, keepdims=True) > 0
    weight = np.where(known, loyalty, 0.0)
    return np.asarray((1 - weight) * pulled + weight * held)


@njit("(f8[:,:,:], f8[:,:], i8[:], f8[:], i8, f8[:,:,:])", cache=True, nogil=True)
def first_choices(
    preference: Floats, incumbent_share: Floats, membership: Indices, rho: Floats, nests: int, choices: Floats
) -> None:
    """Fill `choices` with where rivals' part of a leaving dollar goes: the incumbent's removal from its nest.

    `preference` (customers, rivals, draws) are shares among rivals, `incumbent_share` (customers, draws) the
    incumbent's share of the customer's vendors before the event, `membership` the nest number of each rival and, last,
    of the incumbent, `rho` (draws,). `choices` has the shape of `preference`; it sums to 1 over rivals, or to 0 where
    no rival is preferred at all.
    """
    customers, rivals, draws = preference.shape
    shares, diversion, removed = np.empty(rivals + 1), np.empty(rivals + 1), np.zeros(rivals + 1, dtype=np.bool_)
    removed[rivals] = True
    correlation, work = np.empty(nests), np.empty((3, nests))
    for draw in range(draws):
        correlation[:] = rho[draw]
        for customer in range(customers):
            own = min(max(incumbent_share[customer, draw], SLIVER), 1.0 - SLIVER)
            for rival in range(rivals):
                shares[rival] = preference[customer, rival, draw] * (1.0 - own)
            shares[rivals] = own
            divert(shares, 0.0, removed, membership, correlation, work, diversion)
            choices[customer, :, draw] = diversion[:rivals]


def with_own_options(rivals: Floats, in_house: Floats, not_spent: Floats) -> tuple[Floats, Floats]:
    """Return the whole choice set: rivals then in-house (customers, rivals + 1, draws), and not spent.

    `in_house` and `not_spent` (draws,) are the top-level shares when nothing is full; rivals have the rest. Where no
    rival can be chosen the two share everything in proportion; where they are 0 too nothing can be chosen.
    """
    has_rivals = rivals.sum(axis=1) > 0
    own = in_house + not_spent
    # With no rival to take the rest, the customer chooses between its own two options.
    scale = np.where(has_rivals, 1.0, np.where(own > 0, 1 / np.where(own > 0, own, 1.0), 0.0))
    inside = np.concatenate([rivals * (1 - own), (in_house * scale)[:, None, :]], axis=1)
    return inside, np.asarray(not_spent * scale)


def _normalised(values: Floats) -> Floats:
    total = values.sum(axis=1, keepdims=True)
    return np.asarray(values / np.where(total > 0, total, 1.0))
