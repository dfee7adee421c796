"""How far does each input alone move a figure?"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from shareshift.charts.canvas import Canvas, placed, right_edge, row_words
from shareshift.charts.drivers.axes import unit_axis, unit_title
from shareshift.charts.lazy import alt
from shareshift.charts.look import Datasets, Look
from shareshift.charts.marks import finished, named, raw_colour, told

DESCRIPTION = (
    "A tornado: for each input, the widest swing first, a grey bar from the mean of the figure to the mean with that "
    "input at its P10, and a coloured bar to the mean with it at its P90. The amounts stand beside the names."
)
ROW, FOOT, SHOWN = 40, 42, 10


def tornado_height(inputs: int) -> int:
    """Return the height of the picture in pixels."""
    return ROW * min(max(inputs, 1), SHOWN) + FOOT


def tornado_data(swings: pl.DataFrame, amounts: Sequence[str], look: Look) -> Datasets:
    """Return two bars for each of the inputs that move a figure most, with `amounts` as their words."""
    rows = swings.head(SHOWN).with_row_index("place")
    rows = rows.with_columns(pl.Series("amounts", list(amounts)[: rows.height], dtype=pl.String))
    ends = [
        rows.select(
            "label",
            "amounts",
            "mean",
            pl.col(column).alias("end"),
            pl.lit(colour).alias("colour"),
            pl.lit(words).alias("which"),
            *placed(ROW, text_y=11, y=26, top=19, bottom=ROW - 2),
        )
        for column, colour, words in (
            ("mean_at_p10", look.style.faint, "input at its P10"),
            ("mean_at_p90", look.style.incumbent, "input at its P90"),
        )
    ]
    return {"bars": pl.concat(ends), "rows": ends[0]}


def draw_tornado(look: Look, height: int, unit: str) -> alt.LayerChart:
    """Draw the swings of a figure in `unit` from the named data of `tornado_data`."""
    style, canvas = look.style, Canvas(height=height - FOOT)
    axis = unit_axis(f"Mean of the figure, {unit_title(unit)}", unit, grid=False)
    bars = named("bars").mark_bar(height=9).encode(
        y=canvas.y("y"),
        x=alt.X("end:Q", axis=axis, scale=alt.Scale(zero=False, nice=True, padding=8)),
        x2="mean:Q",
        color=raw_colour(),
        tooltip=told({"label": "Input", "which": "Bar", "amounts": "Mean"}),
    )  # fmt: skip
    rows = named("rows")
    words = row_words(rows, look, canvas.y("text_y"), right_edge(), amounts="amounts", limit="0.6 * width")
    middle = rows.mark_rule(color=style.muted, strokeWidth=1.2)
    middle = middle.encode(x=alt.X("mean:Q"), y=canvas.y("top"), y2="bottom:Q")
    return finished([middle, bars, *words], look, height, DESCRIPTION)
