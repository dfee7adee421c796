"""What the placing of money works on, as records; options are the rivals and, last, in-house."""

from typing import Annotated, NamedTuple

from numba import boolean, float64, int64

from shareshift.basics.arrays import Floats, Indices, Mask

Line = Annotated[Floats, float64[::1]]
Sheet = Annotated[Floats, float64[:, ::1]]
Cube = Annotated[Floats, float64[:, :, ::1]]
Block = Annotated[Floats, float64[:, :, :, ::1]]
Numbers = Annotated[Indices, int64[::1]]
Marks = Annotated[Mask, boolean[::1]]
MarkSheet = Annotated[Mask, boolean[:, ::1]]
Count = Annotated[int, int64]
Yes = Annotated[bool, boolean]


class Wishes(NamedTuple):
    """What leaves and where it wants to go.

    Displaced is `leaving` (customers, draws) USD per month times `factor` (months, draws). Customers of one `kind`
    (customers,) choose alike; `together` (kinds, draws) is what they take away together. `choices` (block, kinds,
    options) and `outsides` (block, kinds) say where it wants to go, for the draws of a block.
    """

    leaving: Sheet
    kind: Numbers
    together: Sheet
    factor: Sheet
    choices: Cube
    outsides: Sheet


class Limits(NamedTuple):
    """What options can take on, and what whom they turn away does.

    Capacity is `headroom` of `run_rate`, `slack` and `monthly_growth` (options, draws) and `path` (months, options + 1,
    draws), in which the incumbent stands first, infinite unless `limited`; `patience` (draws,) is the part that waits;
    `membership` (options,) the nest number of each option, from 0, and `rho` (draws,) the correlation within nests.
    """

    run_rate: Sheet
    slack: Sheet
    monthly_growth: Sheet
    path: Cube
    limited: Yes
    patience: Line
    membership: Numbers
    rho: Line


class Asked(NamedTuple):
    """For what is asked: draws from `first` up to `last`, and of flows some periods, customers and columns.

    Flows are summed over the months of each `period` (months,), -1 for months that are not asked for; of these the
    customers from `customer_from` and the columns from `column_from` on, as many as the flows have.
    """

    period: Numbers
    first: Count
    last: Count
    customer_from: Count
    column_from: Count


class Placed(NamedTuple):
    """Where it went, in USD: filled by `place`.

    `to_options` and `turned_away` (in all rounds) are (months, options, draws), `not_spent` and `unplaced` (months,
    draws), `flows` (periods, customers, options + 2, draws), the last two columns being not spent and unplaced.

    `ends` (options, options + 2, draws) is what each option turned away of first choices and where that ended, over
    all months; empty where nobody asks. Money of one kind that waits or chooses again is one pool, in which every
    option that turned it away has its part, so each has that part in all that becomes of the pool. With it, all months
    are of period 0 and `flows`, which is then no sum over months, has no customers.
    """

    to_options: Cube
    turned_away: Cube
    not_spent: Sheet
    unplaced: Sheet
    flows: Block
    ends: Cube


class Moment(NamedTuple):
    """A month of a draw: where its results stand, and `rate`, the month's factor of what leaves."""

    draw: Count
    month: Count
    lane: Count
    period: Count
    rate: float


class Book(NamedTuple):
    """What is kept of one draw from month to month.

    `total`, `able` and `steady` (options,): demand before its month's factor, what can be delivered and what the
    option's own customers take, per month; `stays` (2,) what is not spent and what has nowhere to go, likewise. For
    each period the months' factors `rates`, with each option's fill `filled`, and what later rounds add, `more`
    (periods, kinds, options + 2). `fate` (options, options + 2) is a draw of `ends`.
    """

    total: Line
    able: Line
    steady: Line
    stays: Line
    rates: Line
    filled: Sheet
    more: Cube
    fate: Sheet


class Round(NamedTuple):
    """What is reckoned within a month, round by round.

    `asked`, `left`, `fill`, `refused` and `full` (options,): demand, capacity left, which part of the demand is taken
    and which part of first choices was not, and who is full; `seeking` (kinds,) is the money that chooses again.
    `second` (rounds, kinds, options) and `second_outside` (rounds, kinds) are second choices, `held` (rounds,) says
    whether they are there and `of_full` (rounds, options) for which full options; `correlation` and `work` serve
    `divert`.
    """

    asked: Line
    left: Line
    fill: Line
    refused: Line
    full: Marks
    seeking: Line
    second: Cube
    second_outside: Sheet
    of_full: MarkSheet
    held: Marks
    correlation: Line
    work: Sheet


class Lanes(NamedTuple):
    """Results of a few draws, written out together: as many as share a line of the processor's cache."""

    taken: Cube
    away: Cube
    not_spent: Sheet
    unplaced: Sheet
    flows: Block
