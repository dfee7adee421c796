"""Place every month's displaced money, block by block of draws, and keep the ledger."""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from shareshift.inputs import Inputs
from shareshift.model.capacity import Placed, Rediversion, headroom, place
from shareshift.model.diversion import joint_removal
from shareshift.model.ledger import check_ledger
from shareshift.sampling import Sample
from shareshift.units import MONTHS_PER_YEAR

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
# Draws that are reckoned together. Fixed, so that results do not depend on the number of threads; small, so that
# a block's arrays stay in the processor's cache.
BLOCK = 256


@dataclass(frozen=True, kw_only=True)
class Migration:
    """Displaced money of every month and draw, in USD; n = draws + 1, the last being the central path.

    `to_options` (months, rivals + 1, n): what each rival, and in-house last, receives; `wanted` and `spilled` of the
    same shape: demand before anybody is full, and what was turned away; `room` of the same shape: the headroom.
    `displaced`, `not_spent` and `unplaced` (months, customers, n). `cumulative` (customers, rivals + 3, n): what went
    from each customer to each destination by the horizon, the last two being not spent and unplaced.
    """

    to_options: Floats
    wanted: Floats
    spilled: Floats
    room: Floats
    displaced: Floats
    not_spent: Floats
    unplaced: Floats
    cumulative: Floats


def migrate(inputs: Inputs, sample: Sample) -> Migration:
    """Place all displaced money of all months; raises `ModelError` if the ledger does not close."""
    months, count = sample.growth_factor.shape
    customers, options = sample.shares.shape[:2]
    result = Migration(
        to_options=np.empty((months, options, count)),
        wanted=np.empty((months, options, count)),
        spilled=np.empty((months, options, count)),
        room=np.empty((months, options, count)),
        displaced=np.empty((months, customers, count)),
        not_spent=np.empty((months, customers, count)),
        unplaced=np.empty((months, customers, count)),
        cumulative=np.zeros((customers, options + 2, count)),
    )

    def fill(block: slice) -> None:
        for month, (money, room, placed) in enumerate(_months(inputs, sample, block, months)):
            result.to_options[month, :, block] = placed.flows.sum(axis=0)
            result.wanted[month, :, block] = placed.wanted
            result.spilled[month, :, block] = placed.spilled
            result.room[month, :, block] = room
            result.displaced[month, :, block] = money
            result.not_spent[month, :, block] = placed.not_spent
            result.unplaced[month, :, block] = placed.unplaced
            _add(result.cumulative[:, :, block], placed)

    each_block(count, fill)
    return result


def each_month(inputs: Inputs, sample: Sample, months: int) -> Iterator[Floats]:
    """Yield, month by month, what goes from each customer to each destination, in USD.

    Each array is (customers, rivals + 3, n): rivals, in-house, not spent, unplaced. It is used again for the next
    month, so copy what is to be kept.
    """
    customers, options, count = sample.shares.shape
    flows = np.empty((customers, options + 2, count))
    blocks = list(_blocks(count))
    running = [_months(inputs, sample, block, months) for block in blocks]

    def advance(index: int) -> None:
        _, _, placed = next(running[index])
        block = blocks[index]
        flows[:, :, block] = 0.0
        _add(flows[:, :, block], placed)

    for _ in range(months):
        with ThreadPoolExecutor(_workers()) as pool:
            list(pool.map(advance, range(len(blocks))))
        yield flows


def each_block(count: int, work: Callable[[slice], None]) -> None:
    """Run `work` on every block of draws, on as many threads as there are processors."""
    with ThreadPoolExecutor(_workers()) as pool:
        # Consuming the results raises what a block raised.
        list(pool.map(work, _blocks(count)))


def _months(inputs: Inputs, sample: Sample, block: slice, months: int) -> Iterator[tuple[Floats, Floats, Placed]]:
    """Yield for each month what is displaced, the room, and where the money was placed, for one block of draws."""
    leaving, patience = sample.leaving[:, block], sample.patience[block]
    no_event = sample.base[:, None, block] / MONTHS_PER_YEAR * sample.growth_factor[None, :, block]
    room = headroom(sample.base[:, block], sample.slack[:, block], sample.capacity_growth[:, block], no_event)
    nests = len(inputs.nests) + 1
    # In-house is a nest of its own, after the vendors' nests.
    membership = np.append(inputs.membership, nests - 1)

    def removal(shares: Floats, outside: Floats, full: Mask, rho: Floats) -> tuple[Floats, Floats, Mask]:
        return joint_removal(shares, outside, full, membership, np.broadcast_to(rho, (nests, rho.size)))

    choices = Rediversion(
        removal=removal,
        shares=sample.shares[:, :, block],
        outside=sample.outside[:, block],
        rho=sample.nest_correlation[block],
    )
    for month in range(months):
        money = leaving * sample.leaving_factor[month, block]
        placed = place(money, choices, room[:, month], patience)
        check_ledger(money, placed.flows, placed.not_spent, placed.unplaced)
        yield money, room[:, month], placed


def _add(total: Floats, placed: Placed) -> None:
    total[:, :-2] += placed.flows
    total[:, -2] += placed.not_spent
    total[:, -1] += placed.unplaced


def _blocks(count: int) -> Iterator[slice]:
    return (slice(start, min(start + BLOCK, count)) for start in range(0, count, BLOCK))


def _workers() -> int:
    return min(os.cpu_count() or 1, 8)
