"""A market: a folder of tables, read, checked as a whole, and frozen."""

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any

import polars as pl

from shareshift.basics.errors import DataError, Fault
from shareshift.basics.vocabulary import RESERVED
from shareshift.market.config import CONFIG, read_config
from shareshift.market.defaults import todays_row
from shareshift.market.event_kinds import USED_KINDS
from shareshift.market.parameter_records import PARAMETERS
from shareshift.market.parameters import Parameter
from shareshift.market.reading import read_table
from shareshift.market.rules.all_rules import check_rules
from shareshift.market.rules.cells import Setting
from shareshift.market.rules.current import current_rows
from shareshift.market.trends import REFERENCE_SHARE, Trend, growth_spread, vendor_trends

TABLES = ("sources", "vendors", "customers", "spend", "revenues", "claims", "events", "outcomes", "parameters")
OPTIONAL_TABLES = ("diversion", "serves")


@dataclass(frozen=True, kw_only=True)
class Market:
    """The tables of one market, checked; `as_of` says up to when evidence counts."""

    market_id: str
    title: str
    incumbent: str
    owner: str | None
    event: str
    event_date: date
    as_of: date
    horizon_months: int
    currency: str
    note: str
    new_lines_in_market: bool = False
    closes_on: date | None = None
    tables: Mapping[str, pl.DataFrame] = field(repr=False)

    def known_by(self, as_of: date) -> "Market":
        """Return the same market with evidence up to another date.

        Raises `DataError` when a vendor or customer had no figure by then.
        """
        setting = Setting(incumbent=self.incumbent, owner=self.owner, as_of=as_of)
        lined = {name: frame.with_row_index("line", 2) for name, frame in self.tables.items()}
        if faults := check_rules(lined, setting):
            raise DataError(faults)
        return replace(self, as_of=as_of)

    def current(self, table: str, keys: list[str]) -> pl.DataFrame:
        """Return the rows of a table the model runs on, one per key, as known by `as_of`."""
        return current_rows(self.tables[table], keys, self.as_of)

    def events(self, kind: str) -> pl.DataFrame:
        """Return the events of a kind the model runs on, one per vendor or customer, as known by `as_of`."""
        of_kind = self.tables["events"].filter(pl.col("kind") == kind)
        return current_rows(of_kind, [USED_KINDS[kind].subject], self.as_of)

    @cached_property
    def digest(self) -> str:
        """A hash of what the market says and of the date up to which evidence counts.

        Line ends, quoting and the order of columns do not matter.
        """
        words = {
            item.name: getattr(self, item.name) for item in fields(self) if item.name not in {"tables", "market_id"}
        }
        sha = hashlib.sha256(json.dumps(words, sort_keys=True, default=str).encode())
        for name, frame in sorted(self.tables.items()):
            sha.update(name.encode())
            sha.update(frame.select(sorted(frame.columns)).write_csv().encode())
        return sha.hexdigest()

    @cached_property
    def parameters(self) -> Mapping[str, Parameter]:
        """The sliders by id, in the order of the table.

        Where the market gives no number of its own for the spread of vendors' own growth, the default is moved by what
        its dated amounts say.
        """
        rows = map(Parameter.from_row, self.tables["parameters"].iter_rows(named=True))
        found = {parameter.parameter_id: parameter for parameter in rows}
        spread = found["growth_spread"]
        if spread.range == Parameter.from_row(PARAMETERS["growth_spread"].row("growth_spread")).range:
            market, size = math.log1p(found["growth"].range.central), found["growth_size"].range.central
            sizes = {row["vendor_id"]: row["central_usd_per_year"] for row in self._sizes.iter_rows(named=True)}
            total = sum(sizes.values())
            trends = {
                vendor: (trend, max(sizes[vendor] / total / REFERENCE_SHARE, 1e-6))
                for vendor, trend in self.trends.items()
                if sizes.get(vendor, 0) > 0
            }
            found["growth_spread"] = replace(spread, range=growth_spread(spread.range, size, trends, market))
        return MappingProxyType(found)

    @cached_property
    def _sizes(self) -> pl.DataFrame:
        return self.current("revenues", ["vendor_id"])

    @cached_property
    def trends(self) -> Mapping[str, Trend]:
        """How fast each vendor with dated amounts grew, as known by `as_of`."""
        return vendor_trends(self.tables["revenues"], self.as_of)

    @cached_property
    def pools(self) -> frozenset[str]:
        """The vendors that stand for several firms, and so are none that could be the largest."""
        vendors = self.tables["vendors"].filter(pl.col("firms").fill_null("1") != "1")
        return frozenset(vendors["vendor_id"])

    @cached_property
    def names(self) -> Mapping[str, str]:
        """What readers call each vendor, customer and reserved destination."""
        vendors = dict(self.tables["vendors"].select("vendor_id", "name").iter_rows())
        customers = dict(self.tables["customers"].select("customer_id", "name").iter_rows())
        return MappingProxyType(RESERVED | customers | vendors)


