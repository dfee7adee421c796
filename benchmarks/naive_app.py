"""The same pictures the plain way: the whole script at every move, every chart built anew with its title in it."""

from collections.abc import Callable

import altair as alt
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
drawn: dict[str, Callable[[], alt.LayerChart]] = {
    "ribbons": lambda: ribbons.draw_ribbons(look),
    "incumbent": lambda: incumbent.draw_incumbent(look),
    "shares": lambda: shares.draw_shares(look),
    "gains": lambda: gains.draw_gains(look, market.tables["vendors"].height - 1),
}
for name, draw in drawn.items():
    specs = {name: draw().to_dict()}
    block = getattr(pictures, f"{name}_block")(found, look, specs, pictures.source_line(market, DEFAULT_DRAWS))
    st.vega_lite_chart(spec={**block.spec, "title": block.finding, "datasets": block.data}, theme=None)
finish_controls()
