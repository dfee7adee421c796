"""Which row of which table an uncertain input rests on, and on which source."""

from dataclasses import dataclass

import polars as pl

from shareshift.market.market import Market
from shareshift.market.second_choices import EVERYBODY, second_choice_rows
from shareshift.model.keys import InputKey

# Inputs whose number is an event of a kind.
EVENTS = {"slack": "slack", "capacity_growth": "capacity_growth", "exit": "exit_probability", "exits": "stance"}
ROW_IDS = {"parameters": "parameter_id", "revenues": "revenue_id", "spend": "spend_id", "events": "event_id"}
WORST = "F6"


@dataclass(frozen=True, kw_only=True)
class RowBehind:
    """A row of a table, its grade, who published its source, and whether it is an assumption of ours."""

    table: str
    row_id: str
    source_id: str
    source: str
    locator: str | None
    grade: str
    assumed: bool


def row_behind(market: Market, key: InputKey) -> RowBehind | None:
    """Return the row that an input rests on, as known by the market's date; None where no table can have one."""
    found = _row(market, key)
    if found is None or found[1].is_empty():
        return None
    table, rows = found
    row = rows.row(0, named=True)
    sources = market.tables["sources"].filter(source_id=row["source_id"])
    source = sources.row(0, named=True) if sources.height else {}
    return RowBehind(
        table=table,
        row_id=row[ROW_IDS.get(table, "diversion_id")],
        source_id=row["source_id"],
        source=source.get("publisher") or row["source_id"],
        locator=source.get("locator"),
        grade=row["grade"] or WORST,
        assumed="assumption" in {row["source_id"], row.get("basis")},
    )


def _row(market: Market, key: InputKey) -> tuple[str, pl.DataFrame] | None:
    kind, customer, vendor = key
    if kind in {"incumbent_revenue", "revenue"}:
        rows = market.current("revenues", ["vendor_id"])
        return "revenues", rows.filter(vendor_id=vendor or market.incumbent)
    if kind in {"spend", "wallet"}:
        rows = market.current("spend", ["customer_id", "vendor_id"])
        return "spend", rows.filter(customer_id=customer, vendor_id=vendor or market.incumbent)
    if kind in EVENTS and (customer or vendor):
        rows = market.events(EVENTS[kind])
        return "events", rows.filter(customer_id=customer) if customer else rows.filter(vendor_id=vendor)
    if kind == "diversion":
        second = second_choice_rows(market)
        whose = customer or EVERYBODY
        return None if second is None else ("diversion", second.filter(customer_id=whose, vendor_id=vendor))
    if kind in market.parameters and not vendor:
        return "parameters", market.tables["parameters"].filter(parameter_id=kind)
    return None


def weakness(grade: str) -> float:
    """Return how little a row can be relied on: 0 for A1, 1 for F6, steps of letter and digit counting alike."""
    return ("ABCDEF".index(grade[0]) + int(grade[1]) - 1) / 10
