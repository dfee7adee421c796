"""The shapes that all rules share, and how a fault names its place."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from shareshift.basics.errors import Fault

# Every table carries the file's line of each row in the column `line`.
Tables = dict[str, pl.DataFrame]
# What Polars returns; which kind stands in which column, the schemas have checked.
Row = dict[str, Any]

KEYS = {
    "sources": "source_id",
    "vendors": "vendor_id",
    "customers": "customer_id",
    "spend": "spend_id",
    "revenues": "revenue_id",
    "claims": "claim_id",
    "events": "event_id",
    "outcomes": "outcome_id",
    "parameters": "parameter_id",
    "diversion": "diversion_id",
    "serves": "serves_id",
}


@dataclass(frozen=True, kw_only=True)
class Setting:
    """What of market.toml the rules ask: who is shaken, who owns it, and up to when evidence counts."""

    incumbent: str
    owner: str | None
    as_of: date


def at(table: str, row: Row, column: str, rule: str, remedy: str) -> Fault:
    """Return the fault of one cell."""
    value = None if row[column] is None else plain(row[column])
    return Fault(file=f"{table}.csv", row=row["line"], column=column, value=value, rule=rule, remedy=remedy)


def each(table: str, frame: pl.DataFrame, column: str, rule: str, remedy: str) -> Iterator[Fault]:
    """Yield the same fault of one column for every row of a part of a table."""
    for row in frame.iter_rows(named=True):
        yield at(table, row, column, rule, remedy)


def plain(value: object) -> str:
    """Return a cell as it stands in the file."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) and abs(value) < 1e6 else str(value)
