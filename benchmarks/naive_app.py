"""The same pictures the plain way: the whole script at every move, every chart built anew with its title in it."""

import streamlit as st

from shareshift.charts import gains, incumbent, pictures, ribbons, shares
from shareshift.market.parameters import DEFAULT_DRAWS
from shareshift.results.story import story_of
from shareshift.ui.money.figures_section import axes_of, show_three
from shareshift.ui.scenario.controls import ask_month, ask_scenario, finish_controls, months_of, open_controls
from shareshift.ui.shell import cache
from shareshift.ui.shell.blocks import show_story, show_style

st.set_page_config(page_title="Shareshift, the plain way", layout="wide")
show_style()
market = cache.open_market()
presets = cache.presets_of(market, market.digest)
look = cache.look_of(market, market.digest, "light")
open_controls(market, presets)
scenario = ask_scenario(market, presets, st.sidebar.container())
months = months_of(market, scenario)
month = ask_month(months)
found = cache.results_of(market, scenario, month)
show_story(story_of(found.summary, found.gains, market, months))
usual = cache.results_of(market, presets["baseline"], cache.last_month(market))
show_three(found, None, axes_of(market, usual, market.digest, market.as_of), market, look)
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