def read_market(path: Path | str) -> Market:
    """Read and check a market's folder: `market.toml` and one CSV file per table.

    A table of `OPTIONAL_TABLES` without a file is left out. Raises `DataError` with every fault of every table and of
    the rules between them.
    """
    # Pandera takes most of the import time; nothing that merely handles a market needs it.
    from shareshift.market.checking import check_table, optional_columns, table_columns

    folder = Path(path)
    if not folder.is_dir():
        rule = "is no folder"
        raise DataError([Fault(file=str(path), rule=rule, remedy="Name a folder with market.toml and the tables")])
    config, faults = read_config(folder / "market.toml")
    lined: dict[str, pl.DataFrame] = {}
    unread: set[tuple[str, int | None]] = set()
    blind = False
    for name in table_names(folder):
        columns = table_columns(name)
        frame, cell_faults = read_table(folder / f"{name}.csv", columns, optional_columns(name))
        whole_file = any(fault.is_whole or fault.column is None for fault in cell_faults)
        unread |= {(fault.file, fault.row) for fault in cell_faults}
        blind |= whole_file or any(_joins(fault.column, columns) for fault in cell_faults)
        rule_faults = [] if whole_file else check_table(name, frame)
        # A cell that could not be read is null by now; its own fault says more than "is empty".
        own = {(fault.row, fault.column) for fault in cell_faults}
        faults += [*cell_faults, *(fault for fault in rule_faults if (fault.row, fault.column) not in own)]
        lined[name] = frame
    # A key, date or yes that could not be read makes rows unknown to others; what would follow is no fault of theirs.
    if not blind and not any(fault.is_whole for fault in faults):
        setting = Setting(incumbent=config["incumbent"], owner=config.get("owner"), as_of=config["as_of"])
        faults += [fault for fault in check_rules(lined, setting) if (fault.file, fault.row) not in unread]
    if faults:
        raise DataError(faults)
    return freeze_market(folder, config, {name: frame.drop("line") for name, frame in lined.items()})


def _joins(column: str | None, columns: Mapping[str, pl.DataType]) -> bool:
    """Tell whether other rows hang on a column: a key, a date, or whether the row counts."""
    name = column or ""
    return columns.get(name) == pl.Date() or name.endswith("_id") or name in {"used", "is_remainder"}


def table_names(folder: Path) -> tuple[str, ...]:
    """Return the tables of a market's folder: those every market has, and the optional ones that are there."""
    return (*TABLES, *(name for name in OPTIONAL_TABLES if (folder / f"{name}.csv").exists()))


def freeze_market(folder: Path, config: Mapping[str, Any], tables: Mapping[str, pl.DataFrame]) -> Market:
    """Return the market of a folder from what its files say, already checked.

    A parameter without a row has the default of its record, as a row that says so; so has one whose row is an
    assumption that only repeats an earlier default.
    """
    given = tables["parameters"]
    rows = [todays_row(row) for row in given.iter_rows(named=True)]
    rows += [PARAMETERS[name].row(name) for name in PARAMETERS if name not in given["parameter_id"]]
    tables = {**tables, "parameters": pl.DataFrame(rows, schema=given.schema)}
    return Market(
        market_id=folder.resolve().name,
        owner=config.get("owner"),
        new_lines_in_market=config.get("new_lines_in_market", False),
        closes_on=config.get("closes_on"),
        tables=MappingProxyType(dict(tables)),
        **{key: config[key] for key in CONFIG},
    )
