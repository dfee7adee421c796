"""Rivals cannot grow overnight: how much room there is, and what happens to money that finds none."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from numba import njit

from shareshift.model.diversion import divert

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]
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
    arrays = (placed.to_options, placed.spilled, placed.not_spent, placed.unplaced, placed.cumulative)
    # Copies, because numba takes arrays that may not be written for another type.
    _place(leaving, factor, shares, outside, room, np.array(patience), membership, np.array(rho), *arrays)


# One signature, so that it is compiled once and kept beside the module for the next start.
@njit(
    "(f8[:,:], f8[:,:], f8[:,:,:], f8[:,:], f8[:,:,:], f8[:], i8[:], f8[:], "
    "f8[:,:,:], f8[:,:,:], f8[:,:,:], f8[:,:,:], f8[:,:,:])",
    cache=True,
    nogil=True,
)
def _place(
    leaving: Floats,
    factor: Floats,
    shares: Floats,
    outside: Floats,
    room: Floats,
    patience: Floats,
    membership: Indices,
    rho: Floats,
    to_options: Floats,
    spilled: Floats,
    not_spent: Floats,
    unplaced: Floats,
    cumulative: Floats,
) -> None:
    """Fill the arrays of a `Placed`, draw by draw.

    Choices do not depend on the month, so what goes to an option before anybody is full is a choice times a month's
    factor; second choices depend on who is full only, which mostly stays the same from one month to the next.
    """
    customers, options, draws = shares.shape
    months = factor.shape[0]
    choice = np.empty((customers, options))
    wish, total, kept = np.empty((customers, options)), np.empty(options), np.empty(options)
    demand, left, fill = np.empty(options), np.empty(options), np.empty(options)
    full, over = np.empty(options, dtype=np.bool_), np.empty(options, dtype=np.bool_)
    seeking, waiting = np.empty(customers), np.empty(customers)
    # Second choices of each round, and the set of full options they belong to.
    second, second_outside = np.empty((options + 1, customers, options)), np.empty((options + 1, customers))
    of_full, held = np.empty((options + 1, options), dtype=np.bool_), np.empty(options + 1, dtype=np.bool_)
    nests = membership.max() + 1
    correlation, work = np.empty(nests), np.empty((3, nests))
    for draw in range(draws):
        correlation[:] = rho[draw]
        held[:] = False
        total[:] = 0.0
        kept[:] = 0.0
        for customer in range(customers):
            for option in range(options):
                choice[customer, option] = shares[customer, option, draw]
                wish[customer, option] = leaving[customer, draw] * choice[customer, option]
                total[option] += wish[customer, option]
            cumulative[customer, :, draw] = 0.0
        for month in range(months):
            rate = factor[month, draw]
            bound = False
            for option in range(options):
                demand[option] = total[option] * rate
                left[option] = room[month, option, draw]
                full[option] = demand[option] > left[option] * (1.0 + ROUNDING)
                taken = left[option] if full[option] else demand[option]
                fill[option] = left[option] / demand[option] if full[option] else 1.0
                bound |= full[option]
                kept[option] += rate * fill[option]
                to_options[month, option, draw] = taken
                spilled[month, option, draw] = demand[option] - taken
                left[option] -= taken
            for customer in range(customers):
                money = leaving[customer, draw] * rate
                seeking[customer] = 0.0
                for option in range(options):
                    if full[option]:
                        seeking[customer] += wish[customer, option] * rate * (1.0 - fill[option])
                waiting[customer] = seeking[customer] * patience[draw]
                seeking[customer] -= waiting[customer]
                not_spent[month, customer, draw] = money * outside[customer, draw]
                if outside[customer, draw] <= 0.0 and not choice[customer].any():
                    waiting[customer] = money
            depth = 0
            while bound:
                if not held[depth] or (of_full[depth] != full).any():
                    held[depth] = True
                    of_full[depth] = full
                    for customer in range(customers):
                        if leaving[customer, draw] > 0.0:
                            second_outside[depth, customer] = divert(
                                choice[customer],
                                outside[customer, draw],
                                full,
                                membership,
                                correlation,
                                work,
                                second[depth, customer],
                            )
                demand[:] = 0.0
                for customer in range(customers):
                    if seeking[customer] <= 0.0:
                        continue
                    if second_outside[depth, customer] < 0.0:
                        waiting[customer] += seeking[customer]
                        seeking[customer] = 0.0
                        continue
                    money = seeking[customer] * second_outside[depth, customer]
                    not_spent[month, customer, draw] += money
                    for option in range(options):
                        demand[option] += seeking[customer] * second[depth, customer, option]
                bound = False
                for option in range(options):
                    over[option] = demand[option] > left[option] * (1.0 + ROUNDING)
                    taken = left[option] if over[option] else demand[option]
                    fill[option] = left[option] / demand[option] if over[option] else 1.0
                    bound |= over[option]
                    full[option] |= over[option]
                    to_options[month, option, draw] += taken
                    spilled[month, option, draw] += demand[option] - taken
                    left[option] -= taken
                for customer in range(customers):
                    again = 0.0
                    for option in range(options):
                        money = seeking[customer] * second[depth, customer, option] if seeking[customer] > 0.0 else 0.0
                        cumulative[customer, option, draw] += money * fill[option]
                        if over[option]:
                            again += money * (1.0 - fill[option])
                    seeking[customer] = again
                depth += 1
            for customer in range(customers):
                unplaced[month, customer, draw] = waiting[customer]
        for customer in range(customers):
            for option in range(options):
                # All customers of a full option are scaled alike: each has the same part of what the option takes.
                cumulative[customer, option, draw] += wish[customer, option] * kept[option]
            for month in range(months):
                cumulative[customer, options, draw] += not_spent[month, customer, draw]
                cumulative[customer, options + 1, draw] += unplaced[month, customer, draw]
