"""Where does the incumbent's money go: how much stays, and from which customer to which destination moves the rest?"""

from __future__ import annotations

from shareshift.charts.lazy import alt
from shareshift.charts.look import Look
from shareshift.charts.marks import NARROW, SPAN, Align, finished, font_size, named, raw_colour, told
from shareshift.charts.ribbon_nodes import LABEL_ROOM, NARROW_SIZE, SIZE

# Pixels kept free for the labels on the left and on the right.
LABEL_SPACE, NARROW_LABEL_SPACE = tuple(
    tuple(LABEL_ROOM[side][column][0] + 14 for side in "lr") for column in ("label", "narrow")
)
HEIGHT = 400
# How dense each kind of ribbon is, and how wide and dense the bars of customers, of what stays, and of destinations.
BANDS = {"from": 0.35, "possible": 0.18, "mean": 0.5, "sure": 0.75}
BARS = {"l": (4, 1.0), "m": (26, 0.3), "r": (4, 1.0)}
DESCRIPTION = (
    "A bar of what the incumbent would have earned, pale where it stays. Ribbons bring what each customer moves to its "
    "top and from there to each destination on the right; their thickness is the mean of the displaced money up to the "
    "chosen month, on a scale that stays the same. The dense core is reached in 95% of simulations, the pale rim "
    "exceeded in 5%. The table below the picture holds the same numbers."
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
    hover = alt.selection_point(name="ribbon", fields=["node"], on="pointerover", empty=False)
    # A click sets customers or destinations apart until the next click beside them.
    picked = alt.selection_point(name="picked", fields=["node"], on="click")

    def bands(kind: str, opacity: float) -> alt.Chart:
        base = named("ribbons").transform_filter(f"datum.kind == '{kind}'")
        drawn: alt.Chart = base.mark_area(interpolate="basis", line=False).encode(
            x=x,
            y=alt.Y("top:Q", scale=y, axis=None, stack=None),
            y2="bottom:Q",
            detail="link:N",
            color=raw_colour(),
            opacity=alt.when(hover)
            .then(alt.value(min(1.0, opacity + 0.3)))
            .when(picked)
            .then(alt.value(opacity))
            .otherwise(alt.value(opacity / 8)),
            tooltip=told({"from": "From", "to": "To", "amount": "Mean", "range": SPAN}),
        )
        return drawn

    areas = [bands(kind, opacity) for kind, opacity in BANDS.items()]
    areas[0] = areas[0].add_params(hover, picked)
    nodes = named("nodes").encode(x=x)
    bars = [
        nodes.transform_filter(f"datum.side == '{side}'")
        .mark_rule(strokeWidth=width, strokeCap="butt", opacity=opacity)
        .encode(y=alt.Y("top:Q", scale=y, axis=None), y2="bottom:Q", color=raw_colour())
        for side, (width, opacity) in BARS.items()
    ]
    words = alt.value(alt.ExprRef(f"{NARROW} ? datum.narrow : datum.label"))
    sides: dict[str, tuple[Align, int]] = {"l": ("right", -9), "m": ("right", 13), "r": ("left", 9)}
    who = told({"name": "Who", "amount": "Mean", "range": SPAN})
    labels = [
        nodes.transform_filter(f"datum.side == '{side}'")
        .mark_text(align=align, dx=dx, baseline="middle", fontSize=font_size(NARROW_SIZE, SIZE), color=look.style.ink)
        .encode(y=alt.Y("label_y:Q", scale=y, axis=None), text=words, tooltip=who)
        for side, (align, dx) in sides.items()
    ]
    return finished([*areas, *bars, *labels], look, HEIGHT, DESCRIPTION)
