"""The date up to which evidence counts: asked for, and kept in the address."""

from datetime import date

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from shareshift.basics.errors import ShareshiftError
from shareshift.basics.formats import cut, day_words
from shareshift.market.known import as_known_on, known_dates
from shareshift.market.market import Market
from shareshift.scenario.address import AS_OF
from shareshift.ui.shell.blocks import show_fault, show_warning
from shareshift.ui.shell.naming import date_files

STATE, SEEN, REFUSED = "as-of", "as-of-seen", "as-of-refused"


def follow_date(market: Market) -> None:
    """Take over the date of the address where it is new; call it where a page opens, outside its fragment."""
    text, days = st.query_params.get(AS_OF), days_of(market, market.digest)
    st.session_state.setdefault(STATE, market.as_of)
    if st.session_state[STATE] not in days:
        st.session_state[STATE] = market.as_of
    if text is None or text == st.session_state.get(SEEN):
        return
    st.session_state[SEEN] = text
    found, refused = read_date(text, days)
    st.session_state[REFUSED] = refused
    if found is not None:
        st.session_state[STATE] = found


def read_date(text: str, days: list[date]) -> tuple[date | None, str]:
    """Return the date of an address among those that can be shown, and what there is to say about it."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None, f"{AS_OF}={cut(text)} is no date. Write it as {AS_OF}={days[-1]}."
    if day < days[0]:
        return None, (
            f"On {day_words(day)} not all figures were known that a projection takes. The first date is "
            f"{day_words(days[0])}."
        )
    last = max(one for one in days if one <= day)
    said = "" if day == last else f"Nothing became known from {day_words(last)} to {day_words(day)}; it is the same."
    return last, said


def ask_as_of(market: Market, place: DeltaGenerator) -> Market:
    """Ask for the date in `place` and return the market as known on it; the address and names of files say it too."""
    days = days_of(market, market.digest)
    if len(days) < 2:
        return market
    with place:
        day: date = st.select_slider(
            "As known on",
            days,
            format_func=day_words,
            key=STATE,
            persist_state="session",
            help="Only rows that were known by then count. The dates are those on which rows became known.",
        )
        if refused := st.session_state.get(REFUSED):
            show_warning(refused)
    if day == market.as_of:
        st.query_params.pop(AS_OF, None)
    else:
        st.query_params[AS_OF] = str(day)
    st.session_state[SEEN] = st.query_params.get(AS_OF)
    date_files(None if day == market.as_of else day)
    try:
        return dated(market, market.digest, day)
    except ShareshiftError as error:
        show_fault(error)


@st.cache_resource(show_spinner=False, max_entries=4)
def days_of(_market: Market, digest: str) -> list[date]:  # noqa: ARG001
    """Return the dates that a reader can choose."""
    return known_dates(_market)


@st.cache_resource(show_spinner=False, max_entries=16)
def dated(_market: Market, digest: str, day: date) -> Market:  # noqa: ARG001
    """Return the market as known on a day; the market itself on its own."""
    return _market if day == _market.as_of else as_known_on(_market, day)
