"""The section “What changed between two dates?”: rows, and what each group of them moves."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import polars as pl
import streamlit as st

from shareshift.basics.formats import day_words
from shareshift.export import write_csv
from shareshift.market.market import Market
from shareshift.results.labels import FIGURES, figure_label
from shareshift.scenario.scenario import Scenario
from shareshift.ui.record.dated import days_of
from shareshift.ui.record.known import ROLES
from shareshift.ui.shell.blocks import show_download, show_finding, show_table
from shareshift.ui.shell.cache import session_draws

if TYPE_CHECKING:
    from shareshift.model.draws.streams import Draws
    from shareshift.results.compare.changed import Changed


def show_changed(market: Market) -> None:
    """Ask for two dates and show what changed between them, when the reader opens it."""
    days = days_of(market, market.digest)
    place = st.expander("What changed between two dates, and which rows did it?", key="changed", on_change="rerun")
    if len(days) < 2 or not place.open:
        return
    with place:
        left, right = st.columns(2)
        own = min(days.index(market.as_of), len(days) - 2)
        before = left.selectbox("From", days[:-1], index=own, format_func=day_words, key="changed-from")
        later = [day for day in days if day > before]
        after = right.selectbox("To", later, index=len(later) - 1, format_func=day_words, key=f"changed-to-{before}")
        with st.spinner("Running the baseline with each group of rows"):
            found = changed_of(market, (before, after))
        show_what_changed(found, market)


def changed_of(market: Market, dates: tuple[date, date]) -> Changed:
    """Return what changed for the baseline, run when it is first asked for."""
    held = session_draws()
    return _changed(market, held, (market.digest, *dates, held.count, held.seed), dates)


@st.cache_resource(show_spinner=False, max_entries=8)
def _changed(_market: Market, _held: Draws, key: tuple[object, ...], _dates: tuple[date, date]) -> Changed:  # noqa: ARG001
    from shareshift.results.compare.changed import what_changed

    return what_changed(_market, Scenario(), _dates, _held)


def show_what_changed(found: Changed, market: Market) -> None:
    """Show the sentence, the effects on one figure, and the rows, with their files."""
    from shareshift.results.compare.changed import changed_sentence

    show_finding(
        changed_sentence(found),
        "Each group of rows alone made known, and alone taken away again, on the same draws of the baseline; what acts "
        "only together stands by itself, and all parts add up.",
    )
    name = market.names[market.incumbent]
    there = [figure for figure in FIGURES if figure in set(found.effects["measure"])]
    picked = st.selectbox(
        "Figure",
        there,
        index=there.index("displaced"),
        format_func=lambda one: figure_label(one, name),
        key="changed-of",
    )
    effects = found.effects.filter(pl.col("measure") == picked)
    unit = effects["unit"][0].replace("_", " ").replace("usd", "USD")
    show_table(
        effects.select(
            pl.col("label").alias("Rows about"),
            pl.col("mean_one_at_a_time").alias(f"Moves it alone, mean {unit}"),
            pl.col("p5_one_at_a_time").alias("P5"),
            pl.col("p95_one_at_a_time").alias("P95"),
            pl.col("mean_put_back").alias(f"Lost without it, mean {unit}"),
        )
    )
    rows = found.rows
    show_table(
        rows.select(
            pl.col("what").alias("Row"),
            pl.col("counts_as").replace_strict(ROLES).alias("Counts as"),
            pl.col("change").alias("Change"),
            pl.col("known_from").alias("Known from"),
        )
    )
    with st.container(horizontal=True):
        show_download("changed_effects.csv", lambda: write_csv(found.effects), "CSV of what each group moves")
        show_download("changed_rows.csv", lambda: write_csv(rows), "CSV of the rows")
