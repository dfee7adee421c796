"""Frames to files and back: CSV that spreadsheets cannot be tricked by, and that reads back as it was.

A cell of *text* that a spreadsheet would run as a formula gets an apostrophe in front, and so does text that
begins with an apostrophe; reading takes exactly one away. Numbers are never touched, so a negative number stays
one.
"""

import io

import polars as pl

TEXT = (pl.String, pl.Categorical, pl.Enum)
# The full-width forms are signs of a formula to a spreadsheet in East Asian settings.
RISKY = "'=+-@\t\r\n＝＋－＠"


def write_csv(frame: pl.DataFrame) -> bytes:
    """Return a frame as UTF-8 CSV: header, ISO dates, numbers in full precision, text made safe, LF line ends."""
    safe = frame.with_columns(_guarded(name) for name in _texts(frame.schema))
    # Polars does not quote a lone CR, which many readers take for the end of the line.
    return safe.write_csv(quote_style="non_numeric" if _holds_cr(safe) else "necessary").encode()


def read_csv(data: bytes, schema: pl.Schema) -> pl.DataFrame:
    """Return the frame that `write_csv` wrote, given its columns and types."""
    plain = pl.Schema({name: pl.String() if dtype in TEXT else dtype for name, dtype in schema.items()})
    frame = pl.read_csv(io.BytesIO(data), schema=plain)
    return frame.with_columns(pl.col(name).str.replace("^'", "") for name in _texts(schema)).cast(schema)


def _texts(schema: pl.Schema) -> list[str]:
    return [name for name, dtype in schema.items() if dtype in TEXT]


def _guarded(name: str) -> pl.Expr:
    text = pl.col(name).cast(pl.String)
    risky = text.str.slice(0, 1).is_in(list(RISKY))
    return pl.when(risky).then(pl.concat_str(pl.lit("'"), text)).otherwise(text).alias(name)


def _holds_cr(frame: pl.DataFrame) -> bool:
    return any(bool(frame[name].str.contains("\r", literal=True).any()) for name in _texts(frame.schema))
