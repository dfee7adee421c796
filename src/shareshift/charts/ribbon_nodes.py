"""Where the ribbons begin and end: customers, the bar of what the incumbent would have earned, and destinations.

One unit of money is as high on both sides, and as high in every scenario and month: the scale belongs to the market.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import polars as pl

from shareshift.basics.formats import money
from shareshift.charts.lettering import fitted, labelled
from shareshift.charts.look import Look, span_words, spread

Names = Mapping[str, str]
Span = tuple[float, float]
# No id of a market has a space in it.
OTHERS, STAYS = "all others", "what stays"
SHOWN_CUSTOMERS, SHOWN_RIVALS = 6, 6
# Parts of the height: the least gap between two nodes and between two labels; what customers lie on; and what the money
# that moves may fill.
LEAST_GAP, LABEL_GAP, CUSTOMERS, USABLE = 0.012, 0.04, 0.62, 0.55
# Pixels that labels may take on either side, and the size of their type; `narrow` is for phones. What stays is named
# inside the picture.
SIZE, NARROW_SIZE = 13.0, 10.5
LABEL_ROOM = {
    "l": {"label": (140, SIZE), "narrow": (84, NARROW_SIZE)},
    "m": {"label": (170, SIZE), "narrow": (110, NARROW_SIZE)},
    "r": {"label": (168, SIZE), "narrow": (98, NARROW_SIZE)},
}
# How many have their amount written beside them; of all others the pointer and the table tell.
WRITTEN = {"l": 1, "m": 1, "r": 0}


class Node(NamedTuple):
    """A customer, a destination, or what stays: its mean in USD, and where it lies, 0..1 from the top.

    `low` and `high` are the ends of its range in USD; several drawn together have none, because ends do not add up.
    """

    name: str
    mean: float
    top: float
    bottom: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, kw_only=True)
class Scale:
    """How high a dollar is, as a part of the picture; `coarser` tells how many times less than in the baseline."""

    unit: float
    coarser: int = 1


def scale_of(stake: float, moved: float, full: float) -> Scale:
    """Return the market's scale, on which `full` USD fill the height; halved until what is at stake has room."""
    # What moves needs gaps beside it as well.
    most = max(stake, moved / USABLE)
    coarser, full = 1, full or most or 1.0
    while most > full * coarser * (1 + 1e-9):
        coarser *= 2
    return Scale(unit=1 / (full * coarser), coarser=coarser)


def grouped(means: Mapping[str, float], shown: int, reserved: Sequence[str] = ()) -> dict[str, float]:
    """Return the largest from the top down, then all others together, then the reserved."""
    free = sorted((name for name in means if name not in reserved), key=lambda name: -means[name])
    rest = {OTHERS: sum(means[name] for name in free[shown:])} if len(free) > shown else {}
    return {name: means[name] for name in free[:shown]} | rest | {name: means[name] for name in reserved}


def spread_nodes(means: Mapping[str, float], spans: Mapping[str, Span], unit: float, height: float) -> list[Node]:
    """Return nodes in their order over a part of the height, each with room for the high end of its range."""
    room = {name: max(mean, spans.get(name, (0.0, mean))[1]) * unit for name, mean in means.items()}
    if sum(room.values()) > height - LEAST_GAP * len(means):
        room = {name: mean * unit for name, mean in means.items()}
    gap = max((height - sum(room.values())) / max(len(means) - 1, 1), LEAST_GAP)
    found, top = [], 0.0
    for name, mean in means.items():
        middle, half = top + room[name] / 2, mean * unit / 2
        found.append(Node(name, mean, middle - half, middle + half, *spans.get(name, ())))
        top += room[name] + gap
    return found


def stacked_nodes(means: Mapping[str, float], unit: float) -> dict[str, Node]:
    """Return nodes that lie on one another without a gap, in their order."""
    found, top = {}, 0.0
    for name, mean in means.items():
        found[name] = Node(name, mean, top, top + mean * unit)
        top += mean * unit
    return found


def range_words(node: Node) -> str:
    """Return the range of a node as tooltips tell it."""
    return "see the table" if node.low is None or node.high is None else span_words(node.low, node.high)


def node_frame(nodes: Sequence[Node], side: str, x: float, look: Look, names: Names) -> pl.DataFrame:
    """Return the nodes of a column with their labels; the largest have their amount beside the name."""
    flowing = [node for node in nodes if node.name != OTHERS]
    largest = {node.name for node in sorted(flowing, key=lambda node: -node.mean)[: WRITTEN[side]]}

    def label(node: Node, room: float, size: float) -> str:
        name = names.get(node.name, node.name)
        return labelled(name, money(node.mean), room, size) if node.name in largest else fitted(name, room, size)

    middles = [(node.top + node.bottom) / 2 for node in nodes]
    # What stays is named under its bar, where no ribbon runs.
    places = [min(node.bottom + LABEL_GAP, 0.985) for node in nodes]
    coloured = look.colours if side == "r" else {STAYS: look.style.incumbent}
    return pl.DataFrame(
        {
            "name": [names.get(node.name, node.name) for node in nodes],
            "amount": [money(node.mean) for node in nodes],
            "range": [range_words(node) for node in nodes],
            "top": [node.top for node in nodes],
            "bottom": [node.bottom for node in nodes],
            **{column: [label(node, *room) for node in nodes] for column, room in LABEL_ROOM[side].items()},
            "label_y": places if side == "m" else spread(middles, LABEL_GAP, 0.0, 1.0),
            "colour": [coloured.get(node.name, look.style.tail if side == "r" else look.style.muted) for node in nodes],
            "side": [side] * len(nodes),
            "x": [x] * len(nodes),
        }
    )
