"""What a comparison takes from a run: some numbers of every draw, so that the run itself can be let go."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from shareshift.basics.arrays import Floats
from shareshift.basics.months import MONTHS_PER_YEAR
from shareshift.market.market import Market
from shareshift.model.draws.streams import Draws
from shareshift.results.projection import Projection, project
from shareshift.results.tables.headlines import headline_figures
from shareshift.scenario.scenario import Scenario

# What is compared for every vendor, over all months unless the name says otherwise, and its unit.
VENDOR_MEASURES = {"displaced_gain": "usd", "market_growth_gain": "usd", "share_at_horizon": "share"}


@dataclass(frozen=True, kw_only=True)
class Measure:
    """One number per draw: a headline figure, or a measure of one vendor."""

    measure: str
    vendor_id: str | None
    unit: str


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """The draws of one run, the central path last: `values` (measures, draws + 1), in each measure's unit.

    `monthly` holds `shares` (0..1) and `revenue` (USD) where they were asked for; (vendors, months, draws + 1) each.
    """

    measures: tuple[Measure, ...]
    values: Floats = field(repr=False)
    monthly: Mapping[str, Floats] = field(default_factory=dict, repr=False)

    def of(self, measure: str) -> Floats:
        """Return the draws of a measure: (vendors, draws + 1), or (1, draws + 1) for a headline figure."""
        return self.values[[one.measure == measure for one in self.measures]]

    @property
    def keys(self) -> dict[str, pl.Series]:
        """What the rows of `values` are: measure, vendor (none for a headline figure) and unit."""
        names = ("measure", "vendor_id", "unit")
        return {name: pl.Series([getattr(one, name) for one in self.measures], dtype=pl.String) for name in names}


def run_outcome(market: Market, scenario: Scenario, held: Draws, *, monthly: bool = False) -> Outcome:
    """Run a scenario on the held draws and return what a comparison takes from it."""
    return outcome_of(project(market, scenario, held.count, held.seed, held=held), monthly=monthly)


def outcome_of(run: Projection, *, monthly: bool = False) -> Outcome:
    """Return what a comparison takes from a run, its months included where `monthly`."""
    figures = headline_figures(run)
    growth = run.no_event.sum(axis=1) - run.run_rate / MONTHS_PER_YEAR * len(run.months)
    by_vendor = (run.displaced_gain.sum(axis=1), growth, run.vendor_shares[:, -1])
    measures = [Measure(measure=figure.figure, vendor_id=None, unit=figure.unit) for figure in figures]
    for name, unit in VENDOR_MEASURES.items():
        measures += [Measure(measure=name, vendor_id=vendor, unit=unit) for vendor in run.vendors]
    return Outcome(
        measures=tuple(measures),
        values=np.vstack([*(figure.values for figure in figures), *by_vendor]),
        monthly={"shares": run.vendor_shares, "revenue": run.revenue} if monthly else {},
    )
