"""The dashboard's look and its pages, in the order of the navigation."""

from pathlib import Path

import streamlit as st

from shareshift.ui.server.warm import await_compiler
from shareshift.ui.shell.blocks import show_style
from shareshift.ui.shell.naming import name_files

# The room of each page, its title, and the last part of its address; the first opens without one.
PAGES = (
    ("money", "Where the money goes", None),
    ("compare", "Compare", "compare"),
    ("drivers", "What matters", "what-matters"),
    ("claims", "Do the claims add up?", "claims"),
    ("scenario", "Scenarios", "scenarios"),
    ("evidence", "Evidence", "evidence"),
    ("record", "Track record", "track-record"),
    ("method", "Method", "method"),
)


def show_dashboard() -> None:
    """Show the page that the reader's address names."""
    here = Path(__file__).parent
    pages = [
        st.Page(here / room / "page.py", title=title, url_path=address, default=address is None)
        for room, title, address in PAGES
    ]
    page = st.navigation(pages, position="top")
    # Tabs and histories of browsers tell pages apart by their titles.
    st.set_page_config(page_title=f"{page.title} · Shareshift", layout="wide", initial_sidebar_state="auto")
    show_style()
    await_compiler()
    name_files()
    page.run()
