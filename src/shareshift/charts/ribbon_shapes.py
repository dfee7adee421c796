"""The shapes of the ribbons: nodes stacked on both sides, and a bent band for every flow between them.

This runs at every move of a slider, over few rows: plain loops are quicker here than a query on a frame.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import polars as pl

from shareshift.basics.formats import money
from shareshift.charts.lettering import labelled
from shareshift.charts.look import Datasets, Look, span_words, spread

Names = Mapping[str, str]
Span = tuple[float, float]
VALUE = "cumulative_flow_usd"
# The points of a bend along the way and across: a basis spline through them leaves and arrives level.
ALONG, ACROSS = np.array([0.0, 0.35, 0.65, 1.0]), np.array([0.0, 0.0, 1.0, 1.0])
SHOWN_CUSTOMERS, SHOWN_RIVALS = 6, 6
# No id of a market has a space in it.
OTHERS = "all others"
# Parts of the height: the gap between neighbours, the least distance of two labels, and the thinnest ribbon drawn.
GAP, LABEL_GAP, THINNEST = 0.016, 0.05, 0.001
# Pixels that labels may take on either side, and the size of their type; `narrow` is for phones.
SIZE, NARROW_SIZE = 13.0, 10.5
LABEL_ROOM = {
    "l": {"label": (156, SIZE), "narrow": (84, NARROW_SIZE)},
    "r": {"label": (168, SIZE), "narrow": (98, NARROW_SIZE)},
}


class _Flow(NamedTuple):
    """What goes from one customer to one destination, or from several that are drawn together; USD."""

    source: str
    target: str
    mean: float
    # The ends of a range do not add up, so several flows together have none.
    ends: Span | None


class _Node(NamedTuple):
    """A customer or a destination: what it stands for in USD, and where its bar lies, 0..1 from the top."""

    name: str
    mean: float
    top: float
    bottom: float


def ribbon_data(flows: pl.DataFrame, look: Look, reserved: Sequence[str]) -> Datasets:
    """Return the ribbons' points and the nodes with their labels, on a canvas of 0..1 both ways.

    `flows` has one row per customer and destination. The height stands for the mean; small customers and small
    rivals are drawn together as others.
    """
    ends = (f"mean_{VALUE}", f"p5_{VALUE}", f"p95_{VALUE}")
    rows = flows.select("customer_id", "destination_id", *ends).rows()
    links = [_Flow(source, target, mean, (low, high)) for source, target, mean, low, high in rows]
    customers, targets = _totals(links, "source"), _totals(links, "target")
    rivals = {name: mean for name, mean in targets.items() if name not in reserved}
    counts = (f"{len(customers) - SHOWN_CUSTOMERS} more customers", f"{len(rivals) - SHOWN_RIVALS} more rivals")
    names = tuple({**look.names, OTHERS: count} for count in counts)
    shown = (
        {*sorted(customers, key=lambda name: -customers[name])[:SHOWN_CUSTOMERS]},
        {*sorted(rivals, key=lambda name: -rivals[name])[:SHOWN_RIVALS], *reserved},
    )
    links = _folded(links, *shown)
    left, right = (_stacked_nodes(_totals(links, end), reserved) for end in ("source", "target"))
    nodes = pl.concat([_labels(left, "l", look, names[0]), _labels(right, "r", look, names[1])])
    return {"ribbons": _ribbons(links, left, right, look, names), "nodes": nodes}


def _totals(links: Sequence[_Flow], end: str) -> dict[str, float]:
    totals: defaultdict[str, float] = defaultdict(float)
    for link in links:
        totals[getattr(link, end)] += link.mean
    return dict(totals)


def _folded(links: Sequence[_Flow], customers: set[str], targets: set[str]) -> list[_Flow]:
    """Return the flows with those from and to everybody else drawn together."""
    found: dict[tuple[str, str], _Flow] = {}
    for link in links:
        source = link.source if link.source in customers else OTHERS
        ends = source, link.target if link.target in targets else OTHERS
        same = found.get(ends)
        mean, span = (link.mean + same.mean, None) if same else (link.mean, link.ends)
        found[ends] = _Flow(*ends, mean, span)
    return list(found.values())


def _stacked_nodes(totals: dict[str, float], reserved: Sequence[str]) -> dict[str, _Node]:
    """Return the nodes of one side by name from the top down: the biggest first, the others and the reserved last."""
    last = {OTHERS: 1, **{name: 2 + place for place, name in enumerate(reserved)}}
    all_together, top = sum(totals.values()) or 1.0, 0.0
    nodes: dict[str, _Node] = {}
    for name in sorted(totals, key=lambda name: (last.get(name, 0), -totals[name])):
        bottom = top + totals[name] / all_together * _height(len(totals))
        nodes[name] = _Node(name, totals[name], top, bottom)
        top = bottom + GAP
    return nodes


def _height(nodes: int) -> float:
    """Return what the gaps leave of the height."""
    return 1 - GAP * max(nodes - 1, 0)


def _ribbons(
    links: Sequence[_Flow],
    left: dict[str, _Node],
    right: dict[str, _Node],
    look: Look,
    names: Sequence[Mapping[str, str]],
) -> pl.DataFrame:
    """Return the points of every ribbon that is thick enough, those of a node on one another in their order."""
    total = sum(link.mean for link in links) or 1.0
    places = [{name: place for place, name in enumerate(nodes)} for nodes in (left, right)]
    at = [{name: node.top for name, node in nodes.items()} for nodes in (left, right)]
    drawn: list[_Flow] = []
    spans: list[tuple[Span, Span]] = []
    for link in sorted(links, key=lambda link: (places[0][link.source], places[1][link.target])):
        both = []
        for tops, name, count in ((at[0], link.source, len(left)), (at[1], link.target, len(right))):
            top = tops[name]
            tops[name] = top + link.mean / total * _height(count)
            both.append((top, tops[name]))
        if link.mean / total >= THINNEST:
            drawn.append(link)
            spans.append((both[0], both[1]))
    start, end = np.array(spans).reshape(-1, 2, 2).transpose(1, 2, 0)
    curves = {"x": np.tile(ALONG, len(drawn))}
    for edge, (here, there) in {"top": (start[0], end[0]), "bottom": (start[1], end[1])}.items():
        curves[edge] = (here[:, None] + (there - here)[:, None] * ACROSS).reshape(-1)
    words = {
        "from": [names[0].get(link.source, link.source) for link in drawn],
        "to": [names[1].get(link.target, link.target) for link in drawn],
        "amount": [money(link.mean) for link in drawn],
        "range": [span_words(*link.ends) if link.ends else "see the table" for link in drawn],
        "destination_id": [link.target for link in drawn],
        "colour": [look.colour(link.target) for link in drawn],
    }
    index = pl.Series(np.repeat(np.arange(len(drawn), dtype=np.uint32), ALONG.size))
    return pl.DataFrame(
        [
            *(pl.Series(name, told, pl.String).cast(pl.Categorical)[index] for name, told in words.items()),
            index.cast(pl.Int16).alias("link"),
            *(pl.Series(name, values, pl.Float32) for name, values in curves.items()),
        ]
    )


def _labels(nodes: dict[str, _Node], side: str, look: Look, names: Names) -> pl.DataFrame:
    right, drawn = side == "r", nodes.values()
    return pl.DataFrame(
        {
            "top": [node.top for node in drawn],
            "bottom": [node.bottom for node in drawn],
            **{
                column: [labelled(names.get(node.name, node.name), money(node.mean), *room) for node in drawn]
                for column, room in LABEL_ROOM[side].items()
            },
            "label_y": spread([(node.top + node.bottom) / 2 for node in drawn], LABEL_GAP, 0.0, 1.0),
            "colour": [look.colour(node.name) if right else look.style.muted for node in drawn],
            "side": [side] * len(nodes),
            "x": [float(right)] * len(nodes),
        }
    )
