"""What does each rival gain, and how much of it is growth that it would have had anyway?"""

from __future__ import annotations

import polars as pl

from shareshift.charts.lazy import alt
from shareshift.charts.look import Datasets, Look, usd_row
from shareshift.charts.marks import SPAN, finished, grouped_dots, money_axis, shape_by

DESCRIPTION = (
    "For each rival two dots with ranges in USD over all months: money displaced from the incumbent, and growth of "
    "the market that it would have had without the event. Each range is the 90% range."
)
KINDS = {"displaced_gain_usd": "displaced money", "market_growth_gain_usd": "market growth"}
ROW_HEIGHT = 40


def gain_data(gains: pl.DataFrame, look: Look) -> Datasets:
    """Return two rows per rival, one per kind of gain, the biggest winner of displaced money first; USD."""
    rivals = [row for row in gains.iter_rows(named=True) if row["vendor_id"] != look.incumbent]
    rivals.sort(key=lambda row: -row["mean_displaced_gain_usd"])
    rows = [
        {
            "order": order,
            "vendor": look.name(row["vendor_id"]),
            "kind": kind,
            "colour": look.colour(row["vendor_id"]) if column.startswith("displaced") else look.style.faint,
            **usd_row(*(row[f"{statistic}_{column}"] for statistic in ("mean", "p5", "p95"))),
        }
        for column, kind in KINDS.items()
        for order, row in enumerate(rivals)
    ]
    return {"gains": pl.DataFrame(rows, infer_schema_length=None)}


def draw_gains(look: Look, rivals: int) -> alt.LayerChart:
    """Draw the gains of so many rivals from the named data of `gain_data`."""
    kinds = list(KINDS.values())
    layers = grouped_dots(
        "gains",
        look,
        money_axis("Gain over all months", 5),
        alt.YOffset("kind:N", sort=kinds, scale=alt.Scale(paddingOuter=0.35)),
        shape=shape_by("kind", dict(zip(kinds, ("circle", "diamond"), strict=True))),
        text="short",
        tooltip={"vendor": "Rival", "kind": "From", "amount": "Mean", "range": SPAN},
    )
    return finished(layers, look, ROW_HEIGHT * max(rivals, 3), DESCRIPTION)
