"""Frames as HTML tables: numbers as readers see them, every text escaped."""

from collections.abc import Mapping
from datetime import date

import polars as pl

from shareshift.basics.formats import MINUS, percent, whole_dollars
from shareshift.export.images import text


def html_table(frame: pl.DataFrame, columns: Mapping[str, str] | None = None) -> str:
    """Return a frame as a table that scrolls by itself; `columns` picks and names what is shown, in this order."""
    shown = dict(columns or {name: name for name in frame.columns})
    units = frame["unit"].to_list() if "unit" in frame.columns else [None] * frame.height
    head = "".join(
        f"<th{_side(frame[name])}>{text(words.capitalize() if columns is None else words)}</th>"
        for name, words in shown.items()
    )
    columns_ = [(name, _side(frame[name]), frame[name].to_list()) for name in shown]
    rows = ("".join(f"<td{side}>{_cell(values[row], name, unit)}</td>" for name, side, values in columns_)
            for row, unit in enumerate(units))  # fmt: skip
    body = "".join(f"<tr>{row}</tr>" for row in rows)
    return f'<div class="scroll" tabindex="0"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def _side(values: pl.Series) -> str:
    return ' class="number"' if values.dtype.is_numeric() else ""


def _cell(value: object, name: str, unit: str | None) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return f"{value:%b %Y}" if name.lower() == "month" else value.isoformat()
    if isinstance(value, float):
        return text(_number(value, name, unit))
    words = str(value)
    if words.startswith(("https://", "http://")):
        return link(words)
    return text(words.replace("_", " ") if name == "unit" else words)


def _number(value: float, name: str, unit: str | None) -> str:
    if name.lower().endswith("share") and unit is None:
        return percent(value, 1)
    if abs(value) >= 1000:
        return whole_dollars(value)
    return f"{value:.4g}".replace("-", MINUS)


def link(address: str) -> str:
    """Return an address as a link that tells the other side nothing."""
    return f'<a href="{text(address)}" rel="noopener noreferrer nofollow">{text(address)}</a>'
