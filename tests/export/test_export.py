"""What is downloaded reads back as it was, and no spreadsheet runs it."""

import csv
import io
from datetime import date

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from shareshift.export import read_csv, write_csv, write_european_csv
from shareshift.results.projection import project

SCHEMA = pl.Schema({"text": pl.String, "number": pl.Float64, "count": pl.Int64, "day": pl.Date, "yes": pl.Boolean})
NASTY = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "'", "''", "'=1", "=", "-", '"', '""', ",", ";", "a,b"]
NASTY += [
    "a\nb",
    "a\rb",
    "a\r\nb",
    'say "hi"',
    " =1",
    "1e5",
    "-5.00",
    "NaN",
    "null",
    "NULL",
    "",
    " ",
    "x'",
    "é",
    "日本",
]
NASTY += ["\u200b=1", "#N/A", "true", "2025-01-01", "\\", "\\n", "\ufeff", "\x7f", "%0A", "|cmd", "0012"]
texts = st.sampled_from(NASTY) | st.text(
    st.characters(exclude_categories=["Cs"]) | st.sampled_from("=+-@'\t\r\n\",;"), max_size=12
)
rows = st.lists(
    st.fixed_dictionaries(
        {
            "text": st.none() | texts,
            "number": st.none() | st.floats(allow_nan=False, allow_infinity=False),
            "count": st.none() | st.integers(-(2**63), 2**63 - 1),
            "day": st.none() | st.dates(date(1900, 1, 1), date(2100, 1, 1)),
            "yes": st.none() | st.booleans(),
        }
    ),
    max_size=12,
)


@given(rows=rows)
def test_what_is_written_reads_back_as_it_was(rows):
    frame = pl.DataFrame(rows, schema=SCHEMA)
    assert_frame_equal(read_csv(write_csv(frame), SCHEMA), frame, check_exact=True)


def test_a_file_for_european_spreadsheets_has_their_signs():
    frame = pl.DataFrame({"who": ["Été; 50 %", "=1"], "share": [0.122, -1234.5], "day": [date(2025, 1, 31)] * 2})
    written = write_european_csv(frame)
    assert written.startswith(b"\xef\xbb\xbf")
    lines = written.decode("utf-8-sig").split("\r\n")
    assert lines == ["who;share;day", '"Été; 50 %";0,122;2025-01-31', "'=1;-1234,5;2025-01-31", ""]


def test_ten_thousand_generated_cells_read_back_as_they_were():
    rng = np.random.default_rng(20250612)
    signs = np.array([*"=+-@'\t\r\n\",;| aB0é", "\u200b"])
    words = ["".join(rng.choice(signs, rng.integers(0, 8))) for _ in range(4960)] + NASTY
    numbers = rng.normal(0, 1, len(words)) * 10.0 ** rng.integers(-300, 300, len(words))
    frame = pl.DataFrame({"text": words, "number": numbers}, schema={"text": pl.String, "number": pl.Float64})
    assert frame.width * frame.height >= 10_000
    assert_frame_equal(read_csv(write_csv(frame), frame.schema), frame, check_exact=True)


@pytest.mark.parametrize("values", [[None], ["", None], [None, "x", None]])
def test_a_table_of_one_column_keeps_its_empty_cells(values):
    frame = pl.DataFrame({"text": values}, schema={"text": pl.String})
    assert_frame_equal(read_csv(write_csv(frame), frame.schema), frame)


def test_a_table_without_rows_keeps_its_columns():
    frame = pl.DataFrame(schema=SCHEMA)
    assert write_csv(frame).decode().strip() == "text,number,count,day,yes"
    assert_frame_equal(read_csv(write_csv(frame), SCHEMA), frame)


def cells(frame):
    """Return the rows as a reader of CSV that knows nothing of ours would see them."""
    return list(csv.reader(io.StringIO(write_csv(frame).decode(), newline="")))[1:]


@pytest.mark.parametrize("text", [text for text in NASTY if text[:1] in {*"=+-@\t\r\n"} and text])
def test_text_that_a_spreadsheet_would_run_gets_an_apostrophe(text):
    assert cells(pl.DataFrame({"note": [text], "n": [1]})) == [["'" + text, "1"]]


@pytest.mark.parametrize("dtype", [pl.Categorical, pl.Enum(["=1+1", "calm"])])
def test_text_of_other_types_is_made_safe_too(dtype):
    frame = pl.DataFrame({"note": ["=1+1", "calm"]}, schema={"note": dtype})
    assert cells(frame) == [["'=1+1"], ["calm"]]
    assert_frame_equal(read_csv(write_csv(frame), frame.schema), frame)


@pytest.mark.parametrize("number", [-1.5, -0.0, -1e-300, -1e300, 0.1 + 0.2, 1 / 3])
def test_numbers_stay_numbers_to_the_last_bit(number):
    cell = cells(pl.DataFrame({"usd": [number]}))[0][0]
    assert float(cell) == number
    assert not cell.startswith("'")


def test_negative_counts_and_dates_are_left_alone():
    frame = pl.DataFrame({"count": [-5], "day": [date(2025, 1, 1)], "yes": [True]})
    assert cells(frame) == [["-5", "2025-01-01", "true"]]


def test_lines_end_in_lf_and_text_is_utf_8():
    data = write_csv(pl.DataFrame({"name": ["Zoë", "日本"], "n": [1, 2]}))
    assert data == "name,n\nZoë,1\n日本,2\n".encode()


def test_every_table_of_a_projection_reads_back_as_it_was(tiny):
    for frame in project(tiny, draws=16).tables.values():
        assert_frame_equal(read_csv(write_csv(frame), frame.schema), frame, check_exact=True)


def test_every_table_of_a_market_reads_back_as_it_was(tiny):
    for frame in tiny.tables.values():
        assert_frame_equal(read_csv(write_csv(frame), frame.schema), frame, check_exact=True)
