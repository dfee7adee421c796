"""The record of a market's own baseline, kept from start to start."""

from datetime import date

import polars as pl
import streamlit as st

from shareshift.basics.kept import Frames, kept_frames
from shareshift.market.market import Market
from shareshift.market.parameters import DEFAULT_DRAWS
from shareshift.results.record.score import Score
from shareshift.ui.shell.cache import SEED


@st.cache_resource(show_spinner=False, max_entries=4)
def record_of(_market: Market, digest: str, as_of: date, today: date) -> Score:
    """Return how the baseline did on everything that had come by a day."""

    def compute() -> Frames:
        from shareshift.results.projection import project
        from shareshift.results.record.score import score_run

        found = score_run(project(_market, draws=DEFAULT_DRAWS, seed=SEED), today)
        silent = pl.DataFrame({"vendor_id": found.silent}, schema={"vendor_id": pl.String})
        return found.tables | {"silent": silent}

    frames = kept_frames(("record", digest, str(as_of), str(today)), compute)
    return Score(
        rows=frames["score"],
        summary=frames["score_summary"],
        exits=frames["score_exits"],
        unscored=frames["not_scored"],
        silent=tuple(frames["silent"]["vendor_id"]),
    )
