"""CSV, Parquet and XLSX read back as what was written, to the last bit, whatever stands in the cells."""

import io
import zipfile
from datetime import date

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from shareshift.export import read_csv, read_parquet, write_csv, write_european_csv, write_parquet
from shareshift.export.workbook import WorkbookError, read_xlsx, write_xlsx
from support.awkward_cells import SCHEMA, nasty_cells


@pytest.fixture(scope="module")
def nasty() -> pl.DataFrame:
    return nasty_cells()


FORMATS = {
    "CSV": lambda frame: read_csv(write_csv(frame), SCHEMA),
    "European CSV": lambda frame: read_csv(write_european_csv(frame), SCHEMA, european=True),
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


@pytest.mark.parametrize(
    "write", [write_csv, write_european_csv, write_parquet, lambda frame: write_xlsx({"cells": frame})]
)
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
