"""Place every month's displaced money, block by block of draws, and keep the ledger."""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from shareshift.inputs import Inputs
from shareshift.model.capacity import Placed, headroom, place
from shareshift.model.ledger import check_ledger
from shareshift.sampling import Sample
from shareshift.units import MONTHS_PER_YEAR

Floats = npt.NDArray[np.float64]
# Draws that are reckoned together. Fixed, so that results do not depend on the number of threads; small, so that
# a block's arrays stay in the processor's cache.
BLOCK = 256


@dataclass(frozen=True, kw_only=True)
class Migration(Placed):
    """Displaced money of every month and draw, in USD; n = draws + 1, the last being the central path.

    As `Placed`: the options are the rivals and, last, in-house. `displaced` is (months, customers, n).
    """

    inputs: Inputs
    sample: Sample

    @property
    def displaced(self) -> Floats:
        """What each customer wants to take away in each month; (months, customers, n)."""
        return np.asarray(self.sample.leaving_factor[:, None, :] * self.sample.leaving)

    @property
    def wanted(self) -> Floats:
        """Demand for each option before anybody is full; (months, options, n)."""
        first = np.einsum("cn,cjn->jn", self.sample.leaving, self.sample.shares)
        return np.asarray(self.sample.leaving_factor[:, None, :] * first)

    @property
    def room(self) -> Floats:
        """What each option can take on; (months, options, n)."""
        return _room(self.sample, slice(0, self.sample.leaving.shape[1]))


def migrate(inputs: Inputs, sample: Sample) -> Migration:
    """Place all displaced money of all months; raises `ModelError` if the ledger does not close."""
    months, count = sample.growth_factor.shape
    placed = Placed.empty(months, *sample.shares.shape)

    def fill(block: slice) -> None:
        _place(inputs, sample, block, slice(0, months), placed.part(block))

    each_block(count, fill)
    return Migration(inputs=inputs, sample=sample, **vars(placed))


def flows_between(inputs: Inputs, sample: Sample, months: slice) -> Floats:
    """Return what goes from each customer to each destination in some of the months, in USD.

    Shape (customers, rivals + 3, n): rivals, in-house, not spent, unplaced.
    """
    customers, options, count = sample.shares.shape
    flows = np.empty((customers, options + 2, count))

    def fill(block: slice) -> None:
        placed = Placed.empty(
            len(range(*months.indices(sample.growth_factor.shape[0]))), *sample.shares[..., block].shape
        )
        _place(inputs, sample, block, months, replace(placed, cumulative=flows[:, :, block]))

    each_block(count, fill)
    return flows


def each_block(count: int, work: Callable[[slice], None]) -> None:
    """Run `work` on every block of draws, on as many threads as there are processors."""
    with ThreadPoolExecutor(_workers()) as pool:
        # Consuming the results raises what a block raised.
        list(pool.map(work, _blocks(count)))


def _room(sample: Sample, block: slice) -> Floats:
    no_event = sample.base[:, block] / MONTHS_PER_YEAR * sample.growth_factor[:, None, block]
    return headroom(sample.base[:, block], sample.slack[:, block], sample.capacity_growth[:, block], no_event)


def _place(inputs: Inputs, sample: Sample, block: slice, months: slice, placed: Placed) -> None:
    """Place the money of one block of draws in some of the months, and check its ledger."""
    leaving, factor = sample.leaving[:, block], sample.leaving_factor[months, block]
    place(
        placed,
        leaving,
        factor,
        sample.shares[:, :, block],
        sample.outside[:, block],
        _room(sample, block)[months],
        sample.patience[block],
        # In-house is a nest of its own, after the vendors' nests.
        np.append(inputs.membership, len(inputs.nests)),
        sample.nest_correlation[block],
    )
    by_month = [values.sum(axis=1) for values in (placed.to_options, placed.not_spent, placed.unplaced)]
    check_ledger(factor * leaving.sum(axis=0), *by_month)
    check_ledger(factor.sum(axis=0) * leaving, placed.cumulative.sum(axis=1))


def _blocks(count: int) -> Iterator[slice]:
    return (slice(start, min(start + BLOCK, count)) for start in range(0, count, BLOCK))


def _workers() -> int:
    return min(os.cpu_count() or 1, 8)
