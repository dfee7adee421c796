"""What happened when?"""

from __future__ import annotations

import polars as pl

from shareshift.charts.lazy import alt
from shareshift.charts.look import Datasets, Look, event_data
from shareshift.charts.marks import MONTHS, finished, named, raw_colour, told

DESCRIPTION = "One dot per event on its day, one row per kind of event; those the model runs on are filled in colour."
ROW_HEIGHT = 26


def timeline_data(events: pl.DataFrame, look: Look) -> Datasets:
    """Return a row per event, by day."""
    colour = pl.when("used").then(pl.lit(look.style.incumbent)).otherwise(pl.lit(look.style.faint)).alias("colour")
    kind = pl.col("kind").str.replace_all("_", " ")
    words = pl.when("used").then(pl.lit("yes")).otherwise(pl.lit("no, for reference only")).alias("in_model")
    return {
        "events": events.sort("date", "event_id").select("date", kind, "title", "grade", words, colour),
        **event_data(look),
    }


def draw_timeline(look: Look, kinds: int) -> alt.LayerChart:
    """Draw so many kinds of events from the named data of `timeline_data`."""
    day = alt.Tooltip("date:T", format="%e %B %Y", title="Day")
    axis = alt.Axis(title=None, labelFontSize=12.5, labelColor=look.style.ink, labelOverlap=False, grid=True)
    dots = named("events").mark_point(filled=True, size=72, opacity=0.8)
    dots = dots.encode(
        x=alt.X("date:T", axis=alt.Axis(format="%b %Y", title="Day of the event or of its report", grid=False)),
        y=alt.Y("kind:N", axis=axis),
        color=raw_colour(),
        tooltip=[day, *told({"title": "What", "grade": "Grade", "in_model": "In the model"})],
    )
    rule = named("event").mark_rule(strokeDash=[2, 3], color=look.style.muted).encode(x=alt.X(MONTHS))
    return finished([rule, dots], look, ROW_HEIGHT * max(kinds, 3), DESCRIPTION)
