"""Where displaced money ends up: every month of every draw, round by round until nobody is over its capacity."""

import numpy as np
from numba import void

from shareshift.basics.kernels import kernel, part, record
from shareshift.model.equations.records import Asked, Book, Lanes, Limits, Moment, Nests, Placed, Round, Wishes
from shareshift.model.equations.rounds import first_round, later_rounds, share_out_ends

# Draws whose results are written together: as many as share a line of the processor's cache.
LANES = 8


@part
def _open(limits: Limits, draw: int, lane: int, book: Book, now: Round, lanes: Lanes) -> None:
    """Begin a draw: nothing is booked yet."""
    book.fate[:] = 0.0
    book.money[:] = 0.0
    book.calm[:] = 0.0
    lanes.flows[lane] = 0.0
    now.held[:] = False
    now.begun[:] = False
    now.nests.rho[:] = limits.rho[draw]
    for option in range(now.full.size):
        book.steady[option] = limits.run_rate[option, draw] / 12.0
        book.able[option] = book.steady[option] * (1.0 + limits.slack[option, draw])


@part
def _add_flows(wishes: Wishes, asked: Asked, at: Moment, book: Book, now: Round, lanes: Lanes) -> None:
    """Give every customer its part of what its kind's money came to in a month in which somebody was full."""
    options = now.full.size
    for group in range(now.seeking.size):
        together, choice, more = (
            wishes.together[at.month, group, at.block],
            wishes.choices[at.block, group],
            book.more[group],
        )
        if together > 0.0:
            for option in range(options + 2):
                more[option] /= together
            for option in range(options):
                more[option] += choice[option] * now.met[option]
    for member in range(lanes.flows.shape[2]):
        money = wishes.leaving[at.month, asked.customer_from + member, at.block]
        if money > 0.0:
            came = book.more[wishes.kind[asked.customer_from + member]]
            flows = lanes.flows[at.lane, at.period, member]
            for column in range(flows.size):
                flows[column] += money * came[asked.column_from + column]


@part
def _add_rest(wishes: Wishes, asked: Asked, block: int, lane: int, book: Book, lanes: Lanes) -> None:
    """Give every customer what it had of months in which nobody was full, and what its first choices leave unspent."""
    for member in range(lanes.flows.shape[2]):
        group = wishes.kind[asked.customer_from + member]
        choice, outside = wishes.choices[block, group], wishes.outsides[block, group]
        somewhere = outside + choice.sum()
        for period in range(lanes.flows.shape[1]):
            calm, money = book.calm[period, member], book.money[period, member]
            flows = lanes.flows[lane, period, member]
            for column in range(flows.size):
                option = asked.column_from + column
                if option < choice.size:
                    flows[column] += calm * choice[option]
                elif option == choice.size:
                    flows[column] += money * outside
                elif somewhere <= 0.0:
                    flows[column] += money


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
    months, options, follows = wishes.leaving.shape[0], now.full.size, placed.ends.shape[0] > 0
    for draw in range(asked.first, asked.last):
        lane, block = (draw - asked.first) % LANES, draw - asked.first
        _open(limits, draw, lane, book, now, lanes)
        for month in range(months):
            at = Moment(draw, block, month, lane, asked.period[month])
            over = first_round(wishes, limits, at, book, now, lanes)
            book.more[:] = 0.0
            for option in range(options):
                now.met[option] = now.fill[option]
            if over:
                later_rounds(wishes, limits, at, book, now, lanes)
                if follows:
                    share_out_ends(wishes, block, book, now)
            if at.period >= 0:
                for member in range(lanes.flows.shape[2]):
                    money = wishes.leaving[month, asked.customer_from + member, block]
                    book.money[at.period, member] += money
                    book.calm[at.period, member] += 0.0 if over else money
                if over:
                    _add_flows(wishes, asked, at, book, now, lanes)
        _add_rest(wishes, asked, block, lane, book, lanes)
        for option in range(book.fate.shape[0]):
            for end in range(book.fate.shape[1]):
                placed.ends[option, end, draw] = book.fate[option, end]
        if lane == LANES - 1 or draw == asked.last - 1:
            _write_out(draw - lane, lane + 1, lanes, placed)


def place(wishes: Wishes, limits: Limits, asked: Asked, placed: Placed, nests: Nests) -> None:
    """Place the displaced money of all months of some draws, and fill `placed` for them.

    Every option over its capacity is filled to it, all customers alike, and is full from then on. Of the money turned
    away the fraction `patience` waits, once; the rest chooses again among the options that are not full, by joint
    removal of those that are. What finds nothing open is unplaced. Waiting once, not at every door, keeps more capacity
    from ever meaning more unmet demand.

    Second choices depend on who is full only, which mostly stays the same from one month to the next, so those of
    each round are kept until the set of full options changes.
    """
    (months, kinds, _), options, empty = wishes.together.shape, len(limits.shut), np.empty
    periods, members, columns, _ = placed.flows.shape
    book = Book(
        able=empty(options),
        steady=empty(options),
        more=empty((kinds, options + 2)),
        money=empty((periods, members)),
        calm=empty((periods, members)),
        fate=empty((len(placed.ends), options + 2)),
    )
    now = Round(
        asked=empty(options),
        left=empty(options),
        fill=empty(options),
        met=empty(options),
        full=empty(options, dtype=np.bool_),
        seeking=empty(kinds),
        second=empty((options + 1, kinds, options)),
        second_outside=empty((options + 1, kinds)),
        of_full=empty((options + 1, options), dtype=np.bool_),
        held=empty(options + 1, dtype=np.bool_),
        best=empty((kinds, options + 2, options - 1)),
        begun=empty(1, dtype=np.bool_),
        nests=nests,
    )
    lanes = Lanes(
        taken=empty((LANES, months, options)),
        away=empty((LANES, months, options)),
        not_spent=empty((LANES, months)),
        unplaced=empty((LANES, months)),
        flows=empty((LANES, periods, members, columns)),
    )
    _place(wishes, limits, asked, placed, book, now, lanes)
