"""What would have to be true of the inputs for the claims to be right?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import polars as pl

from shareshift.charts.look import NARROW, Datasets, Look, finished

# Charts are drawn once and kept; a start that finds them kept does not wait for this import.
if TYPE_CHECKING:
    import altair as alt

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
            (pl.col("place").cast(pl.Float64) * ROW + 12).alias("text_y"),
            (pl.col("place").cast(pl.Float64) * ROW + 26).alias("y"),
        )
    }


def draw_inputs(look: Look, height: int) -> alt.LayerChart:
    """Draw the moves from the named data of `inputs_data`."""
    import altair as alt

    style = look.style
    data = alt.Chart(alt.NamedData("moved"))
    down = alt.Scale(domain=[0, height - FOOT], reverse=True, nice=False)
    axis = alt.Axis(title="Move of the mean, in standard deviations it had before", format="+.2~f", tickCount=4)
    x = alt.X("moved_sd:Q", axis=axis, scale=alt.Scale(zero=True))
    y = alt.Y("y:Q", scale=down, axis=None)
    text_y = alt.Y("text_y:Q", scale=down, axis=None)
    size = alt.ExprRef(f"{NARROW} ? 11.5 : 12.5")
    tooltip = [alt.Tooltip("label:N", title="Input"), alt.Tooltip("amounts:N", title="From, to")]
    stems = data.mark_rule(strokeWidth=2.5, color=style.incumbent).encode(x=x, x2=alt.datum(0), y=y)
    dots = data.mark_point(filled=True, size=64, opacity=1, color=style.incumbent).encode(x=x, y=y, tooltip=tooltip)
    line = data.mark_tick(color=style.muted, orient="vertical", size=12, thickness=1.5).encode(
        x=alt.X(datum=0, type="quantitative"), y=y
    )
    labels = data.mark_text(align="left", fontSize=size, color=style.ink).encode(
        x=alt.value(0), y=text_y, text="label:N"
    )
    words = data.mark_text(align="right", fontSize=size, color=style.muted).encode(
        x=alt.value(alt.ExprRef("width")), y=text_y, text="amounts:N"
    )
    return finished([line, stems, dots, labels, words], look, height, DESCRIPTION)
