"""The section “Who hits capacity?”: capacity explained, when a reader asks for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import polars as pl
import streamlit as st

from shareshift.charts.block import INSIDE, ChartBlock
from shareshift.charts.look import Look
from shareshift.charts.spill import draw_spill, ranked_capacity, spill_data, spill_height
from shareshift.export import write_csv
from shareshift.market.market import Market
from shareshift.scenario.scenario import Scenario
from shareshift.ui.money.capacity_sentences import limit_words, rooms_finding, rooms_note, worth_sentence
from shareshift.ui.shell.blocks import show_chart, show_download, show_finding, show_table
from shareshift.ui.shell.cache import Key, session_draws
from shareshift.ui.shell.specs import spec_of
from shareshift.ui.shell.words import plain

# The page opens before the engine is imported.
if TYPE_CHECKING:
    from shareshift.model.draws.streams import Draws

OFF = "Capacity is switched off in this scenario: everybody wins all the demand there is for them."


@dataclass(frozen=True, kw_only=True)
class Rooms:
    """The two tables of capacity of one scenario, and the last month of its run."""

    capacity: pl.DataFrame
    spill: pl.DataFrame
    last: date


def show_rooms(market: Market, scenario: Scenario, look: Look, source: str) -> None:
    """Show who is full, from when and why, and where refused money goes, when the reader opens it."""
    place = st.expander("Who hits capacity?", key="rooms", on_change="rerun")
    if not place.open:
        return
    with place:
        if not scenario.capacity:
            show_finding("Nobody hits capacity", OFF)
            return
        found = rooms_of(market, scenario)
        if ranked_capacity(found.capacity).is_empty():
            show_finding(
                rooms_finding(found.capacity, look.names),
                rooms_note(found.capacity, found.spill, look.names, look.incumbent),
            )
        else:
            show_chart(rooms_block(found, look, source, market.digest))
        if worth := worth_sentence(found.capacity, look.names, found.last):
            st.caption(plain(worth))
        show_table(rooms_table(found.capacity, look))
        show_download("capacity.csv", lambda: write_csv(found.capacity), "CSV of who hits capacity, and why")


def rooms_of(market: Market, scenario: Scenario) -> Rooms:
    """Return the tables of capacity for a scenario, run when they are first asked for."""
    held = session_draws()
    return _rooms(market, scenario, held, (market.digest, market.as_of, scenario.key, held.count, held.seed))


@st.cache_resource(show_spinner=False, max_entries=16)
def _rooms(_market: Market, _scenario: Scenario, _held: Draws, key: Key) -> Rooms:  # noqa: ARG001
    from shareshift.results.projection import project

    run = project(_market, _scenario, _held.count, _held.seed, held=_held)
    return Rooms(capacity=run.capacity, spill=run.spill, last=run.months[-1])


def rooms_block(found: Rooms, look: Look, source: str, digest: str) -> ChartBlock:
    """Return the picture of where refused money goes, of those who turn most away."""
    spill = found.spill
    table = spill.lazy().select(
        look.named(spill["option_id"]).alias("Refused by"),
        look.named(spill["destination_id"]).alias("Goes to"),
        *(pl.col(f"{end}_spill_usd").alias(f"{end.capitalize()} USD") for end in ("mean", "p5", "p95")),
    )
    note = rooms_note(found.capacity, spill, look.names, look.incumbent)
    return ChartBlock(
        name="spill",
        finding=rooms_finding(found.capacity, look.names),
        note=f"{note} The chart shows where unmet demand goes. Dot = mean. {INSIDE}",
        spec=spec_of(draw_spill, look, digest, spill_height(found.capacity, spill)),
        data=spill_data(found.capacity, spill, look),
        frame=spill,
        table=table.sort("Mean USD", descending=True),
        source=source,
    )


def rooms_table(capacity: pl.DataFrame, look: Look) -> pl.DataFrame:
    """Return who is full in how many draws, from when and why, and what more would bring, in words."""
    ranked = capacity.sort("mean_first_turned_away_usd", descending=True, maintain_order=True)
    return ranked.select(
        look.named(ranked["option_id"]).alias("Who"),
        pl.col("mean_ever_full").alias("Simulations at capacity, share"),
        pl.col("mean_full_months").alias("Months at capacity, share"),
        *(
            pl.col(f"{end}_first_full").dt.strftime("%b %Y").fill_null("").alias(f"First at capacity, {end.upper()}")
            for end in ("p5", "p50", "p95")
        ),
        pl.Series("Usual limit", [limit_words(limit) for limit in ranked["limit"]], dtype=pl.String),
        pl.col("mean_first_turned_away_usd").alias("Unmet demand, mean USD"),
        pl.col("p95_first_turned_away_usd").alias("Unmet demand, P95 USD"),
        pl.col("mean_room_used").alias("Capacity used, share"),
        pl.col("mean_worth_usd").round(3).alias("Value of 1 USD more capacity a month, USD"),
    )
