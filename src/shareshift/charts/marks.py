"""The marks, axes and tooltips that several charts share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from shareshift.charts.lazy import alt
from shareshift.charts.look import Look
from shareshift.charts.theme import chart_config

Align = Literal["left", "center", "right"]
# Below this width labels shrink and margins narrow; an expression, because only the browser knows the width.
NARROW = "width < 560"
MONTHS = "month:T"
SPAN = "90% range"
# As many digits as it takes to tell one tick from the next, and no more.
MONEY = (
    "(datum.value < 0 ? '−$' : '$') + (abs(datum.value) >= 999.5e6 ? format(abs(datum.value) / 1e9, ',.4~r') + 'bn' : "
    "abs(datum.value) >= 99.5e3 ? format(abs(datum.value) / 1e6, ',.4~r') + 'm' : format(abs(datum.value), ',.4~r'))"
)


def named(data: str) -> alt.Chart:
    """Return a chart of named data, still without a mark."""
    return alt.Chart(alt.NamedData(data))


def finished(layers: Sequence[alt.Chart], look: Look, height: int, description: str) -> alt.LayerChart:
    """Return the layers as a chart with its size, its looks and its text alternative."""
    return alt.LayerChart(layer=list(layers)).properties(
        width="container",
        height=height,
        description=description,
        config=chart_config(look.style),
        usermeta={"embedOptions": {"renderer": "svg", "actions": False}},
    )


def raw_colour(column: str = "colour") -> alt.Color:
    """Return an encoding that takes the colours in a column as they are."""
    return alt.Color(f"{column}:N", scale=None, legend=None)


def raw_stroke(column: str = "colour") -> alt.Stroke:
    """Return an encoding of an outline that takes the colours in a column as they are."""
    return alt.Stroke(f"{column}:N", scale=None, legend=None)


def colour_by_kind(colours: Mapping[str, str]) -> alt.Color:
    """Return an encoding of `kind` in these colours."""
    return alt.Color("kind:N", scale=alt.Scale(domain=list(colours), range=list(colours.values())), legend=None)


def shape_by(column: str, shapes: Mapping[str, str]) -> alt.Shape:
    """Return an encoding of a column in these shapes."""
    return alt.Shape(f"{column}:N", scale=alt.Scale(domain=list(shapes), range=list(shapes.values())), legend=None)


def font_size(narrow: float, wide: float = 12.5) -> alt.ExprRef:
    """Return a size of type that follows the width of the chart."""
    return alt.ExprRef(f"{NARROW} ? {narrow:g} : {wide:g}")


def told(titles: Mapping[str, str]) -> list[alt.Tooltip]:
    """Return a tooltip of columns of words, each under its title."""
    return [alt.Tooltip(f"{column}:N", title=title) for column, title in titles.items()]


def told_month() -> alt.Tooltip:
    """Return the month as a line of a tooltip."""
    return alt.Tooltip(MONTHS, format="%B %Y", title="Month")


def told_shares(column: str, title: str) -> list[alt.Tooltip]:
    """Return a tooltip of a share in one month, under the words of a column."""
    ends = {"mean": "Mean", "p5": "P5", "p95": "P95"}
    shares = [alt.Tooltip(f"{end}:Q", format=".1%", title=words) for end, words in ends.items()]
    return [*told({column: title}), told_month(), *shares]


def from_zero(column: str, axis: alt.Axis) -> alt.Y:
    """Return an upright scale that begins at zero."""
    return alt.Y(f"{column}:Q", axis=axis, scale=alt.Scale(zero=True))


def share_axis() -> alt.Y:
    """Return the scale of shares of the outsourced market."""
    return from_zero("mean", alt.Axis(format="%", title="Share of outsourced revenue, %", tickCount=5))


def money_axis(title: str, ticks: int) -> alt.Axis:
    """Return an axis of dollars in bn and m."""
    return alt.Axis(title=title, labelExpr=MONEY, tickCount=ticks)


def month_axis() -> alt.X:
    """Return a time axis whose months read as Jul 25."""
    axis = alt.Axis(format="%b %y", title=None, grid=False, tickCount={"interval": "month", "step": 3})
    return alt.X(MONTHS, axis=axis)


def by_month(data: str, detail: str) -> alt.Chart:
    """Return lines or bands over the months, one for every value of `detail`, still without a mark."""
    return named(data).encode(x=month_axis(), detail=f"{detail}:N", color=raw_colour())


def band(base: alt.Chart, opacity: float) -> alt.Chart:
    """Return bands from p5 to p95 behind the lines of `by_month`."""
    # Over a single month an area has no width, and only its outline shows.
    area = base.mark_area(opacity=opacity, interpolate="monotone", strokeWidth=2).encode(stroke=raw_stroke())
    bands: alt.Chart = area.encode(y=alt.Y("p5:Q"), y2="p95:Q")
    return bands


def line(base: alt.Chart, width: float) -> alt.Chart:
    """Return the lines of `by_month`."""
    # With round ends a line through a single month is a dot.
    lines: alt.Chart = base.mark_line(strokeWidth=width, interpolate="monotone", strokeCap="round")
    return lines


def line_before(data: str, detail: str, titles: Mapping[str, str]) -> alt.Chart:
    """Return thin dashed lines over the months: where the lines of `by_month` were before the reader's change."""
    base = by_month(data, detail).encode(tooltip=[*told(titles), told_month()])
    lines: alt.Chart = base.mark_line(strokeWidth=1.1, strokeDash=[4, 3], interpolate="monotone", opacity=0.85)
    return lines


