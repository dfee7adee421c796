"""Where does a claim fall in the model's distribution?"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import polars as pl

from shareshift.charts.canvas import Canvas
from shareshift.charts.lazy import alt
from shareshift.charts.look import Datasets, Look
from shareshift.charts.marks import Align, colour_by_kind, finished, font_size, named

DESCRIPTION = (
    "One strip per reading of the claim: how the simulations are spread over the claimed quantity, each on "
    "a scale of its own, with the claimed range marked. Simulations in which the claim holds are filled in colour."
)
# Left, right, top, bottom and kind; and x, y, kind, side and text.
Box = tuple[float, float, float, float, str]
Word = tuple[float, float, str, str, str]
STRIP, CHANCE = 104, 50
# Pixels from the top of a strip: its words, the claim's words, the histogram's top and base, the model's words.
HEAD, CLAIMED, TOP, BASE, MODEL = 12, 30, 38, 80, 95


@dataclass(frozen=True, kw_only=True)
class Strip:
    """One reading: its bins (rows of `claim_distributions`) and the words beside them.

    A yes-or-no quantity is drawn as one bar: `yes` and `no` are its words, `holds` the share of draws that hold.
    """

    head: str
    claimed: str
    model: str
    mean: float
    bins: pl.DataFrame
    from_zero: bool = False
    yes_no: tuple[str, str] | None = None
    holds: float = 0.0


def place_height(strips: Sequence[Strip]) -> int:
    """Return the height of the picture in pixels."""
    return sum(CHANCE if strip.yes_no else STRIP for strip in strips) or CHANCE


def place_data(strips: Sequence[Strip]) -> Datasets:
    """Return bars, lines and words on a canvas of pixels downwards and 0..1 sidewards."""
    bars: list[Box] = []
    lines: list[Box] = []
    words: list[Word] = []
    top = 0.0
    for strip in strips:
        if strip.yes_no:
            bars += [(0.0, strip.holds, top + 4, top + 22, "holds"), (strip.holds, 1.0, top + 4, top + 22, "model")]
            yes, no = strip.yes_no
            words += [(0.0, top + 36, "claim", "l", yes), (1.0, top + 36, "model", "r", no)]
            top += CHANCE
        else:
            at = _scale(strip)
            bars += _histogram(strip, top, at)
            lines += _lines(strip, top, at)
            words += _words(strip, top, at)
            top += STRIP
    box = dict.fromkeys(("left", "right", "top", "bottom"), pl.Float64()) | {"kind": pl.String()}
    word = dict.fromkeys(("x", "y"), pl.Float64()) | dict.fromkeys(("kind", "side", "text"), pl.String())
    return {
        "bars": pl.DataFrame(bars, schema=box, orient="row"),
        "lines": pl.DataFrame(lines, schema=box, orient="row"),
        "words": pl.DataFrame(words, schema=word, orient="row"),
    }


def _histogram(strip: Strip, top: float, at: Callable[[float], float]) -> Iterator[Box]:
    """Give the bins of a strip, in each the draws that hold below the others, and under them the claimed range."""
    tallest = max(strip.bins["share_of_draws"]) or 1.0
    base = top + BASE
    for row in strip.bins.iter_rows(named=True):
        tall = row["share_of_draws"] / tallest * (BASE - TOP)
        # A bin narrower than a hair would vanish where the claim lies far beyond the draws.
        left, right = at(row["bin_low"]), max(at(row["bin_high"]), at(row["bin_low"]) + 0.002)
        parts = (("holds", 0.0, tall * row["holds_share"]), ("model", tall * row["holds_share"], tall))
        yield from ((left, right, base - above, base - below, kind) for kind, below, above in parts if above > below)
    low, high = _claimed(strip)
    yield at(-math.inf if low is None else low), at(math.inf if high is None else high), base + 1, base + 5, "holds"


def _lines(strip: Strip, top: float, at: Callable[[float], float]) -> list[Box]:
    ends = [at(end) for end in _claimed(strip) if end is not None]
    return [
        (0.0, 1.0, top + BASE, top + BASE, "base"),
        *((end, end, top + TOP - 2, top + BASE, "claim") for end in ends),
    ]


def _words(strip: Strip, top: float, at: Callable[[float], float]) -> list[Word]:
    low, high = _claimed(strip)
    first = high if low is None else low
    claimed, mean = 1.0 if first is None else at(first), at(strip.mean)
    return [
        (0.0, top + HEAD, "head", "l", strip.head),
        (claimed, top + CLAIMED, "claim", _side(claimed), strip.claimed),
        (mean, top + MODEL + 2, "model", _side(mean), strip.model),
    ]


def _side(x: float) -> str:
    # Words near an edge turn inwards, so that none is cut.
    return "l" if x < 0.3 else "r" if x > 0.7 else "m"


def _claimed(strip: Strip) -> tuple[float | None, float | None]:
    low, high = strip.bins.select("claimed_low", "claimed_high").row(0)
    return low, high


def _scale(strip: Strip) -> Callable[[float], float]:
    """Return where a value stands from left to right, 0..1; what lies beyond the strip stands at its edge."""
    claimed = _claimed(strip)
    ends = [end for end in claimed if end is not None]
    values = [strip.bins["bin_low"][0], strip.bins["bin_high"][-1], strip.mean, *ends]
    low, high = min(values), max(values)
    wide = (high - low) or abs(high) or 1.0
    # Beyond an open end there is room to see that it is open.
    before, after = (wide * (0.08 if end is None else 0.02) for end in claimed)
    low, high = min(0.0, low) if strip.from_zero else low - before, high + after
    return lambda value: (min(max(value, low), high) - low) / (high - low)


def draw_place(look: Look, height: int) -> alt.LayerChart:
    """Draw the strips from the named data of `place_data`."""
    style, canvas = look.style, Canvas(height=height)
    kinds = {"holds": style.incumbent, "claim": style.incumbent, "model": style.tail, "base": style.faint}
    inks = {"head": style.muted, "claim": style.ink, "model": style.muted}
    box = {"x": canvas.x("left"), "x2": "right:Q", "y": canvas.y("top"), "y2": "bottom:Q"}
    colour = colour_by_kind(kinds).sort(None)
    bars = named("bars").mark_rect().encode(color=colour, **box)
    lines = named("lines").mark_rule(strokeWidth=1.5).encode(color=colour, **box)
    words = named("words").encode(x=canvas.x("x"), y=canvas.y("y"), text="text:N", color=colour_by_kind(inks))
    sides: dict[str, Align] = {"l": "left", "m": "center", "r": "right"}
    texts = [
        words.transform_filter(f"datum.side == '{side}'").mark_text(align=align, fontSize=font_size(11.5, 12))
        for side, align in sides.items()
    ]
    chart = finished([bars, lines, *texts], look, height, DESCRIPTION)
    drawn: alt.LayerChart = chart.resolve_scale(color="independent")
    return drawn
