"""The shapes of the ribbons: nodes stacked on both sides, and a bent band for every flow between them.

This runs at every move of a slider, over few rows: plain loops are quicker here than a query on a frame.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from shareshift.basics.formats import money, money_range, short_money
from shareshift.charts.look import Datasets, Look, spread

Names = tuple[str, str]
Span = tuple[float, float]
VALUE = "cumulative_flow_usd"
# The points of a bend along the way and across: a basis spline through them leaves and arrives level.
ALONG, ACROSS = np.array([0.0, 0.35, 0.65, 1.0]), np.array([0.0, 0.0, 1.0, 1.0])
SHOWN_CUSTOMERS, SHOWN_RIVALS = 6, 6
OTHERS = "others"
# Parts of the height: the gap between neighbours, the least distance of two labels, and the thinnest ribbon drawn.
GAP, LABEL_GAP, THINNEST = 0.016, 0.05, 0.001


@dataclass(frozen=True, kw_only=True)
class _Flow:
    """What goes from one customer to one destination, or from several that are drawn together; USD."""

    source: str
    target: str
    mean: float
    # The ends of a range do not add up, so several flows together have none.
    ends: Span | None


@dataclass(frozen=True, kw_only=True)
class _Node:
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
    columns = ("customer_id", "destination_id", f"mean_{VALUE}", f"p5_{VALUE}", f"p95_{VALUE}")
    rows = list(zip(*(flows[column].to_list() for column in columns), strict=True))
    links = [
        _Flow(source=source, target=target, mean=mean, ends=(low, high)) for source, target, mean, low, high in rows
    ]
    customers, targets = _totals(links, "source"), _totals(links, "target")
    rivals = {name: mean for name, mean in targets.items() if name not in reserved}
    others = (f"{len(customers) - SHOWN_CUSTOMERS} more customers", f"{len(rivals) - SHOWN_RIVALS} more rivals")
    shown = {*_biggest(customers)[:SHOWN_CUSTOMERS]}, {*_biggest(rivals)[:SHOWN_RIVALS], *reserved}
    links = _folded(links, *shown)
    left, right = (_stacked_nodes(_totals(links, end), reserved) for end in ("source", "target"))
    nodes = pl.concat([_labels(left, "l", look, others[0]), _labels(right, "r", look, others[1])])
    return {"ribbons": _ribbons(links, left, right, look, others), "nodes": nodes}


def _totals(links: Sequence[_Flow], end: str) -> dict[str, float]:
    totals: defaultdict[str, float] = defaultdict(float)
    for link in links:
        totals[getattr(link, end)] += link.mean
    return dict(totals)


def _biggest(totals: dict[str, float]) -> list[str]:
    return sorted(totals, key=lambda name: -totals[name])


def _folded(links: Sequence[_Flow], customers: set[str], targets: set[str]) -> list[_Flow]:
    """Return the flows with those from and to everybody else drawn together."""
    found: dict[Names, _Flow] = {}
    for link in links:
        ends = (
            link.source if link.source in customers else OTHERS,
            link.target if link.target in targets else OTHERS,
        )
        same = found.get(ends)
        mean, span = (link.mean + same.mean, None) if same else (link.mean, link.ends)
        found[ends] = _Flow(source=ends[0], target=ends[1], mean=mean, ends=span)
    return list(found.values())


def _stacked_nodes(totals: dict[str, float], reserved: Sequence[str]) -> dict[str, _Node]:
    """Return the nodes of one side by name from the top down: the biggest first, the others and the reserved last."""
    last = {OTHERS: 1, **{name: 2 + place for place, name in enumerate(reserved)}}
    all_together, top = sum(totals.values()) or 1.0, 0.0
    nodes: dict[str, _Node] = {}
    for name in sorted(totals, key=lambda name: (last.get(name, 0), -totals[name])):
        bottom = top + totals[name] / all_together * _height(len(totals))
        nodes[name] = _Node(name=name, mean=totals[name], top=top, bottom=bottom)
        top = bottom + GAP
    return nodes


def _height(nodes: int) -> float:
    """Return what the gaps leave of the height."""
    return 1 - GAP * max(nodes - 1, 0)


def _ribbons(
    links: Sequence[_Flow], left: dict[str, _Node], right: dict[str, _Node], look: Look, others: Names
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
    columns = {
        name: pl.Series(name, words, pl.String).cast(pl.Categorical) for name, words in _words(drawn, look, others)
    }
    index = pl.Series(np.repeat(np.arange(len(drawn), dtype=np.uint32), ALONG.size))
    return pl.DataFrame(
        [
            *(words[index] for words in columns.values()),
            index.cast(pl.Int16).alias("link"),
            *(pl.Series(name, values, pl.Float32) for name, values in curves.items()),
        ]
    )


def _words(links: Sequence[_Flow], look: Look, others: Names) -> list[tuple[str, list[str]]]:
    ranges = [f"{money_range(*link.ends)} USD" if link.ends else "see the table" for link in links]
    return [
        ("from", [_name(link.source, others[0], look) for link in links]),
        ("to", [_name(link.target, others[1], look) for link in links]),
        ("amount", [money(link.mean) for link in links]),
        ("range", ranges),
        ("destination_id", [link.target for link in links]),
        ("colour", [look.colour(link.target) for link in links]),
    ]


def _name(key: str, others: str, look: Look) -> str:
    return others if key == OTHERS else look.name(key)


def _labels(nodes: dict[str, _Node], side: str, look: Look, others: str) -> pl.DataFrame:
    right, drawn = side == "r", nodes.values()
    return pl.DataFrame(
        {
            "top": [node.top for node in drawn],
            "bottom": [node.bottom for node in drawn],
            "label": [f"{_name(node.name, others, look)}  {short_money(node.mean)}" for node in drawn],
            "label_y": spread([(node.top + node.bottom) / 2 for node in drawn], LABEL_GAP, 0.0, 1.0),
            "colour": [look.colour(node.name) if right else look.style.muted for node in drawn],
            "side": [side] * len(nodes),
            "x": [float(right)] * len(nodes),
        }
    )
