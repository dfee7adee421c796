"""What does each rival gain, and how much of it is growth that it would have had anyway?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from shareshift.basics.formats import money, money_range, short_money
from shareshift.charts.look import Datasets, Look, finished, raw_colour

# Charts are drawn once and kept; a start that finds them kept does not wait for this import.
if TYPE_CHECKING:
    import altair as alt

DESCRIPTION = (
    "For each rival two dots with ranges in USD over all months: money displaced from the incumbent, and growth of "
    "the market that it would have had without the event. Each range holds 90 in 100 draws."
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
            **{statistic: row[f"{statistic}_{column}"] for statistic in ("mean", "p5", "p95")},
            "amount": money(row[f"mean_{column}"]),
            "range": f"{money_range(row[f'p5_{column}'], row[f'p95_{column}'])} USD",
            "short": short_money(row[f"mean_{column}"]),
        }
        for column, kind in KINDS.items()
        for order, row in enumerate(rivals)
    ]
    return {"gains": pl.DataFrame(rows, infer_schema_length=None)}


def draw_gains(look: Look, rivals: int) -> alt.LayerChart:
    """Draw the gains of so many rivals from the named data of `gain_data`."""
    import altair as alt

    data = alt.Chart(alt.NamedData("gains"))
    names = alt.Axis(title=None, labelFontSize=12.5, labelColor=look.style.ink, labelLimit=150, labelOverlap=False)
    y = alt.Y("vendor:N", sort=alt.EncodingSortField("order", op="min"), axis=names)
    billions = "abs(datum.value) >= 1e9 ? format(datum.value / 1e9, '.1f') + 'bn' : abs(datum.value) >= 1e6 ? "
    labels = f"{billions} format(datum.value / 1e6, '.0f') + 'm' : format(datum.value, ',.0f')"
    axis = alt.Axis(title="Gain over all months, USD", labelExpr=labels, tickCount=5)
    x = alt.X("p5:Q", axis=axis, scale=alt.Scale(zero=True))
    offset = alt.YOffset("kind:N", sort=list(KINDS.values()), scale=alt.Scale(paddingOuter=0.35))
    tooltip = [
        alt.Tooltip("vendor:N", title="Rival"),
        alt.Tooltip("kind:N", title="From"),
        alt.Tooltip("amount:N", title="Mean"),
        alt.Tooltip("range:N", title="90 in 100 draws inside"),
    ]
    ranges = data.mark_rule(strokeWidth=2.5, strokeCap="round", opacity=0.55).encode(
        y=y, yOffset=offset, x=x, x2="p95:Q", color=raw_colour(), tooltip=tooltip
    )
    dots = data.mark_point(filled=True, size=64, opacity=1).encode(
        y=y, yOffset=offset, x=alt.X("mean:Q"), color=raw_colour(), tooltip=tooltip,
        shape=alt.Shape("kind:N", scale=alt.Scale(domain=list(KINDS.values()), range=["circle", "diamond"]),
                        legend=None),
    )  # fmt: skip
    amounts = data.mark_text(align="left", dx=7, fontSize=11, color=look.style.muted).encode(
        y=y, yOffset=offset, x=alt.X("p95:Q"), text="short:N"
    )
    return finished([ranges, dots, amounts], look, ROW_HEIGHT * max(rivals, 3), DESCRIPTION)
