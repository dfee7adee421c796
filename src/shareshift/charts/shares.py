"""Who holds which part of the outsourced market, month by month?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from shareshift.basics.formats import percent
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
    vendors, months = shares["vendor_id"], shares["month"]
    numbers = {statistic: shares[f"{statistic}_share"] for statistic in ("mean", "p5", "p95")}
    rows = [
        look.named(vendors).alias("vendor").cast(pl.Categorical),
        look.coloured(vendors).cast(pl.Categorical),
        pl.Series("told_apart", [vendor in look.colours for vendor in vendors], pl.Boolean),
        months,
        *(values.cast(pl.Float32).alias(statistic) for statistic, values in numbers.items()),
    ]
    last = [
        (vendor, share)
        for vendor, month, share in zip(vendors, months, numbers["mean"], strict=True)
        if month == months[-1] and vendor in look.colours
    ]
    top = max(numbers["p95"]) or 1.0
    ends = {
        "month": pl.Series([months[-1]] * len(last), dtype=pl.Date),
        "colour": pl.Series([look.colour(vendor) for vendor, _ in last], dtype=pl.String),
        "label": pl.Series([f"{look.name(vendor)}  {percent(share)}" for vendor, share in last], dtype=pl.String),
        "label_y": pl.Series(spread([share for _, share in last], LABEL_GAP * top, 0.0, top), dtype=pl.Float64),
    }
    return {"shares": pl.DataFrame(rows), "ends": pl.DataFrame(ends), **event_data(look)}


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
        x=x, y=alt.Y("p5:Q"), y2="p95:Q", detail="vendor:N", color=raw_colour(), tooltip=tooltip
    )
    greys = data.transform_filter("!datum.told_apart").mark_line(strokeWidth=1, interpolate="monotone")
    lines = apart.mark_line(strokeWidth=2.2, interpolate="monotone")
    drawn = [
        lines_.encode(x=x, y=y, detail="vendor:N", color=raw_colour(), tooltip=tooltip) for lines_ in (greys, lines)
    ]
    ends = alt.Chart(alt.NamedData("ends")).mark_text(align="left", dx=8, fontSize=12.5)
    labels = ends.encode(x=alt.X(MONTHS), y=alt.Y("label_y:Q"), text="label:N", color=raw_colour())
    return finished([bands, *drawn, labels, *event_mark(look)], look, HEIGHT, DESCRIPTION)
