"""What a spreadsheet makes of our files: LibreOffice opens them and finds no formula, no link, and every number."""

import math
import shutil
import subprocess
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from shareshift.export import write_csv
from shareshift.export.bundle.contents import bundle_tables
from shareshift.export.workbook import write_xlsx
from shareshift.results.projection import project
from support.awkward_cells import SCHEMA, nasty_cells

pytestmark = [pytest.mark.libreoffice, pytest.mark.slow]
NAMES = {
    "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
    "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
}
# Fields apart at commas, text in quotes, UTF-8, from the first line: what LibreOffice proposes for such a file.
COMMAS = "CSV:44,34,76,1"
TRUTH = {"of:=TRUE()", "of:=FALSE()"}
# Below this LibreOffice takes a number for zero, as Excel does.
TINIEST = 2.3e-308


@dataclass(frozen=True)
class Cell:
    """One cell as LibreOffice holds it."""

    kind: str | None
    value: str | None
    text: str
    formula: str | None
    links: int


Sheets = dict[str, list[list[Cell]]]


def full(name: str) -> str:
    space, _, word = name.partition(":")
    return f"{{{NAMES[space]}}}{word}"


@pytest.fixture
def opened(tmp_path: Path) -> Callable[[str, bytes], Sheets]:
    """A function that has LibreOffice open a file, and returns the cells of its sheets."""
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        pytest.skip("not run: LibreOffice was not found")

    def open_file(name: str, data: bytes) -> Sheets:
        (tmp_path / name).write_bytes(data)
        command = [program, f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless", "--norestore"]
        command += [f"--infilter={COMMAS}"] if name.endswith(".csv") else []
        command += ["--convert-to", "fods", "--outdir", str(tmp_path / "out"), str(tmp_path / name)]
        subprocess.run(command, check=True, capture_output=True, timeout=240)
        return cells_in(tmp_path / "out" / f"{Path(name).stem}.fods")

    return open_file


def cells_in(path: Path) -> Sheets:
    root = ElementTree.parse(path).getroot()  # noqa: S314
    return {
        table.attrib[full("table:name")]: [
            [cell for node in row.findall("table:table-cell", NAMES) for cell in [cell_of(node)] * repeated(node)]
            for row in table.iter(full("table:table-row"))
        ]
        for table in root.iter(full("table:table"))
    }


def repeated(node: ElementTree.Element) -> int:
    # The empty rest of a row is one cell repeated to the edge of the sheet.
    return min(int(node.attrib.get(full("table:number-columns-repeated"), 1)), 64)


def cell_of(node: ElementTree.Element) -> Cell:
    found = node.attrib
    formula = found.get(full("table:formula"))
    kind = found.get(full("office:value-type"))
    values = (found.get(full(f"office:{key}")) for key in ("value", "date-value", "boolean-value"))
    return Cell(
        kind=kind,
        value=next((value for value in values if value is not None), None),
        text="\n".join(words_of(part) for part in node.findall("text:p", NAMES)),
        # LibreOffice holds the truth values of a workbook as these two.
        formula=None if formula in TRUTH else formula,
        links=len(list(node.iter(full("text:a")))),
    )


def words_of(part: ElementTree.Element) -> str:
    words = part.text or ""
    for child in part:
        word = child.tag.rpartition("}")[2]
        if word == "s":
            words += " " * int(child.attrib.get(full("text:c"), 1))
        else:
            words += {"tab": "\t", "line-break": "\n"}.get(word, words_of(child))
        words += child.tail or ""
    return words


def every_cell(sheets: Sheets) -> list[Cell]:
    return [cell for rows in sheets.values() for row in rows for cell in row]


def same_number(cell: Cell, number: float) -> bool:
    # LibreOffice writes twenty decimals at most.
    read = float(cell.value or "nan")
    return cell.kind in {"float", "percentage"} and math.isclose(read, number, rel_tol=1e-13, abs_tol=1e-19)


def same_text(cell: Cell, text: str) -> bool:
    """Compare what LibreOffice can hold: it has one sign for the end of a line, and none for control characters."""
    return cell.kind == "string" and plain(cell.text) == plain(text)


def plain(text: str) -> str:
    return "".join(sign for sign in text.replace("\r\n", "\n").replace("\r", "\n") if sign >= " ")


def test_a_workbook_of_nasty_cells_opens_as_what_was_meant(opened) -> None:
    frame = nasty_cells()
    sheets = opened("nasty.xlsx", write_xlsx({"cells": frame}))
    assert not [cell for cell in every_cell(sheets) if cell.formula or cell.links]
    header, *rows = sheets["cells"]
    assert [cell.text for cell in header[: frame.width]] == frame.columns
    for found, values in zip(rows, frame.iter_rows(named=True), strict=False):
        for cell, (name, value) in zip(found, values.items(), strict=False):
            assert as_meant(cell, value), f"{name}: {value!r} became {cell}"


def as_meant(cell: Cell, value: object) -> bool:
    if value is None:
        return cell.kind is None
    if isinstance(value, bool):
        return cell.text == str(value).upper() and float(cell.value or "nan") == value
    if isinstance(value, date):
        # Before March 1900 the format counts a day that never was.
        return cell.kind == "date" and (value < date(1900, 3, 1) or cell.value == value.isoformat())
    if isinstance(value, float):
        return same_number(cell, value) if math.isfinite(value) else same_text(cell, str(value))
    if isinstance(value, int):
        return same_number(cell, value) if abs(value) <= 2**53 else same_text(cell, str(value))
    text = str(value)
    return same_text(cell, f"'{text}" if text[:1] in ("", "'") else text)


def test_no_text_of_a_csv_is_run_and_negative_numbers_stay_numbers(opened) -> None:
    frame = nasty_cells()
    header, *rows = next(iter(opened("nasty.csv", write_csv(frame)).values()))
    cells = [cell for row in rows for cell in row]
    assert not [cell for cell in cells if cell.formula or cell.links]
    assert [cell.text for cell in header[: frame.width]] == frame.columns
    numbers = frame.select(pl.col("number").filter(pl.col("number").is_finite())).to_series()
    place = frame.columns.index("number")
    read = [float(row[place].value) for row in rows if len(row) > place and row[place].kind == "float"]
    assert len(read) >= len(numbers) > 1_000
    assert sum(value < 0 for value in read) == (numbers < -TINIEST).sum() > 500


def test_every_table_of_a_bundle_opens_with_its_numbers_and_dates(opened, tiny) -> None:
    tables = bundle_tables(project(tiny, draws=32))
    sheets = opened("tables.xlsx", write_xlsx(tables))
    assert list(sheets) == list(tables)
    assert not [cell for cell in every_cell(sheets) if cell.formula or cell.links]
    for name, frame in tables.items():
        rows = sheets[name][1 : frame.height + 1]
        assert all(
            as_meant(cell, value)
            for row, values in zip(rows, frame.iter_rows(), strict=True)
            for cell, value in zip(row, values, strict=False)
        ), name


def test_the_cells_tried_hold_every_start_of_a_formula() -> None:
    starts = {text[:1] for text in nasty_cells()["text"].drop_nulls()}
    assert set("=+-@\t\r'") <= starts
    assert set(SCHEMA) == {"text", "word", "number", "count", "day", "yes"}
