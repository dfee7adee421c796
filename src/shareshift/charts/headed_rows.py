"""Groups of rows under headings, each row a dot with its range: one group per vendor, say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from shareshift.charts.look import Look, finished, raw_colour

# Charts are drawn once and kept; a start that finds them kept does not wait for this import.
if TYPE_CHECKING:
    import altair as alt

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
    look: Look, height: int, data: str, title: str, tooltip: Sequence[tuple[str, str]], description: str
) -> alt.LayerChart:
    """Draw rows with `row`, `p5`, `mean`, `p95`, `end` (where its label stands), `short`, `colour` and `fill`.

    The named data are `data` and, for headings with `row`, `zero` and `words`, the same name with _heads. `tooltip`
    pairs columns with titles.
    """
    import altair as alt

    style = look.style
    rows, heads = alt.Chart(alt.NamedData(data)), alt.Chart(alt.NamedData(f"{data}_heads"))
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
    billions = "abs(datum.value) >= 1e9 ? format(datum.value / 1e9, '.1f') + 'bn' : abs(datum.value) >= 1e6 ? "
    labels = f"{billions} format(datum.value / 1e6, '.0f') + 'm' : format(datum.value, ',.0f')"
    x = alt.X("p5:Q", axis=alt.Axis(title=title, labelExpr=labels, tickCount=4), scale=alt.Scale(zero=True))
    told = [alt.Tooltip(f"{column}:N", title=words) for column, words in tooltip]
    parts = heads.mark_text(align="left", dx=4, fontSize=11.5, color=style.muted).encode(
        y=y, x=alt.X("zero:Q"), text="words:N"
    )
    ranges = rows.mark_rule(strokeWidth=2.5, strokeCap="round", opacity=0.55).encode(
        y=y, x=x, x2="p95:Q", color=raw_colour(), tooltip=told
    )
    dots = rows.mark_point(filled=True, size=58, opacity=1, strokeWidth=1.8).encode(
        y=y,
        x=alt.X("mean:Q"),
        fill=alt.Fill("fill:N", scale=None, legend=None),
        stroke=alt.Stroke("colour:N", scale=None, legend=None),
        tooltip=told,
    )
    amounts = rows.mark_text(align="left", dx=7, fontSize=11.5, color=style.muted).encode(
        y=y, x=alt.X("end:Q"), text="short:N"
    )
    return finished([parts, ranges, dots, amounts], look, height, description)
