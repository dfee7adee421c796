"""The text of the Method page in parts, and its table of sliders."""

import polars as pl

from shareshift.basics.formats import UNIT_WORDS, quantity
from shareshift.market.market import Market


def method_parts(text: str) -> list[tuple[str, str]]:
    """Return the text cut at its equations: pairs of `words` or `equation` and what stands there."""
    parts = [part.strip() for part in text.split("$$")]
    return [("equation" if place % 2 else "words", part) for place, part in enumerate(parts) if part]


def limits_table(market: Market) -> pl.DataFrame:
    """Return a row per slider: its range, its limits, its unit and why."""
    rows = [
        {
            "Slider": item.label,
            "Low": quantity(item.range.low, item.unit),
            "Central": quantity(item.range.central, item.unit),
            "High": quantity(item.range.high, item.unit),
            "Limits": f"{quantity(item.minimum, item.unit)} to {quantity(item.maximum, item.unit)}",
            "Unit": UNIT_WORDS.get(item.unit, item.unit) or item.unit.replace("_", " "),
            "Shape": item.range.distribution,
            "Why": item.reason,
        }
        for item in market.parameters.values()
    ]
    return pl.DataFrame(rows)
