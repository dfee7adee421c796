"""What does each input explain by itself, and what only together with others?"""

from __future__ import annotations

import polars as pl

from shareshift.basics.formats import percent
from shareshift.charts.canvas import Canvas, placed, right_edge, row_words
from shareshift.charts.lazy import alt
from shareshift.charts.look import Datasets, Look
from shareshift.charts.marks import finished, named, told

DESCRIPTION = (
    "For each input a filled dot at the share of the variance that it explains by itself and a hollow diamond at the "
    "share in which it takes part at all, each with the range in which 90 in 100 repetitions fall."
)
ROW, FOOT, SHOWN = 40, 42, 10


def indices_height(inputs: int) -> int:
    """Return the height of the picture in pixels."""
    return ROW * min(max(inputs, 1), SHOWN) + FOOT


def indices_data(indices: pl.DataFrame) -> Datasets:
    """Return one row per input, the largest total index first; shares of variance, 0..1, cut at 0."""
    rows = indices.head(SHOWN).with_row_index("place")
    ends = [name for name in rows.columns if name.startswith(("first_order", "total"))]
    rows = rows.with_columns(pl.col(ends).clip(0.0, 1.0))
    words = [f"{percent(row['first_order'])} → {percent(row['total'])}" for row in rows.iter_rows(named=True)]
    places = placed(ROW, text_y=11, first_y=24, total_y=32)
    return {"indices": rows.select("label", *ends, pl.Series("words", words, dtype=pl.String), *places)}


def draw_indices(look: Look, height: int) -> alt.LayerChart:
    """Draw the indices from the named data of `indices_data`."""
    style, canvas, data = look.style, Canvas(height=height - FOOT), named("indices")
    axis = alt.Axis(title="Share of the figure’s variance, %", format="~%", tickCount=5, grid=False)
    layers = []
    for name, colour in (("first_order", style.incumbent), ("total", style.muted)):
        rows = data.encode(y=canvas.y("first_y" if name == "first_order" else "total_y"))
        x = alt.X(f"{name}_low:Q", axis=axis, scale=alt.Scale(zero=True))
        layers.append(rows.mark_rule(strokeWidth=2.5, opacity=0.55, color=colour).encode(x=x, x2=f"{name}_high:Q"))
        dots = rows.mark_point(size=56, opacity=1, filled=True, color=colour)
        if name == "total":
            dots = rows.mark_point(
                size=56, opacity=1, shape="diamond", fill=style.paper, stroke=style.ink, strokeWidth=1.4
            )
        layers.append(
            dots.encode(x=alt.X(f"{name}:Q"), tooltip=told({"label": "Input", "words": "By itself → in all"}))
        )
    words = row_words(data, look, canvas.y("text_y"), right_edge(), amounts="words", limit="0.68 * width")
    return finished([*layers, *words], look, height, DESCRIPTION)
