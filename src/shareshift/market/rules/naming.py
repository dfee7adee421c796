"""The shapes that all rules share, and how a fault names its place."""

from typing import Any

import polars as pl

from shareshift.basics.errors import Fault

Tables = dict[str, pl.DataFrame]
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
}


def at(table: str, row: Row, column: str, rule: str, remedy: str) -> Fault:
    """Return the fault of one cell."""
    value = None if row[column] is None else plain(row[column])
    return Fault(file=f"{table}.csv", row=row["line"], column=column, value=value, rule=rule, remedy=remedy)


def plain(value: object) -> str:
    """Return a cell as it stands in the file."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) and abs(value) < 1e6 else str(value)


def bare(column: str) -> str:
    """Return a column's name without its unit."""
    return column.partition("_")[0]


def unit_words(unit: str | None) -> str:
    """Return a unit in brackets, as words."""
    return f" ({unit.strip('_').replace('_', ' ').replace('usd', 'USD')})" if unit else ""
