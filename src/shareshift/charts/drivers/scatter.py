"""How does a figure lie over one of its inputs?"""

from __future__ import annotations

import polars as pl

from shareshift.charts.drivers.axes import unit_axis, unit_title
from shareshift.charts.lazy import alt
from shareshift.charts.look import Datasets, Look
from shareshift.charts.marks import finished, named

DESCRIPTION = (
    "One dot per simulation, some hundreds of them: the input to the right, the figure upwards. A line joins the means "
    "of the figure in eight equal parts of the dots, from the lowest input to the highest."
)
HEIGHT, PARTS = 300, 8


def scatter_data(points: pl.DataFrame) -> Datasets:
    """Return the dots, and the mean of each of eight parts of them."""
    dots = points.select("input_value", "figure_value")
    ordered = dots.sort("input_value").with_row_index("place")
    part = (pl.col("place") * PARTS // max(ordered.height, 1)).alias("part")
    means = ordered.group_by(part, maintain_order=True).agg(pl.col("input_value", "figure_value").mean())
    return {"dots": dots, "means": means.select("input_value", "figure_value")}


def draw_scatter(look: Look, height: int, unit: str, figure_unit: str) -> alt.LayerChart:
    """Draw dots and means from the named data of `scatter_data`."""
    across = "its draws from the lowest to the highest" if unit == "draw" else unit_title(unit)
    x = alt.X(
        "input_value:Q", scale=alt.Scale(zero=False), axis=unit_axis(f"Input, {across}", unit, grid=False, ticks=4)
    )
    y = alt.Y("figure_value:Q", axis=unit_axis(f"Figure, {unit_title(figure_unit)}", figure_unit))
    dots = named("dots").mark_point(filled=True, size=22, opacity=0.35, color=look.style.muted).encode(x=x, y=y)
    line = named("means").mark_line(strokeWidth=2.5, color=look.style.incumbent, interpolate="monotone")
    return finished([dots, line.encode(x=x, y=y)], look, height, DESCRIPTION)
