"""Who holds which part of the outsourced market, month by month?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import polars as pl

from shareshift.charts.look import (
    MONTHS,
    Datasets,
    Look,
    event_data,
    event_mark,
    finished,
    month_axis,
    raw_colour,
    spread,
)
from shareshift.formats import percent

# Charts are drawn once and kept; a start that finds them kept does not wait for this import.
if TYPE_CHECKING:
    import altair as alt

HEIGHT = 330
LABEL_GAP = 0.062
DESCRIPTION = (
    "Lines of each vendor's share of outsourced revenue by month, the mean of the draws, with a band around the "
    "incumbent and the biggest gainers that holds 90 in 100 draws. The table below the picture has every vendor."
)


def share_data(shares: pl.DataFrame, look: Look) -> Datasets:
    """Return a row per vendor and month, and the label at the end of each coloured line; shares 0..1."""
    named = shares.select(
        look.named(shares["vendor_id"]).alias("vendor"),
        look.coloured(shares["vendor_id"]),
        pl.col("vendor_id").is_in(list(look.colours)).alias("told_apart"),
        "month",
        *(pl.col(f"{statistic}_share").alias(statistic) for statistic in ("mean", "p5", "p95")),
    )
    last = named.filter(pl.col("month") == pl.col("month").max(), pl.col("told_apart"))
    top = float(named["p95"].max() or 1.0)  # type: ignore[arg-type]
    labels = [f"{name}  {percent(share)}" for name, share in zip(last["vendor"], last["mean"], strict=True)]
    ends = last.select(
        "month",
        "colour",
        pl.Series("label", labels, dtype=pl.String),
        pl.Series("label_y", _positions(last["mean"].to_list(), top), dtype=pl.Float64),
    )
    lean = named.cast({"mean": pl.Float32, "p5": pl.Float32, "p95": pl.Float32})
    return {"shares": lean.cast({"vendor": pl.Categorical, "colour": pl.Categorical}), "ends": ends, **event_data(look)}


def _positions(shares: Sequence[float], top: float) -> list[float]:
    return spread(shares, LABEL_GAP * top, 0.0, top)


def draw_shares(look: Look) -> alt.LayerChart:
    """Draw the shares from the named data of `share_data`."""
    import altair as alt

    data = alt.Chart(alt.NamedData("shares"))
    x = month_axis()
    axis = alt.Axis(format="%", title="Share of outsourced revenue, %", tickCount=5)
    y = alt.Y("mean:Q", axis=axis, scale=alt.Scale(zero=True))
    tooltip = [
        alt.Tooltip("vendor:N", title="Vendor"),
        alt.Tooltip(MONTHS, format="%B %Y", title="Month"),
        alt.Tooltip("mean:Q", format=".1%", title="Mean"),
        alt.Tooltip("p5:Q", format=".1%", title="5 in 100 draws below"),
        alt.Tooltip("p95:Q", format=".1%", title="5 in 100 draws above"),
    ]
    apart = data.transform_filter("datum.told_apart")
    bands = apart.mark_area(opacity=0.14, interpolate="monotone").encode(
        x=x, y=alt.Y("p5:Q"), y2="p95:Q", detail="vendor:N", color=raw_colour()
    )
    greys = data.transform_filter("!datum.told_apart").mark_line(strokeWidth=1, interpolate="monotone")
    lines = apart.mark_line(strokeWidth=2.2, interpolate="monotone")
    drawn = [
        lines_.encode(x=x, y=y, detail="vendor:N", color=raw_colour(), tooltip=tooltip) for lines_ in (greys, lines)
    ]
    ends = alt.Chart(alt.NamedData("ends")).mark_text(align="left", dx=8, fontSize=12.5)
    labels = ends.encode(x=alt.X(MONTHS), y=alt.Y("label_y:Q"), text="label:N", color=raw_colour())
    return finished([bands, *drawn, labels, *event_mark(look)], look, HEIGHT, DESCRIPTION)
