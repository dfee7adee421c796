"""Which figure the reader asks about; the address says it too."""

from importlib.resources import files

import streamlit as st

from shareshift.market.market import Market
from shareshift.results.drivers.figures import figures_of, result_label
from shareshift.scenario.address import FIGURE
from shareshift.ui.shell.words import told_apart

FIRST = "displaced"
KEY = "drivers-figure"


def show_drivers_style() -> None:
    """Put the typography of this page on the page."""
    st.html(f"<style>{files('shareshift.ui.drivers').joinpath('drivers.css').read_text()}</style>")


def ask_figure(market: Market) -> str:
    """Return the figure to ask about: what the reader chose, else what the address names, else what is displaced."""
    figures = figures_of(market)
    named = st.query_params.get(FIGURE, "")
    if KEY not in st.session_state:
        st.session_state[KEY] = named if named in figures else FIRST
    labels = told_apart({figure: result_label(market, figure) for figure in figures})
    picked: str = st.selectbox(
        "What decides", figures, key=KEY, format_func=labels.__getitem__,
        persist_state="session",
    )  # fmt: skip
    if named and named not in figures and picked == FIRST:
        st.caption("The address names a figure that this market does not have; choose one here.")
    elif picked != (named or FIRST):
        st.query_params[FIGURE] = picked
    return picked
