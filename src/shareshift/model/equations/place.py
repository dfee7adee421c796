"""Where displaced money ends up: every month of every draw, round by round until nobody is over its capacity."""

import numpy as np
from numba import void

from shareshift.basics.kernels import kernel, part, record
from shareshift.model.equations.records import Asked, Book, Lanes, Limits, Moment, Placed, Round, Wishes
from shareshift.model.equations.rounds import first_round, later_rounds, share_out_ends

# Draws whose results are written together: as many as share a line of the processor's cache.
LANES = 8


@part
def _open(wishes: Wishes, limits: Limits, draw: int, block: int, book: Book, now: Round) -> None:
    """Begin a draw: nothing is booked yet, and what everybody wants is counted at a factor of 1."""
    book.total[:] = 0.0
    book.stays[:] = 0.0
    book.rates[:] = 0.0
    book.filled[:] = 0.0
    book.more[:] = 0.0
    book.fate[:] = 0.0
    now.held[:] = False
    now.correlation[:] = limits.rho[draw]
    for group in range(now.seeking.size):
        money, somewhere = wishes.together[group, draw], wishes.outsides[block, group]
        for option in range(book.total.size):
            book.total[option] += money * wishes.choices[block, group, option]
            somewhere += wishes.choices[block, group, option]
        book.stays[0] += money * wishes.outsides[block, group]
        book.stays[1] += 0.0 if somewhere > 0.0 else money
    for option in range(book.total.size):
        book.steady[option] = limits.run_rate[option, draw] / 12.0
        book.able[option] = book.steady[option] * (1.0 + limits.slack[option, draw])


@part
def _flows_of(wishes: Wishes, asked: Asked, draw: int, lane: int, book: Book, lanes: Lanes) -> None:
    """Give every customer its part of what its kind's money came to, by period."""
    block, options = draw - asked.first, book.total.size
    for member in range(lanes.flows.shape[2]):
        group = wishes.kind[asked.customer_from + member]
        whole, money = wishes.together[group, draw], wishes.leaving[asked.customer_from + member, draw]
        share = money / whole if whole > 0.0 else 0.0
        choice, outside = wishes.choices[block, group], wishes.outsides[block, group]
        somewhere = outside + choice.sum()
        for period in range(lanes.flows.shape[1]):
            for column in range(lanes.flows.shape[3]):
                option = asked.column_from + column
                if option < options:
                    came = money * choice[option] * book.filled[period, option]
                elif option == options:
                    came = money * outside * book.rates[period]
                else:
                    came = 0.0 if somewhere > 0.0 else money * book.rates[period]
                lanes.flows[lane, period, member, column] = came + share * book.more[period, group, option]


@part
def _write_out(start: int, count: int, lanes: Lanes, placed: Placed) -> None:
    """Write the results of some draws side by side, from the draw `start` on."""
    for month in range(lanes.taken.shape[1]):
        for option in range(lanes.taken.shape[2]):
            for some in range(count):
                placed.to_options[month, option, start + some] = lanes.taken[some, month, option]
                placed.turned_away[month, option, start + some] = lanes.away[some, month, option]
        for some in range(count):
            placed.not_spent[month, start + some] = lanes.not_spent[some, month]
            placed.unplaced[month, start + some] = lanes.unplaced[some, month]
    for period in range(lanes.flows.shape[1]):
        for member in range(lanes.flows.shape[2]):
            for column in range(lanes.flows.shape[3]):
                for some in range(count):
                    placed.flows[period, member, column, start + some] = lanes.flows[some, period, member, column]


@kernel(void(*map(record, (Wishes, Limits, Asked, Placed, Book, Round, Lanes))), allocates=False)
def _place(wishes: Wishes, limits: Limits, asked: Asked, placed: Placed, book: Book, now: Round, lanes: Lanes) -> None:
    """Place the money of some draws, one after the other and month by month."""
    months, options, follows = wishes.factor.shape[0], book.total.size, placed.ends.shape[0] > 0
    for draw in range(asked.first, asked.last):
        lane, block = (draw - asked.first) % LANES, draw - asked.first
        _open(wishes, limits, draw, block, book, now)
        for month in range(months):
            at = Moment(draw, month, lane, asked.period[month], wishes.factor[month, draw])
            if first_round(limits, at, book, now, lanes):
                if follows:
                    book.more[:] = 0.0
                    for option in range(options):
                        now.refused[option] = 1.0 - now.fill[option]
                later_rounds(wishes, limits, at, block, book, now, lanes)
                if follows:
                    share_out_ends(wishes, block, book, now)
        for option in range(book.fate.shape[0]):
            for end in range(book.fate.shape[1]):
                placed.ends[option, end, draw] = book.fate[option, end]
        _flows_of(wishes, asked, draw, lane, book, lanes)
        if lane == LANES - 1 or draw == asked.last - 1:
            _write_out(draw - lane, lane + 1, lanes, placed)


def place(wishes: Wishes, limits: Limits, asked: Asked, placed: Placed) -> None:
    """Place the displaced money of all months of some draws, and fill `placed` for them.

    Every option over its capacity is filled to it, all customers alike, and is full from then on. Of the money turned
    away the fraction `patience` waits, once; the rest chooses again among the options that are not full, by joint
    removal of those that are. What finds nothing open is unplaced. Waiting once, not at every door, keeps more capacity
    from ever meaning more unmet demand.

    Second choices depend on who is full only, which mostly stays the same from one month to the next, so those of
    each round are kept until the set of full options changes.
    """
    months, options, kinds = len(wishes.factor), len(limits.membership), len(wishes.together)
    periods, members, columns, _ = placed.flows.shape
    nests, empty = limits.membership.max() + 1, np.empty
    book = Book(
        total=empty(options),
        able=empty(options),
        steady=empty(options),
        stays=empty(2),
        rates=empty(periods),
        filled=empty((periods, options)),
        more=empty((periods, kinds, options + 2)),
        fate=empty((len(placed.ends), options + 2)),
    )
    now = Round(
        asked=empty(options),
        left=empty(options),
        fill=empty(options),
        refused=empty(options),
        full=empty(options, dtype=np.bool_),
        seeking=empty(kinds),
        second=empty((options + 1, kinds, options)),
        second_outside=empty((options + 1, kinds)),
        of_full=empty((options + 1, options), dtype=np.bool_),
        held=empty(options + 1, dtype=np.bool_),
        correlation=empty(nests),
        work=empty((3, nests)),
    )
    lanes = Lanes(
        taken=empty((LANES, months, options)),
        away=empty((LANES, months, options)),
        not_spent=empty((LANES, months)),
        unplaced=empty((LANES, months)),
        flows=empty((LANES, periods, members, columns)),
    )
    _place(wishes, limits, asked, placed, book, now, lanes)
