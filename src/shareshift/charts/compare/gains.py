"""How much more or less does each rival win than under the reference?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import polars as pl

from shareshift.charts.look import Datasets, Look, finished, raw_colour
from shareshift.results.compare.amounts import change, change_range, in_hundred

# Charts are drawn once and kept; a start that finds them kept does not wait for this import.
if TYPE_CHECKING:
    import altair as alt

DESCRIPTION = (
    "For each rival and scenario a dot with a range in USD: how much more displaced money it wins than under the "
    "reference, draw by draw. Left of the line at zero it wins less. Each range holds 90 in 100 draws."
)
SHAPES = ("circle", "diamond", "square")
MARKS = ("●", "◆", "■")
ROW, MORE, FOOT = 30, 13, 44
# The rivals that move most; a long tail of dots at zero says nothing.
DRAWN = 9


def compare_gains_height(rivals: int, scenarios: int) -> int:
    """Return the height of the picture in pixels."""
    return min(max(rivals, 3), DRAWN) * (ROW + MORE * (scenarios - 1)) + FOOT


def compare_gains_data(vendors: pl.DataFrame, look: Look) -> Datasets:
    """Return one row per scenario and rival that moves most, from the rows of `displaced_gain`; USD."""
    rivals = vendors.filter(pl.col("vendor_id") != look.incumbent)
    order = rivals.group_by("vendor_id", maintain_order=True).agg(pl.col("mean_difference").abs().max().alias("most"))
    order = order.sort("most", descending=True, maintain_order=True).head(DRAWN).with_row_index("order").drop("most")
    titles = list(dict.fromkeys(rivals["scenario"]))
    rivals = rivals.join(order, on="vendor_id", maintain_order="left")
    rows = rivals.select(
        "order",
        pl.col("scenario").replace_strict({title: f"s{i}" for i, title in enumerate(titles)}).alias("slot"),
        "scenario",
        "reference",
        look.named(rivals["vendor_id"]).alias("vendor"),
        look.coloured(rivals["vendor_id"]),
        *(pl.col(f"{name}_difference").alias(name) for name in ("mean", "p5", "p95")),
        "probability_more",
        "probability_same",
    )
    rows = rows.with_columns(_words(rows)).drop("probability_more", "probability_same")
    return {"differences": rows, **zero_data()}


def _words(rows: pl.DataFrame) -> list[pl.Series]:
    spans = rows.select("p5", "p95").iter_rows()
    chances = rows.select("probability_more", "probability_same").iter_rows()
    return [
        pl.Series("amount", [change(mean, "usd") for mean in rows["mean"]], dtype=pl.String),
        pl.Series("range", [f"{change_range(p5, p95, 'usd')} USD" for p5, p95 in spans], dtype=pl.String),
        pl.Series("odds", [f"{in_hundred(m)} in 100 draws, same in {in_hundred(s)}" for m, s in chances]),
    ]


def draw_compare_gains(look: Look, height: int, scenarios: int) -> alt.LayerChart:
    """Draw the differences of so many scenarios from the named data of `compare_gains_data`."""
    import altair as alt

    data = alt.Chart(alt.NamedData("differences"))
    slots = [f"s{i}" for i in range(scenarios)]
    names = alt.Axis(title=None, labelFontSize=12.5, labelColor=look.style.ink, labelLimit=150, labelOverlap=False)
    y = alt.Y("vendor:N", sort=alt.EncodingSortField("order", op="min"), axis=names)
    offset = alt.YOffset("slot:N", sort=slots, scale=alt.Scale(domain=slots, paddingOuter=0.35))
    x = alt.X("p5:Q", axis=difference_axis("More or less money won over all months, USD"), scale=alt.Scale(zero=True))
    tooltip = [
        alt.Tooltip("vendor:N", title="Rival"),
        alt.Tooltip("scenario:N", title="Under"),
        alt.Tooltip("reference:N", title="Against"),
        alt.Tooltip("amount:N", title="Mean difference"),
        alt.Tooltip("range:N", title="90 in 100 draws inside"),
        alt.Tooltip("odds:N", title="Wins more in"),
    ]
    zero = zero_line(look)
    ranges = data.mark_rule(strokeWidth=2.5, strokeCap="round", opacity=0.55).encode(
        y=y, yOffset=offset, x=x, x2="p95:Q", color=raw_colour(), tooltip=tooltip
    )
    shapes = alt.Scale(domain=slots, range=list(SHAPES[:scenarios]))
    dots = data.mark_point(filled=True, size=64, opacity=1).encode(
        y=y, yOffset=offset, x=alt.X("mean:Q"), color=raw_colour(), tooltip=tooltip,
        shape=alt.Shape("slot:N", scale=shapes, legend=None),
    )  # fmt: skip
    amounts = data.mark_text(align="left", dx=7, fontSize=11, color=look.style.muted).encode(
        y=y, yOffset=offset, x=alt.X("p95:Q"), text="amount:N"
    )
    return finished([zero, ranges, dots, amounts], look, height, DESCRIPTION)


def zero_data() -> Datasets:
    """Return the one row that `zero_line` draws."""
    return {"zero": pl.DataFrame({"zero": [0.0]})}


def zero_line(look: Look) -> alt.Chart:
    """Return the line at which nothing differs."""
    import altair as alt

    rule = alt.Chart(alt.NamedData("zero")).mark_rule(color=look.style.muted, strokeWidth=1.2)
    zero: alt.Chart = rule.encode(x=alt.X("zero:Q"))
    return zero


def difference_axis(title: str, unit: str = "usd", *, grid: bool = True) -> alt.Axis:
    """Return an axis of differences with their signs: money in bn and m, shares in points."""
    import altair as alt

    sign = "(datum.value > 0 ? '+' : datum.value < 0 ? '−' : '')"
    size = "abs(datum.value)"
    money = (
        f"{size} >= 99.5e6 ? format({size} / 1e9, '.2~f') + 'bn' : {size} >= 1e6 ? "
        f"format({size} / 1e6, '.1~f') + 'm' : format({size}, ',.0f')"
    )
    words = {"share": f"format(100 * {size}, '.1~f')", "usd": money, "usd_per_year": money}
    label = words.get(unit, f"format({size}, ',.2~f')")
    return alt.Axis(title=title, labelExpr=f"{sign} + ({label})", tickCount=5, grid=grid)


def scenario_marks(titles: Sequence[str]) -> str:
    """Return which mark stands for which scenario."""
    return "   ".join(f"{mark} {title}" for mark, title in zip(MARKS, titles, strict=False))
