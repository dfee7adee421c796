"""How likely is each claim?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from shareshift.charts.look import NARROW, Datasets, Look, finished

# Charts are drawn once and kept; a start that finds them kept does not wait for this import.
if TYPE_CHECKING:
    import altair as alt

DESCRIPTION = (
    "One bar per claim and reading on a scale from 0 to 100 %: the share of the draws in which it holds, with a mark "
    "at even odds. The words beside the bar are those of ICD 203. The table below the picture has the same numbers."
)
ROW, GROUP_GAP, FOOT = 29, 9, 18
BAR = 6


@dataclass(frozen=True, kw_only=True)
class Odds:
    """One bar: what is claimed, its probability (None where it was not tested) and that in words."""

    group: str
    label: str
    words: str
    probability: float | None


def odds_height(rows: Sequence[Odds]) -> int:
    """Return the height of the picture in pixels."""
    groups = len({row.group for row in rows})
    return ROW * max(len(rows), 1) + GROUP_GAP * max(groups - 1, 0) + FOOT


def odds_data(rows: Sequence[Odds]) -> Datasets:
    """Return a row per bar on a canvas of pixels downwards and 0..1 sidewards, and the mark at even odds."""
    groups = list(dict.fromkeys(row.group for row in rows))
    tops = [ROW * i + GROUP_GAP * groups.index(row.group) for i, row in enumerate(rows)]
    columns = {
        "label": [row.label for row in rows],
        "words": [row.words for row in rows],
        "probability": [row.probability or 0.0 for row in rows],
        "text_y": [float(top + 12) for top in tops],
        "bar_top": [float(top + 19) for top in tops],
        "bar_bottom": [float(top + 19 + BAR) for top in tops],
    }
    text = {"label": pl.String(), "words": pl.String()}
    frame = pl.DataFrame(columns, schema={name: text.get(name, pl.Float64()) for name in columns})
    height = float(odds_height(rows))
    even = {"x": [0.5], "top": [height - FOOT - 4.0], "bottom": [height - FOOT + 1.0], "foot": [height - 5.0]}
    return {"odds": frame, "even": pl.DataFrame({**even, "words": ["even odds"]})}


def draw_odds(look: Look, height: int) -> alt.LayerChart:
    """Draw the bars from the named data of `odds_data`."""
    import altair as alt

    style = look.style
    data, even = alt.Chart(alt.NamedData("odds")), alt.Chart(alt.NamedData("even"))
    scale = alt.Scale(domain=[0, height], reverse=True, nice=False)
    across = alt.Scale(domain=[0, 1], nice=False)
    top, text_y = alt.Y("bar_top:Q", scale=scale, axis=None), alt.Y("text_y:Q", scale=scale, axis=None)
    tooltip = [alt.Tooltip("label:N", title="Claim"), alt.Tooltip("words:N", title="Holds")]
    size = alt.ExprRef(f"{NARROW} ? 11.5 : 12.5")
    whole = alt.X(datum=1, scale=across, axis=None, type="quantitative")
    tracks = data.mark_bar(color=style.grid).encode(y=top, y2="bar_bottom:Q", x=whole, x2=alt.value(0))
    bars = data.mark_bar(color=style.incumbent).encode(
        y=top, y2="bar_bottom:Q", x=alt.X("probability:Q", scale=across, axis=None), x2=alt.value(0), tooltip=tooltip
    )
    labels = data.mark_text(align="left", fontSize=size, color=style.ink).encode(
        x=alt.value(0), y=text_y, text="label:N"
    )
    words = data.mark_text(align="right", fontSize=size, color=style.muted).encode(x=whole, y=text_y, text="words:N")
    at = alt.X("x:Q", scale=across, axis=None)
    rule = even.mark_rule(color=style.ink).encode(x=at, y=alt.Y("top:Q", scale=scale, axis=None), y2="bottom:Q")
    halves = data.mark_rule(color=style.ink, strokeWidth=1).encode(
        x=alt.X(datum=0.5, scale=across, axis=None, type="quantitative"), y=top, y2="bar_bottom:Q"
    )
    foot = even.mark_text(fontSize=11, color=style.muted).encode(
        x=at, y=alt.Y("foot:Q", scale=scale, axis=None), text="words:N"
    )
    return finished([tracks, bars, halves, labels, words, rule, foot], look, height, DESCRIPTION)
