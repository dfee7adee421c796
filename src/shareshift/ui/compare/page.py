"""Compare: two to four scenarios on the same draws, how they differ, how surely, and which inputs make it so."""

import streamlit as st

from shareshift.basics.errors import ShareshiftError
from shareshift.charts.pictures import source_line
from shareshift.ui.compare import blocks, sentences, tables
from shareshift.ui.compare.asking import ask_compared, open_compared, show_compare_style
from shareshift.ui.compare.cache import compared
from shareshift.ui.compare.choices import count_words
from shareshift.ui.compare.files import files_of
from shareshift.ui.record.cache import show_record_line
from shareshift.ui.scenario.controls import ask_scenario, finish_controls, open_controls
from shareshift.ui.shell.blocks import show_chart, show_fault, show_lead, show_warning
from shareshift.ui.shell.cache import look_of, open_market, presets_of, session_draws, settle_memory
from shareshift.ui.shell.naming import name_files

try:
    market = open_market()
    presets = presets_of(market, market.digest)
except ShareshiftError as error:
    show_fault(error)

look = look_of(market, market.digest, st.context.theme.type or "light")
source = source_line(market, session_draws().count)
controls = st.sidebar.container()
show_compare_style()
open_controls(market, presets)
open_compared()


@st.fragment
def show_comparison() -> None:
    """Show everything that the choice of scenarios drives."""
    current = ask_scenario(market, presets, controls)
    answer = st.container()
    chosen = ask_compared(market, presets, current)
    if todo := count_words(chosen):
        with answer:
            show_lead("Compare", todo)
        finish_controls()
        return
    try:
        found = compared(market, [choice.scenario for choice in chosen.usable if choice.scenario])
    except ShareshiftError as error:
        show_fault(error)
    name_files(*found.titles)
    page = blocks.Page(market=market, look=look, found=found, source=source)
    with answer:
        show_lead("Compare", sentences.lead(found, market.incumbent, market.names))
        show_record_line(market)
    if found.horizon_note:
        show_warning(found.horizon_note)
    tables.show_figures(found, page.incumbent, source)
    left, right = st.columns(2, gap="large")
    with left:
        show_chart(blocks.gains_block(page))
    with right:
        blocks.show_paths(page)
    closer = blocks.ask_closer(page)
    left, right = st.columns([1.35, 1], gap="large")
    with right:
        tables.show_inputs(found, closer)
    tables.show_ranks(found, closer, market.names)
    tables.show_files(files_of(market, found))
    # Every differing input is run by itself; what needs no such run does not wait for it.
    with left:
        blocks.show_parts(page, closer)
    finish_controls()


show_comparison()
settle_memory()
