"""How far does the incumbent fall below the path it would have had?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from shareshift.basics.formats import money, money_range
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
DESCRIPTION = (
    "Two lines of the incumbent's revenue per month in USD, with the event and without it, the mean of the draws; "
    "each has a band that holds 90 in 100 draws. The day of the event is marked."
)
PATHS = {"no_event_revenue_usd": "without the event", "revenue_usd": "with the event"}


def incumbent_data(months: pl.DataFrame, look: Look) -> Datasets:
    """Return a row per path and month, and the label at the end of each path; USD per month."""
    colours, count = (look.style.faint, look.style.incumbent), months.height
    mean, p5, p95 = (
        [value for column in PATHS for value in months[f"{statistic}_{column}"]] for statistic in ("mean", "p5", "p95")
    )
    paths = {
        "month": months["month"].to_list() * len(PATHS),
        "path": [path for path in PATHS.values() for _ in range(count)],
        "colour": [colour for colour in colours for _ in range(count)],
        "mean": mean,
        "p5": p5,
        "p95": p95,
        "amount": [money(value) for value in mean],
        "range": [f"{money_range(low, high)} USD" for low, high in zip(p5, p95, strict=True)],
    }
    top = max(p95) or 1.0
    ends = {
        "month": [months["month"][-1]] * len(PATHS),
        "path": list(PATHS.values()),
        "colour": colours,
        "label_y": spread(mean[count - 1 :: count], 0.07 * top, 0.0, top),
    }
    return {"paths": pl.DataFrame(paths), "path_ends": pl.DataFrame(ends), **event_data(look)}


def draw_incumbent(look: Look) -> alt.LayerChart:
    """Draw the incumbent's two paths from the named data of `incumbent_data`."""
    import altair as alt

    data = alt.Chart(alt.NamedData("paths"))
    x = month_axis()
    millions = "abs(datum.value) >= 1e6 ? format(datum.value / 1e6, ',.0f') + 'm' : format(datum.value, ',.0f')"
    axis = alt.Axis(title="Revenue, USD per month", labelExpr=millions, tickCount=5)
    y = alt.Y("mean:Q", axis=axis, scale=alt.Scale(zero=True))
    tooltip = [
        alt.Tooltip("path:N", title="Path"),
        alt.Tooltip(MONTHS, format="%B %Y", title="Month"),
        alt.Tooltip("amount:N", title="Mean"),
        alt.Tooltip("range:N", title="90 in 100 draws inside"),
    ]
    bands = data.mark_area(opacity=0.16, interpolate="monotone").encode(
        x=x, y=alt.Y("p5:Q"), y2="p95:Q", detail="path:N", color=raw_colour(), tooltip=tooltip
    )
    lines = data.mark_line(strokeWidth=2.4, interpolate="monotone").encode(
        x=x, y=y, detail="path:N", color=raw_colour(), tooltip=tooltip
    )
    ends = alt.Chart(alt.NamedData("path_ends")).mark_text(align="left", dx=8, fontSize=12.5, color=look.style.ink)
    labels = ends.encode(x=alt.X(MONTHS), y=alt.Y("label_y:Q"), text="path:N")
    return finished([bands, lines, labels, *event_mark(look)], look, HEIGHT, DESCRIPTION)
