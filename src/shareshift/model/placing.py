"""Place every month's displaced money, block by block of draws, and keep the ledger."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from shareshift.basics.arrays import Floats, Indices
from shareshift.basics.threads import each_block
from shareshift.model.equations.capacity import headroom
from shareshift.model.equations.ledger import check_ledger
from shareshift.model.equations.place import place
from shareshift.model.equations.records import Asked, Limits, Placed
from shareshift.model.inputs import Inputs
from shareshift.model.sample import Sample
from shareshift.model.wishes import nests_of, wishes_of

# The most that is held of flows between customers and options at a time, in bytes.
FLOW_BYTES = 192e6


@dataclass(frozen=True, kw_only=True)
class Migration:
    """Displaced money of every month and draw, in USD; n = draws + 1, the last being the central path.

    The options are the rivals and, last, in-house: `to_options` and `turned_away` (in all rounds) are (months, options,
    n), `not_spent_total` and `unplaced_total`, which is unmet demand, (months, n) of all customers together.
    """

    inputs: Inputs
    sample: Sample
    to_options: Floats
    turned_away: Floats
    not_spent_total: Floats
    unplaced_total: Floats
    first_flows: Floats | None = None

    @property
    def wanted(self) -> Floats:
        """Demand for each option before anybody is full; (months, options, n)."""
        return _placed(self.inputs, self.sample, limited=False).to_options

    @property
    def headroom(self) -> Floats:
        """What each option can take on; (months, options, n)."""
        sample = self.sample
        if not self.inputs.capacity:
            return np.full(self.to_options.shape, np.inf)
        return headroom(sample.base, sample.slack, sample.capacity_growth, sample.path[:, 1:])

    @cached_property
    def cumulative(self) -> Floats:
        """From each customer to each option, not spent and unplaced, over all months; (customers, options + 2, n)."""
        return self.first_flows if self.first_flows is not None else self.flows(slice(None))

    @property
    def unplaced(self) -> Floats:
        """What finds no place, by customer; (months, customers, n)."""
        months, _, count = self.to_options.shape
        found = np.empty((months, len(self.inputs.customers), count))
        for months, customers, waits in self.monthly_unplaced():
            found[months, customers] = waits
        return found

    @cached_property
    def followed(self) -> Floats:
        """What each option turned away of first choices, by where that ended; (options, options + 2, n), all months.

        It ends at the options, not spent or unplaced. Money turned away at several doors counts at the first.
        """
        months, options, count = self.to_options.shape
        found = np.zeros((options, options + 2, count))
        if self.inputs.capacity:
            _placed(self.inputs, self.sample, period=np.zeros(months, dtype=np.int64), members=slice(0, 0), into=found)
        return found

    def flows(self, months: slice) -> Floats:
        """Return what goes from each customer to each destination in some of the months together.

        Shape (customers, rivals + 3, n): rivals, in-house, not spent, unplaced.
        """
        period = np.full(len(self.to_options), -1)
        period[months] = 0
        return np.asarray(_placed(self.inputs, self.sample, period=period).flows[0])

    def monthly_flows(self) -> Iterator[tuple[slice, slice, Floats]]:
        """Yield months, customers, and what goes from those customers to each destination in each of those months.

        The arrays are (months, customers, rivals + 3, n) and small enough to be held one at a time; the customers of a
        month follow each other.
        """
        return self._monthly(0)

    def monthly_unplaced(self) -> Iterator[tuple[slice, slice, Floats]]:
        """Yield months, customers, and what finds no place in each of those months; (months, customers, n)."""
        last = self.to_options.shape[1] + 1
        return ((months, customers, flows[:, :, 0]) for months, customers, flows in self._monthly(last))

    def _monthly(self, column: int) -> Iterator[tuple[slice, slice, Floats]]:
        months, options, count = self.to_options.shape
        customers = len(self.inputs.customers)
        one_month = customers * (options + 2 - column) * count * 8
        width = max(1, int(FLOW_BYTES / one_month))
        height = customers if one_month <= FLOW_BYTES else max(1, int(customers * FLOW_BYTES / one_month))
        for start in range(0, months, width):
            asked = slice(start, min(start + width, months))
            period = np.full(months, -1)
            period[asked] = np.arange(asked.stop - asked.start)
            for who in range(0, customers, height):
                members = slice(who, min(who + height, customers))
                found = _placed(self.inputs, self.sample, period=period, members=members, column=column)
                yield asked, members, found.flows


def migrate(inputs: Inputs, sample: Sample, *, flows: bool = True) -> Migration:
    """Place all displaced money of all months; raises `ModelError` if the ledger does not close.

    `flows` says whether the flows over all months will be asked for; without it they cost a second placing.
    """
    months, count = sample.displaced_total.shape
    # The flows over all months are wanted nearly always; they cost little on the way, if there is room for them.
    small = flows and len(inputs.customers) * (len(inputs.rivals) + 3) * count * 8 <= FLOW_BYTES
    period = np.zeros(months, dtype=np.int64) if small else None
    placed = _placed(inputs, sample, period=period)
    check_ledger(sample.displaced_total, placed.to_options.sum(axis=1), placed.not_spent, placed.unplaced)
    return Migration(
        inputs=inputs,
        sample=sample,
        to_options=placed.to_options,
        turned_away=placed.turned_away,
        not_spent_total=placed.not_spent,
        unplaced_total=placed.unplaced,
        first_flows=placed.flows[0] if small else None,
    )


def _placed(
    inputs: Inputs,
    sample: Sample,
    *,
    period: Indices | None = None,
    members: slice | None = None,
    column: int = 0,
    limited: bool = True,
    into: Floats | None = None,
) -> Placed:
    """Place the money of all draws: totals by month, and flows by period and customer from a column on.

    `into` is filled as the `ends` of `Placed`, where it is given.

    Raises `ModelError` where a customer's flows are not what it displaces.
    """
    months, count = sample.displaced_total.shape
    options = len(inputs.rivals) + 1
    period = np.full(months, -1) if period is None else period
    members = slice(0, len(inputs.customers)) if members is None else members
    placed = Placed(
        to_options=np.empty((months, options, count)),
        turned_away=np.empty((months, options, count)),
        not_spent=np.empty((months, count)),
        unplaced=np.empty((months, count)),
        flows=np.empty((period.max() + 1, members.stop - members.start, options + 2 - column, count)),
        ends=np.empty((0, 0, 0)) if into is None else into,
    )
    limits = Limits(
        run_rate=sample.base,
        slack=sample.slack,
        monthly_growth=sample.capacity_growth,
        path=sample.path,
        limited=limited and inputs.capacity,
        patience=sample.patience,
        closes=sample.closes,
        rho=sample.nest_correlation,
        shut=np.append(inputs.excluded, False),
    )

    def fill(block: slice) -> None:
        wishes = wishes_of(inputs, sample, block)
        asked = Asked(period, block.start, block.stop, members.start, column)
        place(wishes, limits, asked, placed, nests_of(inputs))
        # The columns of a customer add up only where all of them are there.
        for now, found in enumerate(placed.flows if column == 0 and into is None else ()):
            displaced = wishes.leaving[period == now, members].sum(axis=0)
            check_ledger(displaced, found[..., block].sum(axis=1))

    each_block(count, fill)
    return placed
