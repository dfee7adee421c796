"""From which customer to which destination does the money go?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from shareshift.charts.look import NARROW, Look, finished, raw_colour

# Charts are drawn once and kept; a start that finds them kept does not wait for this import.
if TYPE_CHECKING:
    import altair as alt

# Pixels kept free for the labels on the left and on the right.
LABEL_SPACE, NARROW_LABEL_SPACE = (150, 178), (92, 106)
HEIGHT = 400


def draw_ribbons(look: Look) -> alt.LayerChart:
    """Draw the ribbons from the named data of `ribbon_data`."""
    import altair as alt

    space = [f"({NARROW} ? {narrow} : {wide})" for narrow, wide in zip(NARROW_LABEL_SPACE, LABEL_SPACE, strict=True)]
    inner = f"max(width - {space[0]} - {space[1]}, 60)"
    scale = alt.Scale(
        domainMin=alt.ExprRef(f"-{space[0]} / {inner}"),
        domainMax=alt.ExprRef(f"1 + {space[1]} / {inner}"),
        nice=False,
        zero=False,
    )
    x = alt.X("x:Q", scale=scale, axis=None)
    y = alt.Scale(domain=[0, 1], reverse=True, nice=False)
    hover = alt.selection_point(name="ribbon", fields=["destination_id"], on="pointerover", empty=False)
    tooltip = [
        alt.Tooltip("from:N", title="From"),
        alt.Tooltip("to:N", title="To"),
        alt.Tooltip("amount:N", title="Mean"),
        alt.Tooltip("range:N", title="90 in 100 draws inside"),
    ]
    areas = (
        alt.Chart(alt.NamedData("ribbons"))
        .mark_area(interpolate="basis", line=False)
        .encode(
            x=x,
            y=alt.Y("top:Q", scale=y, axis=None, stack=None),
            y2="bottom:Q",
            detail="link:N",
            color=raw_colour(),
            opacity=alt.when(hover).then(alt.value(0.95)).otherwise(alt.value(0.5)),
            tooltip=tooltip,
        )
        .add_params(hover)
    )
    nodes = alt.Chart(alt.NamedData("nodes"))
    bars = nodes.mark_rule(strokeWidth=5, strokeCap="butt").encode(
        x=x, y=alt.Y("top:Q", scale=y, axis=None), y2="bottom:Q", color=raw_colour()
    )
    return finished([areas, bars, *_texts(nodes, x, y, look)], look, HEIGHT, DESCRIPTION)


def _texts(nodes: alt.Chart, x: alt.X, y: alt.Scale, look: Look) -> list[alt.Chart]:
    import altair as alt

    size = alt.ExprRef(f"{NARROW} ? 10.5 : 13")
    ends = (("l", "right", -9), ("r", "left", 9))
    return [
        nodes.transform_filter(f"datum.side == '{side}'")
        .mark_text(align=align, dx=dx, baseline="middle", fontSize=size, color=look.style.ink)  # type: ignore[arg-type]
        .encode(x=x, y=alt.Y("label_y:Q", scale=y, axis=None), text="label:N")
        for side, align, dx in ends
    ]


DESCRIPTION = (
    "Ribbons from each customer on the left to each destination on the right; their thickness is the mean of the "
    "displaced money in USD up to the chosen month. The table below the picture holds the same numbers."
)
