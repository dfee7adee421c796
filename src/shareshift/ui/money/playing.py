"""Play through the months: the picture grows month by month, until its end or until the reader stops it."""

import time
from collections.abc import Sequence
from datetime import date

import streamlit as st
from streamlit.errors import StreamlitAPIException

PLAYING, NEXT = "playing", "playing-next"
# Seconds that every month stands at least.
PACE = 0.25


def take_month(key: str) -> None:
    """Put the slider of the months where playing has come to; call it before the slider."""
    if NEXT in st.session_state:
        st.session_state[key] = st.session_state.pop(NEXT)


def ask_play(key: str, months: Sequence[date]) -> None:
    """Ask whether to play, or to stop."""
    playing = PLAYING in st.session_state
    st.button(
        "Stop" if playing else "Play",
        key="play",
        icon=":material/stop:" if playing else ":material/play_arrow:",
        type="tertiary",
        disabled=len(months) < 2,
        on_click=_toggle,
        args=(key, months),
    )


def go_on(months: Sequence[date], month: date) -> None:
    """Go to the next month where the reader plays; call it when everything of this month is drawn."""
    if PLAYING not in st.session_state:
        return
    if month == months[-1]:
        del st.session_state[PLAYING]
    else:
        time.sleep(PACE)
        st.session_state[NEXT] = months[months.index(month) + 1]
    try:
        st.rerun(scope="fragment")
    except StreamlitAPIException:
        # The whole page has just been drawn, and not the fragment alone.
        st.rerun()


def _toggle(key: str, months: Sequence[date]) -> None:
    if st.session_state.pop(PLAYING, None) is None:
        st.session_state[PLAYING] = True
        st.session_state[key] = months[0]
    st.session_state.pop(NEXT, None)
