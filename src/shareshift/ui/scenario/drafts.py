"""Drafts from other tabs and visits: to go on with, or to discard."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import streamlit as st

from shareshift.basics.errors import ShareshiftError
from shareshift.market.market import Market
from shareshift.scenario.scenario import Scenario
from shareshift.store.records import MOST_DAYS, MOST_DRAFTS
from shareshift.ui.saved.draft import Draft, restored, show_anew
from shareshift.ui.saved.opening import the_store
from shareshift.ui.saved.owner import this_owner
from shareshift.ui.scenario.sliders import place_sliders
from shareshift.ui.scenario.steps import moment_words
from shareshift.ui.shell.words import html

if TYPE_CHECKING:
    from shareshift.store.records import DraftLine


SHOWN_DRAFTS = 12


def show_drafts(draft: Draft, market: Market, presets: Mapping[str, Scenario], kept: list[DraftLine]) -> None:
    """Show the drafts that were kept, the newest first, each with a way to go on and one to discard."""
    if not kept:
        return
    place = st.expander(f"Drafts from other tabs and visits ({len(kept)})", key="drafts", on_change="rerun")
    if not place.open:
        return
    with place:
        for one in kept[:SHOWN_DRAFTS]:
            with st.container(horizontal=True, vertical_alignment="center", key=f"draft-{one.draft_id}"):
                st.html(f"<p>{html(one.title)} <small>{html(moment_words(one.saved_at))}</small></p>")
                st.button("Go on with it", key=f"take-{one.draft_id}", type="tertiary", on_click=_take_draft,
                          args=(draft, market, presets, one))  # fmt: skip
                st.button("Discard", key=f"drop-{one.draft_id}", type="tertiary", on_click=_drop_draft,
                          args=(draft, one))  # fmt: skip
        if len(kept) > SHOWN_DRAFTS:
            st.caption(f"… and {len(kept) - SHOWN_DRAFTS} older ones; discard some to see them.")
        st.caption(f"The newest {MOST_DRAFTS} drafts are kept, each for {MOST_DAYS} days after its last change.")


def _take_draft(draft: Draft, market: Market, presets: Mapping[str, Scenario], one: DraftLine) -> None:
    try:
        found = restored(the_store().draft(one.owner, one.draft_id), market, presets)
    except ShareshiftError as error:
        draft.told = str(error)
        return
    if found is None:
        draft.told = f"The draft “{one.title}” holds nothing that the tables of today allow."
        return
    # What this tab worked on until now stays among the kept drafts.
    draft.history, draft.slot, draft.refused = found.history, found.slot, found.refused
    show_anew(draft)
    place_sliders(draft, market)


def _drop_draft(draft: Draft, one: DraftLine) -> None:
    def drop() -> str:
        the_store().drop_draft(this_owner().name, one.draft_id)
        return f"The draft “{one.title}” was discarded."

    tried(draft, drop)


def tried(draft: Draft, act: Callable[[], str]) -> None:
    """Do what the reader asked for, and remember what came of it or why it could not be done."""
    try:
        draft.told = act()
    except ShareshiftError as error:
        draft.told = str(error)
