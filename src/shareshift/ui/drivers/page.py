"""What matters: what decides a figure, what to check next, and what would bring it somewhere else."""

import streamlit as st

from shareshift.basics.errors import ShareshiftError
from shareshift.charts.pictures import source_line
from shareshift.results.drivers import sentences
from shareshift.results.drivers.figures import result_label
from shareshift.ui.drivers import blocks
from shareshift.ui.drivers.asking import ask_figure, show_drivers_style
from shareshift.ui.drivers.cache import Asked, drivers_kept
from shareshift.ui.drivers.targets import show_targets
from shareshift.ui.drivers.together import show_together
from shareshift.ui.scenario.controls import ask_scenario, finish_controls, open_controls
from shareshift.ui.shell.blocks import show_chart, show_fault, show_lead
from shareshift.ui.shell.cache import look_of, open_market, presets_of, session_draws, settle_memory

try:
    market = open_market()
    presets = presets_of(market, market.digest)
except ShareshiftError as error:
    show_fault(error)

look = look_of(market, market.digest, st.context.theme.type or "light")
source = source_line(market, session_draws().count)
controls = st.sidebar.container()
show_drivers_style()
open_controls(market, presets)


@st.fragment
def show_drivers() -> None:
    """Show everything that a slider or the choice of a figure drives."""
    scenario = ask_scenario(market, presets, controls)
    answer = st.container()
    figure = ask_figure(market)
    asked = Asked(market=market, scenario=scenario, held=session_draws(), lasting=scenario in presets.values())
    waiting = st.empty()
    try:
        found = drivers_kept(asked, lambda share: waiting.progress(share, "Every input at its P10 and its P90"))
    except ShareshiftError as error:
        show_fault(error)
    waiting.empty()
    of_figure, label = found.of(figure), result_label(market, figure)
    page = blocks.Page(found=of_figure, label=label, look=look, digest=market.digest, source=source)
    with answer:
        show_lead("What matters", sentences.lead(label, of_figure.check_next))
    left, right = st.columns([1.35, 1], gap="large")
    with left:
        show_chart(blocks.tornado_block(page))
    with right:
        blocks.show_checks(page)
    pair = st.container(key="pair").columns(2, gap="large")
    for column, block in zip(pair, blocks.scatter_blocks(page), strict=False):
        with column:
            show_chart(block)
    left, right = st.columns([1.35, 1], gap="large")
    with left:
        show_together(asked, page, figure)
    with right:
        show_targets(asked, page, figure)
    blocks.show_register(page)
    finish_controls()


show_drivers()
settle_memory()
