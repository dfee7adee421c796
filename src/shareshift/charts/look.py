"""What the charts share: who has which name and colour, label placing, and the mark at the event."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import polars as pl

from shareshift.charts.theme import Style, chart_config

# Charts are drawn once and kept; a start that finds them kept does not wait for this import.
if TYPE_CHECKING:
    import altair as alt

Datasets = dict[str, pl.DataFrame]
# Below this width labels shrink and margins narrow; an expression, because only the browser knows the width.
NARROW = "width < 560"
MONTHS = "month:T"


@dataclass(frozen=True, kw_only=True)
class Look:
    """How one market looks in one mode: names, colours, and which vendors are told apart."""

    names: Mapping[str, str]
    colours: Mapping[str, str]
    incumbent: str
    event_date: date
    style: Style

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


def finished(layers: Sequence[alt.Chart], look: Look, height: int, description: str) -> alt.LayerChart:
    """Return the layers as a chart with its size, its looks and its text alternative."""
    import altair as alt

    chart = alt.LayerChart(layer=list(layers))
    return chart.properties(
        width="container",
        height=height,
        description=description,
        config=chart_config(look.style),
        usermeta={"embedOptions": {"renderer": "svg", "actions": False}},
    )


def raw_colour(column: str = "colour") -> alt.Color:
    """Return an encoding that takes the colours in a column as they are."""
    import altair as alt

    return alt.Color(f"{column}:N", scale=None, legend=None)


def month_axis(title: str = "") -> alt.X:
    """Return a time axis whose months read as Jul 25."""
    import altair as alt

    axis = alt.Axis(format="%b %y", title=title or None, grid=False, tickCount={"interval": "month", "step": 3})
    return alt.X(MONTHS, axis=axis)


def event_data(look: Look) -> Datasets:
    """Return the one row that `event_mark` draws."""
    return {"event": pl.DataFrame({"month": [look.event_date], "words": ["the event"]})}


def event_mark(look: Look) -> list[alt.Chart]:
    """Return a dashed line at the event's day with its word on top."""
    import altair as alt

    base = alt.Chart(alt.NamedData("event")).encode(x=alt.X(MONTHS))
    rule = base.mark_rule(strokeDash=[2, 3], color=look.style.muted)
    text = base.mark_text(align="left", baseline="top", dx=4, color=look.style.muted, fontSize=11.5)
    return [rule, text.encode(y=alt.value(0), text="words:N")]


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


def to_spec(chart: alt.LayerChart) -> dict[str, Any]:
    """Return the chart's Vega-Lite specification, without data."""
    return dict(chart.to_dict())
