"""What a reader sees where the program itself failed: a sentence of ours, and what to do."""

from datetime import UTC, datetime

import streamlit as st

from shareshift.basics.formats import day_words
from shareshift.ui.shell.words import html


def show_unexpected(error: Exception) -> bool:
    """Say in place of Streamlit's own text that the page failed, and how to go on; the log has the rest."""
    now = datetime.now(UTC)
    sentence = (
        f"This page could not be shown, because of an error in the program ({type(error).__name__}, {now:%H:%M} UTC "
        f"on {day_words(now.date())}; the server’s log has the details). Your draft is kept. Reload the page"
    )
    st.html(
        f'<div class="fault" role="alert" data-testid="unexpected"><p>{html(sentence)}; if that does not help, '
        '<a href="/?scenario=baseline" target="_self">start from the baseline</a>.</p></div>'
    )
    return True
