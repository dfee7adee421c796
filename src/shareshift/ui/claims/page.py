"""Do the claims add up? What the money can carry, what each claim needs, and what believing them would do."""

import streamlit as st

from shareshift.basics.errors import ShareshiftError
from shareshift.charts.pictures import source_line
from shareshift.ui.claims import blocks
from shareshift.ui.claims.beliefs import show_believing
from shareshift.ui.claims.cache import Asked, tested
from shareshift.ui.claims.cards import show_cards
from shareshift.ui.claims.sentences import lead
from shareshift.ui.claims.targets import show_targets
from shareshift.ui.claims.tested import cards_of
from shareshift.ui.record.cache import show_record_line
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
blocks.show_claims_style()
open_controls(market, presets)


@st.fragment
def show_claims() -> None:
    """Show everything that a slider or a belief drives; a move runs this function and nothing else."""
    scenario = ask_scenario(market, presets, controls)
    asked = Asked(market, scenario)
    try:
        found = tested(asked)
    except ShareshiftError as error:
        show_fault(error)
    cards = cards_of(found.claims)
    show_lead("Do the claims add up?", lead(cards, found.oversubscription, market.names))
    show_record_line(market)
    left, right = st.columns(2, gap="large")
    with left:
        show_chart(blocks.stack_block(found, look, market.digest, source))
        blocks.show_together(found, cards, look)
    with right:
        show_chart(blocks.odds_block(found, cards, look, market.digest, source))
    show_cards(found, cards, market, look)
    show_targets(asked, cards, look, source)
    blocks.show_claims_record(found)
    beliefs = show_believing(asked, found, cards, look, source)
    # A run of its own when a button is pressed: this one's arrays must not outlive the rerun.
    blocks.show_files(lambda: Asked(market, scenario), beliefs)
    finish_controls()


show_claims()
settle_memory()
