"""From the text of one cell to its value: strict, and what spreadsheets write is named as what it is."""

import math
import re
from datetime import date
from typing import Any

import polars as pl

# Digits of other scripts would pass as numbers without ASCII.
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
# A day as spreadsheets keep it, from 1927 to 2146, counted from the end of 1899.
SERIAL_DAY = re.compile(r"[1-8]\d{4}(\.\d+)?", re.ASCII)
SPREADSHEET_WORDS = {"true", "false", "wahr", "falsch", "vrai", "faux"}
INVISIBLE = re.compile("[\u200b-\u200f\u2028\u2029\u2060\ufeff\u00ad]")
# Persian words and emoji are joined and parted by signs that do not print.
JOINERS = re.compile("(?<=.)[\u200c\u200d](?=.)")
# What is wrong with a cell, and what to do.
UNCLEAN = ("has invisible characters or spaces around it", "Type it again without them")
NO_YES = ("is neither yes nor no", "Write yes or no")
TRUTH_VALUE = (
    "is a spreadsheet's TRUE or FALSE, neither yes nor no",
    "Format the column as text in the spreadsheet, and write yes or no",
)
NO_DATE = ("is not a date", "Write it as 2025-06-30")
DAY_COUNT = (
    "is not a date but a spreadsheet's count of days",
    "Format the column as yyyy-mm-dd in the spreadsheet, so that it saves days such as 2025-06-30",
)
NO_NUMBER = ("is not a plain number", "Write digits with a point, such as 1234.5, without unit, comma or %")
INFINITE = ("is not finite", "Write a number below 1e15")


class CellError(Exception):
    """A cell that cannot be read; its arguments are the rule that it breaks and the remedy."""


def read_cell(cell: str, dtype: pl.DataType) -> Any:
    """Return the value of a cell, None for an empty one; raises `CellError`."""
    if cell == "":
        return None
    if INVISIBLE.search(JOINERS.sub("", cell) if dtype == pl.String else cell) or cell != cell.strip():
        raise CellError(*UNCLEAN)
    if dtype == pl.String:
        return cell
    if dtype == pl.Boolean:
        if cell not in {"yes", "no"}:
            raise CellError(*(TRUTH_VALUE if cell.lower() in SPREADSHEET_WORDS else NO_YES))
        return cell == "yes"
    if dtype == pl.Date:
        return _day(cell)
    if not NUMBER.fullmatch(cell):
        raise CellError(*NO_NUMBER)
    value = float(cell)
    if not math.isfinite(value):
        raise CellError(*INFINITE)
    return value


def _day(cell: str) -> date:
    if SERIAL_DAY.fullmatch(cell):
        raise CellError(*DAY_COUNT)
    try:
        if DAY.fullmatch(cell):
            return date.fromisoformat(cell)
    except ValueError:
        pass
    raise CellError(*NO_DATE)
