"""How far does the incumbent fall below the path it would have had?"""

from __future__ import annotations

import polars as pl

from shareshift.basics.formats import money
from shareshift.charts import marks
from shareshift.charts.lazy import alt
from shareshift.charts.look import Datasets, Look, event_data, span_words, spread

HEIGHT = 330
DESCRIPTION = (
    "Two lines of the incumbent's revenue per month in USD, with the event and without it, the mean of all "
    "simulations; each has a band for its 90% range. The day of the event is marked."
)
PATHS = {"no_event_revenue_usd": "without the event", "revenue_usd": "with the event"}


def incumbent_data(months: pl.DataFrame, look: Look, before: pl.DataFrame | None = None) -> Datasets:
    """Return a row per path and month, and the label at the end of each path; USD per month.

    `before` holds the months of the scenario that the reader set out from, if that is another.
    """
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
        "range": list(map(span_words, p5, p95)),
    }
    top = max(p95) or 1.0
    ends = {
        "month": [months["month"][-1]] * len(PATHS),
        "path": list(PATHS.values()),
        "colour": colours,
        "label_y": spread(mean[count - 1 :: count], 0.07 * top, 0.0, top),
    }
    start = months.clear() if before is None else before
    was = start.select(
        "month",
        pl.lit("with the event, before your change").alias("path"),
        pl.lit(look.style.incumbent).alias("colour"),
        pl.col("mean_revenue_usd").alias("mean"),
        pl.Series("amount", [money(value) for value in start["mean_revenue_usd"]], pl.String),
    )
    return {
        "paths": pl.DataFrame(paths),
        "paths_before": was,
        "path_ends": pl.DataFrame(ends),
        **event_data(look),
    }


def draw_incumbent(look: Look) -> alt.LayerChart:
    """Draw the incumbent's two paths from the named data of `incumbent_data`."""
    path, *amounts = marks.told({"path": "Path", "amount": "Mean", "range": marks.SPAN})
    base = marks.by_month("paths", "path").encode(tooltip=[path, marks.told_month(), *amounts])
    y = marks.from_zero("mean", marks.money_axis("Revenue per month", 5))
    lines = marks.line(base, 2.4).encode(y=y)
    before = marks.line_before("paths_before", "path", {"path": "Path", "amount": "Mean"}).encode(y="mean:Q")
    labels = marks.end_labels("path_ends", "path", look.style.ink)
    return marks.finished(
        [marks.band(base, 0.16), lines, before, labels, *marks.event_mark(look)], look, HEIGHT, DESCRIPTION
    )
