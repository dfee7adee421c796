"""The runs for what acts only together: a page of them at a time, so that they can be watched and stopped."""

import streamlit as st

from shareshift.results.drivers.indices import DRAWS, SINGLES, Exploration
from shareshift.ui.drivers.blocks import Page, indices_block
from shareshift.ui.drivers.cache import Asked, indices_kept, keep_indices, start_exploration
from shareshift.ui.shell.blocks import show_chart, show_finding

WANTED, RUNNING = "drivers-together-wanted", "drivers-together-running"
# Seconds after which the browser asks for the next page of runs; a click in between comes first.
PAUSE = 0.1


def show_together(asked: Asked, page: Page, figure: str) -> None:
    """Show what inputs explain together, or offer to run it, or go on with the runs."""
    found = indices_kept(asked, figure)
    if found is not None:
        show_chart(indices_block(page, found))
        return
    show_finding(
        "What acts only together?",
        f"The {SINGLES} strongest inputs and all others as one: what each explains by itself, and in all.",
    )
    if st.session_state.get(WANTED) != (asked.key, figure):
        st.session_state.pop(RUNNING, None)
        st.button("Run the inputs together", key="drivers-together", on_click=_want, args=((asked.key, figure),))
        st.caption(f"About {SINGLES + 3} runs of {DRAWS:,} simulations, some seconds. They can be stopped.")
        return
    st.fragment(_go_on, run_every=PAUSE)(asked, page, figure)


def _go_on(asked: Asked, page: Page, figure: str) -> None:
    wanted = (asked.key, figure)
    if st.session_state.get(WANTED) != wanted:
        st.rerun()
    if st.session_state.get(RUNNING, (None,))[0] != wanted:
        st.session_state[RUNNING] = (wanted, start_exploration(asked, page.found, figure))
    runs: Exploration = st.session_state[RUNNING][1]
    done = f"{len(runs.found)} of {runs.pages.count} runs done"
    st.progress(runs.share_done, done)
    st.button("Stop", key="drivers-together-stop", on_click=_want, args=(None,))
    runs.advance()
    if runs.share_done == 1:
        keep_indices(asked, figure, runs.table())
        _want(None)
        st.session_state.pop(RUNNING)
        st.rerun()


def _want(wanted: object) -> None:
    st.session_state[WANTED] = wanted
