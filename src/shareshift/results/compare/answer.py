"""Scenarios against a reference, all on the same draws: the frames that page, files and command line share."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from shareshift.basics.months import first_month, months_from
from shareshift.market.market import Market
from shareshift.model.draws.streams import Draws
from shareshift.results.compare.alike import alike_scenarios
from shareshift.results.compare.inputs import inputs_frame
from shareshift.results.compare.outcome import Outcome, run_outcome
from shareshift.results.compare.pairing import paired_frame
from shareshift.results.compare.ranks import RANKED, order_frame, ranks_frame
from shareshift.results.compare.settings import months_of
from shareshift.results.rows import headed
from shareshift.scenario.scenario import Scenario


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """What two to four scenarios come to; the first is the reference, and every frame has both their titles.

    `figures`, `vendors`, `shares` and `revenue` are as `paired_frame`, `ranks` as `ranks_frame`, `orders` as
    `order_frame` and `inputs` as `inputs_frame`. `months` are those all have in common, and `titles` one per
    scenario, told apart where two have the same.
    """

    titles: tuple[str, ...]
    scenarios: tuple[Scenario, ...] = field(repr=False)
    own_months: tuple[int, ...]
    months: tuple[date, ...]
    draws: int
    figures: pl.DataFrame = field(repr=False)
    vendors: pl.DataFrame = field(repr=False)
    shares: pl.DataFrame = field(repr=False)
    revenue: pl.DataFrame = field(repr=False)
    ranks: pl.DataFrame = field(repr=False)
    orders: pl.DataFrame = field(repr=False)
    inputs: pl.DataFrame = field(repr=False)

    @property
    def horizon_note(self) -> str | None:
        """Say which months are compared where the scenarios do not look ahead equally far."""
        if len(set(self.own_months)) == 1:
            return None
        own = ", ".join(f"{title} {months}" for title, months in zip(self.titles, self.own_months, strict=True))
        return (
            f"The scenarios look ahead by different numbers of months ({own}); the {len(self.months)} in common count."
        )

    @property
    def tables(self) -> dict[str, pl.DataFrame]:
        """Every table by the name of its file; what inputs explain is asked for separately."""
        names = ("figures", "vendors", "shares", "revenue", "ranks", "orders", "inputs")
        return {f"compare_{name}": getattr(self, name) for name in names}


def compare(market: Market, scenarios: Sequence[Scenario], held: Draws) -> Comparison:
    """Run scenarios on the same draws and return how they differ from the first, over the months all have.

    Two runs at most are held in memory at a time. Raises `ScenarioError` for fewer than two or more than four
    scenarios, and for one that does not fit the market.
    """
    alike = alike_scenarios(market, scenarios)
    months = months_from(first_month(market.event_date), months_of(market, alike.scenarios[0]))
    reference = run_outcome(market, alike.scenarios[0], held, monthly=True)
    frames: dict[str, list[pl.DataFrame]] = {}
    for number in range(1, len(scenarios)):
        outcome = run_outcome(market, alike.scenarios[number], held, monthly=True)
        named = _frames(reference, outcome, months, held.scramblings)
        named["inputs"] = inputs_frame(market, scenarios[0], scenarios[number])
        for name, frame in named.items():
            titled = headed(frame, scenario=alike.titles[number], reference=alike.titles[0])
            frames.setdefault(name, []).append(titled)
    return Comparison(
        titles=alike.titles,
        scenarios=tuple(scenarios),
        own_months=tuple(months_of(market, scenario) for scenario in scenarios),
        months=tuple(months),
        draws=held.count,
        **{name: pl.concat(parts) for name, parts in frames.items()},
    )


def _frames(reference: Outcome, scenario: Outcome, months: Sequence[date], scramblings: int) -> dict[str, pl.DataFrame]:
    """Return every table of two scenarios but that of their inputs."""
    both = paired_frame(reference.keys, reference.values, scenario.values, scramblings)
    of_vendors = pl.col("vendor_id").is_not_null()
    vendors = [one.vendor_id for one in reference.measures if one.measure == "share_at_horizon" and one.vendor_id]
    keys: dict[str, Sequence[object]] = {
        "vendor_id": [vendor for vendor in vendors for _ in months],
        "month": [month for _ in vendors for month in months],
    }
    found = {
        "figures": both.filter(~of_vendors).drop("vendor_id").rename({"measure": "figure"}),
        "vendors": both.filter(of_vendors),
    }
    for name, values in reference.monthly.items():
        before, after = (rows.reshape(len(vendors) * len(months), -1) for rows in (values, scenario.monthly[name]))
        found[name] = paired_frame(keys, before, after, scramblings)
    for name, make in (("ranks", ranks_frame), ("orders", order_frame)):
        parts = []
        for measure, with_incumbent in RANKED.items():
            first = 0 if with_incumbent else 1
            parts.append(make(measure, vendors[first:], reference.of(measure)[first:], scenario.of(measure)[first:]))
        found[name] = pl.concat(parts)
    return found
