"""What a scenario says of itself, and how many months it runs."""

from dataclasses import replace
from typing import Any

import streamlit as st

from shareshift.market.config import MAX_HORIZON_MONTHS
from shareshift.market.market import Market
from shareshift.ui.saved.draft import Draft, change
from shareshift.ui.scenario.words import WORD_LABELS
from shareshift.ui.shell.words import html

REFUSED = "text-refused"
LONGEST = {"title": 200, "author": 200, "source": 400, "note": 4000}
HELP = {
    "title": "Stands in every file and beside every result.",
    "author": "Who is responsible for it.",
    "source": "What it is based on: a source_id of the tables, a document, a conversation.",
    "note": "What it assumes and why.",
}


def ask_texts(draft: Draft, market: Market) -> None:
    """Ask for title, author, source and note, and for how many months the scenario runs."""
    title, author, source, months = st.columns([1.5, 1, 1, 0.8])
    with title:
        _ask_text(draft, "title")
    with author:
        _ask_text(draft, "author")
    with source:
        _ask_text(draft, "source")
    with months:
        _ask_months(draft, market)
    if refused := st.session_state.pop(REFUSED, ""):
        st.html(f'<p class="notice" role="alert" data-testid="text-refused">{html(refused)}</p>')
    _ask_text(draft, "note")


def _ask_months(draft: Draft, market: Market) -> None:
    own = draft.now.scenario.horizon_months
    st.number_input(
        "Months",
        step=1,
        key=_held(draft, "horizon_months", own or market.horizon_months),
        help=f"From 1 to {MAX_HORIZON_MONTHS}; the tables say {market.horizon_months}.",
        on_change=_take_months,
        args=(draft, market),
    )
    if own not in (None, market.horizon_months):
        st.caption(f"**Changed** from {market.horizon_months}")


def _ask_text(draft: Draft, name: str) -> None:
    ask: Any = st.text_area if name == "note" else st.text_input
    more = {"height": 80} if name == "note" else {}
    ask(
        WORD_LABELS[name],
        max_chars=LONGEST[name],
        key=_held(draft, name, getattr(draft.now.scenario, name)),
        help=HELP[name],
        on_change=_take,
        args=(draft, name),
        **more,
    )


def _held(draft: Draft, name: str, value: object) -> str:
    """Return the key of a widget that shows a value of the draft, put there when the draft changed without it."""
    key = f"{name}-{draft.opened}"
    if st.session_state.get(key) != value:
        st.session_state[key] = value
    return key


def _take(draft: Draft, name: str) -> None:
    value = st.session_state[f"{name}-{draft.opened}"]
    if name == "title" and not value.strip():
        # A scenario without a title could not be told from another.
        st.session_state[REFUSED] = "A scenario needs a title; the old one stands."
        return
    changes: dict[str, Any] = {name: value}
    change(draft, WORD_LABELS[name], draft.now.to(replace(draft.now.scenario, **changes)))


def _take_months(draft: Draft, market: Market) -> None:
    value = st.session_state[f"horizon_months-{draft.opened}"]
    if value is not None and not 1 <= value <= MAX_HORIZON_MONTHS:
        st.session_state[REFUSED] = (
            f"Months: {value:,} was not taken over. Give a whole number from 1 to {MAX_HORIZON_MONTHS}."
        )
        return
    months = None if value is None or value == market.horizon_months else int(value)
    if months is None and draft.now.start.horizon_months == market.horizon_months:
        months = market.horizon_months
    change(draft, WORD_LABELS["horizon_months"], draft.now.to(replace(draft.now.scenario, horizon_months=months)))
