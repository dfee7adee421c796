"""The three figures of the first page, simulation by simulation, and what a change of the scenario did to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from shareshift.basics.arrays import Floats
from shareshift.basics.formats import money, money_range
from shareshift.market.market import Market
from shareshift.results.labels import figure_label
from shareshift.results.sentences import level_words, top_gainers

# The page opens before the engine is imported.
if TYPE_CHECKING:
    from shareshift.model.run import Run

FIGURES = ("displaced", "incumbent_change", "in_house_and_not_spent", "unplaced")
LARGE = 0.85
# No id of a market has a space in it.
WON = "won by "


@dataclass(frozen=True, kw_only=True)
class Change:
    """What a figure was before, and its difference in the same simulations: mean and range; USD."""

    before: float
    mean: float
    p5: float
    p95: float


@dataclass(frozen=True, kw_only=True)
class Headline:
    """One figure of the first page: its place on the page, its name, and all its simulations, in USD."""

    place: str
    label: str
    mean: float
    signed: bool
    draws: Floats = field(repr=False)
    change: Change | None = None

    def chance_above(self, usd: float) -> float:
        """Return in which share of the simulations the figure exceeds an amount."""
        return float((self.draws > usd).mean())


def simulations_of(run: Run) -> pl.DataFrame:
    """Return one row per simulation: the headline figures and what each rival wins, in USD, to seven digits."""
    placed = run.migration
    won = placed.to_options.sum(axis=0)
    columns = {
        "displaced": run.sample.displaced_total.sum(axis=0),
        "incumbent_change": (run.incumbent_revenue - run.incumbent_no_event).sum(axis=0),
        "in_house_and_not_spent": won[-1] + placed.not_spent_total.sum(axis=0),
        "unplaced": placed.unplaced_total.sum(axis=0),
        **{f"{WON}{rival}": won[at] for at, rival in enumerate(run.inputs.rivals)},
    }
    # A hundred readers' worth of them is held; half the digits tell figures apart as well.
    return pl.DataFrame({name: values[:-1].astype(np.float32) for name, values in columns.items()})


def headlines(
    gains: pl.DataFrame, simulations: pl.DataFrame, before: pl.DataFrame | None, market: Market
) -> list[Headline]:
    """Return what is displaced, what is left of it to the incumbent, and what the largest gainer wins.

    `before` holds the simulations of the scenario that the reader set out from, on the same draws.
    """
    level, incumbent = top_gainers(gains, market.pools), market.names[market.incumbent]
    winner = f"{WON}{level[0]['vendor_id']}"
    nobody = round(level[0]["mean_displaced_gain_usd"]) == 0
    first = "nobody" if nobody else level_words(level, market.names)
    found = (
        ("displaced", "displaced", figure_label("displaced", incumbent)),
        ("effect", "incumbent_change", figure_label("incumbent_change", incumbent)),
        ("gainer", winner, f"Largest gainer: {first}"),
    )
    return [
        Headline(
            place=place,
            label=label,
            mean=_mean(simulations[column]),
            signed=column == "incumbent_change",
            draws=simulations[column].to_numpy(),
            change=None if before is None else change_of(before[column], simulations[column]),
        )
        for place, column, label in found
    ]


def change_of(before: pl.Series, now: pl.Series) -> Change | None:
    """Return what became of a figure within each simulation; None where it is the same in all of them."""
    from shareshift.results.compare.pairing import SAME

    old, new = (values.cast(pl.Float64).to_numpy() for values in (before, now))
    moved = new - old
    # Single precision: what agrees to its last digits has not moved.
    if (np.abs(moved) <= max(SAME, 1e-6) * np.maximum(np.abs(old), np.abs(new))).all():
        return None
    low, high = np.percentile(moved, (5, 95))
    return Change(before=float(old.mean()), mean=float(moved.mean()), p5=float(low), p95=float(high))


def change_words(change: Change) -> str:
    """Return what a figure was and how far it moved, such as was 0.42bn, −0.11bn (−0.19bn to −0.04bn)."""
    return f"was {money(change.before)}; {_signed(change.mean)} ({money_range(change.p5, change.p95)})"


def consequence(simulations: pl.DataFrame, before: pl.DataFrame, market: Market) -> str:
    """Return the largest consequence of a change in one sentence; empty where nothing moves."""
    # Another scenario of the same market has the same rivals, but one may be excluded.
    old, new = ({column.name: column for column in frame.iter_columns()} for frame in (before, simulations))
    means = {column: _mean(new[column]) - _mean(old[column]) for column in old if column in new}
    most = max(abs(mean) for mean in means.values())
    if round(most) == 0:
        return ""
    # Of consequences that are all but as large, the one that comes first is the cause of the others.
    column = next(column for column, mean in means.items() if abs(mean) >= LARGE * most)
    change = change_of(old[column], new[column])
    if change is None:
        return ""
    rival = column.removeprefix(WON)
    label = market.names[rival] if column.startswith(WON) else figure_label(column, market.names[market.incumbent])
    return (
        f"Your change does most to “{label}”: {_signed(change.mean)} on average "
        f"({money_range(change.p5, change.p95)} in nine of ten simulations)."
    )


def grid(draws: Floats, steps: int = 40) -> list[float]:
    """Return round amounts from the least to well above the most of a figure's usual range, zero among them; USD."""
    low, high = (float(end) for end in np.percentile(draws, (1, 95)))
    low, high = min(low, 0.0), max(1.7 * high, 0.0)
    wide = (high - low) / steps or 1.0
    power = 10.0 ** np.floor(np.log10(wide))
    step = next(float(factor * power) for factor in (1, 2, 2.5, 5, 10) if factor * power >= wide * (1 - 1e-9))
    first, last = int(np.floor(low / step)), int(np.ceil(high / step))
    return [round(at * step, 6) for at in range(first, max(last, first + 1) + 1)]


def nearest(amounts: Sequence[float], usd: float) -> float:
    """Return the amount of a grid that lies nearest."""
    return min(amounts, key=lambda amount: abs(amount - usd))


def _mean(values: pl.Series) -> float:
    return float(values.to_numpy().mean(dtype=np.float64))


def _signed(usd: float) -> str:
    return f"+{money(usd)}" if round(usd) > 0 else money(usd)
