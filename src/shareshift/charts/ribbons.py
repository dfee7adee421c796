"""From which customer to which destination does the money go?"""

from collections.abc import Sequence

import altair as alt
import numpy as np
import polars as pl

from shareshift.charts.look import NARROW, Datasets, Look, finished, raw_colour, spread
from shareshift.formats import money, money_range, short_money

Names = tuple[str, str]
VALUE = "cumulative_flow_usd"
POINTS = 9
SHOWN_CUSTOMERS, SHOWN_RIVALS = 6, 6
OTHERS = "others"
# Parts of the height: the gap between neighbours, the least distance of two labels, and the thinnest ribbon drawn.
GAP, LABEL_GAP, THINNEST = 0.016, 0.05, 0.001
LABEL_SPACE, NARROW_LABEL_SPACE = (150, 178), (92, 106)
HEIGHT = 400


def ribbon_data(flows: pl.DataFrame, look: Look, reserved: Sequence[str]) -> Datasets:
    """Return the ribbons' points and the nodes with their labels, on a canvas of 0..1 both ways.

    `flows` has one row per customer and destination. The height stands for the mean; small customers and small
    rivals are drawn together as others.
    """
    links = _folded(flows, reserved)
    rivals = flows["destination_id"].n_unique() - len(reserved) - SHOWN_RIVALS
    others = (f"{flows['customer_id'].n_unique() - SHOWN_CUSTOMERS} more customers", f"{rivals} more rivals")
    total = float(links["mean"].sum()) or 1.0
    left = _nodes(links, "customer_id", total, reserved)
    right = _nodes(links, "destination_id", total, reserved)
    return {"ribbons": _ribbons(links, left, right, total, look, others), "nodes": _labelled(left, right, look, others)}


def _folded(flows: pl.DataFrame, reserved: Sequence[str]) -> pl.DataFrame:
    value = pl.col(f"mean_{VALUE}")
    customers = flows.group_by("customer_id").agg(value.sum()).sort(f"mean_{VALUE}", descending=True)["customer_id"]
    rivals = flows.filter(~pl.col("destination_id").is_in(reserved)).group_by("destination_id").agg(value.sum())
    rivals_in_order = rivals.sort(f"mean_{VALUE}", descending=True)["destination_id"]
    shown_rivals = [*rivals_in_order[:SHOWN_RIVALS], *reserved]
    shown_customers = list(customers[:SHOWN_CUSTOMERS])
    keys = [
        pl.when(pl.col(key).is_in(shown)).then(pl.col(key)).otherwise(pl.lit(OTHERS)).alias(key)
        for key, shown in (("customer_id", shown_customers), ("destination_id", shown_rivals))
    ]
    # The ends of a range do not add up, so a ribbon of several flows has a mean only.
    ends = [pl.when(pl.len() == 1).then(pl.col(f"{end}_{VALUE}").first()).alias(end) for end in ("p5", "p95")]
    return flows.group_by(keys, maintain_order=True).agg(value.sum().alias("mean"), *ends)


def _nodes(links: pl.DataFrame, key: str, total: float, reserved: Sequence[str]) -> pl.DataFrame:
    last = {OTHERS: 1, **{name: 2 + place for place, name in enumerate(reserved)}}
    nodes = (
        links.group_by(key, maintain_order=True)
        .agg(pl.col("mean").sum())
        .with_columns(pl.col(key).replace_strict(last, default=0, return_dtype=pl.Int32).alias("place"))
        .sort(["place", "mean"], descending=[False, True])
    )
    height = (nodes["mean"] / total).to_numpy() * (1 - GAP * max(len(nodes) - 1, 0))
    top = np.concatenate([[0.0], np.cumsum(height + GAP)[:-1]])
    return nodes.with_columns(pl.Series("top", top), pl.Series("bottom", top + height)).rename({key: "id"})


def _ribbons(
    links: pl.DataFrame, left: pl.DataFrame, right: pl.DataFrame, total: float, look: Look, others: Names
) -> pl.DataFrame:
    places = {side: dict(zip(nodes["id"], range(len(nodes)), strict=True)) for side, nodes in _sides(left, right)}
    starts, widths = ({side: nodes["top"].to_list() for side, nodes in _sides(left, right)}, {})
    for side, nodes in _sides(left, right):
        widths[side] = 1 - GAP * max(len(nodes) - 1, 0)
    rows = sorted(
        links.iter_rows(named=True), key=lambda r: (places["l"][r["customer_id"]], places["r"][r["destination_id"]])
    )
    x = np.linspace(0, 1, POINTS)
    bend = x * x * (3 - 2 * x)
    parts = []
    for number, row in enumerate(rows):
        share = row["mean"] / total
        a, b = places["l"][row["customer_id"]], places["r"][row["destination_id"]]
        y0, y1 = starts["l"][a], starts["r"][b]
        starts["l"][a] += share * widths["l"]
        starts["r"][b] += share * widths["r"]
        if share < THINNEST:
            continue
        top = y0 + (y1 - y0) * bend
        thick = share * (widths["l"] + (widths["r"] - widths["l"]) * bend)
        parts.append(_ribbon(number, row, x, top, top + thick, look, others))
    return pl.concat(parts) if parts else _ribbon(0, {}, x[:0], x[:0], x[:0], look, others)


