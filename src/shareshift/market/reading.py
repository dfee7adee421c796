"""From a CSV file to a typed frame: strict, all faults at once, nothing guessed or repaired.

The standard library's `csv` module reads the rows because it reports the line of every row, refuses ragged and
unclosed ones, never inflates a compressed file and never panics; Polars gets clean columns of text.
"""

import csv
import io
import math
import re
from collections.abc import Set
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from shareshift.basics.errors import DataError, Fault

MAX_BYTES = 20_000_000
MAX_ROWS = 100_000
COMPRESSED = {
    b"\x1f\x8b": "gzip",
    b"PK\x03\x04": "zip",
    b"\x28\xb5\x2f\xfd": "zstd",
    b"BZh": "bzip2",
    b"\xfd7zXZ": "xz",
}
BINARY = {
    b"\x89PNG": "a PNG picture",
    b"%PDF": "a PDF",
    b"PAR1": "Parquet",
    b"\xd0\xcf\x11\xe0": "an old Excel file",
}
# Digits of other scripts would pass as numbers without ASCII.
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
INVISIBLE = re.compile("[\u200b-\u200f\u2028\u2029\u2060\ufeff\u00ad]")


def read_table(
    path: Path, columns: dict[str, pl.DataType], optional: Set[str] = frozenset()
) -> tuple[pl.DataFrame, list[Fault]]:
    """Read one CSV file into a frame with exactly `columns`, of which it may leave out `optional` ones, and its faults.

    The frame carries the file's line of every row in the column `line`; a cell that could not be read is null in
    the frame and named in the faults.
    """
    try:
        rows, lines = _rows(path)
        _check_header(path.name, rows[0], list(columns), optional)
    except DataError as error:
        return pl.DataFrame(schema={**columns, "line": pl.Int64()}), list(error.faults)
    faults: list[Fault] = []
    series = []
    for name, dtype in columns.items():
        if name not in rows[0]:
            series.append(pl.Series(name, [None] * len(lines), dtype=dtype))
            continue
        index = rows[0].index(name)
        cells = [row[index] for row in rows[1:]]
        values = [_cell(cell, dtype, path.name, line, name, faults) for cell, line in zip(cells, lines, strict=True)]
        series.append(pl.Series(name, values, dtype=dtype, strict=True))
    return pl.DataFrame([*series, pl.Series("line", lines, dtype=pl.Int64())]), faults


def read_text(path: Path) -> str:
    """Return the text of a UTF-8 file, without its byte order mark; what is not plain text is refused by name.

    Raises `DataError`.
    """
    name = path.name
    if not path.is_file():
        raise _fault(name, "the file is missing", "Put it into the market's folder")
    if path.stat().st_size > MAX_BYTES:
        raise _fault(name, f"the file is larger than {MAX_BYTES // 1_000_000} MB", "Split it or leave rows out")
    data = path.read_bytes()
    for magic, kind in COMPRESSED.items():
        if data.startswith(magic):
            raise _fault(name, f"the file is compressed ({kind})", "Unpack it and save it as plain text")
    for magic, kind in BINARY.items():
        if data.startswith(magic):
            raise _fault(name, f"the file is {kind}, not text", "Export it as CSV")
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        raise _fault(name, "the file is UTF-16", "Save it as UTF-8")
    if b"\x00" in data:
        raise _fault(name, "the file holds NUL bytes", "Export it again as plain UTF-8 text")
    # zlib has no fixed magic; two bytes that make a valid header and are no text are enough to refuse.
    if (
        len(data) > 1
        and data[0] == 0x78
        and (data[0] * 256 + data[1]) % 31 == 0
        and data[1] in {0x01, 0x9C, 0xDA, 0x5E}
    ):
        raise _fault(name, "the file is compressed (zlib)", "Unpack it and save it as plain text")
    try:
        return data.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise _fault(name, "the file is not UTF-8", "Save it as UTF-8", row=line) from None


