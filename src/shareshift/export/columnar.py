"""Frames to Parquet and back: typed, compressed, read by every tool for data."""

import io

import polars as pl


def write_parquet(frame: pl.DataFrame) -> bytes:
    """Return a frame as Parquet with zstd; one row group, so that the same frame gives the same bytes."""
    buffer = io.BytesIO()
    frame.write_parquet(buffer, compression="zstd", row_group_size=max(frame.height, 1), statistics=True)
    return buffer.getvalue()


def read_parquet(data: bytes) -> pl.DataFrame:
    """Return the frame that `write_parquet` wrote; Parquet carries its own columns and types."""
    return pl.read_parquet(io.BytesIO(data))
