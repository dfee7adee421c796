"""What a reader has to know of the draft before reading its numbers: what was put back, refused, or is of old."""

from collections.abc import Mapping

import streamlit as st

from shareshift.basics.version import __version__
from shareshift.market.market import Market
from shareshift.scenario import address as links
from shareshift.scenario.draft import Origin, Work
from shareshift.scenario.scenario import Scenario
from shareshift.ui.saved.draft import Draft, fresh, show_anew
from shareshift.ui.saved.owner import this_owner
from shareshift.ui.scenario.sliders import place_sliders
from shareshift.ui.scenario.steps import moment_words
from shareshift.ui.shell.blocks import show_refusals
from shareshift.ui.shell.words import html


def show_notices(draft: Draft, market: Market, presets: Mapping[str, Scenario]) -> None:
    """Show what there is to say, each with what can be done about it; nothing where there is nothing."""
    if draft.made_on:
        _show_made_on(draft, market, presets)
    if draft.refused:
        show_refusals(draft.refused)
        with st.container(horizontal=True, key="refused-choices"):
            st.button("Go on with what is shown", key="refused-close", on_click=_close, args=(draft,))
    if draft.restored:
        sentence = f"Your draft “{draft.now.titled().title}” of {moment_words(draft.restored)} was restored."
        with st.container(horizontal=True, key="restored", vertical_alignment="center"):
            st.html(f'<p class="notice" role="status" data-testid="restored">{html(sentence)}</p>')
            st.button(
                "Start from the baseline instead",
                key="restored-baseline",
                type="tertiary",
                on_click=_start_anew,
                args=(draft, market, presets),
            )
            st.button("Close", key="restored-close", type="tertiary", on_click=_close, args=(draft,))


def _show_made_on(draft: Draft, market: Market, presets: Mapping[str, Scenario]) -> None:
    made_on = draft.made_on
    if made_on is None:
        return
    tables = not market.digest.startswith(made_on.digest)
    version = made_on.version != __version__
    other = " and ".join(
        words
        for words, differs in (
            (f"on other tables ({made_on.digest[:8]}; here they are {market.digest[:8]})", tables),
            (f"with version {made_on.version} of Shareshift (here it is {__version__})", version),
        )
        if differs
    )
    opening = (
        f"This scenario was made {other}. Its values are set, but the numbers below are those of today, not those that "
        "whoever made it saw."
    )
    st.html(f'<div class="fault" role="alert" data-testid="made-on"><p>{html(opening)}</p></div>')
    with st.container(horizontal=True, key="made-on-choices"):
        st.button("Go on with today’s numbers", key="made-on-today", on_click=_take_today, args=(draft,))
        st.button(
            "Start from the baseline instead",
            key="made-on-baseline",
            type="tertiary",
            on_click=_start_anew,
            args=(draft, market, presets),
        )
    old = st.expander("How to see the numbers of that day", key="made-on-old")
    with old:
        st.markdown(
            f"They cannot be computed here: {'the tables' if tables else 'the version'} of that day "
            f"{'are' if tables else 'is'} not kept on this server. Ask whoever made it for the bundle of the "
            "scenario, one ZIP file: it holds the tables, the scenario, the results and the version. "
            "`shareshift reproduce FILE.zip` recomputes it and says whether every table agrees."
        )


def _take_today(draft: Draft) -> None:
    draft.made_on = None
    # Another address than the one that was opened, so that it is written anew with today's tables.
    draft.address = {links.MADE_ON: ""}


def _close(draft: Draft) -> None:
    draft.refused, draft.restored = [], None
    draft.address = {links.MADE_ON: ""}


def _start_anew(draft: Draft, market: Market, presets: Mapping[str, Scenario]) -> None:
    """Begin another draft; the one that was put back stays among the kept ones."""
    baseline = presets["baseline"]
    begun = fresh(market, Work(origin=Origin(), start=baseline, scenario=baseline), this_owner())
    draft.history, draft.slot = begun.history, begun.slot
    draft.refused, draft.made_on, draft.restored = [], None, None
    draft.address = {links.MADE_ON: ""}
    show_anew(draft)
    place_sliders(draft, market)
