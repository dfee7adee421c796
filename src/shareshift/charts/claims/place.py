"""Where does a claim fall in the model's distribution?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from shareshift.charts.look import NARROW, Datasets, Look, finished

# Charts are drawn once and kept; a start that finds them kept does not wait for this import.
if TYPE_CHECKING:
    import altair as alt

DESCRIPTION = (
    "One strip per reading of the claim: how the draws of the model are spread over the claimed quantity, each on a "
    "scale of its own, with the claimed range marked. Draws in which the claim holds are filled in colour."
)
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
    bars: list[dict[str, Any]] = []
    lines: list[dict[str, Any]] = []
    words: list[dict[str, Any]] = []
    top = 0.0
    for strip in strips:
        if strip.yes_no:
            _chance(strip, top, bars, words)
            top += CHANCE
        else:
            _spread(strip, top, bars, lines, words)
            top += STRIP
    written = _schema("x", "y") | dict.fromkeys(("side", "text"), pl.String())
    return {
        "bars": pl.DataFrame(bars, schema=_schema("left", "right", "top", "bottom")),
        "lines": pl.DataFrame(lines, schema=_schema("left", "right", "top", "bottom")),
        "words": pl.DataFrame(words, schema=written),
    }


def _chance(strip: Strip, top: float, bars: list[dict[str, Any]], words: list[dict[str, Any]]) -> None:
    y = {"top": top + 4, "bottom": top + 22}
    bars.append({"left": 0.0, "right": strip.holds, **y, "kind": "holds"})
    bars.append({"left": strip.holds, "right": 1.0, **y, "kind": "model"})
    for side, x, text in (("l", 0.0, strip.yes_no[0]), ("r", 1.0, strip.yes_no[1])) if strip.yes_no else ():
        words.append({"x": x, "y": top + 36, "side": side, "text": text, "kind": "claim" if side == "l" else "model"})


def _spread(
    strip: Strip, top: float, bars: list[dict[str, Any]], lines: list[dict[str, Any]], words: list[dict[str, Any]]
) -> None:
    low, high = _span(strip)

    def at(value: float) -> float:
        return (min(max(value, low), high) - low) / (high - low)

    tallest = float(strip.bins["share_of_draws"].max() or 1.0)  # type: ignore[arg-type]
    for row in strip.bins.iter_rows(named=True):
        tall = row["share_of_draws"] / tallest * (BASE - TOP)
        # A bin narrower than a hair would vanish where the claim lies far beyond the draws.
        left, right = at(row["bin_low"]), max(at(row["bin_high"]), at(row["bin_low"]) + 0.002)
        parts = (("holds", 0.0, tall * row["holds_share"]), ("model", tall * row["holds_share"], tall))
        for kind, below, above in parts:
            if above > below:
                y = {"top": top + BASE - above, "bottom": top + BASE - below}
                bars.append({"left": left, "right": right, **y, "kind": kind})
    first = strip.bins.row(0, named=True)
    ends = [end for end in (first["claimed_low"], first["claimed_high"]) if end is not None]
    from_, to = first["claimed_low"], first["claimed_high"]
    left, right = at(low if from_ is None else from_), at(high if to is None else to)
    bars.append({"left": left, "right": right, "top": top + BASE + 1, "bottom": top + BASE + 5, "kind": "holds"})
    lines.append({"left": 0.0, "right": 1.0, "top": top + BASE, "bottom": top + BASE, "kind": "base"})
    y = {"top": top + TOP - 2, "bottom": top + BASE}
    lines += [{"left": at(end), "right": at(end), **y, "kind": "claim"} for end in ends]
    words.append({"x": 0.0, "y": top + HEAD, "side": "l", "text": strip.head, "kind": "head"})
    middle = at(ends[0]) if ends else 1.0
    words.append(_word(middle, top + CLAIMED, strip.claimed, "claim"))
    words.append(_word(at(strip.mean), top + MODEL + 2, strip.model, "model"))


def _word(x: float, y: float, text: str, kind: str) -> dict[str, Any]:
    # Words near an edge turn inwards, so that none is cut.
    side = "l" if x < 0.3 else "r" if x > 0.7 else "m"
    return {"x": x, "y": y, "side": side, "text": text, "kind": kind}


def _span(strip: Strip) -> tuple[float, float]:
    first = strip.bins.row(0, named=True)
    ends = [end for end in (first["claimed_low"], first["claimed_high"]) if end is not None]
    values = [float(strip.bins["bin_low"][0]), float(strip.bins["bin_high"][-1]), strip.mean, *ends]
    low, high = min(values), max(values)
    wide = (high - low) or abs(high) or 1.0
    # Beyond an open end there is room to see that it is open.
    low = min(0.0, low) if strip.from_zero else low - (0.08 * wide if first["claimed_low"] is None else 0.02 * wide)
    return low, high + (0.08 * wide if first["claimed_high"] is None else 0.02 * wide)


def draw_place(look: Look, height: int) -> alt.LayerChart:
    """Draw the strips from the named data of `place_data`."""
    import altair as alt

    style = look.style
    across, down = alt.Scale(domain=[0, 1], nice=False), alt.Scale(domain=[0, height], reverse=True, nice=False)
    kinds: Mapping[str, str] = {
        "holds": style.incumbent, "claim": style.incumbent, "model": style.tail, "base": style.faint,
    }  # fmt: skip
    colour = alt.Color(
        "kind:N", scale=alt.Scale(domain=list(kinds), range=list(kinds.values())), legend=None, sort=None
    )
    box = {
        "x": alt.X("left:Q", scale=across, axis=None),
        "x2": "right:Q",
        "y": alt.Y("top:Q", scale=down, axis=None),
        "y2": "bottom:Q",
    }
    bars = alt.Chart(alt.NamedData("bars")).mark_rect().encode(color=colour, **box)
    lines = alt.Chart(alt.NamedData("lines")).mark_rule(strokeWidth=1.5).encode(color=colour, **box)
    inks = {"head": style.muted, "claim": style.ink, "model": style.muted}
    ink = alt.Color("kind:N", scale=alt.Scale(domain=list(inks), range=list(inks.values())), legend=None)
    size = alt.ExprRef(f"{NARROW} ? 11.5 : 12")
    texts = [
        alt.Chart(alt.NamedData("words"))
        .transform_filter(f"datum.side == '{side}'")
        .mark_text(align=align, fontSize=size)  # type: ignore[arg-type]
        .encode(
            x=alt.X("x:Q", scale=across, axis=None), y=alt.Y("y:Q", scale=down, axis=None), text="text:N", color=ink
        )
        for side, align in (("l", "left"), ("m", "center"), ("r", "right"))
    ]
    drawn: alt.LayerChart = finished([bars, lines, *texts], look, height, DESCRIPTION).resolve_scale(
        color="independent"
    )
    return drawn


def _schema(*numbers: str) -> dict[str, pl.DataType]:
    return {**dict.fromkeys(numbers, pl.Float64()), "kind": pl.String()}
