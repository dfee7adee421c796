"""When customers begin to leave, and how much they want to take away in each month."""

import numpy as np

from shareshift.basics.arrays import Floats, Indices
from shareshift.basics.kernels import kernel

# A month that nobody looks at.
NEVER = 1_000_000


def months_of(starts: Floats, before: float) -> Indices:
    """Return the number of the month of each start: 0 with the event, 1 for the rest of its month and the next, so on.

    `before` is how many months lie between the event and month 1; who never starts has the number `NEVER`.
    """
    numbers = np.maximum(np.ceil(np.minimum(starts, NEVER) - before), 1.0)
    return np.where(starts <= 0.0, 0.0, np.minimum(numbers, NEVER)).astype(np.int64)


@kernel("(i8[:,::1], i8, i8[::1], f8[:,:,::1], f8[:,::1], f8[:,::1], f8[:,:,::1])")
def depart(
    starts: Indices,
    first: int,
    pool: Indices,
    begun: Floats,
    at_once: Floats,
    later: Floats,
    moved: Floats,
) -> None:
    """Fill `moved` (some months, customers, n) with which part each customer has moved by the months from `first` on.

    Who starts with the event has moved the part `at_once` (months, n) by each month; who starts later is taken to start
    in the middle of a month, and has moved `later` (months, n) so many months after it. `starts` (customers, n) are as
    `months_of` numbers them. A row of many firms has its number in `pool` (customers,), else -1, and in `begun` (pools,
    months + 1, n) the part that has begun by the event and by the end of each month.
    """
    months, customers, count = moved.shape
    for customer in range(customers):
        row = pool[customer]
        for asked in range(months):
            month = first + asked
            for draw in range(count):
                part = 0.0
                if row < 0:
                    start = starts[customer, draw]
                    if start == 0:
                        part = at_once[month, draw]
                    elif start <= month + 1:
                        part = later[month + 1 - start, draw]
                else:
                    part = begun[row, 0, draw] * at_once[month, draw]
                    for start in range(1, month + 2):
                        some = begun[row, start, draw] - begun[row, start - 1, draw]
                        part += some * later[month + 1 - start, draw]
                moved[asked, customer, draw] = part


@kernel("(f8[:,:,::1], i8[::1], f8[:,:,::1])")
def add_up(leaving: Floats, kind: Indices, together: Floats) -> None:
    """Fill `together` (months, kinds, n) with what the customers of each kind take away; `kind` (customers,)."""
    together[:] = 0.0
    for month in range(leaving.shape[0]):
        for customer in range(kind.size):
            for draw in range(leaving.shape[2]):
                together[month, kind[customer], draw] += leaving[month, customer, draw]
