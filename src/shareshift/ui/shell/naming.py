"""Names of downloaded files: they begin with the scenario that the file is about, and the date where it was moved."""

import re
from datetime import date

import streamlit as st

ABOUT, DATE = "files-about", "files-date"
LONGEST = 40


def name_files(*titles: str) -> None:
    """Let the files of this run be named after scenarios; none for what is about no scenario."""
    st.session_state[ABOUT] = "-vs-".join(map(slug, titles))
    st.session_state[DATE] = None


def date_files(day: date | None) -> None:
    """Let the files of this run be named after the date up to which evidence counts; none for the market's own."""
    st.session_state[DATE] = day


def file_name(file: str) -> str:
    """Return the name under which a reader keeps a file."""
    about, day = st.session_state.get(ABOUT, ""), st.session_state.get(DATE)
    return "-".join([*([about] if about else []), *([f"as-of-{day}"] if day else []), file])


def slug(title: str) -> str:
    """Return a title as part of a file's name on any system: letters and digits of any script, and hyphens."""
    words = re.sub(r"[\W_]+", "-", title.lower())[:LONGEST].strip("-")
    return words or "scenario"
