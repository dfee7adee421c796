"""What charts of differences share: the line at zero, and an axis that shows signs."""

from __future__ import annotations

import polars as pl

from shareshift.charts.lazy import alt
from shareshift.charts.look import Datasets, Look
from shareshift.charts.marks import MONEY, named


def zero_data() -> Datasets:
    """Return the one row that `zero_line` draws."""
    return {"zero": pl.DataFrame({"zero": [0.0]})}


def zero_line(look: Look) -> alt.Chart:
    """Return the line at which nothing differs."""
    rule = named("zero").mark_rule(color=look.style.muted, strokeWidth=1.2)
    line: alt.Chart = rule.encode(x=alt.X("zero:Q"))
    return line


def difference_axis(title: str, unit: str = "usd", *, grid: bool = True) -> alt.Axis:
    """Return an axis of differences with their signs: money in bn and m, shares in points."""
    sign = "(datum.value > 0 ? '+' : datum.value < 0 ? '−' : '')"
    size = "abs(datum.value)"
    money = MONEY.replace("datum.value", size)
    words = {"share": f"format(100 * {size}, '.1~f')", "usd": money, "usd_per_year": money}
    label = words.get(unit, f"format({size}, ',.2~f')")
    return alt.Axis(title=title, labelExpr=f"{sign} + ({label})", tickCount=5, grid=grid)
