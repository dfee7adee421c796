"""Which row of several counts: the one the model runs on."""

from collections.abc import Iterator
from datetime import date

import polars as pl

from shareshift.basics.errors import Fault
from shareshift.market.rules.cells import each


def current_rows(frame: pl.DataFrame, keys: list[str], as_of: date) -> pl.DataFrame:
    """Return per key the row the model runs on: used, known by `as_of`, latest known first."""
    known = frame.filter(pl.col("used") & (pl.col("known_from") <= as_of))
    return known.sort("known_from", maintain_order=True).unique(keys, keep="last", maintain_order=True).sort(keys)


def one_current_row(table: str, frame: pl.DataFrame, keys: list[str]) -> Iterator[Fault]:
    """Two used rows that became known on one day leave it open which one counts."""
    tied = frame.filter(pl.col("used") & pl.struct(*keys, "known_from", "used").is_duplicated())
    rule = "is yes for two rows of the same key that became known on the same day"
    yield from each(table, tied, "used", rule, "Use one of them")
