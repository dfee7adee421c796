"""What does believing the claims do to the headline figures?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from shareshift.charts.canvas import Canvas, row_words
from shareshift.charts.lazy import alt
from shareshift.charts.look import Datasets, Look
from shareshift.charts.marks import colour_by_kind, finished, named, shape_by

DESCRIPTION = (
    "For each headline figure two dots with ranges, each figure on a scale of its own: the mean before believing the "
    "claims in grey, and after in colour. Each range is the 90% range; the amounts stand beside the name."
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
    canvas = Canvas(height=height)
    y = canvas.y("y")
    colour = colour_by_kind({"before": look.style.faint, "after": look.style.incumbent})
    dots = named("belief_dots").encode(y=y, color=colour)
    ranges = dots.mark_rule(strokeWidth=2, opacity=0.55).encode(x=canvas.x("left"), x2="right:Q")
    shape = shape_by("kind", {"before": "diamond", "after": "circle"})
    means = dots.mark_point(filled=True, size=58, opacity=1).encode(x=canvas.x("x"), shape=shape)
    words = row_words(named("belief_words"), look, y, canvas.at(1), amounts="amounts")
    return finished([ranges, means, *words], look, height, DESCRIPTION)
