"""The sidebar of every page that projects: a scenario, its sliders, steps back and forth, and whether it is kept."""

from collections.abc import Mapping, Sequence
from datetime import date

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from shareshift.basics.formats import month_words
from shareshift.basics.months import first_month, months_from
from shareshift.market.market import Market
from shareshift.scenario.scenario import Scenario
from shareshift.ui.saved.draft import Draft, draft_of
from shareshift.ui.scenario.address import follow_address, show_link, write_address
from shareshift.ui.scenario.differing import changed_words
from shareshift.ui.scenario.notices import show_notices
from shareshift.ui.scenario.sliders import ask_preset, ask_sliders, place_preset, place_sliders
from shareshift.ui.scenario.steps import ask_steps, finish_draft, show_fixed, show_standing
from shareshift.ui.shell.naming import name_files

__all__ = ["ask_month", "ask_scenario", "draft_of", "finish_controls", "month_key", "months_of", "open_controls"]


def open_controls(market: Market, presets: Mapping[str, Scenario]) -> None:
    """Take over the address, and put the sliders where the draft says; call it outside the fragment that shows them.

    On another page Streamlit knows a slider's key already but takes it for a new slider, which starts at its minimum.
    """
    follow_address(market, presets)
    draft = draft_of(market, presets)
    draft.opened += 1
    draft.shown += 1
    place_sliders(draft, market)
    place_preset(draft)


def ask_scenario(market: Market, presets: Mapping[str, Scenario], place: DeltaGenerator) -> Scenario:
    """Return the scenario that the reader works on, ask for changes in `place`, and keep the address in step.

    What has to be known of it before its numbers are read is shown where the page is when this is called.
    """
    draft = draft_of(market, presets)
    with place:
        ask_preset(draft, market, presets)
        show_fixed(draft, market)
        ask_steps(draft, market)
        show_standing(draft, market)
        with st.popover("Link to this page", key="link", width="stretch"):
            show_link(draft, market)
        ask_sliders(draft, market)
    show_notices(draft, market, presets)
    write_address(draft, market)
    work = draft.now
    scenario = work.titled(changed_words(work.start, work.scenario, market))
    name_files(scenario.title)
    return scenario


def finish_controls() -> None:
    """Say whether the last change is kept; call it where everything else of the fragment is drawn."""
    draft = st.session_state.get("draft")
    if isinstance(draft, Draft):
        finish_draft(draft)


def months_of(market: Market, scenario: Scenario) -> list[date]:
    """Return all months of a scenario's run."""
    return months_from(first_month(market.event_date), scenario.horizon_months or market.horizon_months)


def month_key(months: Sequence[date]) -> str:
    """Return the key of the slider of these months."""
    return f"month-{len(months)}"


def ask_month(months: Sequence[date]) -> date:
    """Return the month up to which the ribbons run."""
    key = month_key(months)
    # Playing moves the slider, which then may have no place of its own to start from.
    st.session_state.setdefault(key, months[-1])
    month: date = st.select_slider(
        "Cumulative through", months, format_func=month_words, key=key, persist_state="session"
    )
    return month
