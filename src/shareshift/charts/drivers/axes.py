"""The axis of a figure, or of an input, in its own unit."""

from __future__ import annotations

from shareshift.basics.formats import MONEY_UNITS, PERCENT_UNITS
from shareshift.charts.lazy import alt
from shareshift.charts.marks import MONEY

TITLES = {
    "usd": "USD",
    "usd_per_year": "USD per year",
    "share": "%",
    "hhi": "HHI, 0 to 10,000",
    "customers": "customers",
}


def unit_axis(title: str, unit: str, *, ticks: int = 5, grid: bool = True) -> alt.Axis:
    """Return an axis of numbers in a unit: money in bn and m, shares in percent."""
    if unit in MONEY_UNITS:
        return alt.Axis(title=title, labelExpr=MONEY, tickCount=ticks, grid=grid)
    if unit in PERCENT_UNITS:
        return alt.Axis(title=title, format="~%", tickCount=ticks, grid=grid)
    return alt.Axis(title=title, format=",.3~r", tickCount=ticks, grid=grid)


def unit_title(unit: str) -> str:
    """Return the words of a unit for the title of an axis."""
    return TITLES.get(unit, unit.replace("_", " "))
