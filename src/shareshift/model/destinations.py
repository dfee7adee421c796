"""Where each displaced dollar wants to go, before anybody is full."""

import numpy as np
import numpy.typing as npt
from numba import njit

from shareshift.model.diversion import divert

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
# A customer that pays the incumbent nothing displaces nothing; its diversion is the limit of a vanishing removal.
SLIVER = 1e-12


@njit(
    "(f8[:,:], f8[:], f8[:], f8[:], f8[:,:], f8[:], f8[:], f8[:,:], b1[:], i8[:,:], f8[:,:], f8[:], f8[:,:,:])",
    cache=True,
    nogil=True,
)
def preferences(
    run_rate: Floats,
    size_pull: Floats,
    neutrality: Floats,
    fit: Floats,
    momentum: Floats,
    conflict: Floats,
    independent: Floats,
    match: Floats,
    excluded: Mask,
    wallet: Indices,
    wallets: Floats,
    loyalty: Floats,
    shares: Floats,
) -> None:
    """Fill `shares` (customers, rivals, draws) with each customer's shares among rivals.

    The attraction of a rival is run_rate ** size_pull * exp(neutrality * conflict * independent + fit * match +
    momentum), with `run_rate` and `momentum` (rivals, draws), the sliders (draws,), `conflict` (customers,),
    `independent` (rivals,) and `match` (customers, rivals); that of an excluded rival is 0. A customer with known
    wallets mixes in what it pays rivals already, with the weight `loyalty` (draws,): `wallets` (known, draws) in USD
    per year, `wallet` (customers, rivals) its row or -1. Shares sum to 1 over rivals, or to 0 where nobody attracts.
    """
    customers, rivals, draws = shares.shape
    size = np.empty(rivals)
    for draw in range(draws):
        # Run rates enter relative to the largest, which cancels and keeps the powers small.
        largest = max(run_rate[:, draw].max(), 1e-300)
        for rival in range(rivals):
            relative = run_rate[rival, draw] / largest
            pull = relative ** size_pull[draw] * np.exp(momentum[rival, draw])
            size[rival] = 0.0 if excluded[rival] else pull
        for customer in range(customers):
            drawn, held = 0.0, 0.0
            for rival in range(rivals):
                pull = neutrality[draw] * conflict[customer] * independent[rival] + fit[draw] * match[customer, rival]
                shares[customer, rival, draw] = size[rival] * np.exp(pull)
                drawn += shares[customer, rival, draw]
                if wallet[customer, rival] >= 0 and not excluded[rival]:
                    held += wallets[wallet[customer, rival], draw]
            weight = loyalty[draw] if held > 0.0 else 0.0
            # Where nobody attracts, a known wallet leads the way alone.
            whole = 1.0 if drawn > 0.0 else weight
            for rival in range(rivals):
                part = shares[customer, rival, draw] / drawn if drawn > 0.0 else 0.0
                mixed = (1.0 - weight) * part
                if weight > 0.0 and wallet[customer, rival] >= 0 and not excluded[rival]:
                    mixed += weight * wallets[wallet[customer, rival], draw] / held
                shares[customer, rival, draw] = mixed / whole if whole > 0.0 else 0.0


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