def _sides(left: pl.DataFrame, right: pl.DataFrame) -> tuple[tuple[str, pl.DataFrame], tuple[str, pl.DataFrame]]:
    return ("l", left), ("r", right)


def _ribbon(
    number: int, row: dict[str, object], x: np.ndarray, top: np.ndarray, bottom: np.ndarray, look: Look, others: Names
) -> pl.DataFrame:
    source, target = str(row.get("customer_id", OTHERS)), str(row.get("destination_id", OTHERS))
    mean, p5, p95 = (row.get(name) for name in ("mean", "p5", "p95"))
    ends = "see the table" if p5 is None else f"{money_range(float(str(p5)), float(str(p95)))} USD"
    words = {
        "from": _name(source, others[0], look),
        "to": _name(target, others[1], look),
        "amount": money(float(str(mean or 0.0))),
        "range": ends,
        "destination_id": target,
        "customer_id": source,
    }
    fixed = [pl.lit(text, dtype=pl.String).cast(pl.Categorical).alias(name) for name, text in words.items()]
    colour = look.colours.get(target, look.style.tail)
    frame = pl.DataFrame({"x": x, "top": top, "bottom": bottom}).cast(pl.Float32)
    return frame.with_columns(
        pl.lit(number, dtype=pl.Int16).alias("link"), *fixed, pl.lit(colour).cast(pl.Categorical).alias("colour")
    )


def _name(key: str, others: str, look: Look) -> str:
    return others if key == OTHERS else look.names.get(key, key)


def _labelled(left: pl.DataFrame, right: pl.DataFrame, look: Look, others: Names) -> pl.DataFrame:
    parts = []
    for side, nodes in _sides(left, right):
        middle = ((nodes["top"] + nodes["bottom"]) / 2).to_list()
        names = [_name(key, others[side == "r"], look) for key in nodes["id"]]
        amounts = [short_money(value) for value in nodes["mean"]]
        grey = look.style.muted
        colours = [grey if side == "l" else look.colours.get(key, look.style.tail) for key in nodes["id"]]
        parts.append(
            nodes.select("id", "top", "bottom").with_columns(
                pl.Series("label", [f"{name}  {amount}" for name, amount in zip(names, amounts, strict=True)]),
                pl.Series("label_y", spread(middle, LABEL_GAP, 0.0, 1.0)),
                pl.Series("colour", colours),
                pl.lit(side).alias("side"),
                pl.lit(0.0 if side == "l" else 1.0).alias("x"),
            )
        )
    return pl.concat(parts)


def draw_ribbons(look: Look) -> alt.LayerChart:
    """Draw the ribbons from the named data of `ribbon_data`."""
    space = [f"({NARROW} ? {narrow} : {wide})" for narrow, wide in zip(NARROW_LABEL_SPACE, LABEL_SPACE, strict=True)]
    inner = f"max(width - {space[0]} - {space[1]}, 60)"
    scale = alt.Scale(
        domainMin=alt.ExprRef(f"-{space[0]} / {inner}"),
        domainMax=alt.ExprRef(f"1 + {space[1]} / {inner}"),
        nice=False,
        zero=False,
    )
    x = alt.X("x:Q", scale=scale, axis=None)
    y = alt.Scale(domain=[0, 1], reverse=True, nice=False)
    hover = alt.selection_point(name="ribbon", fields=["destination_id"], on="pointerover", empty=False)
    tooltip = [
        alt.Tooltip("from:N", title="From"),
        alt.Tooltip("to:N", title="To"),
        alt.Tooltip("amount:N", title="Mean"),
        alt.Tooltip("range:N", title="90 in 100 draws inside"),
    ]
    areas = (
        alt.Chart(alt.NamedData("ribbons"))
        .mark_area(interpolate="monotone", line=False)
        .encode(
            x=x,
            y=alt.Y("top:Q", scale=y, axis=None, stack=None),
            y2="bottom:Q",
            detail="link:N",
            color=raw_colour(),
            opacity=alt.when(hover).then(alt.value(0.95)).otherwise(alt.value(0.5)),
            tooltip=tooltip,
        )
        .add_params(hover)
    )
    nodes = alt.Chart(alt.NamedData("nodes"))
    bars = nodes.mark_rule(strokeWidth=5, strokeCap="butt").encode(
        x=x, y=alt.Y("top:Q", scale=y, axis=None), y2="bottom:Q", color=raw_colour()
    )
    return finished([areas, bars, *_texts(nodes, x, y, look)], look, HEIGHT, DESCRIPTION)


def _texts(nodes: alt.Chart, x: alt.X, y: alt.Scale, look: Look) -> list[alt.Chart]:
    size = alt.ExprRef(f"{NARROW} ? 10.5 : 13")
    ends = (("l", "right", -9), ("r", "left", 9))
    return [
        nodes.transform_filter(f"datum.side == '{side}'")
        .mark_text(align=align, dx=dx, baseline="middle", fontSize=size, color=look.style.ink)  # type: ignore[arg-type]
        .encode(x=x, y=alt.Y("label_y:Q", scale=y, axis=None), text="label:N")
        for side, align, dx in ends
    ]


DESCRIPTION = (
    "Ribbons from each customer on the left to each destination on the right; their thickness is the mean of the "
    "displaced money in USD up to the chosen month. The table below the picture holds the same numbers."
)
