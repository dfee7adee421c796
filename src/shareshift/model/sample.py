"""From named inputs to arrays: what every draw, and the central path, takes for granted."""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from shareshift.basics.arrays import Floats, Indices, Mask
from shareshift.basics.months import MONTHS_PER_YEAR, mid_month
from shareshift.basics.threads import each_block
from shareshift.model.choices import Choices, choices_among_rivals, spend_of
from shareshift.model.draws.streams import Draws
from shareshift.model.equations.departures import add_up
from shareshift.model.inputs import Inputs
from shareshift.model.keys import INCUMBENT_REVENUE, InputKey
from shareshift.model.leaving import Departures, Moved, departures_of, moved_of
from shareshift.model.paths import run_rates, vendor_paths
from shareshift.model.view import View


@dataclass(frozen=True, kw_only=True)
class Sample:
    """The state of every draw before anybody is full; the last draw is the central path.

    With n = draws + 1: `path` (months, vendors + 1, n), revenue without the event over that at the event, the incumbent
    first and last the market, with which in-house work grows; `drift` (vendors, n), the log growth per year by which
    each vendor outgrows the market at the event; `run_rate` (rivals, n) and `incumbent_run_rate` (n,), USD per year;
    `spend` (customers, n) at the incumbent, USD per year; `monthly` (customers, n), what each takes away once it
    has moved, USD at the event, and `moved` which part of that has; `departures`, who begins to leave, and `first_end`,
    the months from the event to the end of month 1; `kind` (customers,), the number of the group of
    customers that choose alike, `in_house` and `not_spent` (n,), the top-level shares of the customers' own options;
    `slack` and `capacity_growth` (rivals + 1, n); `base` (rivals + 1, n), what delivers already, USD per year;
    `owner` the number of the customer that owns the incumbent, -1 for none; `overdrawn` (n,) where named customers
    exceed the incumbent's revenue; and the sliders that are used later, (n,) each. `among_rivals` gives, for a block of
    draws, vendors' shares before the event and how rivals share what leaves.
    """

    path: Floats
    drift: Floats
    run_rate: Floats
    incumbent_run_rate: Floats
    spend: Floats
    monthly: Floats
    moved: Moved = field(repr=False)
    departures: Departures = field(repr=False)
    first_end: float
    owner: int
    kind: Indices
    in_house: Floats
    not_spent: Floats
    base: Floats
    slack: Floats
    capacity_growth: Floats
    overdrawn: Mask
    patience: Floats
    nest_correlation: Floats
    owner_top_up: Floats
    pivot_revenue: Floats
    closes: int
    among_rivals: Choices = field(repr=False)

    def leaving(self, months: slice, block: slice) -> Floats:
        """Return what each customer wants to take away in some months and draws; (months, customers, block), USD."""
        found = self.moved(months, block) * self.monthly[:, block]
        if self.closes < len(self.path):
            shut = np.arange(len(self.path))[months] >= self.closes
            found[shut] = self.spend[:, block] / MONTHS_PER_YEAR
        found *= self.path[months, :1, block]
        return found

    @cached_property
    def displaced_total(self) -> Floats:
        """What all customers together want to take away in each month; (months, n), USD."""
        found, alike = np.empty((len(self.path), self.monthly.shape[1])), np.zeros(len(self.monthly), dtype=np.int64)

        def add(block: slice) -> None:
            leaving = np.ascontiguousarray(self.leaving(slice(None), block))
            # Customer by customer: a sum of NumPy's own rests on how the block lies in memory, to the last bit.
            together = np.empty((len(leaving), 1, leaving.shape[2]))
            add_up(leaving, alike, together)
            found[:, block] = together[:, 0]

        each_block(found.shape[1], add)
        return found

    @cached_property
    def top_up(self) -> Floats:
        """What the owner spends in each month on top, nothing once it leaves as a customer; (months, n), USD."""
        monthly = np.broadcast_to(self.owner_top_up / MONTHS_PER_YEAR, self.displaced_total.shape) * self.is_open
        if self.owner < 0:
            return monthly
        ends = np.arange(len(self.path), dtype=np.float64)[:, None] + self.first_end
        stays: Floats = 1.0 - self.departures.begun_of(self.owner, ends)
        return monthly * stays

    @property
    def is_open(self) -> Floats:
        """1 in months in which the incumbent is open, 0 from when it has closed; (months, 1)."""
        return (np.arange(len(self.path)) < self.closes).astype(np.float64)[:, None]

    @property
    def displaced(self) -> Floats:
        """What each customer wants to take away in each month; (months, customers, n), USD."""
        return self.leaving(slice(None), slice(None))

    def begun(self, month: float) -> Floats:
        """Return which part of each customer has begun to leave by the end of a month, counted from 0; (customers, n).

        0.5 is the middle of month 1. 0 or 1 where it is one firm; in the central path the probability.
        """
        found = self.departures.begun(max(self.first_end + month, 0.0))
        return found if month < self.closes else np.ones_like(found)


def draw_sample(inputs: Inputs, draws: Draws) -> Sample:
    """Draw every input and compute what does not depend on who is full."""
    view = View(inputs, draws)
    run_rate, incumbent = run_rates(view), view.value(INCUMBENT_REVENUE)
    spend, overdrawn = spend_of(view)
    drifts, path = view.stage("paths", vendor_paths)
    kind, choices = view.stage("rivals", choices_among_rivals)
    return Sample(
        path=path,
        drift=drifts,
        run_rate=run_rate,
        incumbent_run_rate=incumbent,
        spend=spend,
        monthly=spend * view.value("moved_share") / MONTHS_PER_YEAR,
        moved=view.stage("moved", moved_of),
        departures=view.stage("departures", departures_of),
        first_end=float(mid_month(1, view.facts.event_date)[0]) + 0.5,
        owner=view.facts.owner,
        kind=kind,
        # Copies, because the kernels take only arrays that may be written to.
        in_house=np.array(view.value("built_in_house")),
        not_spent=np.array(view.value("not_spent")),
        base=np.vstack([run_rate, view.value("in_house_base") * incumbent]),
        slack=np.vstack([_by_rival(view, "slack"), np.zeros_like(incumbent)]),
        capacity_growth=np.vstack([_by_rival(view, "capacity_growth"), view.value("in_house_growth")]),
        overdrawn=overdrawn,
        patience=np.array(view.value("patience")),
        nest_correlation=np.array(view.value("nest_correlation")),
        owner_top_up=view.value("owner_top_up"),
        pivot_revenue=view.value("pivot_revenue"),
        closes=view.facts.closes,
        among_rivals=choices,
    )


def _by_rival(view: View, kind: str) -> Floats:
    """Return a capacity input for every rival: its own where the tables or the scenario give one."""
    return np.array([view.own_or_common(InputKey(kind, vendor=rival), kind) for rival in view.facts.rivals])
