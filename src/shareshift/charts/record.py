"""Did what came lie inside what was said?"""

from __future__ import annotations

import polars as pl

from shareshift.basics.formats import day_words, money, percent
from shareshift.charts.lazy import alt
from shareshift.charts.look import Datasets, Look
from shareshift.charts.marks import finished, named, raw_colour, told

DESCRIPTION = (
    "One row per published figure, on a logarithmic scale: a bar from P5 to P95 of what was forecast, a tick at its "
    "median, and a mark for what came; a circle inside the range, a diamond outside it."
)
ROW_HEIGHT, FOOT = 30, 60
SHAPES = {"inside": "circle", "outside": "diamond"}
TOLD = {"what": "Figure", "day": "As of", "came": "Came", "said": "P5 / median / P95", "where": "90% range"}
WHERE = {True: "inside", False: "outside"}


def record_height(rows: int) -> int:
    """Return the height of the picture in pixels."""
    return ROW_HEIGHT * max(rows, 2) + FOOT


def record_data(rows: pl.DataFrame, look: Look) -> Datasets:
    """Return one row per figure that was scored, the model's own rows of a score; each over its forecast's median.

    On a scale of times the median, shares and money stand in one picture.
    """
    inside, style = rows["inside_90"], look.style
    shares = rows["metric"].is_in(["share", "part_of_movers"])
    amounts = {
        name: [percent(value, 1) if share else money(value) for value, share in zip(rows[name], shares, strict=True)]
        for name in ("observed", "p5", "p50", "p95")
    }
    frame = rows.select(
        pl.col("title").alias("what"),
        *((pl.col(name) / pl.col("p50")).alias(name) for name in ("observed", "p5", "p50", "p95")),
        pl.Series("where", [WHERE[one] for one in inside], dtype=pl.String),
        pl.Series("colour", [style.ink if one else style.incumbent for one in inside], dtype=pl.String),
        pl.Series("came", amounts["observed"], dtype=pl.String),
        pl.Series("said", [" / ".join(one) for one in zip(amounts["p5"], amounts["p50"], amounts["p95"], strict=True)]),
        pl.Series("day", [day_words(day) for day in rows["period_end"]], dtype=pl.String),
    )
    return {"record": frame}


def draw_record(look: Look, height: int) -> alt.LayerChart:
    """Draw the record from the named data of `record_data`, so many pixels high."""
    axis = alt.Axis(
        title="Times the median forecast, logarithmic scale", values=[0.1, 0.2, 0.5, 1, 2, 5, 10], format="~g"
    )
    scale = alt.Scale(type="log", nice=False, padding=12)
    labels = alt.Axis(title=None, labelLimit=260, labelColor=look.style.ink, labelFontSize=12.5)
    base = named("record").encode(
        y=alt.Y("what:N", axis=labels, sort=None),
        tooltip=told(
            {"what": "Figure", "day": "As of", "came": "Came", "said": "Said: P5 / median / P95", "where": "90% range"}
        ),
    )
    bars = base.mark_rule(strokeWidth=7, opacity=0.35, color=look.style.ink)
    bars = bars.encode(x=alt.X("p5:Q", axis=axis, scale=scale), x2="p95:Q")
    ticks = base.mark_tick(thickness=2, size=16, color=look.style.ink).encode(x=alt.X("p50:Q", scale=scale))
    shape = alt.Shape("where:N", scale=alt.Scale(domain=list(SHAPES), range=list(SHAPES.values())), legend=None)
    marks = base.mark_point(filled=True, size=110, opacity=1).encode(
        x=alt.X("observed:Q", scale=scale), shape=shape, color=raw_colour()
    )
    return finished([bars, ticks, marks], look, height, DESCRIPTION)
