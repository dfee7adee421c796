"""Names of downloaded files: they begin with the scenario that the file is about."""

import re

import streamlit as st

ABOUT = "files-about"
LONGEST = 40


def name_files(*titles: str) -> None:
    """Let the files of this run be named after scenarios; none for what is about no scenario."""
    st.session_state[ABOUT] = "-vs-".join(map(slug, titles))


def file_name(file: str) -> str:
    """Return the name under which a reader keeps a file."""
    about = st.session_state.get(ABOUT, "")
    return f"{about}-{file}" if about else file


def slug(title: str) -> str:
    """Return a title as part of a file's name on any system: letters and digits of any script, and hyphens."""
    words = re.sub(r"[\W_]+", "-", title.lower())[:LONGEST].strip("-")
    return words or "scenario"
