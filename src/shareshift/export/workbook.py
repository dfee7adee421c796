"""Frames to XLSX and back: dates as dates, numbers as numbers, and text that is never run as a formula or a link."""

from __future__ import annotations

import io
import math
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

import polars as pl

from shareshift.basics.errors import ShareshiftError
from shareshift.export.delimited import RISKY, TEXT

# A reader who never asks for a workbook does not wait for this import.
if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

Styles = Callable[..., "Format"]
MAX_ROWS, MAX_TEXT = 1_048_576, 32_767
# From here on a spreadsheet's numbers, which are doubles, skip whole numbers.
EXACT_UP_TO = 2**53
# Two signs that XML has no place for, and a text like two escapes of the format in one.
UNKEEPABLE = re.compile("[\ufffe\uffff]|_x[0-9a-fA-F]{4}(?=_x[0-9a-fA-F]{4}_)")
WIDEST, NARROWEST = 60, 9
WHOLE, PERCENT, DAY, MONTH = "#,##0", "0.0%", "yyyy-mm-dd", "mmm yyyy"
UNIT_FORMATS = {"usd": WHOLE, "usd_per_year": WHOLE, "usd_per_month": WHOLE, "share": PERCENT, "probability": PERCENT}
# The format has no time zone; any fixed day keeps the bytes the same.
MADE = datetime(1980, 1, 1)


class WorkbookError(ShareshiftError):
    """A table has more rows, or a cell more text, than a sheet can hold."""


def write_xlsx(sheets: Mapping[str, pl.DataFrame], read_me: Sequence[tuple[str, str]] = (), title: str = "") -> bytes:
    """Return a workbook with one sheet per frame, after a sheet of `read_me` rows (a word, a sentence) if given.

    Raises `WorkbookError` naming every sheet and column that a workbook cannot hold.
    """
    from xlsxwriter import Workbook

    if faults := [fault for name, frame in sheets.items() for fault in _faults(name, frame)]:
        raise WorkbookError("\n".join(faults))
    buffer = io.BytesIO()
    settings = dict.fromkeys(("strings_to_formulas", "strings_to_urls", "strings_to_numbers"), False)
    with Workbook(buffer, {"in_memory": True, **settings}) as book:
        book.set_properties({"title": title, "created": MADE})
        styles = _styles(book)
        if read_me:
            _write_read_me(_add(book, "Read-me"), read_me, styles)
        for name, frame in sheets.items():
            _write_frame(_add(book, name), frame, styles)
    return buffer.getvalue()


def read_xlsx(data: bytes, sheet: str, schema: pl.Schema) -> pl.DataFrame:
    """Return the frame that `write_xlsx` wrote into a sheet, given its columns and types.

    Raises `WorkbookError` when the sheet is missing or its header is another.
    """
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    if sheet not in book.sheet_names:
        raise WorkbookError(f"The workbook has no sheet {sheet}. It has {', '.join(book.sheet_names)}.")
    header, *rows = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False) or [[]]
    if header != schema.names():
        raise WorkbookError(f"Sheet {sheet} has the columns {header}. Its columns are {', '.join(schema.names())}.")
    columns = zip(*rows, strict=True) if rows else ((),) * len(header)
    return pl.DataFrame(
        [
            pl.Series(name, [_value(cell, dtype) for cell in cells], pl.String() if dtype in TEXT else dtype)
            for (name, dtype), cells in zip(schema.items(), columns, strict=True)
        ]
    ).cast(schema)


def _styles(book: Workbook) -> Styles:
    """Return the cell formats of a workbook by their properties, each made when it is first asked for."""

    @cache
    def style(**properties: object) -> Format:
        return book.add_format({"valign": "top", **properties})

    return style


def _add(book: Workbook, name: str) -> Worksheet:
    from xlsxwriter.worksheet import Worksheet

    class ExactSheet(Worksheet):  # type: ignore[misc]
        """A sheet that writes every digit of a number; the library's own stops at sixteen."""

        def _xml_number_element(self, number: float, attributes: Sequence[tuple[str, object]] = ()) -> None:
            words = "".join(f' {key}="{value}"' for key, value in attributes)
            self.fh.write(f"<c{words}><v>{number!r}</v></c>")

    sheet: Worksheet = book.add_worksheet(name, worksheet_class=ExactSheet)
    return sheet


