"""How likely is each claim?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from shareshift.charts.canvas import Canvas, row_words
from shareshift.charts.lazy import alt
from shareshift.charts.look import Datasets, Look
from shareshift.charts.marks import finished, named, told

DESCRIPTION = (
    "One bar per claim and reading on a scale from 0 to 100%: the share of simulations in which it holds, "
    "with a mark at even odds. The words beside the bar are those of ICD 203. The table below has the same numbers."
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
    style, canvas = look.style, Canvas(height=height)
    data, even = named("odds"), named("even").encode(x=canvas.x("x"))
    rows = data.encode(y=canvas.y("bar_top"), y2="bar_bottom:Q")
    tracks = rows.mark_bar(color=style.grid).encode(x=canvas.at(1), x2=alt.value(0))
    bars = rows.mark_bar(color=style.incumbent).encode(
        x=canvas.x("probability"), x2=alt.value(0), tooltip=told({"label": "Claim", "words": "Holds"})
    )
    halves = rows.mark_rule(color=style.ink, strokeWidth=1).encode(x=canvas.at(0.5))
    words = row_words(data, look, canvas.y("text_y"), canvas.at(1), amounts="words")
    rule = even.mark_rule(color=style.ink).encode(y=canvas.y("top"), y2="bottom:Q")
    foot = even.mark_text(fontSize=11, color=style.muted).encode(y=canvas.y("foot"), text="words:N")
    return finished([tracks, bars, halves, *words, rule, foot], look, height, DESCRIPTION)
