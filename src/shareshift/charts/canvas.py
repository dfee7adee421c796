"""A canvas on which charts place things themselves: pixels downwards, and 0..1 sidewards where no axis is given."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from shareshift.charts.lazy import alt
from shareshift.charts.look import Look
from shareshift.charts.marks import font_size


@dataclass(frozen=True, kw_only=True)
class Canvas:
    """A canvas so many pixels high; its methods return encodings of columns and of single places."""

    height: float

    def x(self, column: str) -> alt.X:
        """Return the place of a column from left to right."""
        return alt.X(f"{column}:Q", scale=alt.Scale(domain=[0, 1], nice=False), axis=None)

    def at(self, place: float) -> alt.X:
        """Return one place from left to right."""
        scale = alt.Scale(domain=[0, 1], nice=False)
        return alt.X(datum=place, scale=scale, axis=None, type="quantitative")

    def y(self, column: str) -> alt.Y:
        """Return the place of a column from the top down."""
        scale = alt.Scale(domain=[0, self.height], reverse=True, nice=False)
        return alt.Y(f"{column}:Q", scale=scale, axis=None)


def placed(row_height: float, **offsets: float) -> list[pl.Expr]:
    """Return columns of pixels from the top, so far below the top of each row; `place` numbers the rows from 0."""
    top = pl.col("place").cast(pl.Float64) * row_height
    return [(top + offset).alias(name) for name, offset in offsets.items()]


def right_edge() -> alt.Value:
    """Return the right edge of a chart, whatever its axis."""
    return alt.value(alt.ExprRef("width"))


def row_words(
    data: alt.Chart, look: Look, y: alt.Y, end: alt.X | alt.Value, *, amounts: str, limit: str = ""
) -> list[alt.Chart]:
    """Return each row's `label` at the left edge, up to `limit` pixels wide, and its amounts at the right `end`."""
    size = font_size(11.5)
    most = alt.ExprRef(limit) if limit else alt.Undefined
    labels = data.mark_text(align="left", fontSize=size, color=look.style.ink, limit=most)
    words = data.mark_text(align="right", fontSize=size, color=look.style.muted)
    return [
        labels.encode(x=alt.value(0), y=y, text="label:N"),
        words.encode(x=end, y=y, text=f"{amounts}:N"),
    ]
