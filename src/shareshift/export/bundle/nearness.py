"""Whether two files say the same numbers, as processors of two makes write them.

Exponentials and logarithms differ in their last bit from one processor and one system library to another. What rests
on them then agrees to about fourteen digits, and so do pictures and texts. Everything that is no number must agree.
"""

import io
import json
import re
import zipfile
import zlib
from typing import Any

import numpy as np
import polars as pl

from shareshift.export import read_parquet

# Two numbers count as the same within this part of the greater of them, or of the greatest of their column.
PART = 1e-12
# What cancels to nothing on one processor leaves a crumb on the other, less than anybody could see of a dollar.
CRUMB = 1e-7
NUMBER = re.compile(rb"[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?")
UNREADABLE = (
    pl.exceptions.PolarsError,
    pl.exceptions.PanicException,
    zipfile.BadZipFile,
    zlib.error,
    NotImplementedError,
    OSError,
    EOFError,
    ValueError,
    KeyError,
)
TEXTS = {"html", "svg", "txt", "toml", "md"}


def is_near(path: str, stored: bytes, again: bytes) -> bool:
    """Return whether a stored file and the one made again differ by no more than two processors do."""
    if stored == again:
        return True
    kind = path.rpartition(".")[2]
    try:
        if kind in {"csv", "parquet"}:
            return _near_tables(*(_read(data, kind) for data in (stored, again)))
        if kind == "xlsx":
            return _near_parts(*(zipfile.ZipFile(io.BytesIO(data)) for data in (stored, again)))
        if path == "datapackage.json":
            return bool(_without_digests(stored) == _without_digests(again))
    except UNREADABLE:
        return False
    return kind in TEXTS and _near_texts(stored, again)


def _read(data: bytes, kind: str) -> pl.DataFrame:
    return read_parquet(data) if kind == "parquet" else pl.read_csv(io.BytesIO(data), infer_schema_length=None)


def _near_tables(stored: pl.DataFrame, again: pl.DataFrame) -> bool:
    if stored.schema != again.schema or stored.height != again.height:
        return False
    return all(_near_columns(stored[name], again[name]) for name in again.columns)


def _near_columns(stored: pl.Series, again: pl.Series) -> bool:
    if not again.dtype.is_float():
        return stored.equals(again)
    if not stored.is_null().equals(again.is_null()):
        return False
    one, other = (side.fill_null(0.0).to_numpy() for side in (stored, again))
    greatest = max(np.abs(one).max(initial=0.0), np.abs(other).max(initial=0.0))
    return bool(np.abs(one - other).max(initial=0.0) <= PART * greatest)


def _near_parts(stored: zipfile.ZipFile, again: zipfile.ZipFile) -> bool:
    if stored.namelist() != again.namelist():
        return False
    return all(_near_texts(stored.read(name), again.read(name)) for name in again.namelist())


def _near_texts(stored: bytes, again: bytes) -> bool:
    if NUMBER.sub(b"0", stored) != NUMBER.sub(b"0", again):
        return False
    pairs = zip(NUMBER.findall(stored), NUMBER.findall(again), strict=True)
    return all(one == other or _near(float(one), float(other)) for one, other in pairs)


def _near(one: float, other: float) -> bool:
    return abs(one - other) <= max(PART * max(abs(one), abs(other)), CRUMB)


def _without_digests(data: bytes) -> Any:
    # The description names size and digest of every file; those of files that are only near are others.
    return json.loads(data, object_hook=lambda item: {k: v for k, v in item.items() if k not in {"hash", "bytes"}})
