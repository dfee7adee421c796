"""How does one vendor's share run under each scenario?"""

from __future__ import annotations

import polars as pl

from shareshift.basics.formats import percent
from shareshift.charts import marks
from shareshift.charts.lazy import alt
from shareshift.charts.lettering import labelled
from shareshift.charts.look import Datasets, Look, event_data, spread

HEIGHT = 330
LABEL_GAP, LABEL_ROOM = 0.07, 165
DESCRIPTION = (
    "One line per scenario of a vendor's share of outsourced revenue by month, the mean of all simulations, grey for "
    "the reference; each has a band for its 90% range. The day of the event is marked."
)
DASHES = ([1, 0], [1, 0], [8, 4], [2, 3])
SLOTS = ("reference", "first", "second", "third")


def compare_paths_data(shares: pl.DataFrame, look: Look) -> Datasets:
    """Return a row per scenario and month of one vendor's `shares`, and the label at the end of each line."""
    titles = list(dict.fromkeys(shares["scenario"]))
    first = shares.filter(scenario=titles[0])
    parts = [_path(first, "reference", first["reference"][0], SLOTS[0], look.style.muted)]
    colours = (look.style.incumbent, *look.style.gainers)
    for slot, title, colour in zip(SLOTS[1:], titles, colours, strict=False):
        parts.append(_path(shares.filter(scenario=title), "scenario", title, slot, colour))
    rows = pl.concat(parts)
    last = rows.filter(pl.col("month") == pl.col("month").max())
    top = max(rows["p95"]) or 1.0
    ends_at = last.select("title", "mean").iter_rows()
    labels = [labelled(title, percent(mean, 1), LABEL_ROOM) for title, mean in ends_at]
    ends = last.select(
        "month",
        pl.Series("colour", [look.style.in_words(colour) for colour in last["colour"]], dtype=pl.String),
        pl.Series("label", labels, dtype=pl.String),
        pl.Series("label_y", spread(last["mean"].to_list(), LABEL_GAP * top, 0.0, top), dtype=pl.Float64),
    )
    return {"compared": rows, "compared_ends": ends, **event_data(look)}


def _path(rows: pl.DataFrame, side: str, title: str, slot: str, colour: str) -> pl.DataFrame:
    words = [pl.lit(text).alias(name) for name, text in (("title", title), ("slot", slot), ("colour", colour))]
    return rows.select("month", *words, *(pl.col(f"{name}_{side}").alias(name) for name in ("mean", "p5", "p95")))


def draw_compare_paths(look: Look, height: int = HEIGHT) -> alt.LayerChart:
    """Draw the shares from the named data of `compare_paths_data`."""
    base = marks.by_month("compared", "slot")
    dashes = alt.Scale(domain=list(SLOTS), range=[list(dash) for dash in DASHES])
    lines = marks.line(base, 2.2).encode(
        y=marks.share_axis(),
        tooltip=marks.told_shares("title", "Under"),
        strokeDash=alt.StrokeDash("slot:N", scale=dashes, legend=None),
    )
    labels = marks.end_labels("compared_ends").encode(color=marks.raw_colour())
    return marks.finished([marks.band(base, 0.1), lines, labels, *marks.event_mark(look)], look, height, DESCRIPTION)
