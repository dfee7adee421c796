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

    All for the draws of a block: `leaving` (months, customers, block) is displaced, USD. Customers of one `kind`
    (customers,) choose alike; `together` (months, kinds, block) is what they take away together. `choices` (block,
    kinds, options) and `outsides` (block, kinds) say where it wants to go; `shares` (block, kinds, rivals + 1), the
    incumbent last, are what vendors have of the kind's spending before the event.
    """

    leaving: Cube
    kind: Numbers
    together: Cube
    choices: Cube
    outsides: Sheet
    shares: Cube


class Limits(NamedTuple):
    """What options can take on, and what whom they turn away does.

    Capacity is `headroom` of `run_rate`, `slack` and `monthly_growth` (options, draws) and `path` (months, options + 1,
    draws), in which the incumbent stands first, infinite unless `limited`; `patience` (draws,) is the part that waits,
    of months before `closes`;
    `rho` (draws,) the correlation within nests. Options that are `shut` (options,) are open to nobody.
    """

    run_rate: Sheet
    slack: Sheet
    monthly_growth: Sheet
    path: Cube
    limited: Yes
    patience: Line
    closes: Count
    rho: Line
    shut: Marks


class Nests(NamedTuple):
    """Which options are alike, and room to compute in.

    `membership` (options,) is the nest number of each option, from 0, in-house in a nest of its own, and `home` that of
    the incumbent; `rho` (nests,) one correlation for all; `work` is (4, nests).
    """

    membership: Numbers
    home: Count
    rho: Line
    work: Sheet


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
    """A month of a draw: the draw, its place in the block and among the lanes, the month, and its period."""

    draw: Count
    block: Count
    month: Count
    lane: Count
    period: Count


class Book(NamedTuple):
    """What is kept of one draw from month to month.

    `able` and `steady` (options,): what can be delivered and what the option's own customers take, per month; `more`
    (kinds, options + 2) what later rounds add to the flows of a month. `money` (periods, customers) is what each asked
    for takes away, and `calm` how much of it in months in which nobody is over. `fate` (options, options + 2) is a draw
    of `ends`.
    """

    able: Line
    steady: Line
    more: Sheet
    money: Sheet
    calm: Sheet
    fate: Sheet


class Round(NamedTuple):
    """What is computed within a month, round by round.

    `asked`, `left`, `fill`, `met` and `full` (options,): demand, capacity left, which part of the demand is taken and
    which part of first choices was, and who is full; `seeking` (kinds,) is the money that chooses again.
    `second` (rounds, kinds, options) and `second_outside` (rounds, kinds) are second choices, `held` (rounds,) says
    whether they are there and `of_full` (rounds, options) for which full options, by `nests`; `best` (kinds, rounds +
    1, rivals) is the best that is left before the first round and in each, from when it is `begun` (1,).
    """

    asked: Line
    left: Line
    fill: Line
    met: Line
    full: Marks
    seeking: Line
    second: Cube
    second_outside: Sheet
    of_full: MarkSheet
    held: Marks
    best: Cube
    begun: Marks
    nests: Nests


class Lanes(NamedTuple):
    """Results of a few draws, written out together: as many as share a line of the processor's cache."""

    taken: Cube
    away: Cube
    not_spent: Sheet
    unplaced: Sheet
    flows: Block
