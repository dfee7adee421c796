"""The projection table and the downloads; a file is made when its button is pressed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl
import streamlit as st

from shareshift.basics.errors import DataError, Fault
from shareshift.export import write_csv, write_european_csv, write_parquet
from shareshift.market.market import Market
from shareshift.market.parameters import DEFAULT_DRAWS
from shareshift.scenario.scenario import Scenario
from shareshift.ui.shell.blocks import show_download, show_finding, show_table
from shareshift.ui.shell.cache import SEED, market_folder, run_projection
from shareshift.ui.shell.words import told_apart

# Every table by the name of its file, in the words of readers.
TABLES = {
    "summary": "Headline figures",
    "projection": "Revenue per vendor and month",
    "gains": "Gains per vendor, all months",
    "shares": "Shares of the market by month",
    "flows": "Flows from customer to destination, by month",
    "ribbons": "Flows through the month of the picture",
    "displacement": "Displaced money per customer and month",
    "incumbent": "The incumbent’s months",
    "concentration": "Concentration by month",
    "capacity": "Who hits capacity, from when, and why",
    "spill": "Where unmet demand goes",
}
COLUMNS = {
    "revenue_usd": "Revenue",
    "no_event_revenue_usd": "Without the event",
    "own_growth_gain_usd": "Own growth",
    "displaced_gain_usd": "Displaced money",
    "other_gain_usd": "Other gain",
}


@dataclass(frozen=True, kw_only=True)
class Current:
    """What the page shows now, for files that are made later."""

    scenario: Scenario
    month: date


def show_projection(market: Market, scenario: Scenario) -> None:
    """Show the projection of one vendor or of all, month by month, when the reader opens it."""
    place = st.expander("The projection, month by month", key="projection-table", on_change="rerun")
    if not place.open:
        return
    with place:
        every = "All vendors"
        ids = [every, *market.tables["vendors"]["vendor_id"]]
        names = told_apart({key: market.names.get(key, key) for key in ids})
        vendor = st.selectbox("Vendor", ids, format_func=names.__getitem__, key="vendor", persist_state="session")
        rows = run_projection(market, scenario).projection
        rows = rows if vendor == every else rows.filter(pl.col("vendor_id") == vendor)
        show_table(_readable(rows, market))
        show_download("projection-shown.csv", lambda: write_csv(rows), "CSV of these rows")


def _readable(rows: pl.DataFrame, market: Market) -> pl.DataFrame:
    names = rows["vendor_id"].replace_strict(dict(market.names), default=rows["vendor_id"], return_dtype=pl.String)
    ends = ("mean", "p5", "p95")
    numbers = [
        pl.col(f"{end}_{column}").alias(f"{words}, {end.upper() if end != 'mean' else end} USD")
        for column, words in COLUMNS.items()
        for end in (ends if column == "revenue_usd" else ends[:1])
    ]
    return rows.select(names.alias("Vendor"), pl.col("month").alias("Month"), *numbers)


def show_downloads(market: Market, current: Current) -> None:
    """Offer everything of the scenario on the page as one file, and each table in the format a reader picks."""
    show_finding(
        "Download",
        "Everything in one file: inputs, scenario, every table, the pictures, and a report that opens offline. "
        "“shareshift reproduce” recomputes it and says whether every byte agrees.",
    )
    with st.container(horizontal=True, key="downloads", vertical_alignment="center"):
        show_download("everything.zip", lambda: bundle_of(market, current.scenario), "Everything (ZIP)")
        show_download("scenario.toml", lambda: current.scenario.to_toml().encode(), "The scenario (TOML)")
    show_table_files(TABLES, lambda name: frame_of(market, current, name))


@st.fragment
def show_table_files(tables: Mapping[str, str], make: Callable[[str], pl.DataFrame]) -> None:
    """Offer one of the tables, which stand there as file names and words, in one of the formats."""
    pick, form, press = st.columns([2.4, 1, 2], vertical_alignment="bottom")
    name = pick.selectbox("One table", list(tables), format_func=tables.__getitem__, key="file-table")
    kind = form.selectbox("Format", list(FORMATS), key="file-format")
    with press:
        ending, write = FORMATS[kind]
        file = f"{name}{ending}"
        show_download(file, lambda: write(name, make(name)), f"Download {file}")


def bundle_of(market: Market, scenario: Scenario) -> bytes:
    """Return the bundle of a scenario; raises `DataError` when the market's files changed while the page was open."""
    from shareshift.export.bundle.archive import write_archive
    from shareshift.export.bundle.contents import bundle_files
    from shareshift.export.bundle.inputs import Order, market_of, read_inputs

    inputs = read_inputs(market_folder())
    found = market_of(inputs, market.as_of)
    if found.digest != market.digest:
        rule = "has changed since this page was opened"
        raise DataError([Fault(file=str(market_folder()), rule=rule, remedy="Reload the page, then press again")])
    order = Order(inputs=inputs, market=found, scenario=scenario, draws=DEFAULT_DRAWS, seed=SEED)
    return write_archive(bundle_files(order))


def _xlsx(name: str, frame: pl.DataFrame) -> bytes:
    from shareshift.export.workbook import write_xlsx

    return write_xlsx({name: frame}, title=name)


# In the words of readers: how the name of a file ends, and what writes it.
FORMATS: Mapping[str, tuple[str, Callable[[str, pl.DataFrame], bytes]]] = {
    "CSV": (".csv", lambda _, frame: write_csv(frame)),
    "CSV, decimal comma": (".european.csv", lambda _, frame: write_european_csv(frame)),
    "XLSX": (".xlsx", _xlsx),
    "Parquet": (".parquet", lambda _, frame: write_parquet(frame)),
}


def frame_of(market: Market, current: Current, name: str) -> pl.DataFrame:
    """Return one of `TABLES`, of the scenario on the page."""
    run = run_projection(market, current.scenario)
    if name == "ribbons":
        return run.flows_to_date(current.month)
    if name == "incumbent":
        return run.projection.filter(pl.col("vendor_id") == market.incumbent)
    return run.tables[name]
