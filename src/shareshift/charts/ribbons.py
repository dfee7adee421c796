"""From which customer to which destination does the money go?"""

from __future__ import annotations

from shareshift.charts.lazy import alt
from shareshift.charts.look import Look
from shareshift.charts.marks import NARROW, SPAN, Align, finished, font_size, named, raw_colour, told
from shareshift.charts.ribbon_shapes import LABEL_ROOM, NARROW_SIZE, SIZE

# Pixels kept free for the labels on the left and on the right.
LABEL_SPACE, NARROW_LABEL_SPACE = tuple(
    tuple(LABEL_ROOM[side][column][0] + 10 for side in "lr") for column in ("label", "narrow")
)
HEIGHT = 400
DESCRIPTION = (
    "Ribbons from each customer on the left to each destination on the right; their thickness is the mean of the "
    "displaced money in USD up to the chosen month. The table below the picture holds the same numbers."
)


def draw_ribbons(look: Look) -> alt.LayerChart:
    """Draw the ribbons from the named data of `ribbon_data`."""
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
    flows = named("ribbons").mark_area(interpolate="basis", line=False).add_params(hover)
    areas = flows.encode(
        x=x,
        y=alt.Y("top:Q", scale=y, axis=None, stack=None),
        y2="bottom:Q",
        detail="link:N",
        color=raw_colour(),
        opacity=alt.when(hover).then(alt.value(0.95)).otherwise(alt.value(0.5)),
        tooltip=told({"from": "From", "to": "To", "amount": "Mean", "range": SPAN}),
    )
    nodes = named("nodes").encode(x=x)
    bars = nodes.mark_rule(strokeWidth=5, strokeCap="butt").encode(
        y=alt.Y("top:Q", scale=y, axis=None), y2="bottom:Q", color=raw_colour()
    )
    words = alt.value(alt.ExprRef(f"{NARROW} ? datum.narrow : datum.label"))
    sides: dict[str, tuple[Align, int]] = {"l": ("right", -9), "r": ("left", 9)}
    labels = [
        nodes.transform_filter(f"datum.side == '{side}'")
        .mark_text(align=align, dx=dx, baseline="middle", fontSize=font_size(NARROW_SIZE, SIZE), color=look.style.ink)
        .encode(y=alt.Y("label_y:Q", scale=y, axis=None), text=words)
        for side, (align, dx) in sides.items()
    ]
    return finished([areas, bars, *labels], look, HEIGHT, DESCRIPTION)
