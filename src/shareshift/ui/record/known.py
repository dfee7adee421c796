"""The section “What was known, and what came since”, on the date that a reader chose."""

from datetime import date

import polars as pl
import streamlit as st

from shareshift.basics.formats import day_words
from shareshift.export import write_csv
from shareshift.market.known import counted_rows
from shareshift.market.market import Market
from shareshift.ui.record.dated import dated, days_of
from shareshift.ui.shell.blocks import show_download, show_finding, show_table

ROLES = {"figure": "figure of the model", "growth": "point on the line of growth"}


def show_known(market: Market) -> None:
    """Show which rows counted on the market's date, which became known since, and what came, when a reader opens it."""
    place = st.expander("What was known, and what came since", key="known", on_change="rerun")
    if not place.open:
        return
    with place:
        days = days_of(market, market.digest)
        known, later = counted_rows(market), counted_rows(dated(market, market.digest, days[-1]))
        since = later.join(known, on=["table", "row_id", "counts_as"], how="anti")
        came = came_since(market, date.today())
        show_finding(known_words(market, known, since, came), "Rows of revenues, spend, events and second choices.")
        rows = pl.concat([known.with_columns(when=pl.lit("known")), since.with_columns(when=pl.lit("later"))])
        show_table(
            rows.select(
                pl.col("when").alias("Known then, or later"),
                pl.col("what").alias("What"),
                pl.col("counts_as").replace_strict(ROLES).alias("Counts as"),
                pl.col("known_from").alias("Known from"),
            )
        )
        show_download("known.csv", lambda: write_csv(rows), "CSV of these rows")
        if not came.is_empty():
            show_finding("What came", "Published after that date; Track record sets it against what was said.")
            named = {"title": "What", "period_end": "As of", "central": "Came", "known_from": "Known from"}
            show_table(came.select(pl.col(name).alias(words) for name, words in named.items()))


def came_since(market: Market, today: date) -> pl.DataFrame:
    """Return the outcomes with a figure that became known after the market's date."""
    outcomes = market.tables["outcomes"].drop_nulls("central")
    return outcomes.filter(pl.col("known_from").is_between(market.as_of, today, closed="right")).sort("known_from")


def known_words(market: Market, known: pl.DataFrame, since: pl.DataFrame, came: pl.DataFrame) -> str:
    """Return how many rows counted, how many did later, and how many outcomes came."""
    counts = [frame["row_id"].n_unique() for frame in (known, since)]
    return (
        f"On {day_words(market.as_of)} {counts[0]} rows counted; {counts[1]} more came to count later, "
        f"and {came.height} outcomes were published since"
    )
