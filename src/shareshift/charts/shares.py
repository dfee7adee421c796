"""Who holds which part of the outsourced market, month by month?"""

from __future__ import annotations

import polars as pl

from shareshift.basics.formats import percent
from shareshift.charts import marks
from shareshift.charts.lazy import alt
from shareshift.charts.lettering import labelled
from shareshift.charts.look import Datasets, Look, event_data, spread

HEIGHT = 330
LABEL_GAP, LABEL_ROOM = 0.062, 165
DESCRIPTION = (
    "Lines of each vendor's share of outsourced revenue by month, the mean of the simulations, with a band around the "
    "incumbent and the biggest gainers for the 90% range. The table below the picture has every vendor."
)


def share_data(shares: pl.DataFrame, look: Look, before: pl.DataFrame | None = None) -> Datasets:
    """Return a row per vendor and month, and the label at the end of each coloured line; shares 0..1.

    `before` holds the shares of the scenario that the reader set out from, if that is another.
    """
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
        "colour": pl.Series([look.style.in_words(look.colour(vendor)) for vendor, _ in last], dtype=pl.String),
        "label": pl.Series(
            [labelled(look.name(vendor), percent(share), LABEL_ROOM) for vendor, share in last], dtype=pl.String
        ),
        "label_y": pl.Series(spread([share for _, share in last], LABEL_GAP * top, 0.0, top), dtype=pl.Float64),
    }
    start = shares.clear() if before is None else before.filter(pl.col("vendor_id").is_in(list(look.colours)))
    was = start.select(
        look.named(start["vendor_id"]).alias("vendor"),
        look.coloured(start["vendor_id"]),
        "month",
        pl.col("mean_share").alias("mean"),
        pl.Series("amount", [percent(share, 1) for share in start["mean_share"]], pl.String),
    )
    return {"shares": pl.DataFrame(rows), "shares_before": was, "ends": pl.DataFrame(ends), **event_data(look)}


def draw_shares(look: Look) -> alt.LayerChart:
    """Draw the shares from the named data of `share_data`."""
    base = marks.by_month("shares", "vendor").encode(tooltip=marks.told_shares("vendor", "Vendor"))
    apart, greys = base.transform_filter("datum.told_apart"), base.transform_filter("!datum.told_apart")
    lines = [marks.line(part, width).encode(y=marks.share_axis()) for part, width in ((greys, 1), (apart, 2.2))]
    before = marks.line_before("shares_before", "vendor", {"vendor": "Before your change", "amount": "Mean"})
    lines.append(before.encode(y="mean:Q"))
    labels = marks.end_labels("ends").encode(color=marks.raw_colour())
    return marks.finished([marks.band(apart, 0.14), *lines, labels, *marks.event_mark(look)], look, HEIGHT, DESCRIPTION)
