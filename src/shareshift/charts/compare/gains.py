"""How much more or less does each rival win than under the reference?"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from shareshift.charts.compare.differences import difference_axis, zero_data, zero_line
from shareshift.charts.lazy import alt
from shareshift.charts.lettering import fitted
from shareshift.charts.look import Datasets, Look
from shareshift.charts.marks import SPAN, finished, grouped_dots, shape_by
from shareshift.results.compare.amounts import change, change_range, in_percent

DESCRIPTION = (
    "For each rival and scenario a dot with a range in USD: how much more displaced money it wins than under the "
    "reference in the same simulation. Left of the line at zero it wins less. Each range is the 90% range."
)
SHAPES = ("circle", "diamond", "square")
MARKS = ("●", "◆", "■")
ROW, MORE, FOOT = 30, 13, 44
# The rivals that move most; a long tail of dots at zero says nothing.
DRAWN = 9
TITLE_ROOM = 260


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
        # Words about a loss stand beyond the line at zero, not on it.
        pl.max_horizontal("p95_difference", pl.lit(0.0)).alias("end"),
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
        pl.Series("range", [change_range(p5, p95, "usd") for p5, p95 in spans], dtype=pl.String),
        pl.Series("odds", [f"{in_percent(m)} of simulations, same in {in_percent(s)}" for m, s in chances]),
    ]


def draw_compare_gains(look: Look, height: int, scenarios: int) -> alt.LayerChart:
    """Draw the differences of so many scenarios from the named data of `compare_gains_data`."""
    slots = [f"s{i}" for i in range(scenarios)]
    layers = grouped_dots(
        "differences",
        look,
        difference_axis("More or less money won over all months"),
        alt.YOffset("slot:N", sort=slots, scale=alt.Scale(domain=slots, paddingOuter=0.35)),
        shape=shape_by("slot", dict(zip(slots, SHAPES, strict=False))),
        text="amount",
        at="end",
        tooltip={
            "vendor": "Rival",
            "scenario": "Under",
            "reference": "Against",
            "amount": "Mean difference",
            "range": SPAN,
            "odds": "Wins more in",
        },
    )
    return finished([zero_line(look), *layers], look, height, DESCRIPTION)


def scenario_marks(titles: Sequence[str]) -> str:
    """Return which mark stands for which scenario."""
    return "   ".join(f"{mark} {fitted(title, TITLE_ROOM)}" for mark, title in zip(MARKS, titles, strict=False))
