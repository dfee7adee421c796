"""One month of one draw, round by round: who is over its capacity, and where what it turns away goes next."""

import numpy as np

from shareshift.basics.kernels import part
from shareshift.model.equations.capacity import grown, spare
from shareshift.model.equations.diversion import divert
from shareshift.model.equations.records import Book, Lanes, Limits, Moment, Round, Wishes

# Demand this close to the capacity is not over it: it is the same number reckoned twice.
ROUNDING = 1e-12


@part
def first_round(limits: Limits, at: Moment, book: Book, now: Round, lanes: Lanes) -> bool:
    """Let every option take what it can of first choices; return whether any is over its capacity."""
    any_over = False
    for option in range(book.total.size):
        book.able[option] = grown(book.able[option], limits.monthly_growth[option, at.draw])
        capacity = np.inf
        if limits.limited:
            growth = limits.path[at.month, option + 1, at.draw]
            market = limits.path[at.month, book.total.size, at.draw]
            capacity = max(spare(book.able[option], book.steady[option], growth, market), 0.0)
        demand = book.total[option] * at.rate
        over = demand > capacity * (1.0 + ROUNDING)
        taken = capacity if over else demand
        now.full[option] = over
        any_over |= over
        now.fill[option] = capacity / demand if over else 1.0
        now.left[option] = 0.0 if over else capacity - demand
        lanes.taken[at.lane, at.month, option] = taken
        lanes.away[at.lane, at.month, option] = demand - taken
    lanes.not_spent[at.lane, at.month] = book.stays[0] * at.rate
    lanes.unplaced[at.lane, at.month] = book.stays[1] * at.rate
    if at.period >= 0:
        book.rates[at.period] += at.rate
        for option in range(book.total.size):
            book.filled[at.period, option] += at.rate * now.fill[option]
    return any_over


@part
def _turn_away(wishes: Wishes, limits: Limits, at: Moment, block: int, book: Book, now: Round, lanes: Lanes) -> None:
    """Split what each kind's first choices turn away into what waits, as unmet demand, and what seeks on."""
    for group in range(now.seeking.size):
        away = 0.0
        for option in range(now.full.size):
            if now.full[option]:
                away += wishes.choices[block, group, option] * (1.0 - now.fill[option])
        away *= wishes.together[group, at.draw] * at.rate
        waits = away * limits.patience[at.draw]
        lanes.unplaced[at.lane, at.month] += waits
        now.seeking[group] = away - waits
        if at.period >= 0:
            book.more[at.period, group, now.full.size + 1] += waits


@part
def _second_choices(wishes: Wishes, limits: Limits, at: Moment, block: int, depth: int, now: Round) -> None:
    """Reckon second choices by joint removal of the full options, unless those of this round are there already."""
    same = now.held[depth]
    for option in range(now.full.size):
        same &= now.of_full[depth, option] == now.full[option]
        now.of_full[depth, option] = now.full[option]
    if same:
        return
    now.held[depth] = True
    for group in range(now.seeking.size):
        if wishes.together[group, at.draw] > 0.0:
            now.second_outside[depth, group] = divert(
                wishes.choices[block, group], wishes.outsides[block, group], now.full, limits.membership,
                now.correlation, now.work, now.second[depth, group],
            )  # fmt: skip


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
            if at.period >= 0:
                book.more[at.period, group, options + 1] += money
            continue
        lanes.not_spent[at.lane, at.month] += money * beyond
        if at.period >= 0:
            book.more[at.period, group, options] += money * beyond
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
def later_rounds(wishes: Wishes, limits: Limits, at: Moment, block: int, book: Book, now: Round, lanes: Lanes) -> None:
    """Let what full options turn away wait or choose again, until nobody is over its capacity.

    `block` is the draw's place in the block.
    """
    _turn_away(wishes, limits, at, block, book, now, lanes)
    depth, again = 0, True
    while again:
        _second_choices(wishes, limits, at, block, depth, now)
        _choose_again(at, depth, book, now, lanes)
        again = _take(at, now, lanes)
        if at.period >= 0:
            for group in range(now.seeking.size):
                if now.seeking[group] > 0.0:
                    for option in range(now.full.size):
                        came = now.seeking[group] * now.second[depth, group, option] * now.fill[option]
                        book.more[at.period, group, option] += came
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
            away += wishes.choices[block, group, option] * now.refused[option]
        if away > 0.0:
            for option in range(options):
                share = wishes.choices[block, group, option] * now.refused[option] / away
                for end in range(options + 2):
                    book.fate[option, end] += share * book.more[0, group, end]
