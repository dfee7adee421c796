"""Frames to files and back: CSV that spreadsheets cannot be tricked by, and that reads back as it was.

A cell of *text* that a spreadsheet would run as a formula gets an apostrophe in front, and so does text that
begins with an apostrophe; reading takes exactly one away. Numbers are never touched, so a negative number stays
one.
"""

import io
from typing import Literal

import polars as pl

TEXT = (pl.String, pl.Categorical, pl.Enum)
# The full-width forms are signs of a formula to a spreadsheet in East Asian settings.
RISKY = "'=+-@\t\r\n＝＋－＠"


def write_csv(frame: pl.DataFrame) -> bytes:
    """Return a frame as UTF-8 CSV: header, ISO dates, numbers in full precision, text made safe, LF line ends."""
    safe = frame.with_columns(_guarded(name) for name in _texts(frame.schema))
    return safe.write_csv(quote_style=_quotes(safe)).encode()


def write_european_csv(frame: pl.DataFrame) -> bytes:
    """Return a frame as CSV for spreadsheets whose decimal sign is the comma.

    Semicolons stand between cells; the mark in front has Excel read UTF-8, and lines end as it ends them.
    """
    safe = frame.with_columns(_guarded(name) for name in _texts(frame.schema))
    return safe.write_csv(
        separator=";", decimal_comma=True, include_bom=True, line_terminator="\r\n", quote_style=_quotes(safe)
    ).encode()


def read_csv(data: bytes, schema: pl.Schema, *, european: bool = False) -> pl.DataFrame:
    """Return the frame that `write_csv` or `write_european_csv` wrote, given its columns and types."""
    plain = pl.Schema({name: pl.String() if dtype in TEXT else dtype for name, dtype in schema.items()})
    separator = ";" if european else ","
    frame = pl.read_csv(io.BytesIO(data), schema=plain, separator=separator, decimal_comma=european)
    return frame.with_columns(pl.col(name).str.replace("^'", "") for name in _texts(schema)).cast(schema)


def _texts(schema: pl.Schema) -> list[str]:
    return [name for name, dtype in schema.items() if dtype in TEXT]


def _guarded(name: str) -> pl.Expr:
    text = pl.col(name).cast(pl.String)
    risky = text.str.slice(0, 1).is_in(list(RISKY))
    return pl.when(risky).then(pl.concat_str(pl.lit("'"), text)).otherwise(text).alias(name)


def _quotes(frame: pl.DataFrame) -> Literal["necessary", "non_numeric"]:
    """Return which cells are quoted: all of text where one holds a lone CR, which Polars takes for plain."""
    texts = (frame[name] for name in _texts(frame.schema))
    return "non_numeric" if any(bool(text.str.contains("\r", literal=True).any()) for text in texts) else "necessary"
