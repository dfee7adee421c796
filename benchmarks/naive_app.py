"""The same pictures the plain way: the whole script at every move, every chart built anew with its title in it."""

from collections.abc import Callable

import altair as alt
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
