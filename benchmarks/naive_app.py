"""The same pictures the plain way: the whole script at every move, every chart built anew with its title in it."""

import streamlit as st

from shareshift.charts import gains, incumbent, pictures, ribbons, shares
from shareshift.market.parameters import DEFAULT_DRAWS
from shareshift.results.sentences import five_figures, lead_sentences
from shareshift.ui.scenario.controls import ask_month, ask_scenario, finish_controls, open_controls
from shareshift.ui.shell import cache
from shareshift.ui.shell.blocks import show_figures, show_lead, show_style

st.set_page_config(page_title="Shareshift, the plain way", layout="wide")
show_style()
market = cache.open_market()
presets = cache.presets_of(market, market.digest)
look = cache.look_of(market, market.digest, "light")
open_controls(market, presets)
scenario = ask_scenario(market, presets, st.sidebar.container())
month, months = ask_month(market, scenario)
found = cache.results_of(market, scenario, month)
show_lead("The plain way", lead_sentences(found.summary, found.gains, market, months))
show_figures(five_figures(found.summary, found.gains, found.leaders, market))
drawn = {
    "ribbons": (ribbons.draw_ribbons(look), pictures.ribbons_block),
    "incumbent": (incumbent.draw_incumbent(look), pictures.incumbent_block),
    "shares": (shares.draw_shares(look), pictures.shares_block),
    "gains": (gains.draw_gains(look, market.tables["vendors"].height - 1), pictures.gains_block),
}
for name, (chart, block_of) in drawn.items():
    block = block_of(found, look, {name: chart.to_dict()}, pictures.source_line(market, DEFAULT_DRAWS))
    st.vega_lite_chart(spec={**block.spec, "title": block.finding, "datasets": block.data}, theme=None)
finish_controls()
