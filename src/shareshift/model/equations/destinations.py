"""Where each displaced dollar wants to go, before anybody is full."""

from typing import Annotated, NamedTuple

import numpy as np
from numba import float64, int64, void

from shareshift.basics.arrays import Floats, Indices
from shareshift.basics.kernels import kernel, record
from shareshift.model.equations.diversion import divert

# A customer that pays the incumbent nothing displaces nothing; its diversion is the limit of a vanishing removal.
SLIVER = 1e-12


class Pulls(NamedTuple):
    """What is drawn of attraction: `run_rate` and `momentum` (rivals, draws), `wallets` (known, draws), sliders.

    `loyalty` (customers, draws) is the weight of the wallets that are known of a customer.
    """

    run_rate: Annotated[Floats, float64[:, ::1]]
    momentum: Annotated[Floats, float64[:, ::1]]
    wallets: Annotated[Floats, float64[:, ::1]]
    size_pull: Annotated[Floats, float64[::1]]
    neutrality: Annotated[Floats, float64[::1]]
    fit: Annotated[Floats, float64[::1]]
    loyalty: Annotated[Floats, float64[:, ::1]]


class Facts(NamedTuple):
    """What is certain of customers and rivals.

    `conflict` (customers,), `independent` (rivals,), the match, 0..1, `matches[match]` with `match` (customers,
    rivals), -1 where a rival cannot serve a customer; `there` (customers, rivals), its size for that customer over its
    run rate, and `wallet` (customers, rivals), the row of a known wallet or -1.
    """

    conflict: Annotated[Floats, float64[::1]]
    independent: Annotated[Floats, float64[::1]]
    matches: Annotated[Floats, float64[::1]]
    match: Annotated[Indices, int64[:, ::1]]
    there: Annotated[Floats, float64[:, ::1]]
    wallet: Annotated[Indices, int64[:, ::1]]


@kernel(void(record(Pulls), record(Facts), float64[:, :, ::1]))
def preferences(pulls: Pulls, facts: Facts, shares: Floats) -> None:
    """Fill `shares` (draws, customers, rivals) with each customer's shares among rivals.

    The attraction of a rival is (run_rate there) ** size_pull * exp(neutrality * conflict * independent + fit * match +
    momentum). A customer with known wallets, USD per year, mixes in what it pays rivals already, with the weight
    `loyalty`. Shares sum to 1 over rivals, or to 0 where nobody attracts.
    """
    run_rate, momentum, wallets, size_pull, neutrality, fit, loyalty = pulls
    conflict, independent, matches, match, there, wallet = facts
    draws, customers, rivals = shares.shape
    size, fits = np.empty(rivals), np.empty(matches.size)
    for draw in range(draws):
        # Run rates enter relative to the largest, which cancels and keeps the powers small.
        largest = max(run_rate[:, draw].max(), 1e-300)
        for rival in range(rivals):
            relative = run_rate[rival, draw] / largest
            size[rival] = relative ** size_pull[draw] * np.exp(momentum[rival, draw])
        # Few matches differ, so their exponentials are taken once a draw.
        for level in range(matches.size):
            fits[level] = np.exp(fit[draw] * matches[level]) if matches[level] >= 0.0 else 0.0
        for customer in range(customers):
            drawn, held = 0.0, 0.0
            neutral = np.exp(neutrality[draw] * conflict[customer])
            for rival in range(rivals):
                pull = (
                    neutral
                    if independent[rival] == 1.0
                    else 1.0
                    if independent[rival] == 0.0
                    else neutral ** independent[rival]
                )
                here = size[rival] * pull * fits[match[customer, rival]]
                if there[customer, rival] != 1.0:
                    here *= there[customer, rival] ** size_pull[draw]
                shares[draw, customer, rival] = here
                drawn += shares[draw, customer, rival]
                if wallet[customer, rival] >= 0:
                    held += wallets[wallet[customer, rival], draw]
            weight = loyalty[customer, draw] if held > 0.0 else 0.0
            # Where nobody attracts, a known wallet leads the way alone.
            whole = 1.0 if drawn > 0.0 else weight
            for rival in range(rivals):
                part = shares[draw, customer, rival] / drawn if drawn > 0.0 else 0.0
                mixed = (1.0 - weight) * part
                if weight > 0.0 and wallet[customer, rival] >= 0:
                    mixed += weight * wallets[wallet[customer, rival], draw] / held
                shares[draw, customer, rival] = mixed / whole if whole > 0.0 else 0.0


@kernel("(f8[:,:,::1], f8[:,:], i8[:], f8[:], i8, f8[:,:,::1])")
def first_choices(
    preference: Floats, incumbent_share: Floats, membership: Indices, rho: Floats, nests: int, choices: Floats
) -> None:
    """Fill `choices` with where rivals' part of a leaving dollar goes: the incumbent's removal from its nest.

    `preference` (draws, customers, rivals) are shares among rivals, `incumbent_share` (customers, draws) the
    incumbent's share of the customer's vendors before the event, `membership` the nest number of each rival and, last,
    of the incumbent, `rho` (draws,). `choices` has the shape of `preference`; it sums to 1 over rivals, or to 0 where
    no rival is preferred at all.
    """
    draws, customers, rivals = preference.shape
    shares, diversion, removed = np.empty(rivals + 1), np.empty(rivals + 1), np.zeros(rivals + 1, dtype=np.bool_)
    removed[rivals] = True
    correlation, work = np.empty(nests), np.empty((3, nests))
    for draw in range(draws):
        correlation[:] = rho[draw]
        for customer in range(customers):
            own = min(max(incumbent_share[customer, draw], SLIVER), 1.0 - SLIVER)
            for rival in range(rivals):
                shares[rival] = preference[draw, customer, rival] * (1.0 - own)
            shares[rivals] = own
            divert(shares, 0.0, removed, membership, correlation, work, diversion)
            for rival in range(rivals):
                choices[draw, customer, rival] = diversion[rival]


@kernel("(f8[:,:,::1], f8[:], f8[:], f8[:,:,::1], f8[:,::1])")
def with_own_options(rivals: Floats, in_house: Floats, not_spent: Floats, choices: Floats, outsides: Floats) -> None:
    """Fill `choices` (draws, customers, rivals + 1) with rivals then in-house, `outsides` (draws, customers) the rest.

    `rivals` (draws, customers, rivals) are shares among rivals; `in_house` and `not_spent` (draws,) are the top-level
    shares when nothing is full, and rivals have what is left. Where no rival can be chosen the two share everything in
    proportion; where they are 0 too nothing can be chosen.
    """
    for draw in range(rivals.shape[0]):
        own = in_house[draw] + not_spent[draw]
        for customer in range(rivals.shape[1]):
            some = False
            for rival in range(rivals.shape[2]):
                choices[draw, customer, rival] = rivals[draw, customer, rival] * (1.0 - own)
                some |= rivals[draw, customer, rival] > 0.0
            # With no rival to take the rest, the customer chooses between its own two options.
            scale = 1.0 if some else 1.0 / own if own > 0.0 else 0.0
            choices[draw, customer, rivals.shape[2]] = in_house[draw] * scale
            outsides[draw, customer] = not_spent[draw] * scale
