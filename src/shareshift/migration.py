"""Place every month's displaced money, block by block of draws, and keep the ledger."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from shareshift.blocks import each_block
from shareshift.inputs import Inputs
from shareshift.model.capacity import Placed, headroom, place
from shareshift.model.ledger import check_ledger
from shareshift.sampling import Sample
from shareshift.units import MONTHS_PER_YEAR

Floats = npt.NDArray[np.float64]


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
    def displaced_total(self) -> Floats:
        """What all customers together want to take away in each month; (months, n)."""
        return np.asarray(self.sample.leaving_factor * self.sample.leaving.sum(axis=0))

    @property
    def wanted(self) -> Floats:
        """Demand for each option before anybody is full; (months, options, n)."""
        first = np.einsum("cn,cjn->jn", self.sample.leaving, self.sample.shares)
        return np.asarray(self.sample.leaving_factor[:, None, :] * first)

    @property
    def room(self) -> Floats:
        """What each option can take on; (months, options, n)."""
        return _room(self.inputs, self.sample, slice(0, self.sample.leaving.shape[1]))


def migrate(inputs: Inputs, sample: Sample) -> Migration:
    """Place all displaced money of all months; raises `ModelError` if the ledger does not close."""
    months, count = sample.growth_factor.shape
    placed = Placed.empty(months, *sample.shares.shape)

    def fill(block: slice) -> None:
        for name, values in vars(_placed(inputs, sample, block, slice(0, months))).items():
            getattr(placed, name)[..., block] = values

    each_block(count, fill)
    return Migration(inputs=inputs, sample=sample, **vars(placed))


def flows_between(inputs: Inputs, sample: Sample, months: slice) -> Floats:
    """Return what goes from each customer to each destination in some of the months, in USD.

    Shape (customers, rivals + 3, n): rivals, in-house, not spent, unplaced.
    """
    customers, options, count = sample.shares.shape
    flows = np.empty((customers, options + 2, count))

    def fill(block: slice) -> None:
        flows[:, :, block] = _placed(inputs, sample, block, months).cumulative

    each_block(count, fill)
    return flows


def _room(inputs: Inputs, sample: Sample, block: slice) -> Floats:
    if not inputs.capacity:
        shape = (sample.growth_factor.shape[0], *sample.base[:, block].shape)
        return np.full(shape, np.inf)
    no_event = sample.base[:, block] / MONTHS_PER_YEAR * sample.growth_factor[:, None, block]
    return headroom(sample.base[:, block], sample.slack[:, block], sample.capacity_growth[:, block], no_event)


def _placed(inputs: Inputs, sample: Sample, block: slice, months: slice) -> Placed:
    """Place the money of one block of draws in some of the months, and check its ledger."""
    leaving, factor = sample.leaving[:, block], sample.leaving_factor[months, block]
    shares, outside = sample.shares[:, :, block], sample.outside[:, block]
    placed = Placed.empty(factor.shape[0], *shares.shape)
    # In-house is a nest of its own, after the vendors' nests.
    membership = np.append(inputs.membership, len(inputs.nests))
    room, patience, rho = _room(inputs, sample, block)[months], sample.patience[block], sample.nest_correlation[block]
    place(placed, leaving, factor, shares, outside, room, patience, membership, rho)
    by_month = [values.sum(axis=1) for values in (placed.to_options, placed.not_spent, placed.unplaced)]
    check_ledger(factor * leaving.sum(axis=0), *by_month)
    check_ledger(factor.sum(axis=0) * leaving, placed.cumulative.sum(axis=1))
    return placed
