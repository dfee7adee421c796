"""The shapes of the ribbons: bent bands from customers to the incumbent's bar, and from there to destinations.

This runs at every move of a slider, over few rows: plain loops are quicker here than a query on a frame.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import polars as pl

from shareshift.basics.formats import money
from shareshift.charts.look import Datasets, Look
from shareshift.charts.ribbon_nodes import (
    CUSTOMERS,
    OTHERS,
    SHOWN_CUSTOMERS,
    SHOWN_RIVALS,
    STAYS,
    Node,
    Span,
    grouped,
    node_frame,
    range_words,
    scale_of,
    spread_nodes,
    stacked_nodes,
)

VALUE, ARRIVED = "mean_cumulative_flow_usd", "arrived_usd"
# The points of a bend along the way and across: a basis spline through them leaves and arrives level.
ALONG, ACROSS = np.array([0.0, 0.35, 0.65, 1.0]), np.array([0.0, 0.0, 1.0, 1.0])
# Where the incumbent's bar stands from left to right.
BAR = 0.3


class Ribbon(NamedTuple):
    """A band between two places: what it is, and its ends as tops and bottoms, 0..1 from the top."""

    kind: str
    source: str
    target: str
    node: Node
    colour: str
    start: Span
    end: Span


def ribbon_data(
    flows: pl.DataFrame, arrivals: pl.DataFrame, stake: float, look: Look, reserved: Sequence[str]
) -> Datasets:
    """Return the ribbons' points and the nodes with their labels, on a canvas of 0..1 both ways.

    `flows` has one row per customer and destination, `arrivals` one per destination; `stake` is what the incumbent
    would have earned, in USD. Thickness stands for money on the scale of the market; small customers and small rivals
    are drawn together.
    """
    sent: dict[str, float] = {}
    for customer, mean in zip(flows["customer_id"], flows[VALUE], strict=True):
        sent[customer] = sent.get(customer, 0.0) + mean
    got = arrivals.select("destination_id", *(f"{end}_{ARRIVED}" for end in ("mean", "p5", "p95"))).rows()
    moved = sum(mean for _, mean, *_ in got)
    unit = scale_of(stake, moved, look.full_usd).unit
    customers = grouped(sent, SHOWN_CUSTOMERS)
    targets = grouped({name: mean for name, mean, *_ in got}, SHOWN_RIVALS, reserved)
    spans = {name: (low, high) for name, _, low, high in got if name in targets}
    left, right = spread_nodes(customers, {}, unit, CUSTOMERS), spread_nodes(targets, spans, unit, 1.0)
    kept = Node(STAYS, max(stake - moved, 0.0), moved * unit, max(stake, moved) * unit)
    own = look.name(look.incumbent)
    names = (
        {**look.names, OTHERS: "Other customers"},
        {**look.names, STAYS: f"Stays with {own}"},
        {**look.names, OTHERS: "Other rivals"},
    )
    ribbons = [*_arriving(left, customers, unit, look), *_leaving(right, targets, unit, look)]
    columns = ((left, "l", 0.0), ([kept], "m", BAR), (right, "r", 1.0))
    frames = [node_frame(nodes, side, x, look, told) for (nodes, side, x), told in zip(columns, names, strict=True)]
    return {"ribbons": _points(ribbons, names), "nodes": pl.concat(frames)}


def _arriving(nodes: Sequence[Node], means: Mapping[str, float], unit: float, look: Look) -> Iterable[Ribbon]:
    """Give what each customer moves: from the customer to the top of the incumbent's bar."""
    stacked = stacked_nodes(means, unit)
    for node in nodes:
        end = stacked[node.name]
        span, at = (node.top, node.bottom), (end.top, end.bottom)
        yield Ribbon("from", node.name, look.incumbent, node, look.style.muted, span, at)


def _leaving(nodes: Sequence[Node], means: Mapping[str, float], unit: float, look: Look) -> Iterable[Ribbon]:
    """Give what reaches each destination three times: what is possible, its mean, and what is all but certain."""
    stacked = stacked_nodes(means, unit)
    for node in nodes:
        start = stacked[node.name]
        low, high = (node.mean if end is None else end for end in (node.low, node.high))
        for kind, usd in (("possible", max(high, node.mean)), ("mean", node.mean), ("sure", min(low, node.mean))):
            # What lies beyond the mean has no room at the bar, where one ribbon touches the next.
            spans = (_about(start, min(usd, node.mean) * unit), _about(node, usd * unit))
            yield Ribbon(kind, look.incumbent, node.name, node, look.colour(node.name), *spans)


def _about(node: Node, thick: float) -> Span:
    middle = (node.top + node.bottom) / 2
    return middle - thick / 2, middle + thick / 2


def _points(ribbons: Sequence[Ribbon], names: Sequence[Mapping[str, str]]) -> pl.DataFrame:
    """Return the points of every ribbon that has any thickness."""
    drawn = [ribbon for ribbon in ribbons if ribbon.end[1] > ribbon.end[0]]
    spans = [(ribbon.start, ribbon.end) for ribbon in drawn]
    start, end = np.array(spans).reshape(-1, 2, 2).transpose(1, 2, 0)
    bounds = [(0.0, BAR) if ribbon.kind == "from" else (BAR, 1.0) for ribbon in drawn]
    curves = {"x": np.array([low + (high - low) * ALONG for low, high in bounds]).reshape(-1)}
    for edge, (here, there) in {"top": (start[0], end[0]), "bottom": (start[1], end[1])}.items():
        curves[edge] = (here[:, None] + (there - here)[:, None] * ACROSS).reshape(-1)
    words = {
        "kind": [ribbon.kind for ribbon in drawn],
        "from": [names[0].get(ribbon.source, ribbon.source) for ribbon in drawn],
        "to": [names[2].get(ribbon.target, ribbon.target) for ribbon in drawn],
        "amount": [money(ribbon.node.mean) for ribbon in drawn],
        "range": [range_words(ribbon.node) for ribbon in drawn],
        "node": [ribbon.node.name for ribbon in drawn],
        "colour": [ribbon.colour for ribbon in drawn],
    }
    index = pl.Series(np.repeat(np.arange(len(drawn), dtype=np.uint32), ALONG.size))
    return pl.DataFrame(
        [
            *(pl.Series(name, told, pl.String).cast(pl.Categorical)[index] for name, told in words.items()),
            index.cast(pl.Int16).alias("link"),
            *(pl.Series(name, values, pl.Float32) for name, values in curves.items()),
        ]
    )
