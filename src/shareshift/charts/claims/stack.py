"""Is there as much displaced money as the rivals say they win?"""

from __future__ import annotations

import polars as pl

from shareshift.basics.formats import money, money_range
from shareshift.charts.canvas import Canvas, placed
from shareshift.charts.lazy import alt
from shareshift.charts.look import Datasets, Look
from shareshift.charts.marks import MONEY, finished, font_size, named, told

DESCRIPTION = (
    "For each definition two bars in USD: the low ends of what rivals claim, one on another, and below it the mean of "
    "the displaced money there is, with a line for its 90% range. Definitions are never added up."
)
ROW, FOOT = 100, 38
BAR = 18
BASES = {"recognised": "Money earned by {}", "run_rate": "Run rate in {}", "bookings": "Contracts signed by {}"}


def stack_height(stack: pl.DataFrame) -> int:
    """Return the height of the picture in pixels, one row per basis and deadline."""
    return ROW * max(stack.select("basis", "deadline").n_unique(), 1) + FOOT


def stack_data(stack: pl.DataFrame, look: Look) -> Datasets:
    """Return the claimed parts and the pools, a row per basis and deadline; x in USD, y in pixels downwards."""
    shown = stack.filter("counted")
    rows = shown.group_by("basis", "deadline", maintain_order=True).agg(
        pl.max("stack_to").alias("claimed"), *(pl.first(f"{end}_pool").alias(end) for end in ("mean", "p5", "p95"))
    )
    rows = rows.with_row_index("place")
    parts = shown.join(rows.select("basis", "deadline", "place"), on=["basis", "deadline"], maintain_order="left")
    most = max([*shown["stack_to"], *shown["p95_pool"], 1.0])
    names, amounts = look.named(shown["vendor_id"]), [money(low) for low in shown["low"]]
    labels = pl.Series([f"{name} {amount}" for name, amount in zip(names, amounts, strict=True)], dtype=pl.String)
    wide = pl.col("stack_to") - pl.col("stack_from") > 0.12 * most
    spans = rows["mean", "p5", "p95"].rows()
    pools = [f"{money(mean)} is displaced ({money_range(p5, p95)})" for mean, p5, p95 in spans]
    heads = [BASES[basis].format(f"{deadline:%B %Y}") for basis, deadline in rows["basis", "deadline"].rows()]
    claims = [f"{money(claimed)} claimed" for claimed in rows["claimed"]]
    return {
        "claimed_parts": parts.select(
            names.alias("vendor"),
            pl.Series("amount", [money(low) for low in shown["low"]], pl.String),
            pl.when(wide).then(labels).otherwise(pl.lit("")).alias("label"),
            pl.col("stack_from").alias("start"),
            pl.col("stack_to").alias("end"),
            *placed(ROW, top=26, bottom=26 + BAR, middle=26 + BAR / 2),
        ),
        "pools": rows.select(
            pl.Series("head", heads, pl.String),
            "claimed",
            # Words stand to the right of the claims, so the scale reaches well beyond them.
            pl.max_horizontal(1.55 * pl.col("claimed"), 1.02 * pl.col("p95")).alias("reach"),
            pl.Series("claimed_words", claims, pl.String),
            "mean",
            "p5",
            "p95",
            pl.Series("pool_words", pools, pl.String),
            *placed(ROW, head_y=15, claimed_y=26 + BAR / 2, top=30 + BAR, bottom=30 + 2 * BAR),
            *placed(ROW, middle=30 + 1.5 * BAR, foot_y=30 + 2 * BAR + 14),
        ),
    }


def draw_stack(look: Look, height: int) -> alt.LayerChart:
    """Draw claims and pools from the named data of `stack_data`."""
    style, canvas = look.style, Canvas(height=height - FOOT)
    axis = alt.Axis(title="US dollars (run rates: a year)", labelExpr=MONEY, tickCount=4, grid=True)
    size = font_size(11.5)

    def along(column: str) -> alt.X:
        return alt.X(f"{column}:Q", scale=alt.Scale(zero=True, nice=False), axis=axis)

    pools = named("pools")
    bars = named("claimed_parts").mark_bar(color=style.incumbent, stroke=style.paper, strokeWidth=1)
    claimed = bars.encode(
        x=along("start"), x2="end:Q", y=canvas.y("top"), y2="bottom:Q",
        tooltip=told({"vendor": "Who claims", "amount": "At least"}),
    )  # fmt: skip
    pool = pools.mark_bar(color=style.tail).encode(x=along("mean"), x2=alt.value(0), y=canvas.y("top"), y2="bottom:Q")
    middle = pools.encode(y=canvas.y("middle"))
    band = middle.mark_rule(color=style.ink, strokeWidth=1.6).encode(x=along("p5"), x2="p95:Q")
    tick = middle.mark_tick(color=style.ink, thickness=1.6, size=9, orient="vertical")
    ends = [tick.encode(x=along(end)) for end in ("p5", "p95")]
    heads = pools.mark_text(align="left", fontSize=size, fontWeight=600, color=style.ink)
    sums = pools.mark_text(align="left", dx=6, fontSize=size, color=style.ink)
    amounts = pools.mark_text(align="left", fontSize=size, color=style.muted)
    words = [
        heads.encode(x=alt.value(0), y=canvas.y("head_y"), text="head:N"),
        sums.encode(x=along("claimed"), y=canvas.y("claimed_y"), text="claimed_words:N"),
        amounts.encode(x=alt.value(0), y=canvas.y("foot_y"), text="pool_words:N"),
    ]
    reach = middle.mark_point(opacity=0).encode(x=along("reach"))
    return finished([reach, claimed, pool, band, *ends, *words], look, height, DESCRIPTION)
