"""Rivals cannot grow overnight: how much room there is, and what happens to money that finds none."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
# (shares, outside, removed, rho) -> (diversion to options, to the outside, whether anything is open)
Removal = Callable[[Floats, Floats, Mask, Floats], tuple[Floats, Floats, Mask]]
# Demand this close to the room is not over it: it is the same number reckoned twice.
ROUNDING = 1e-12


def headroom(run_rate: Floats, slack: Floats, monthly_growth: Floats, no_event: Floats) -> Floats:
    """Return what each option can take on in each month, in USD; shape (options, months, draws).

    ((run_rate / 12) (1 + slack) (1 + monthly_growth) ** t - no_event)+, with `run_rate` (USD per year), `slack` and
    `monthly_growth` (options, draws), and `no_event` the no-event delivery (options, months, draws) in USD.
    """
    months = np.arange(1, no_event.shape[1] + 1, dtype=np.float64)
    able = (1 + monthly_growth[:, None, :]) ** months[None, :, None]
    return np.asarray(np.maximum((run_rate / 12 * (1 + slack))[:, None, :] * able - no_event, 0.0))


@dataclass(frozen=True, kw_only=True)
class Placed:
    """Where one month's displaced money ended up, in USD.

    `flows` is (customers, options, draws), `not_spent` and `unplaced` (customers, draws). `wanted` is the demand for
    each option before anybody is full and `spilled` what it turned away in all rounds, both (options, draws).
    """

    flows: Floats
    not_spent: Floats
    unplaced: Floats
    wanted: Floats
    spilled: Floats


@dataclass
class Rediversion:
    """Second choices by round, kept from month to month.

    They depend on who is full and not on the month, and mostly the same options are full in the next month: only
    draws in which that set changed are reckoned again.
    """

    removal: Removal
    shares: Floats
    outside: Floats
    rho: Floats
    rounds: list[tuple[Mask, Floats, Floats, Mask]] = field(default_factory=list)

    def at(self, depth: int, full: Mask, draws: npt.NDArray[np.intp]) -> tuple[Floats, Floats, Mask]:
        """Return the diversion from the full options in the given draws; `full` is (options, len(draws))."""
        if depth == len(self.rounds):
            customers, _, count = self.shares.shape
            nobody = np.zeros((self.shares.shape[1], count), dtype=np.bool_)
            empty = np.zeros((customers, count))
            self.rounds.append((nobody, np.zeros_like(self.shares), empty, empty.astype(np.bool_)))
        held, options, outside, open_ = self.rounds[depth]
        changed = draws[(held[:, draws] != full).any(axis=0)]
        if changed.size:
            now = full[:, np.isin(draws, changed, assume_unique=True)]
            moved = self.removal(self.shares[:, :, changed], self.outside[:, changed], now, self.rho[changed])
            held[:, changed], options[:, :, changed], outside[:, changed], open_[:, changed] = (now, *moved)
        if draws.size == self.shares.shape[2]:
            return options, outside, open_
        return options[:, :, draws], outside[:, draws], open_[:, draws]


def place(money: Floats, choices: Rediversion, room: Floats, patience: Floats) -> Placed:
    """Place one month's displaced money, round by round, until nobody is over its room.

    `money` is (customers, draws) in USD, `room` (options, draws) in USD, `patience` (draws,). Every option over its
    room is filled to it, all customers alike, and is full from then on. Of the money turned away the fraction
    `patience` waits, once; the rest chooses again among the options that are not full. What finds nothing open is
    unplaced. Waiting once, not at every door, keeps more room from ever meaning more unplaced money.
    """
    flows = money[:, None, :] * choices.shares
    not_spent = money * choices.outside
    wanted = flows.sum(axis=0)
    nowhere = np.where(choices.outside + choices.shares.sum(axis=1) > 0, 0.0, money)
    full = wanted > room * (1 + ROUNDING)
    spilled = np.zeros_like(wanted)
    draws = np.flatnonzero(full.any(axis=0))
    if not draws.size:
        return Placed(flows=flows, not_spent=not_spent, unplaced=nowhere, wanted=wanted, spilled=spilled)
    unplaced = nowhere
    over, demand, left, arriving = full[:, draws], wanted[:, draws], room[:, draws], flows[:, :, draws]
    flows[:, :, draws] = 0.0
    shut = over.copy()
    seeking = np.zeros((money.shape[0], draws.size))
    waits = patience[draws]
    for depth in range(room.shape[0] + 1):
        fill = np.divide(left, demand, out=np.ones_like(demand), where=over)
        taken = arriving * fill
        flows[:, :, draws] += taken
        turned_away = np.where(over, demand - left, 0.0)
        spilled[:, draws] += turned_away
        left = np.where(over, 0.0, np.maximum(left - demand, 0.0))
        seeking = (arriving * (1 - fill)).sum(axis=1)
        unplaced[:, draws] += seeking * waits
        seeking = seeking * (1 - waits)
        active = np.flatnonzero(over.any(axis=0))
        if not active.size:
            break
        if active.size < draws.size:
            draws, shut, left, seeking = draws[active], shut[:, active], left[:, active], seeking[:, active]
        options, outside, open_ = choices.at(depth, shut, draws)
        arriving = seeking[:, None, :] * options
        not_spent[:, draws] += seeking * outside
        unplaced[:, draws] += np.where(open_, 0.0, seeking)
        demand = arriving.sum(axis=0)
        over = demand > left * (1 + ROUNDING)
        shut = shut | over
        waits = np.zeros(draws.size)
    return Placed(flows=flows, not_spent=not_spent, unplaced=unplaced, wanted=wanted, spilled=spilled)
