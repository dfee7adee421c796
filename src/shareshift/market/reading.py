"""From a CSV file to a typed frame: strict, all faults at once, nothing guessed or repaired.

The standard library's `csv` module reads the rows because it reports the line of every row, refuses ragged and
unclosed ones, never inflates a compressed file and never panics; Polars gets clean columns of text.
"""

import csv
import io
from collections.abc import Set
from pathlib import Path

import polars as pl

from shareshift.basics.errors import DataError, Fault
from shareshift.market.cell import INVISIBLE, CellError, read_cell

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
COMMAS_CURE = "Save it as comma-separated"
OTHER_MARKS = (
    # Read and saved by a spreadsheet of that setting, 0.145 has become 145: nothing could tell afterwards.
    (";", "semicolons, as spreadsheets with decimal commas do", (
        "Open the original again with commas between cells and points in numbers, and save it as comma-separated UTF-8"
    )),
    ("\t", "tabs", COMMAS_CURE),
    ("|", "bars", COMMAS_CURE),
)  # fmt: skip


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
        index, values = rows[0].index(name), []
        for row, line in zip(rows[1:], lines, strict=True):
            try:
                values.append(read_cell(row[index], dtype))
            except CellError as error:
                values.append(None)
                rule, remedy = error.args
                faults.append(Fault(file=path.name, row=line, column=name, value=row[index], rule=rule, remedy=remedy))
        series.append(pl.Series(name, values, dtype=dtype, strict=True))
    return pl.DataFrame([*series, pl.Series("line", lines, dtype=pl.Int64())]), faults


def read_text(path: Path) -> str:
    """Return the text of a UTF-8 file, without its byte order mark; what is not plain text is refused by name.

    Raises `DataError`.
    """
    name = path.name
    if not path.is_file() and (path.exists() or path.is_symlink()):
        raise _fault(name, "is no plain file", "Put the file itself into the market's folder")
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
            # A spreadsheet writes commas alone for a line that was emptied; it says as little as a blank one.
            if any(row) or (row and not rows):
                rows.append(row)
                lines.append(start)
            start = reader.line_num + 1
            if len(rows) > MAX_ROWS:
                raise _fault(name, f"there are more than {MAX_ROWS:,} rows", "Leave rows out", row=start)
    except csv.Error as error:
        if "field limit" in str(error):
            rule = f"a quote is not closed, or a cell holds more than {csv.field_size_limit():,} characters"
            raise _fault(name, rule, "Close every quote, and shorten what is longer", row=start) from None
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
    for mark, words, cure in OTHER_MARKS if len(header) <= len(wanted) // 2 else ():
        if mark in header[0]:
            raise _fault(name, f"the cells are not separated by commas but by {words}", cure, row=1)
    if nameless := header.count(""):
        raise _fault(name, f"{nameless} columns have no name", "Delete them, also where their cells are empty", row=1)
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


def _fault(file: str, rule: str, remedy: str, row: int | None = None) -> DataError:
    return DataError([Fault(file=file, row=row, rule=rule, remedy=remedy)])
