"""What would have to be true of the inputs for the claims to be right?"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from shareshift.charts.canvas import Canvas, placed, right_edge, row_words
from shareshift.charts.lazy import alt
from shareshift.charts.look import Datasets, Look
from shareshift.charts.marks import finished, named, told

DESCRIPTION = (
    "The inputs that believing moves most: how far the mean of each moves, in standard deviations it had before, to "
    "the right where it would have to be higher and to the left where lower. The amounts stand beside the name."
)
ROW, FOOT, SHOWN = 38, 42, 12


def inputs_height() -> int:
    """Return the height of the picture in pixels."""
    return ROW * SHOWN + FOOT


def inputs_data(moved: pl.DataFrame, amounts: Sequence[str]) -> Datasets:
    """Return the inputs that move most, with `amounts` as their words; x in prior standard deviations."""
    rows = moved.head(SHOWN).with_row_index("place")
    return {
        "moved": rows.select(
            "label",
            "moved_sd",
            pl.Series("amounts", amounts[: rows.height], dtype=pl.String),
            *placed(ROW, text_y=12, y=26),
        )
    }


def draw_inputs(look: Look, height: int) -> alt.LayerChart:
    """Draw the moves from the named data of `inputs_data`."""
    style, canvas = look.style, Canvas(height=height - FOOT)
    data = named("moved")
    axis = alt.Axis(title="Move of the mean, in standard deviations it had before", format="+.2~f", tickCount=4)
    rows = data.encode(y=canvas.y("y"))
    moves = rows.encode(x=alt.X("moved_sd:Q", axis=axis, scale=alt.Scale(zero=True)))
    stems = moves.mark_rule(strokeWidth=2.5, color=style.incumbent).encode(x2=alt.datum(0))
    dots = moves.mark_point(filled=True, size=64, opacity=1, color=style.incumbent)
    dots = dots.encode(tooltip=told({"label": "Input", "amounts": "From, to"}))
    line = rows.mark_tick(color=style.muted, orient="vertical", size=12, thickness=1.5)
    line = line.encode(x=alt.X(datum=0, type="quantitative"))
    words = row_words(data, look, canvas.y("text_y"), right_edge(), amounts="amounts")
    return finished([line, stems, dots, *words], look, height, DESCRIPTION)