def _rows(path: Path) -> tuple[list[list[str]], list[int]]:
    """Return the header and rows of a file, and the line on which each row (without the header) begins."""
    name, text = path.name, read_text(path)
    if not text.strip():
        raise _fault(name, "the file is empty", "Give it a header and at least one row")
    if text.lower().startswith("sep="):
        raise _fault(name, "the first line is Excel's sep= line", "Delete that line", row=1)
    if "\r" in text and "\n" not in text:
        raise _fault(name, "lines end in CR alone", "Save it with LF or CRLF line ends")
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[list[str]] = []
    lines: list[int] = []
    start = 1
    try:
        for row in reader:
            if row:
                rows.append(row)
                lines.append(start)
            start = reader.line_num + 1
            if len(rows) > MAX_ROWS:
                raise _fault(name, f"there are more than {MAX_ROWS:,} rows", "Leave rows out", row=start)
    except csv.Error:
        remedy = "Close every quote, and double quotes that are part of the text"
        raise _fault(name, "a quote is not closed or stands inside a cell", remedy, row=start) from None
    width = len(rows[0])
    ragged = [
        Fault(
            file=name,
            row=line,
            rule=f"the row has {len(row)} cells, the header {width}",
            remedy="Give every row as many cells as the header; quote cells that hold a comma",
        )
        for row, line in zip(rows[1:], lines[1:], strict=True)
        if len(row) != width
    ]
    if ragged:
        raise DataError(ragged)
    return rows, lines[1:]


def _check_header(name: str, header: list[str], wanted: list[str], optional: Set[str]) -> None:
    faults = []
    remedy = f"The header is {','.join(wanted)}"
    if len(header) == 1 and any(mark in header[0] for mark in ";\t|"):
        raise _fault(name, "the cells are not separated by commas", "Save it as comma-separated", row=1)
    for column in header:
        if INVISIBLE.search(column) or column != column.strip():
            rule = "has invisible characters or spaces around it"
            faults.append(Fault(file=name, row=1, column=column, rule=rule, remedy="Type the column name again"))
        elif column not in wanted:
            faults.append(Fault(file=name, row=1, column=column, rule="is not a column of this table", remedy=remedy))
        elif header.count(column) > 1:
            faults.append(Fault(file=name, row=1, column=column, rule="stands twice", remedy="Keep one of them"))
    faults += [
        Fault(file=name, row=1, column=column, rule="the column is missing", remedy=remedy)
        for column in wanted
        if column not in header and column not in optional
    ]
    if faults:
        raise DataError(list(dict.fromkeys(faults)))


def _cell(cell: str, dtype: pl.DataType, file: str, line: int, column: str, faults: list[Fault]) -> Any:
    """Return the value of one cell, or None and a fault."""

    def fault(rule: str, remedy: str) -> None:
        faults.append(Fault(file=file, row=line, column=column, value=cell, rule=rule, remedy=remedy))

    if cell == "":
        return None
    if INVISIBLE.search(cell) or (cell != cell.strip()):
        return fault("has invisible characters or spaces around it", "Type it again without them")
    if dtype == pl.String:
        return cell
    if dtype == pl.Boolean:
        if cell in {"yes", "no"}:
            return cell == "yes"
        return fault("is neither yes nor no", "Write yes or no")
    if dtype == pl.Date:
        try:
            return date.fromisoformat(cell) if DAY.fullmatch(cell) else fault(*NO_DATE)
        except ValueError:
            return fault(*NO_DATE)
    if not NUMBER.fullmatch(cell):
        return fault("is not a plain number", "Write digits with a point, such as 1234.5, without unit, comma or %")
    value = float(cell)
    return value if math.isfinite(value) else fault("is not finite", "Write a number below 1e15")


NO_DATE = ("is not a date", "Write it as 2025-06-30")


def _fault(file: str, rule: str, remedy: str, row: int | None = None) -> DataError:
    return DataError([Fault(file=file, row=row, rule=rule, remedy=remedy)])
