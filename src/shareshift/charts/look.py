"""What the data of charts share: who has which name and colour, amounts in words, places of labels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from shareshift.basics.formats import day_words, money, money_range
from shareshift.charts.lazy import alt
from shareshift.charts.theme import Style

Datasets = dict[str, pl.DataFrame]
Spec = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Look:
    """How one market looks in one mode: names, colours, which vendors are told apart, and how high money is drawn.

    `full_usd` fills the height of a picture of the incumbent's money in every scenario; 0 lets each picture choose.
    """

    names: Mapping[str, str]
    colours: Mapping[str, str]
    incumbent: str
    event_date: date
    style: Style
    full_usd: float = 0.0

    def name(self, key: str) -> str:
        """Return the name that readers know an id by."""
        return self.names.get(key, key)

    def colour(self, key: str) -> str:
        """Return the colour of an id; whoever has none is part of the long grey tail."""
        return self.colours.get(key, self.style.tail)

    def named(self, ids: pl.Series) -> pl.Series:
        """Return readers' names for ids."""
        return pl.Series(ids.name, [self.name(key) for key in ids], pl.String)

    def coloured(self, ids: pl.Series) -> pl.Series:
        """Return the colour of every id, in a column `colour`."""
        return pl.Series("colour", [self.colour(key) for key in ids], pl.String)


def event_data(look: Look) -> Datasets:
    """Return the one row from which the event is marked."""
    return {"event": pl.DataFrame({"month": [look.event_date], "words": [f"event, {day_words(look.event_date)}"]})}


def span_words(low: float, high: float) -> str:
    """Return a range of USD as tooltips tell it."""
    return money_range(low, high)


def usd_row(mean: float, p5: float, p95: float) -> dict[str, float | str]:
    """Return the columns that a dot with its range is drawn from: the numbers in USD, and them in words."""
    words = {"amount": money(mean), "range": span_words(p5, p95), "short": money(mean)}
    return {"mean": mean, "p5": p5, "p95": p95, **words}


def spread(centres: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Return positions near `centres` that lie at least `gap` apart, within low and high where they fit."""
    order = sorted(range(len(centres)), key=lambda i: centres[i])
    placed: dict[int, float] = {}
    at = low - gap
    for i in order:
        at = placed[i] = max(centres[i], at + gap)
    ceiling = high + gap
    for i in reversed(order):
        ceiling = placed[i] = min(placed[i], ceiling - gap)
    return [placed[i] for i in range(len(centres))]


def to_spec(chart: alt.LayerChart) -> Spec:
    """Return the chart's Vega-Lite specification, without data."""
    return dict(chart.to_dict())
