"""Frames made of rows: which kind of cell each column holds, and what a cell shows of a number."""

from collections.abc import Iterable, Mapping
from datetime import date

import numpy as np
import polars as pl

from shareshift.basics.arrays import Floats
from shareshift.results.counting.statistics import STATISTICS

Schema = dict[str, pl.DataType]


def texts(*names: str) -> Schema:
    """Return columns of text."""
    return dict.fromkeys(names, pl.String())


def numbers(*names: str) -> Schema:
    """Return columns of numbers."""
    return dict.fromkeys(names, pl.Float64())


def days(*names: str) -> Schema:
    """Return columns of days."""
    return dict.fromkeys(names, pl.Date())


def flags(*names: str) -> Schema:
    """Return columns of yes and no."""
    return dict.fromkeys(names, pl.Boolean())


def headed(frame: pl.DataFrame, **constants: str | date) -> pl.DataFrame:
    """Return a frame with columns before it that say the same in every row."""
    return frame.select(*(pl.lit(value).alias(name) for name, value in constants.items()), pl.all())


def cells(statistics: Mapping[str, Floats], words: str, names: Iterable[str] = STATISTICS) -> dict[str, float | None]:
    """Return some statistics of one number as cells; `words` such as `{}_value` names their columns."""
    return {words.format(name): number(statistics[name]) for name in names}


def columns(statistics: Mapping[str, Floats], words: str) -> dict[str, pl.Series]:
    """Return every statistic of several numbers as a column; `words` such as `{}_value` names it."""
    return {words.format(name): pl.Series(statistics[name], nan_to_null=True) for name in STATISTICS}


def number(value: float | Floats) -> float | None:
    """Return a number as a cell, NaN as an empty one."""
    return None if np.isnan(value) else float(value)


def finite(value: float) -> float | None:
    """Return a number as a cell, an open end as an empty one."""
    return value if np.isfinite(value) else None