def end_labels(data: str, text: str = "label", ink: str | None = None) -> alt.Chart:
    """Return words to the right of the last month, at `label_y`; `ink` is their colour where they have but one."""
    colour = alt.Undefined if ink is None else ink
    marks = named(data).mark_text(align="left", dx=8, fontSize=12.5, color=colour)
    ends: alt.Chart = marks.encode(x=alt.X(MONTHS), y=alt.Y("label_y:Q"), text=f"{text}:N")
    return ends


def event_mark(look: Look) -> list[alt.Chart]:
    """Return a dashed line at the event's day with its word on top, from the data of `event_data`."""
    base = named("event").encode(x=alt.X(MONTHS))
    rule = base.mark_rule(strokeDash=[2, 3], color=look.style.muted)
    text = base.mark_text(align="left", baseline="top", dx=4, color=look.style.muted, fontSize=11.5)
    return [rule, text.encode(y=alt.value(0), text="words:N")]


def ranges(base: alt.Chart, axis: alt.Axis) -> alt.Chart:
    """Return lines from p5 to p95 along an axis with zero in it."""
    x = alt.X("p5:Q", axis=axis, scale=alt.Scale(zero=True))
    rule = base.mark_rule(strokeWidth=2.5, strokeCap="round", opacity=0.55)
    found: alt.Chart = rule.encode(x=x, x2="p95:Q", color=raw_colour())
    return found


def amounts(base: alt.Chart, look: Look, at: str, text: str, size: float) -> alt.Chart:
    """Return words to the right of a range, where a column says."""
    marks = base.mark_text(align="left", dx=7, fontSize=size, color=look.style.muted)
    words: alt.Chart = marks.encode(x=alt.X(f"{at}:Q"), text=f"{text}:N")
    return words


def grouped_dots(
    data: str,
    look: Look,
    axis: alt.Axis,
    offset: alt.YOffset,
    *,
    shape: alt.Shape,
    text: str,
    tooltip: Mapping[str, str],
    at: str = "p95",
) -> list[alt.Chart]:
    """Return vendors in their `order`, each with dots, ranges and amounts, `at` a column, that `offset` sets apart."""
    names = alt.Axis(title=None, labelFontSize=12.5, labelColor=look.style.ink, labelLimit=150, labelOverlap=False)
    y = alt.Y("vendor:N", sort=alt.EncodingSortField("order", op="min"), axis=names)
    base = named(data).encode(y=y, yOffset=offset)
    pointed = base.encode(tooltip=told(tooltip))
    dots = pointed.mark_point(filled=True, size=64, opacity=1)
    dots = dots.encode(x=alt.X("mean:Q"), color=raw_colour(), shape=shape)
    return [ranges(pointed, axis), dots, amounts(base, look, at, text, 11)]
