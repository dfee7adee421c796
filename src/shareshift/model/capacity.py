"""Rivals cannot grow overnight: how much room there is, and what happens to money that finds none."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from numba import njit

from shareshift.model.diversion import divert

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
# Demand this close to the room is not over it: it is the same number reckoned twice.
ROUNDING = 1e-12


def headroom(run_rate: Floats, slack: Floats, monthly_growth: Floats, no_event: Floats) -> Floats:
    """Return what each option can take on in each month, in USD; shape (months, options, draws).

    ((run_rate / 12) (1 + slack) (1 + monthly_growth) ** t - no_event)+, with `run_rate` (USD per year), `slack` and
    `monthly_growth` (options, draws), and `no_event` the no-event delivery (months, options, draws) in USD.
    """
    able = run_rate / 12 * (1 + slack)
    room = np.empty_like(no_event)
    for month in range(no_event.shape[0]):
        able = able * (1 + monthly_growth)
        np.maximum(able - no_event[month], 0.0, out=room[month])
    return room


@dataclass(frozen=True, kw_only=True)
class Placed:
    """Where displaced money ended up, in USD.

    By month: `to_options` and `spilled` (turned away, in all rounds) are (months, options, draws), `not_spent` and
    `unplaced` (months, customers, draws). Over all months: `cumulative` (customers, options + 2, draws), the last two
    being not spent and unplaced.
    """

    to_options: Floats
    spilled: Floats
    not_spent: Floats
    unplaced: Floats
    cumulative: Floats

    @classmethod
    def empty(cls, months: int, customers: int, options: int, draws: int) -> "Placed":
        """Return arrays of the right shapes, to be filled."""
        return cls(
            to_options=np.empty((months, options, draws)),
            spilled=np.empty((months, options, draws)),
            not_spent=np.empty((months, customers, draws)),
            unplaced=np.empty((months, customers, draws)),
            cumulative=np.empty((customers, options + 2, draws)),
        )


def place(
    placed: Placed,
    leaving: Floats,
    factor: Floats,
    shares: Floats,
    outside: Floats,
    room: Floats,
    patience: Floats,
    membership: Indices,
    rho: Floats,
) -> None:
    """Place the displaced money of all months, round by round, until nobody is over its room.

    Displaced is `leaving` (customers, draws) USD per month times `factor` (months, draws). `shares` (customers,
    options, draws) and `outside` (customers, draws) say where it wants to go, `room` (months, options, draws) in USD
    what each option can take, `patience` (draws,) which part waits; `membership` (options,) is the nest number of each
    option, from 0, and `rho` (draws,) the correlation within nests. The arrays of `placed` are filled.

    Every option over its room is filled to it, all customers alike, and is full from then on. Of the money turned
    away the fraction `patience` waits, once; the rest chooses again among the options that are not full, by joint
    removal of those that are. What finds nothing open is unplaced. Waiting once, not at every door, keeps more room
    from ever meaning more unplaced money.
    """
    # Arrays that lie close together, which the speed of the kernels rests on.
    leaving, factor, shares, outside, room = map(np.ascontiguousarray, (leaving, factor, shares, outside, room))
    arrays = (placed.to_options, placed.spilled, placed.not_spent, placed.unplaced, placed.cumulative)
    total, bound = np.empty(shares.shape[1:]), np.empty(factor.shape, dtype=np.bool_)
    _place_first(leaving, factor, shares, outside, room, total, bound, *arrays)
    # Copies, because numba takes arrays that may not be written for another type.
    given = (np.array(patience), membership, np.array(rho), total, bound)
    _place_again(leaving, factor, shares, outside, room, *given, *arrays)
    np.sum(placed.not_spent, axis=0, out=placed.cumulative[:, -2])
    np.sum(placed.unplaced, axis=0, out=placed.cumulative[:, -1])


# One signature each, so that they are compiled once and kept beside the module for the next start.
@njit(
    "(f8[:,::1], f8[:,::1], f8[:,:,::1], f8[:,::1], f8[:,:,::1], f8[:,::1], b1[:,::1], "
    "f8[:,:,::1], f8[:,:,::1], f8[:,:,::1], f8[:,:,::1], f8[:,:,::1])",
    cache=True,
    nogil=True,
)
def _place_first(
    leaving: Floats,
    factor: Floats,
    shares: Floats,
    outside: Floats,
    room: Floats,
    total: Floats,
    bound: Mask,
    to_options: Floats,
    spilled: Floats,
    not_spent: Floats,
    unplaced: Floats,
    cumulative: Floats,
) -> None:
    """Place what finds room at once, draws innermost; fills `total` (options, draws) and `bound` (months, draws).

    Choices do not depend on the month, so demand is a choice times a month's factor.
    """
    customers, options, draws = shares.shape
    total[:] = 0.0
    bound[:] = False
    for customer in range(customers):
        for option in range(options):
            for draw in range(draws):
                total[option, draw] += leaving[customer, draw] * shares[customer, option, draw]
    taken_in_all = np.zeros((options, draws))
    for month in range(factor.shape[0]):
        for option in range(options):
            for draw in range(draws):
                demand = total[option, draw] * factor[month, draw]
                over = demand > room[month, option, draw] * (1.0 + ROUNDING)
                taken = room[month, option, draw] if over else demand
                to_options[month, option, draw] = taken
                spilled[month, option, draw] = demand - taken
                taken_in_all[option, draw] += taken
                bound[month, draw] |= over
        for customer in range(customers):
            for draw in range(draws):
                money = leaving[customer, draw] * factor[month, draw]
                not_spent[month, customer, draw] = money * outside[customer, draw]
                unplaced[month, customer, draw] = 0.0
    for customer in range(customers):
        for option in range(options):
            for draw in range(draws):
                # All customers of a full option are scaled alike: each has its part of what the option takes.
                wish = leaving[customer, draw] * shares[customer, option, draw]
                part = wish / total[option, draw] if total[option, draw] > 0.0 else 0.0
                cumulative[customer, option, draw] = part * taken_in_all[option, draw]
        for draw in range(draws):
            if outside[customer, draw] <= 0.0 and not shares[customer, :, draw].any():
                for month in range(factor.shape[0]):
                    unplaced[month, customer, draw] = leaving[customer, draw] * factor[month, draw]


@njit(
    "(f8[:,::1], f8[:,::1], f8[:,:,::1], f8[:,::1], f8[:,:,::1], f8[::1], i8[::1], f8[::1], f8[:,::1], b1[:,::1], "
    "f8[:,:,::1], f8[:,:,::1], f8[:,:,::1], f8[:,:,::1], f8[:,:,::1])",
    cache=True,
    nogil=True,
)
def _place_again(
    leaving: Floats,
    factor: Floats,
    shares: Floats,
    outside: Floats,
    room: Floats,
    patience: Floats,
    membership: Indices,
    rho: Floats,
    total: Floats,
    bound: Mask,
    to_options: Floats,
    spilled: Floats,
    not_spent: Floats,
    unplaced: Floats,
    cumulative: Floats,
) -> None:
    """Let what was turned away wait or choose again, round by round, in the months of draws in which it was.

    Second choices depend on who is full only, which mostly stays the same from one month to the next, so those of
    each round are kept until the set of full options changes.
    """
    customers, options, draws = shares.shape
    choice, wish = np.empty((customers, options)), np.empty((customers, options))
    demand, left, fill = np.empty(options), np.empty(options), np.empty(options)
    full = np.empty(options, dtype=np.bool_)
    seeking = np.empty(customers)
    second, second_outside = np.empty((options + 1, customers, options)), np.empty((options + 1, customers))
    of_full, held = np.empty((options + 1, options), dtype=np.bool_), np.empty(options + 1, dtype=np.bool_)
    nests = membership.max() + 1
    correlation, work = np.empty(nests), np.empty((3, nests))
    for draw in range(draws):
        if not bound[:, draw].any():
            continue
        correlation[:] = rho[draw]
        held[:] = False
        for customer in range(customers):
            for option in range(options):
                choice[customer, option] = shares[customer, option, draw]
                wish[customer, option] = leaving[customer, draw] * choice[customer, option]
        for month in range(factor.shape[0]):
            if not bound[month, draw]:
                continue
            rate = factor[month, draw]
            for option in range(options):
                asked, able = total[option, draw] * rate, room[month, option, draw]
                full[option] = asked > able * (1.0 + ROUNDING)
                fill[option] = able / asked if full[option] else 1.0
                left[option] = 0.0 if full[option] else able - asked
            for customer in range(customers):
                away = 0.0
                for option in range(options):
                    away += wish[customer, option] * rate * (1.0 - fill[option])
                unplaced[month, customer, draw] += away * patience[draw]
                seeking[customer] = away * (1.0 - patience[draw])
            depth, again = 0, True
            while again:
                if not held[depth] or (of_full[depth] != full).any():
                    held[depth] = True
                    of_full[depth] = full
                    for customer in range(customers):
                        if leaving[customer, draw] > 0.0:
                            own, result = outside[customer, draw], second[depth, customer]
                            second_outside[depth, customer] = divert(
                                choice[customer], own, full, membership, correlation, work, result
                            )
                demand[:] = 0.0
                for customer in range(customers):
                    if seeking[customer] <= 0.0:
                        continue
                    if second_outside[depth, customer] < 0.0:
                        unplaced[month, customer, draw] += seeking[customer]
                        seeking[customer] = 0.0
                        continue
                    not_spent[month, customer, draw] += seeking[customer] * second_outside[depth, customer]
                    for option in range(options):
                        demand[option] += seeking[customer] * second[depth, customer, option]
                again = False
                for option in range(options):
                    over = demand[option] > left[option] * (1.0 + ROUNDING)
                    taken = left[option] if over else demand[option]
                    fill[option] = left[option] / demand[option] if over else 1.0
                    again |= over
                    full[option] |= over
                    to_options[month, option, draw] += taken
                    spilled[month, option, draw] += demand[option] - taken
                    left[option] -= taken
                for customer in range(customers):
                    if seeking[customer] <= 0.0:
                        continue
                    away = 0.0
                    for option in range(options):
                        money = seeking[customer] * second[depth, customer, option]
                        cumulative[customer, option, draw] += money * fill[option]
                        away += money * (1.0 - fill[option])
                    seeking[customer] = away
                depth += 1