def _write_read_me(sheet: Worksheet, lines: Sequence[tuple[str, str]], styles: Styles) -> None:
    sheet.set_column(0, 0, 22)
    sheet.set_column(1, 1, 110)
    sheet.hide_gridlines(2)
    for row, (word, sentence) in enumerate(lines):
        sheet.write_string(row, 0, word, styles(bold=True))
        sheet.write_string(row, 1, sentence, styles(text_wrap=True))


def _write_frame(sheet: Worksheet, frame: pl.DataFrame, styles: Styles) -> None:
    units = frame["unit"].to_list() if "unit" in frame.columns else [None] * frame.height
    for column, values in enumerate(frame):
        sheet.write_string(0, column, values.name, styles(bold=True, bottom=1))
        width = _width(values)
        sheet.set_column(column, column, width)
        for row, (value, unit) in enumerate(zip(values.to_list(), units, strict=True), 1):
            if value is not None:
                _write_cell(sheet, row, column, value, styles, _number_format(values, unit), wrapped=width >= WIDEST)
    sheet.freeze_panes(1, 0)
    if frame.width:
        sheet.autofilter(0, 0, frame.height, frame.width - 1)


def _write_cell(
    sheet: Worksheet, row: int, column: int, value: object, styles: Styles, number_format: str, *, wrapped: bool
) -> None:
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value, styles())
    elif isinstance(value, date):
        sheet.write_datetime(row, column, value, styles(num_format=number_format, align="left"))
    elif isinstance(value, int | float) and (abs(value) <= EXACT_UP_TO if type(value) is int else math.isfinite(value)):
        sheet.write_number(row, column, value, styles(num_format=number_format))
    else:
        text = _kept(str(value))
        # Excel would run such a text once somebody edits the cell; the prefix keeps it text even then.
        looks = {"quote_prefix": text[:1] in RISKY, "text_wrap": wrapped}
        sheet.write_string(row, column, text, styles(**{look: True for look, there in looks.items() if there}))


def _number_format(values: pl.Series, unit: str | None) -> str:
    name = values.name
    if values.dtype == pl.Date:
        return MONTH if name == "month" else DAY
    if not values.dtype.is_float():
        return "General"
    if name.endswith(("_usd", "_usd_per_year", "_hhi")):
        return WHOLE
    if name.endswith("share") or name in {"probability", "likelihood"}:
        return PERCENT
    return UNIT_FORMATS.get(unit or "", "General")


def _width(values: pl.Series) -> float:
    head = len(values.name) + 3
    if values.dtype in TEXT:
        longest = max((len(text) for text in values.cast(pl.String).to_list() if text is not None), default=0)
        return min(max(head, longest + 1, NARROWEST), WIDEST)
    return max(head, 15 if values.dtype.is_float() else NARROWEST)


def _faults(name: str, frame: pl.DataFrame) -> list[str]:
    faults = []
    if frame.height >= MAX_ROWS:
        faults.append(f"{name}: {frame.height:,} rows do not fit into a sheet. Take CSV or Parquet.")
    if frame.height and not any(cell is not None for cell in frame.row(-1)):
        faults.append(f"{name}: rows at the end that hold nothing are no part of a sheet. Take CSV or Parquet.")
    for values in frame:
        for text in values.cast(pl.String).drop_nulls() if values.dtype in TEXT else ():
            if len(text) >= MAX_TEXT or UNKEEPABLE.search(text):
                what = "is longer than a cell holds" if len(text) >= MAX_TEXT else "holds signs that no workbook keeps"
                faults.append(f"{name}, column {values.name}: a text {what} ({text[:20]!r}). Take CSV or Parquet.")
    return faults


def _kept(text: str) -> str:
    """Return a text that differs from an empty cell; one apostrophe in front is taken away again on reading."""
    return f"'{text}" if text[:1] in ("", "'") else text


def _value(cell: Any, dtype: pl.DataType) -> Any:
    """Return a cell as the type of its column."""
    if cell == "":
        return None
    if dtype.is_float():
        return float(cell)
    if dtype.is_integer():
        return int(cell)
    return str(cell).removeprefix("'") if dtype in TEXT else cell
