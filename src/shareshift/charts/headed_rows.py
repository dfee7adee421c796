"""Groups of rows under headings, each row a dot with its range: one group per vendor, say."""

from __future__ import annotations

from collections.abc import Mapping

from shareshift.charts.lazy import alt
from shareshift.charts.look import Look
from shareshift.charts.marks import amounts, finished, money_axis, named, ranges, told

ROW_HEIGHT = 22
# In the order of the alphabet, which is that of the rows.
HEAD, ROW = "a", "b"


def head_key(group: int, name: str) -> str:
    """Return the key of a group's heading; groups stand in the order of their numbers, of which there are ten."""
    return f"{group}-{HEAD}-0-{name}"


def row_key(group: int, place: int, label: str) -> str:
    """Return the key of a row, which stands at a place of ten in its group."""
    return f"{group}-{ROW}-{place}-{label}"


def draw_headed_rows(
    look: Look, height: int, data: str, title: str, tooltip: Mapping[str, str], description: str
) -> alt.LayerChart:
    """Draw rows with `row`, `p5`, `mean`, `p95`, `end` (where its label stands), `short`, `colour` and `fill`.

    The named data are `data` and, for headings with `row`, `zero` and `words`, the same name with _heads. `tooltip`
    gives columns their titles.
    """
    style = look.style
    # A row's name begins with its place and its kind; the reader sees what follows.
    is_head = f"slice(datum.value, 2, 3) == '{HEAD}'"
    axis = alt.Axis(
        title=None,
        labelExpr="slice(datum.value, 6)",
        labelFontSize=alt.ExprRef("width < 300 ? 11.5 : 12.5"),
        labelColor=alt.condition(is_head, alt.value(style.ink), alt.value(style.muted)),
        labelFontWeight=alt.condition(is_head, alt.value(600), alt.value(400)),
        labelLimit=180,
        labelOverlap=False,
    )
    y = alt.Y("row:N", sort="ascending", axis=axis, scale=alt.Scale(paddingInner=0, paddingOuter=0))
    rows = named(data).encode(y=y)
    pointed = rows.encode(tooltip=told(tooltip))
    heads = named(f"{data}_heads").mark_text(align="left", dx=4, fontSize=11.5, color=style.muted)
    parts = heads.encode(y=y, x=alt.X("zero:Q"), text="words:N")
    dots = pointed.mark_point(filled=True, size=58, opacity=1, strokeWidth=1.8).encode(
        x=alt.X("mean:Q"),
        fill=alt.Fill("fill:N", scale=None, legend=None),
        stroke=alt.Stroke("colour:N", scale=None, legend=None),
    )
    layers = [parts, ranges(pointed, money_axis(title, 4)), dots, amounts(rows, look, "end", "short", 11.5)]
    return finished(layers, look, height, description)
