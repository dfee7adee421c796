"""The projection table and the downloads; a file is made when its button is pressed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

import polars as pl
import streamlit as st

from shareshift.export import write_csv
from shareshift.market import Market
from shareshift.scenario import Scenario
from shareshift.ui.blocks import show_download, show_finding, show_table
from shareshift.ui.cache import run_projection

if TYPE_CHECKING:
    from shareshift.projection import Projection

TABLES = ("summary", "projection", "gains", "displacement", "flows", "shares", "concentration")
COLUMNS = {
    "revenue_usd": "Revenue",
    "no_event_revenue_usd": "Without the event",
    "displaced_gain_usd": "Displaced money",
    "other_gain_usd": "Other gain",
}


@dataclass(kw_only=True)
class Current:
    """What the page shows now, for files that are made later."""

    scenario: Scenario = field(default_factory=Scenario)
    month: date | None = None


def show_projection(market: Market, scenario: Scenario) -> None:
    """Show the projection of one vendor or of all, month by month, when the reader opens it."""
    place = st.expander("The projection, month by month", key="projection-table", on_change="rerun")
    if not place.open:
        return
    with place:
        every = "All vendors"
        ids = [every, *market.tables["vendors"]["vendor_id"]]
        vendor = st.selectbox("Vendor", ids, format_func=lambda key: market.names.get(key, key), key="vendor")
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
    """Show a button per file of the scenario on the page."""
    show_finding("Take the numbers with you", "CSV as UTF-8, ISO dates, units in the headers; text made safe.")
    with st.container(horizontal=True, key="downloads"):
        for name in TABLES:
            show_download(f"{name}.csv", _table(market, current, name))
        show_download("ribbons.csv", _of_run(market, current, _ribbons(current)))
        show_download("incumbent.csv", _of_run(market, current, _incumbent))
        show_download("scenario.toml", lambda: current.scenario.to_toml().encode())


def _table(market: Market, current: Current, name: str) -> Callable[[], bytes]:
    return _of_run(market, current, lambda run: getattr(run, name))


def _of_run(market: Market, current: Current, frame: Callable[[Projection], pl.DataFrame]) -> Callable[[], bytes]:
    return lambda: write_csv(frame(run_projection(market, current.scenario)))


def _ribbons(current: Current) -> Callable[[Projection], pl.DataFrame]:
    return lambda run: run.flows_to_date(current.month or run.months[-1])


def _incumbent(run: Projection) -> pl.DataFrame:
    return run.projection.filter(pl.col("vendor_id") == run.market.incumbent)
