"""One month of one draw, round by round: who is over its capacity, and where what it turns away goes next."""

import numpy as np

from shareshift.basics.kernels import part
from shareshift.model.equations.capacity import grown, spare
from shareshift.model.equations.records import Book, Lanes, Limits, Moment, Round, Wishes
from shareshift.model.equations.second_choices import best_left, second_choice

# Demand this close to the capacity is not over it: it is the same number computed twice.
ROUNDING = 1e-12


@part
def first_round(wishes: Wishes, limits: Limits, at: Moment, book: Book, now: Round, lanes: Lanes) -> bool:
    """Let every option take what it can of first choices; return whether any is over its capacity."""
    any_over = False
    now.asked[:] = 0.0
    lanes.not_spent[at.lane, at.month] = 0.0
    lanes.unplaced[at.lane, at.month] = 0.0
    for group in range(now.seeking.size):
        money, somewhere = wishes.together[at.month, group, at.block], wishes.outsides[at.block, group]
        if money <= 0.0:
            continue
        for option in range(now.full.size):
            now.asked[option] += money * wishes.choices[at.block, group, option]
            somewhere += wishes.choices[at.block, group, option]
        lanes.not_spent[at.lane, at.month] += money * wishes.outsides[at.block, group]
        lanes.unplaced[at.lane, at.month] += 0.0 if somewhere > 0.0 else money
    for option in range(now.full.size):
        book.able[option] = grown(book.able[option], limits.monthly_growth[option, at.draw])
        capacity = np.inf
        if limits.limited:
            growth = limits.path[at.month, option + 1, at.draw]
            market = limits.path[at.month, now.full.size, at.draw]
            capacity = max(spare(book.able[option], book.steady[option], growth, market), 0.0)
        demand = now.asked[option]
        over = demand > capacity * (1.0 + ROUNDING)
        taken = capacity if over else demand
        now.full[option] = over or limits.shut[option]
        any_over |= over
        now.fill[option] = capacity / demand if over else 1.0
        now.left[option] = 0.0 if over else capacity - demand
        lanes.taken[at.lane, at.month, option] = taken
        lanes.away[at.lane, at.month, option] = demand - taken
    return any_over


@part
def _turn_away(wishes: Wishes, limits: Limits, at: Moment, book: Book, now: Round, lanes: Lanes) -> None:
    """Split what each kind's first choices turn away into what waits, as unmet demand, and what seeks on."""
    for group in range(now.seeking.size):
        away = 0.0
        for option in range(now.full.size):
            if now.full[option]:
                away += wishes.choices[at.block, group, option] * (1.0 - now.fill[option])
        away *= wishes.together[at.month, group, at.block]
        waits = away * limits.patience[at.draw] if at.month < limits.closes else 0.0
        lanes.unplaced[at.lane, at.month] += waits
        now.seeking[group] = away - waits
        book.more[group, now.full.size + 1] += waits


@part
def _second_choices(wishes: Wishes, limits: Limits, at: Moment, depth: int, now: Round) -> None:
    """Find second choices, the full options taken out jointly, unless those of this round are there already."""
    same = now.held[depth]
    for option in range(now.full.size):
        same &= now.of_full[depth, option] == now.full[option]
        now.of_full[depth, option] = now.full[option]
    if same:
        return
    now.held[depth] = True
    # What later rounds hold rests on who was full in this one.
    now.held[depth + 1 :] = False
    for group in range(now.seeking.size):
        # Who has nothing to place in the last month never has: what has left only grows.
        if wishes.together[-1, group, at.block] > 0.0:
            if now.nests.rho[0] > 0.0:
                shares = wishes.shares[at.block, group]
                if depth == 0 and not now.begun[0]:
                    best_left(shares, limits.shut, now.nests, now.best[group, 0])
                best_left(shares, now.full, now.nests, now.best[group, depth + 1])
            now.second_outside[depth, group] = second_choice(
                wishes.choices[at.block, group], wishes.outsides[at.block, group], now.full, now.nests,
                now.best[group, depth : depth + 2], now.second[depth, group],
            )  # fmt: skip
    now.begun[0] = True


@part
def _choose_again(at: Moment, depth: int, book: Book, now: Round, lanes: Lanes) -> None:
    """Fill `asked` with what comes to each option; what goes unspent or finds nothing open is booked."""
    options = now.full.size
    now.asked[:] = 0.0
    for group in range(now.seeking.size):
        money = now.seeking[group]
        if money <= 0.0:
            continue
        beyond = now.second_outside[depth, group]
        if beyond < 0.0:
            lanes.unplaced[at.lane, at.month] += money
            now.seeking[group] = 0.0
            book.more[group, options + 1] += money
            continue
        lanes.not_spent[at.lane, at.month] += money * beyond
        book.more[group, options] += money * beyond
        for option in range(options):
            now.asked[option] += money * now.second[depth, group, option]


@part
def _take(at: Moment, now: Round, lanes: Lanes) -> bool:
    """Let every option take what it can of `asked`; return whether any was over what it had left."""
    again = False
    for option in range(now.full.size):
        over = now.asked[option] > now.left[option] * (1.0 + ROUNDING)
        taken = now.left[option] if over else now.asked[option]
        now.fill[option] = now.left[option] / now.asked[option] if over else 1.0
        again |= over
        now.full[option] |= over
        lanes.taken[at.lane, at.month, option] += taken
        lanes.away[at.lane, at.month, option] += now.asked[option] - taken
        now.left[option] -= taken
    return again


@part
def later_rounds(wishes: Wishes, limits: Limits, at: Moment, book: Book, now: Round, lanes: Lanes) -> None:
    """Let what full options turn away wait or choose again, until nobody is over its capacity."""
    _turn_away(wishes, limits, at, book, now, lanes)
    depth, again = 0, True
    while again:
        _second_choices(wishes, limits, at, depth, now)
        _choose_again(at, depth, book, now, lanes)
        again = _take(at, now, lanes)
        for group in range(now.seeking.size):
            if now.seeking[group] > 0.0:
                for option in range(now.full.size):
                    came = now.seeking[group] * now.second[depth, group, option] * now.fill[option]
                    book.more[group, option] += came
        if again:
            for group in range(now.seeking.size):
                if now.seeking[group] > 0.0:
                    away = 0.0
                    for option in range(now.full.size):
                        away += now.second[depth, group, option] * (1.0 - now.fill[option])
                    now.seeking[group] *= away
        depth += 1


@part
def share_out_ends(wishes: Wishes, block: int, book: Book, now: Round) -> None:
    """Give each option that turned first choices away its part in what became of them, `more` of the month."""
    options = now.full.size
    for group in range(now.seeking.size):
        away = 0.0
        for option in range(options):
            away += wishes.choices[block, group, option] * (1.0 - now.met[option])
        if away > 0.0:
            for option in range(options):
                share = wishes.choices[block, group, option] * (1.0 - now.met[option]) / away
                for end in range(options + 2):
                    book.fate[option, end] += share * book.more[group, end]
