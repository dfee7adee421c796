"""Where the money goes: the story, three figures, four pictures, a table and the files."""

import streamlit as st

from shareshift.basics.errors import ShareshiftError
from shareshift.charts import pictures
from shareshift.market.parameters import DEFAULT_DRAWS
from shareshift.results.sentences import concentration_sentence, contradiction_warning
from shareshift.results.story import story_of
from shareshift.ui.money.capacity_section import show_rooms
from shareshift.ui.money.figures_section import axes_of, show_three
from shareshift.ui.money.files import Current, show_downloads, show_projection
from shareshift.ui.money.forms_section import show_forms
from shareshift.ui.money.playing import ask_play, go_on, take_month
from shareshift.ui.money.trust_section import show_trust, show_verdicts
from shareshift.ui.record.dated import ask_as_of, follow_date
from shareshift.ui.record.known import show_known
from shareshift.ui.scenario.controls import (
    ask_month,
    ask_scenario,
    draft_of,
    finish_controls,
    month_key,
    months_of,
    open_controls,
)
from shareshift.ui.shell.blocks import show_chart, show_fault, show_source, show_story, show_warning
from shareshift.ui.shell.cache import last_month, look_of, open_market, presets_of, results_of, settle_memory, specs_of
from shareshift.ui.shell.words import plain

try:
    market = open_market()
    presets = presets_of(market, market.digest)
except ShareshiftError as error:
    show_fault(error)

mode = st.context.theme.type or "light"
look = look_of(market, market.digest, mode)
specs = specs_of(market, look, (market.digest, mode))
controls = st.sidebar.container()
open_controls(market, presets)
follow_date(market)


@st.fragment
def show_money() -> None:
    """Show everything that a slider drives; a move runs this function and nothing else."""
    when = controls.container()
    scenario = ask_scenario(market, presets, controls)
    then = ask_as_of(market, when)
    source = pictures.source_line(then, DEFAULT_DRAWS)
    answer = st.container()
    months = months_of(market, scenario)
    take_month(month_key(months))
    title, play, picker = st.columns([3.6, 0.55, 1.2], vertical_alignment="bottom")
    with play:
        ask_play(month_key(months), months)
    with picker:
        month = ask_month(months)
    try:
        found = results_of(then, scenario, month)
        axes = axes_of(then, results_of(then, presets["baseline"], last_month(then)), then.digest, then.as_of)
        work = draft_of(market, presets).now
        before = results_of(then, work.start, month) if work.edited else None
    except ShareshiftError as error:
        show_fault(error)
    with answer:
        if warning := contradiction_warning(found.summary):
            show_warning(warning)
        show_story(story_of(found.summary, found.gains, market, months))
        show_three(found, before, axes, market, look)
    show_chart(pictures.ribbons_block(found, look, specs, source), title, sourced=False)
    trust = st.container()
    left, right = st.container(key="pair").columns(2, gap="large")
    with left:
        show_chart(pictures.incumbent_block(found, look, specs, source, before), sourced=False)
    with right:
        show_chart(pictures.shares_block(found, look, specs, source, before), sourced=False)
        st.caption(plain(concentration_sentence(found.concentration, market)))
    show_chart(pictures.gains_block(found, look, specs, source), sourced=False)
    verdicts = st.container()
    show_source(source)
    show_rooms(then, scenario, look, source)
    show_forms(then, scenario, look, source)
    show_known(then)
    show_projection(then, scenario)
    show_downloads(then, Current(scenario=scenario, month=month))
    with trust:
        show_trust(then, presets["baseline"])
    with verdicts:
        show_verdicts(then, presets["baseline"])
    finish_controls()
    go_on(months, month)


show_money()
settle_memory()
