"""Is there as much displaced money as the rivals say they win?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from shareshift.basics.formats import money, money_range, short_money
from shareshift.charts.look import NARROW, Datasets, Look, finished

# Charts are drawn once and kept; a start that finds them kept does not wait for this import.
if TYPE_CHECKING:
    import altair as alt

DESCRIPTION = (
    "For each basis two bars in USD: the low ends of what rivals claim, one on another, and below it the mean of the "
    "displaced money there is, with a line that holds 90 in 100 draws. Bases are never added to one another."
)
ROW, FOOT = 100, 38
BAR = 18
BASES = {"recognised": "Money earned by {}", "run_rate": "Yearly pace in {}", "bookings": "Contracts signed by {}"}


def stack_height(stack: pl.DataFrame) -> int:
    """Return the height of the picture in pixels, one row per basis and deadline."""
    return ROW * max(stack.select("basis", "deadline").n_unique(), 1) + FOOT


def stack_data(stack: pl.DataFrame, look: Look) -> Datasets:
    """Return the claimed parts and the pools, a row per basis and deadline; x in USD, y in pixels downwards."""
    shown = stack.filter("counted")
    places = {key: i for i, key in enumerate(shown.select("basis", "deadline").unique(maintain_order=True).rows())}
    most = float(max([*shown["stack_to"], *shown["p95_pool"], 1.0]))
    parts, pools = [], []
    for row in shown.iter_rows(named=True):
        top = float(ROW * places[row["basis"], row["deadline"]])
        name = look.names.get(row["vendor_id"], row["vendor_id"])
        wide = row["stack_to"] - row["stack_from"] > 0.12 * most
        parts.append(
            {
                "vendor": name,
                "amount": money(row["low"]),
                "label": f"{name} {short_money(row['low'])}" if wide else "",
                "start": row["stack_from"],
                "end": row["stack_to"],
                "top": top + 26,
                "bottom": top + 26 + BAR,
                "middle": top + 26 + BAR / 2,
            }
        )
    for (basis, deadline), rows in shown.group_by(["basis", "deadline"], maintain_order=True):
        row, claimed = rows.row(0, named=True), float(rows["stack_to"].max())  # type: ignore[arg-type]
        top = float(ROW * places[basis, deadline])
        pools.append(
            {
                "head": BASES[str(basis)].format(f"{deadline:%B %Y}"),
                "claimed": claimed,
                # Words stand to the right of the claims, so the scale reaches well beyond them.
                "reach": max(1.55 * claimed, 1.02 * row["p95_pool"]),
                "claimed_words": f"{short_money(claimed)} claimed",
                "mean": row["mean_pool"],
                "p5": row["p5_pool"],
                "p95": row["p95_pool"],
                "pool_words": f"{short_money(row['mean_pool'])} comes loose "
                f"({money_range(row['p5_pool'], row['p95_pool'])})",
                "head_y": top + 15,
                "claimed_y": top + 26 + BAR / 2,
                "top": top + 30 + BAR,
                "bottom": top + 30 + 2 * BAR,
                "middle": top + 30 + 1.5 * BAR,
                "foot_y": top + 30 + 2 * BAR + 14,
            }
        )
    text = ("vendor", "amount", "label", "head", "claimed_words", "pool_words")
    return {"claimed_parts": _frame(parts, _PARTS, text), "pools": _frame(pools, _POOLS, text)}


def draw_stack(look: Look, height: int) -> alt.LayerChart:
    """Draw claims and pools from the named data of `stack_data`."""
    import altair as alt

    style = look.style
    parts, pools = alt.Chart(alt.NamedData("claimed_parts")), alt.Chart(alt.NamedData("pools"))
    labels = (
        "abs(datum.value) >= 1e9 ? format(datum.value / 1e9, '.1f') + 'bn' : format(datum.value / 1e6, ',.0f') + 'm'"
    )
    labels = f"abs(datum.value) < 1e6 ? format(datum.value, ',.0f') : {labels}"
    axis = alt.Axis(title="USD; per year for a pace", labelExpr=labels, tickCount=4, grid=True)
    scale = alt.Scale(zero=True, nice=False)
    down = alt.Scale(domain=[0, height - FOOT], reverse=True, nice=False)

    def at(column: str) -> alt.Y:
        import altair as alt

        return alt.Y(f"{column}:Q", scale=down, axis=None)

    def along(column: str) -> alt.X:
        import altair as alt

        return alt.X(f"{column}:Q", scale=scale, axis=axis)

    size = alt.ExprRef(f"{NARROW} ? 11.5 : 12.5")
    tooltip = [alt.Tooltip("vendor:N", title="Who claims"), alt.Tooltip("amount:N", title="At least")]
    claimed = parts.mark_bar(color=style.incumbent, stroke=style.paper, strokeWidth=1).encode(
        x=along("start"), x2="end:Q", y=at("top"), y2="bottom:Q", tooltip=tooltip
    )
    pool = pools.mark_bar(color=style.tail).encode(x=along("mean"), x2=alt.value(0), y=at("top"), y2="bottom:Q")
    band = pools.mark_rule(color=style.ink, strokeWidth=1.6).encode(x=along("p5"), x2="p95:Q", y=at("middle"))
    ends = [
        pools.mark_tick(color=style.ink, thickness=1.6, size=9, orient="vertical").encode(x=along(end), y=at("middle"))
        for end in ("p5", "p95")
    ]
    heads = pools.mark_text(align="left", fontSize=size, fontWeight=600, color=style.ink).encode(
        x=alt.value(0), y=at("head_y"), text="head:N"
    )
    sums = pools.mark_text(align="left", dx=6, fontSize=size, color=style.ink).encode(
        x=along("claimed"), y=at("claimed_y"), text="claimed_words:N"
    )
    amounts = pools.mark_text(align="left", fontSize=size, color=style.muted).encode(
        x=alt.value(0), y=at("foot_y"), text="pool_words:N"
    )
    room = pools.mark_point(opacity=0).encode(x=along("reach"), y=at("middle"))
    return finished([room, claimed, pool, band, *ends, heads, sums, amounts], look, height, DESCRIPTION)


def _frame(rows: list[dict[str, object]], names: tuple[str, ...], text: tuple[str, ...]) -> pl.DataFrame:
    schema = {name: pl.String() if name in text else pl.Float64() for name in names}
    return pl.DataFrame(rows, schema=schema, orient="row")


_PARTS = ("vendor", "amount", "label", "start", "end", "top", "bottom", "middle")
_POOLS = (
    "head", "claimed", "reach", "claimed_words", "mean", "p5", "p95", "pool_words", "head_y", "claimed_y", "top",
    "bottom", "middle", "foot_y",
)  # fmt: skip
