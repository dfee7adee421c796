"""Scenarios: what is fixed for customers and rivals, what the scenario says of itself, and what is saved of it."""

import streamlit as st

from shareshift.basics.errors import ShareshiftError
from shareshift.basics.months import first_month, months_from
from shareshift.model.inputs import market_inputs
from shareshift.results.sentences import lead_sentences
from shareshift.ui.record.cache import show_record_line
from shareshift.ui.scenario.controls import ask_scenario, draft_of, finish_controls, open_controls
from shareshift.ui.scenario.history import show_saved
from shareshift.ui.scenario.overrides import ask_overrides
from shareshift.ui.scenario.saving import show_saving
from shareshift.ui.scenario.texts import ask_texts
from shareshift.ui.shell.blocks import show_fault, show_finding, show_lead
from shareshift.ui.shell.cache import open_market, presets_of, results_of, settle_memory

try:
    market = open_market()
    presets = presets_of(market, market.digest)
except ShareshiftError as error:
    show_fault(error)

inputs = market_inputs(market)
controls = st.sidebar.container()
open_controls(market, presets)


@st.fragment
def show_scenario() -> None:
    """Show everything of the scenario; a change of any part runs this function and nothing else."""
    scenario = ask_scenario(market, presets, controls)
    draft = draft_of(market, presets)
    months = months_from(first_month(market.event_date), scenario.horizon_months or market.horizon_months)
    try:
        found = results_of(market, scenario, months[-1])
    except ShareshiftError as error:
        show_fault(error)
    show_lead("Scenarios", lead_sentences(found.summary, found.gains, market, months))
    show_record_line(market)
    st.space("small")
    show_finding("Description", "The title goes into every file; the note tells a colleague what it assumes.")
    ask_texts(draft, market)
    st.space("small")
    ask_overrides(draft, market, inputs)
    st.space("small")
    show_saving(draft, market)
    st.space("small")
    show_saved(draft, market, presets)
    finish_controls()


show_scenario()
settle_memory()
