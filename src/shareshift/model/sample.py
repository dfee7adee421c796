"""From named inputs to arrays: what every draw, and the central path, takes for granted."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from shareshift.basics.arrays import Floats, Indices, Mask
from shareshift.basics.months import MONTHS_PER_YEAR, mid_month
from shareshift.model.choices import choices_among_rivals, spend_of
from shareshift.model.draws.quantiles import normal
from shareshift.model.draws.streams import Draws
from shareshift.model.equations.destinations import with_own_options
from shareshift.model.equations.exits import (
    conditional_exit,
    exit_indicator,
    exit_share,
    share_gone,
    shifted_probability,
)
from shareshift.model.inputs import Inputs
from shareshift.model.keys import INCUMBENT_REVENUE, InputKey
from shareshift.model.paths import run_rates, vendor_paths
from shareshift.model.view import View


@dataclass(frozen=True, kw_only=True)
class Sample:
    """The state of every draw before anybody is full; the last draw is the central path.

    With n = draws + 1: `path` (months, vendors + 1, n), revenue without the event over that at the event, the incumbent
    first and last the market, with which in-house work grows; `drift` (vendors, n), the log growth per year by which
    each vendor outgrows the market at the event; `leaving_factor` (months, n), the part of a month's leaving budget
    that has left, growth included; `run_rate` (rivals, n) and `incumbent_run_rate` (n,), USD per year;
    `spend` (customers, n) at the incumbent, USD per year; `exits` (customers, n), 0 or 1, in the central path the
    probability; `leaving` (customers, n), USD per month at the event; `kind` (customers,), the number of the group of
    customers that choose alike; `in_house` and `not_spent` (n,), the top-level shares of the customers' own options;
    `slack` and `capacity_growth` (rivals + 1, n); `base` (rivals + 1, n), what delivers already, USD per year;
    `overdrawn` (n,) where named customers exceed the incumbent's revenue; and the sliders that are used later, (n,)
    each. `among_rivals` gives, for a block of draws, how rivals share the rest: (block, kinds, rivals).
    """

    path: Floats
    drift: Floats
    leaving_factor: Floats
    run_rate: Floats
    incumbent_run_rate: Floats
    spend: Floats
    exits: Floats
    exit_probability: Floats
    leaving: Floats
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
    among_rivals: Callable[[slice], Floats] = field(repr=False)

    @property
    def displaced(self) -> Floats:
        """What each customer wants to take away in each month; (months, customers, n), USD."""
        return np.asarray(self.leaving_factor[:, None, :] * self.leaving)

    @property
    def displaced_total(self) -> Floats:
        """What all customers together want to take away in each month; (months, n), USD."""
        return np.asarray(self.leaving_factor * self.leaving.sum(axis=0))

    def choices(self, block: slice) -> tuple[Floats, Floats]:
        """Return where money of each kind wants to go when nobody is full, for a block of draws.

        Rivals, in-house last, (block, kinds, rivals + 1), and not spent, (block, kinds).
        """
        rivals = self.among_rivals(block)
        choices, outsides = np.empty((*rivals.shape[:2], rivals.shape[2] + 1)), np.empty(rivals.shape[:2])
        with_own_options(rivals, self.in_house[block], self.not_spent[block], choices, outsides)
        return choices, outsides


def draw_sample(inputs: Inputs, draws: Draws) -> Sample:
    """Draw every input and reckon what does not depend on who is full."""
    view = View(inputs, draws)
    run_rate, incumbent = run_rates(view), view.value(INCUMBENT_REVENUE)
    spend, overdrawn = spend_of(view)
    exits, probability = view.stage("exits", _exits)
    drifts, path = view.stage("paths", vendor_paths)
    gone = view.stage("gone", _gone)
    kind, choices = view.stage("rivals", choices_among_rivals)
    return Sample(
        path=path,
        drift=drifts,
        leaving_factor=path[:, 0] * gone,
        run_rate=run_rate,
        incumbent_run_rate=incumbent,
        spend=spend,
        exits=exits,
        exit_probability=probability,
        leaving=spend * exits * view.value("moved_share") / MONTHS_PER_YEAR,
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
        among_rivals=choices,
    )


def _gone(view: View) -> Floats:
    months = mid_month(view.horizon_months, view.facts.event_date)
    return share_gone(months, view.value("lag"), view.value("half_life"), view.value("timing_shape"))


def _exits(view: View) -> tuple[Floats, Floats]:
    """Return which part of each customer exits, 0 or 1 where it is one firm, and with which probability.

    (customers, n) each.
    """
    customers, stances = view.facts.customers, view.facts.stances
    stated = [view.own_or_common(InputKey("exit", c), f"exit_{stances[c]}") for c in customers]
    probability = shifted_probability(np.array(stated), view.value("exodus"))
    own = np.array([normal(view.uniform("exits", customer)) for customer in customers])
    contagion = view.value("contagion")[:-1]
    common = normal(view.uniform("exits"))
    drawn = exit_indicator(probability[:, :-1], common, own, contagion)
    for row in np.flatnonzero(view.facts.firms > 1):
        chance = conditional_exit(probability[row, :-1], common, contagion)
        drawn[row] = exit_share(chance, view.uniform("exits", customers[row]), float(view.facts.firms[row]))
    # The central path takes exits at their probability.
    return np.concatenate([drawn, probability[:, -1:]], axis=1), probability


def _by_rival(view: View, kind: str) -> Floats:
    """Return a capacity input for every rival: its own where the tables or the scenario give one."""
    return np.array([view.own_or_common(InputKey(kind, vendor=rival), kind) for rival in view.facts.rivals])
