"""What a market knew on a date: which rows counted then, and from which dates a projection can be made."""

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import date
from types import MappingProxyType
from typing import Any

import polars as pl

from shareshift.basics.errors import DataError, ScenarioError
from shareshift.basics.formats import money, percent
from shareshift.market.event_kinds import USED_KINDS
from shareshift.market.market import Market
from shareshift.market.second_choices import EVERYBODY
from shareshift.market.trends import MEASURED

# The tables whose dated rows the model runs on: the column that is a row's key, and whom the row is about.
TABLES = {
    "revenues": ("revenue_id", "vendor_id"),
    "spend": ("spend_id", "customer_id"),
    "events": ("event_id", ""),
    "diversion": ("diversion_id", "customer_id"),
}
# What a row counts for: the figure that the model takes, or a point on a vendor's line of growth.
FIGURE, GROWTH = "figure", "growth"
COUNTED = dict.fromkeys(("table", "row_id", "group_id", "counts_as", "what"), pl.String) | {"known_from": pl.Date}


def as_known_on(market: Market, day: date) -> Market:
    """Return the market as known on a day; raises `ScenarioError` where that is too early to project from."""
    try:
        return market.known_by(day)
    except DataError as error:
        first = next(iter(known_dates(market)), None)
        if first is None or day >= first:
            raise
        words = f"{day} is too early to project from; the first date with all figures that it takes is {first}."
        raise ScenarioError(f"{words}\n{error}") from error


def known_dates(market: Market) -> list[date]:
    """Return every date, from the event on, on which a row became known that can count, and the market's own.

    The first is the first on which all figures are there that a projection takes.
    """
    days = {market.as_of, market.event_date}
    for name in TABLES:
        for row in _rows(market, name):
            if row["used"] or _grows(name, row):
                days.add(row["known_from"])
    found = sorted(day for day in days if day >= market.event_date)
    first = next((place for place, day in enumerate(found) if _is_whole(market, day)), len(found))
    return found[first:]


def counted_rows(market: Market) -> pl.DataFrame:
    """Return one row per row of the tables that counts on the market's date, and per thing that it counts for."""
    found = []
    for name, (key, _) in TABLES.items():
        current = {row[key] for row in _current(market, name)}
        for row in _rows(market, name):
            known = row["known_from"] <= market.as_of
            told = (name, row[key], group_of(name, row), _words(market, name, row), row["known_from"])
            for role, counts in ((FIGURE, row[key] in current), (GROWTH, known and _grows(name, row))):
                if counts:
                    found.append((*told[:3], role, *told[3:]))
    return pl.DataFrame(found, schema=COUNTED, orient="row")


def group_of(table: str, row: dict[str, Any]) -> str:
    """Return the group of a row: its table and whom it is about."""
    about = TABLES[table][1] or USED_KINDS[row["kind"]].subject
    return f"{table}:{row[about] or EVERYBODY}"


def known_in_part(market: Market, before: date, groups: Collection[str]) -> Market:
    """Return a market that knows of some groups what its date knows, and of all others only what was known `before`."""
    tables = dict(market.tables)
    for name in TABLES:
        if name in tables:
            keep = [
                row["known_from"] <= before or (_is_model(name, row) and group_of(name, row) in groups)
                for row in tables[name].iter_rows(named=True)
            ]
            tables[name] = tables[name].filter(pl.Series(keep, dtype=pl.Boolean))
    return replace(market, tables=MappingProxyType(tables))


def _rows(market: Market, table: str) -> Iterator[dict[str, Any]]:
    if table in market.tables:
        yield from (row for row in market.tables[table].iter_rows(named=True) if _is_model(table, row))


def _is_model(table: str, row: dict[str, Any]) -> bool:
    return table != "events" or row["kind"] in USED_KINDS


def _grows(table: str, row: dict[str, Any]) -> bool:
    return table == "revenues" and row["basis"] in MEASURED and (row["central_usd_per_year"] or 0) > 0


def _current(market: Market, table: str) -> Iterator[dict[str, Any]]:
    keys = {"revenues": ["vendor_id"], "spend": ["customer_id", "vendor_id"], "diversion": ["customer_id", "vendor_id"]}
    if table == "events":
        for kind in USED_KINDS:
            yield from market.events(kind).iter_rows(named=True)
    elif table in market.tables:
        yield from market.current(table, keys[table]).iter_rows(named=True)


def _is_whole(market: Market, day: date) -> bool:
    try:
        market.known_by(day)
    except DataError:
        return False
    return True


def _words(market: Market, table: str, row: dict[str, Any]) -> str:
    def name(key: str | None) -> str:
        return market.names.get(key, key) if key else "every customer"

    if table == "events":
        return str(row["title"])
    if table == "diversion":
        return f"Second choice of {name(row['customer_id'])}: {name(row['vendor_id'])}, {percent(row['central'])}"
    paid = f"{money(row['central_usd_per_year'])} a year, {str(row['basis']).replace('_', ' ')}"
    who = name(row["vendor_id"])
    return f"{who}: {paid}" if table == "revenues" else f"{name(row['customer_id'])} at {who}: {paid}"
