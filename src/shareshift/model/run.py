"""One run of the model: a market under a scenario, its draws, and the money of every vendor and month."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import numpy as np

from shareshift.basics.arrays import Floats
from shareshift.basics.months import MONTHS_PER_YEAR, first_month, months_from
from shareshift.basics.version import __version__
from shareshift.basics.vocabulary import RESERVED
from shareshift.market.market import Market
from shareshift.model.equations.ledger import incumbent_revenue, new_lines
from shareshift.model.inputs import Inputs
from shareshift.model.placing import Migration
from shareshift.model.sample import Sample
from shareshift.scenario.scenario import Scenario


@dataclass(frozen=True, kw_only=True)
class MonthAccounts:
    """One month of all vendors, the incumbent first; (vendors, draws + 1) each, in USD.

    revenue = no_event + displaced_gain + other_gain, which is what the incumbent's owner and new lines add.
    """

    no_event: Floats
    displaced_gain: Floats
    other_gain: Floats
    revenue: Floats


@dataclass(frozen=True, kw_only=True)
class Run:
    """What one run came to, as arrays; the last draw of each is the central path."""

    market: Market
    scenario: Scenario
    draws: int
    seed: int
    scramblings: int
    inputs: Inputs = field(repr=False)
    sample: Sample = field(repr=False)
    migration: Migration = field(repr=False)
    version: str = __version__

    @property
    def months(self) -> list[date]:
        """The months of the run, each as its day 1."""
        return months_from(first_month(self.market.event_date), self.inputs.horizon_months)

    @property
    def vendors(self) -> tuple[str, ...]:
        """The incumbent, then the rivals in the order of their table."""
        return (self.market.incumbent, *self.inputs.rivals)

    @property
    def firms(self) -> Floats:
        """How many firms each of `vendors` stands for; infinity for many."""
        firms = dict(self.market.tables["vendors"].select("vendor_id", "firms").iter_rows())
        return np.array([np.inf if firms[vendor] == "many" else float(firms[vendor] or 1) for vendor in self.vendors])

    @property
    def destinations(self) -> tuple[str, ...]:
        """The rivals, then the reserved destinations."""
        return (*self.inputs.rivals, *RESERVED)

    @cached_property
    def run_rate(self) -> Floats:
        """Run rates at the event; (vendors, draws + 1), USD per year."""
        return np.vstack([self.sample.incumbent_run_rate[None], self.sample.run_rate])

    @cached_property
    def incumbent_no_event(self) -> Floats:
        """What the incumbent would have earned; (months, draws + 1), USD."""
        return self.sample.incumbent_run_rate / MONTHS_PER_YEAR * self.sample.path[:, 0]

    @cached_property
    def incumbent_revenue(self) -> Floats:
        """What the incumbent bills; (months, draws + 1), USD."""
        return incumbent_revenue(self.incumbent_no_event, self.left, self.sample.top_up, self.new_lines)

    @cached_property
    def new_lines(self) -> Floats:
        """What the incumbent's new lines of business bring; (months, draws + 1), USD."""
        return new_lines(self.sample.pivot_revenue, len(self.months)) * self.sample.is_open

    @cached_property
    def left(self) -> Floats:
        """What has left the incumbent: displaced less what waits; (months, draws + 1), USD."""
        # Where everything waits, rounding may leave a trace below nothing; with a vendor that has closed nothing waits.
        waits = self.migration.unplaced_total * self.sample.is_open
        return np.maximum(self.sample.displaced_total - waits, 0.0)

    @cached_property
    def no_event(self) -> Floats:
        """Revenue without the event; (vendors, months, draws + 1), USD."""
        return self._by_month(lambda month: self.month_accounts(month).no_event)

    @cached_property
    def displaced_gain(self) -> Floats:
        """Displaced money won, for the incumbent lost; (vendors, months, draws + 1), USD."""
        return self._by_month(lambda month: self.month_accounts(month).displaced_gain)

    @cached_property
    def revenue(self) -> Floats:
        """Revenue with the event; (vendors, months, draws + 1), USD."""
        return self._by_month(lambda month: self.month_accounts(month).revenue)

    @cached_property
    def vendor_shares(self) -> Floats:
        """Share of outsourced revenue; (vendors, months, draws + 1)."""
        return self._by_month(self.month_shares)

    def month_accounts(self, month: int) -> MonthAccounts:
        """Return the accounts of one month, counted from 0."""
        no_event = self.run_rate * (self.sample.path[month, :-1] / MONTHS_PER_YEAR)
        gain = np.concatenate([-self.left[None, month], self.migration.to_options[month, :-1]])
        revenue, other = no_event + gain, np.zeros_like(gain)
        revenue[0] = self.incumbent_revenue[month]
        other[0] = revenue[0] - no_event[0] - gain[0]
        return MonthAccounts(no_event=no_event, displaced_gain=gain, other_gain=other, revenue=revenue)

    def month_shares(self, month: int) -> Floats:
        """Return shares of the market in one month, 0..1, the month counted from 0; (vendors, draws + 1)."""
        shares = self.month_in_market(month)
        total = shares.sum(axis=0)
        shares /= np.where(total > 0, total, 1.0)
        return np.asarray(shares)

    def month_in_market(self, month: int, *, all_lines: bool = False) -> Floats:
        """Return the revenue of one month that counts for shares of the market; (vendors, draws + 1), USD.

        The incumbent's new lines are another market, unless this one says that they belong to it or `all_lines` asks.
        """
        # Computed in place and without what `month_accounts` adds, because every month of every table asks for it.
        revenue = self.run_rate * (self.sample.path[month, :-1] / MONTHS_PER_YEAR)
        revenue[0] = self.incumbent_revenue[month]
        if not (all_lines or self.market.new_lines_in_market):
            revenue[0] -= self.new_lines[month]
        revenue[1:] += self.migration.to_options[month, :-1]
        return np.asarray(revenue)

    def no_event_shares(self, month: int) -> Floats:
        """Return shares of one month's outsourced revenue without the event, as `month_shares`."""
        revenue = self.run_rate * self.sample.path[month, :-1]
        total = revenue.sum(axis=0)
        return np.asarray(revenue / np.where(total > 0, total, 1.0))

    def _by_month(self, part: Callable[[int], Floats]) -> Floats:
        found = np.empty((len(self.vendors), *self.left.shape))
        for month in range(len(self.months)):
            found[:, month] = part(month)
        return found
