"""What does believing the claims do to the headline figures?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from shareshift.charts.look import NARROW, Datasets, Look, finished

# Charts are drawn once and kept; a start that finds them kept does not wait for this import.
if TYPE_CHECKING:
    import altair as alt

DESCRIPTION = (
    "For each headline figure two dots with ranges, each figure on a scale of its own: the mean before believing the "
    "claims in grey, and after in colour. Each range holds 90 in 100 draws; the amounts stand beside the name."
)
ROW = 46


@dataclass(frozen=True, kw_only=True)
class Moved:
    """One figure before and after, each as (mean, p5, p95), and its words."""

    label: str
    words: str
    before: tuple[float, float, float]
    after: tuple[float, float, float]


def belief_height(count: int) -> int:
    """Return the height of the picture in pixels."""
    return ROW * max(count, 1)


def belief_data(rows: Sequence[Moved]) -> Datasets:
    """Return two dots per figure on a canvas of pixels downwards and 0..1 sidewards, and its words."""
    dots, words = [], []
    for i, row in enumerate(rows):
        values = [*row.before, *row.after]
        low, wide = min(values), (max(values) - min(values)) or 1.0
        for kind, y, (mean, p5, p95) in (("before", 26.0, row.before), ("after", 34.0, row.after)):
            places = {"x": mean, "left": p5, "right": p95}
            placed = {name: (value - low) / wide for name, value in places.items()}
            dots.append({**placed, "y": ROW * i + y, "kind": kind})
        words.append({"label": row.label, "amounts": row.words, "y": ROW * i + 12.0})
    schema = {**dict.fromkeys(("x", "left", "right", "y"), pl.Float64()), "kind": pl.String()}
    text = {"label": pl.String(), "amounts": pl.String(), "y": pl.Float64()}
    return {"belief_dots": pl.DataFrame(dots, schema=schema), "belief_words": pl.DataFrame(words, schema=text)}


def draw_belief(look: Look, height: int) -> alt.LayerChart:
    """Draw the figures from the named data of `belief_data`."""
    import altair as alt

    style = look.style
    dots, words = alt.Chart(alt.NamedData("belief_dots")), alt.Chart(alt.NamedData("belief_words"))
    across, down = alt.Scale(domain=[0, 1], nice=False), alt.Scale(domain=[0, height], reverse=True, nice=False)
    y = alt.Y("y:Q", scale=down, axis=None)
    scale = alt.Scale(domain=["before", "after"], range=[style.faint, style.incumbent])
    colour = alt.Color("kind:N", scale=scale, legend=None)
    size = alt.ExprRef(f"{NARROW} ? 11.5 : 12.5")
    ranges = dots.mark_rule(strokeWidth=2, opacity=0.55).encode(
        x=alt.X("left:Q", scale=across, axis=None), x2="right:Q", y=y, color=colour
    )
    means = dots.mark_point(filled=True, size=58, opacity=1).encode(
        x=alt.X("x:Q", scale=across, axis=None), y=y, color=colour,
        shape=alt.Shape("kind:N", scale=alt.Scale(domain=["before", "after"], range=["diamond", "circle"]),
                        legend=None),
    )  # fmt: skip
    labels = words.mark_text(align="left", fontSize=size, color=style.ink).encode(x=alt.value(0), y=y, text="label:N")
    end = alt.X(datum=1, scale=across, axis=None, type="quantitative")
    amounts = words.mark_text(align="right", fontSize=size, color=style.muted).encode(x=end, y=y, text="amounts:N")
    return finished([ranges, means, labels, amounts], look, height, DESCRIPTION)
