"""How does one vendor's share run under each scenario?"""

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
LABEL_GAP = 0.07
DESCRIPTION = (
    "One line per scenario of a vendor's share of outsourced revenue by month, the mean of the draws, in grey for the "
    "reference; each has a band that holds 90 in 100 draws. The day of the event is marked."
)
DASHES = ([1, 0], [1, 0], [7, 4], [2, 3])
SLOTS = ("reference", "first", "second", "third")


def compare_paths_data(shares: pl.DataFrame, look: Look) -> Datasets:
    """Return a row per scenario and month of one vendor's `shares`, and the label at the end of each line."""
    titles = list(dict.fromkeys(shares["scenario"]))
    colour = look.coloured(shares["vendor_id"][:1])[0]
    first = shares.filter(scenario=titles[0])
    parts = [_path(first, "reference", first["reference"][0], SLOTS[0], look.style.muted)]
    for slot, title in zip(SLOTS[1:], titles, strict=False):
        parts.append(_path(shares.filter(scenario=title), "scenario", title, slot, colour))
    rows = pl.concat(parts)
    last = rows.filter(pl.col("month") == pl.col("month").max())
    top = float(rows["p95"].max() or 1.0)  # type: ignore[arg-type]
    labels = [f"{title}  {percent(mean, 1)}" for title, mean in last.select("title", "mean").iter_rows()]
    ends = last.select(
        "month",
        "colour",
        pl.Series("label", labels, dtype=pl.String),
        pl.Series("label_y", spread(last["mean"].to_list(), LABEL_GAP * top, 0.0, top), dtype=pl.Float64),
    )
    return {"compared": rows, "compared_ends": ends, **event_data(look)}


def _path(rows: pl.DataFrame, side: str, title: str, slot: str, colour: str) -> pl.DataFrame:
    words = [pl.lit(text).alias(name) for name, text in (("title", title), ("slot", slot), ("colour", colour))]
    return rows.select("month", *words, *(pl.col(f"{name}_{side}").alias(name) for name in ("mean", "p5", "p95")))


def draw_compare_paths(look: Look, height: int = HEIGHT) -> alt.LayerChart:
    """Draw the shares from the named data of `compare_paths_data`."""
    import altair as alt

    data = alt.Chart(alt.NamedData("compared"))
    x = month_axis()
    axis = alt.Axis(format="%", title="Share of outsourced revenue, %", tickCount=5)
    y = alt.Y("mean:Q", axis=axis, scale=alt.Scale(zero=True))
    tooltip = [
        alt.Tooltip("title:N", title="Under"),
        alt.Tooltip(MONTHS, format="%B %Y", title="Month"),
        alt.Tooltip("mean:Q", format=".1%", title="Mean"),
        alt.Tooltip("p5:Q", format=".1%", title="5 in 100 draws below"),
        alt.Tooltip("p95:Q", format=".1%", title="5 in 100 draws above"),
    ]
    bands = data.mark_area(opacity=0.12, interpolate="monotone").encode(
        x=x, y=alt.Y("p5:Q"), y2="p95:Q", detail="slot:N", color=raw_colour()
    )
    dashes = alt.Scale(domain=list(SLOTS), range=[list(dash) for dash in DASHES])
    lines = data.mark_line(strokeWidth=2.2, interpolate="monotone").encode(
        x=x, y=y, detail="slot:N", color=raw_colour(), tooltip=tooltip,
        strokeDash=alt.StrokeDash("slot:N", scale=dashes, legend=None),
    )  # fmt: skip
    ends = alt.Chart(alt.NamedData("compared_ends")).mark_text(align="left", dx=8, fontSize=12.5)
    labels = ends.encode(x=alt.X(MONTHS), y=alt.Y("label_y:Q"), text="label:N", color=raw_colour())
    return finished([bands, lines, labels, *event_mark(look)], look, height, DESCRIPTION)
