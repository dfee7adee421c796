"""CSV, Parquet and XLSX read back as what was written, to the last bit, whatever stands in the cells."""

import io
import zipfile
from datetime import date

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from shareshift.export import read_csv, read_parquet, write_csv, write_parquet
from shareshift.export.workbook import WorkbookError, read_xlsx, write_xlsx

SCHEMA = pl.Schema(
    {"text": pl.String, "word": pl.String, "number": pl.Float64, "count": pl.Int64, "day": pl.Date, "yes": pl.Boolean}
)
ROWS = 1_700
SIGNS = [*"=+-@'\t\r\n\",;| \\%#aB0é_", "\u200b", "\x00", "\x1f", "_x0041_", "&amp;", "<b>", "日", "😀", "＝", "\ufeff"]
TEXTS = [
    "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "'", "''", "'=1", "", " ", "0012", "1e5", "-5.00", "NaN",
    "null", "#N/A", "TRUE", "2025-01-01", 'say "hi"', "a,b", "a\r\nb", "a\rb", '=HYPERLINK("http://x","y")', "=cmd|'",
    "http://example.org", "mailto:a@b", "_x0041_", "_x005F_", "＝1+1", " =1", "x" * 3_000,
]  # fmt: skip
NUMBERS = [-0.0, 0.0, 5e-324, -5e-324, 2.2250738585072014e-308, 1.7976931348623157e308, 0.1, 1 / 3, 1e22, 1e16, -1.5,
           123456789.12345679, float("inf"), float("-inf"), float("nan"), 9007199254740993.0]  # fmt: skip
COUNTS = [2**63 - 1, -(2**63), 2**53, 2**53 + 1, -(2**53) - 1, 0, -5]
DAYS = [date(1900, 1, 1), date(1900, 2, 28), date(1900, 3, 1), date(2000, 2, 29), date(2100, 12, 31)]


@pytest.fixture(scope="module")
def nasty() -> pl.DataFrame:
    return nasty_cells()


def nasty_cells() -> pl.DataFrame:
    """Return more than 10,000 generated cells; a tenth are empty."""
    rng = np.random.default_rng(20250612)

    def column(special, generated):
        values = [*special, *(generated() for _ in range(ROWS - len(special)))]
        return [None if rng.random() < 0.1 and i >= len(special) else value for i, value in enumerate(values)]

    frame = pl.DataFrame(
        {
            "text": column(TEXTS, lambda: "".join(rng.choice(SIGNS, rng.integers(0, 9)))),
            "word": column([], lambda: TEXTS[rng.integers(len(TEXTS))]),
            "number": column(NUMBERS, lambda: float(rng.normal() * 10.0 ** rng.integers(-300, 300))),
            "count": column(COUNTS, lambda: int(rng.integers(-(2**63), 2**63 - 1))),
            "day": column(DAYS, lambda: date.fromordinal(int(rng.integers(693_596, 767_000)))),
            "yes": column([], lambda: bool(rng.random() < 0.5)),
        },
        schema=SCHEMA,
    )
    # What a workbook cannot hold is refused by name and has a test of its own.
    kept = frame.filter(~pl.col("text").str.contains("_x0041_x").fill_null(False))
    assert kept.width * kept.height >= 10_000
    return kept


FORMATS = {
    "CSV": lambda frame: read_csv(write_csv(frame), SCHEMA),
    "Parquet": lambda frame: read_parquet(write_parquet(frame)),
    "XLSX": lambda frame: read_xlsx(write_xlsx({"cells": frame}), "cells", SCHEMA),
}


@pytest.mark.parametrize("read_back", FORMATS.values(), ids=FORMATS)
def test_ten_thousand_nasty_cells_read_back_as_they_were(nasty, read_back):
    back = read_back(nasty)
    assert_frame_equal(back, nasty, check_exact=True)
    # Frames call 0.0 and -0.0 equal; their bits are not.
    signs = [np.signbit(frame["number"].fill_null(0.0).to_numpy()) for frame in (back, nasty)]
    assert (signs[0] == signs[1]).all()


@pytest.mark.parametrize("read_back", FORMATS.values(), ids=FORMATS)
def test_a_table_without_rows_keeps_its_columns(read_back):
    empty = pl.DataFrame(schema=SCHEMA)
    assert_frame_equal(read_back(empty), empty)


@pytest.mark.parametrize("write", [write_csv, write_parquet, lambda frame: write_xlsx({"cells": frame})])
def test_the_same_frame_gives_the_same_bytes(nasty, write):
    assert write(nasty) == write(nasty.clone())


def test_a_workbook_holds_no_formula_and_no_link_and_numbers_are_numbers(nasty):
    with zipfile.ZipFile(io.BytesIO(write_xlsx({"cells": nasty}))) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
        assert not [name for name in parts.namelist() if "externalLink" in name or "sheet1.xml.rels" in name]
    assert "<f>" not in sheet
    assert "<hyperlink" not in sheet
    finite = nasty["number"].is_finite().sum()
    exact = nasty["count"].is_between(-(2**53), 2**53).sum()
    assert sheet.count("<v>") - sheet.count('t="s"') - sheet.count('t="b"') == finite + exact + nasty["day"].count()


def test_a_workbook_shows_dates_money_and_shares_in_their_own_formats():
    frame = pl.DataFrame(
        {"month": [date(2025, 7, 1)], "said_on": [date(2025, 6, 12)], "mean_flow_usd": [1.5e6], "mean_share": [0.25]}
    )
    with zipfile.ZipFile(io.BytesIO(write_xlsx({"flows": frame}))) as parts:
        styles, sheet = parts.read("xl/styles.xml").decode(), parts.read("xl/worksheets/sheet1.xml").decode()
    assert all(code in styles for code in ("yyyy-mm-dd", "mmm yyyy", "0.0%"))
    assert "<v>45839.0</v>" in sheet or "<v>45839</v>" in sheet
    assert 'state="frozen"' in sheet
    assert "<autoFilter" in sheet


def test_what_a_workbook_cannot_hold_is_named_and_all_at_once():
    frame = pl.DataFrame({"long": ["x" * 40_000], "odd": ["\ufffe"], "two": ["_x0041_x0042_"], "fine": ["=1"]})
    with pytest.raises(WorkbookError) as error:
        write_xlsx({"notes": frame, "gap": pl.DataFrame({"a": [1, None]})})
    assert [line.split(":")[0] for line in str(error.value).splitlines()] == [
        "notes, column long", "notes, column odd", "notes, column two", "gap"
    ]  # fmt: skip


def test_a_sheet_that_is_missing_or_has_other_columns_is_named():
    data = write_xlsx({"cells": pl.DataFrame({"a": [1]})})
    with pytest.raises(WorkbookError, match=r"no sheet tables\. It has cells"):
        read_xlsx(data, "tables", SCHEMA)
    with pytest.raises(WorkbookError, match="Its columns are text, word"):
        read_xlsx(data, "cells", SCHEMA)
