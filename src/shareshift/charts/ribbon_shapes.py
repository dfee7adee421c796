"""The shapes of the ribbons: nodes stacked on both sides, and a bent band for every flow between them."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from shareshift.charts.look import Datasets, Look, spread
from shareshift.formats import money, money_range, short_money

Names = tuple[str, str]
Floats = npt.NDArray[np.float64]
VALUE = "cumulative_flow_usd"
POINTS = 9
SHOWN_CUSTOMERS, SHOWN_RIVALS = 6, 6
OTHERS = "others"
# Parts of the height: the gap between neighbours, the least distance of two labels, and the thinnest ribbon drawn.
GAP, LABEL_GAP, THINNEST = 0.016, 0.05, 0.001


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
    """Return nine points per ribbon; all ribbons are bent at once, for this runs at every move of a slider."""
    order = [dict(zip(nodes["id"], range(len(nodes)), strict=True)) for nodes in (left, right)]
    rows = sorted(
        links.iter_rows(named=True), key=lambda r: (order[0][r["customer_id"]], order[1][r["destination_id"]])
    )
    share = np.array([row["mean"] / total for row in rows])
    ends = [
        _stacked(np.array([place[row[key]] for row in rows]), share, nodes)
        for key, place, nodes in (("customer_id", order[0], left), ("destination_id", order[1], right))
    ]
    drawn = np.flatnonzero(share >= THINNEST)
    x = np.linspace(0, 1, POINTS)
    bend = x * x * (3 - 2 * x)
    (top0, bottom0), (top1, bottom1) = [(top[drawn, None], bottom[drawn, None]) for top, bottom in ends]
    words = _words([rows[i] for i in drawn], look, others)
    points = words[np.repeat(np.arange(len(drawn)), POINTS)]
    curves = {"x": np.tile(x, len(drawn)), "top": top0 + (top1 - top0) * bend}
    curves["bottom"] = bottom0 + (bottom1 - bottom0) * bend
    return points.with_columns(pl.Series(key, values.reshape(-1), pl.Float32) for key, values in curves.items())


def _stacked(at: npt.NDArray[np.intp], share: Floats, nodes: pl.DataFrame) -> tuple[Floats, Floats]:
    """Return top and bottom of every link inside its node, the links of a node on one another in their order."""
    thick = share * (1 - GAP * max(len(nodes) - 1, 0))
    bottom = np.empty_like(thick)
    for node, start in enumerate(nodes["top"]):
        inside = at == node
        bottom[inside] = start + np.cumsum(thick[inside])
    return bottom - thick, bottom


def _words(rows: Sequence[Mapping[str, Any]], look: Look, others: Names) -> pl.DataFrame:
    ranges = ["see the table" if r["p5"] is None else f"{money_range(r['p5'], r['p95'])} USD" for r in rows]
    targets = [row["destination_id"] for row in rows]
    words = {
        "from": [_name(row["customer_id"], others[0], look) for row in rows],
        "to": [_name(target, others[1], look) for target in targets],
        "amount": [money(row["mean"]) for row in rows],
        "range": ranges,
        "destination_id": targets,
        "colour": [look.colours.get(target, look.style.tail) for target in targets],
    }
    frame = pl.DataFrame(words, schema=dict.fromkeys(words, pl.String)).cast(pl.Categorical)
    return frame.with_columns(pl.Series("link", range(len(rows)), pl.Int16))


def _name(key: str, others: str, look: Look) -> str:
    return others if key == OTHERS else look.names.get(key, key)


def _labelled(left: pl.DataFrame, right: pl.DataFrame, look: Look, others: Names) -> pl.DataFrame:
    return pl.concat([_labels(left, "l", look, others[0]), _labels(right, "r", look, others[1])])


def _labels(nodes: pl.DataFrame, side: str, look: Look, others: str) -> pl.DataFrame:
    tops, bottoms, ids = nodes["top"].to_list(), nodes["bottom"].to_list(), nodes["id"].to_list()
    middle = [(top + bottom) / 2 for top, bottom in zip(tops, bottoms, strict=True)]
    amounts = [short_money(value) for value in nodes["mean"]]
    right = side == "r"
    return pl.DataFrame(
        {
            "top": tops,
            "bottom": bottoms,
            "label": [f"{_name(key, others, look)}  {amount}" for key, amount in zip(ids, amounts, strict=True)],
            "label_y": spread(middle, LABEL_GAP, 0.0, 1.0),
            "colour": [look.colours.get(key, look.style.tail) if right else look.style.muted for key in ids],
            "side": [side] * len(ids),
            "x": [float(right)] * len(ids),
        }
    )
