"""The sliders in the sidebar: a preset, groups of sliders, what was changed, and the way back for each."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

import streamlit as st

from shareshift.basics.formats import UNIT_WORDS, quantity, quantity_range
from shareshift.basics.vocabulary import GROUP_TITLES, GROUPS
from shareshift.market.market import Market
from shareshift.market.parameters import Parameter
from shareshift.scenario.draft import Origin, Work
from shareshift.scenario.forms import without_effect
from shareshift.scenario.scenario import Scenario
from shareshift.ui.saved.draft import Draft, change, show_anew
from shareshift.ui.scenario.form_control import ask_form
from shareshift.ui.scenario.scales import on_slider, slider_format, slider_scale
from shareshift.ui.shell.words import html, plain

PRESET = "preset"
NO_EFFECT = "No effect in the form of the model that is chosen."


def ask_preset(draft: Draft, market: Market, presets: Mapping[str, Scenario]) -> None:
    """Ask where to set out from."""
    work = draft.now
    names = {name: preset.title for name, preset in presets.items()}
    if work.origin.saved_id:
        names[_named(work)] = f"{work.start.title}, version {work.origin.version}"
    if st.session_state.get(PRESET) != _named(work):
        st.session_state[PRESET] = _named(work)
    st.selectbox(
        "Scenario",
        list(names),
        key=PRESET,
        format_func=lambda name: names.get(name, name),
        on_change=_take_preset,
        args=(draft, market, presets),
    )
    # Of the scenario chosen, not of what the reader made of it.
    st.caption(plain(f"{work.start.title}: {work.start.note}"))


def ask_sliders(draft: Draft, market: Market) -> None:
    """Ask for every slider: those in view by group, the others on demand."""
    work = draft.now
    shown = [parameter for parameter in market.parameters.values() if parameter.in_view]
    _ask_groups(shown, draft, work)
    more = st.expander("More sliders", key="more-sliders", on_change="rerun")
    if more.open:
        with more:
            _ask_groups([p for p in market.parameters.values() if not p.in_view], draft, work)
            st.html('<p class="sliders">Which model</p>')
            ask_form(market, work.scenario.form, work.scenario.capacity, partial(_take_form, draft))
    changed = moved(work, market)
    st.button("Reset all sliders", disabled=not changed, on_click=_reset, args=(draft, market, changed))


def moved(work: Work, market: Market) -> list[str]:
    """Return the sliders that do not stand where the draft set out."""
    places = [(name, _place(work.scenario, item), _place(work.start, item)) for name, item in market.parameters.items()]
    return [name for name, now, start in places if now != start]


def place_sliders(draft: Draft, market: Market) -> None:
    """Put the sliders that the browser knows where the draft says."""
    for name, parameter in market.parameters.items():
        if _key(name) in st.session_state:
            st.session_state[_key(name)] = on_slider(_place(draft.now.scenario, parameter), parameter)


def place_preset(draft: Draft) -> None:
    """Put the choice of a scenario, where the browser knows it, where the draft says."""
    if PRESET in st.session_state:
        st.session_state[PRESET] = _named(draft.now)


def _named(work: Work) -> str:
    # A name per version: the browser goes on showing the words of a name that it knows.
    origin = work.origin
    return f"{origin.saved_id}, {origin.version}" if origin.saved_id else origin.preset


def _take_preset(draft: Draft, market: Market, presets: Mapping[str, Scenario]) -> None:
    name = st.session_state[PRESET]
    if name not in presets:
        return
    preset = presets[name]
    change(draft, f"Scenario {preset.title}", Work(origin=Origin(preset=name), start=preset, scenario=preset))
    draft.refused, draft.made_on = [], None
    show_anew(draft)
    place_sliders(draft, market)


def _ask_groups(parameters: list[Parameter], draft: Draft, work: Work) -> None:
    for group in GROUPS:
        members = [parameter for parameter in parameters if parameter.group == group]
        if members:
            st.html(f'<p class="sliders">{html(GROUP_TITLES.get(group, group.capitalize()))}</p>')
        for parameter in members:
            _ask_slider(parameter, draft, work)


def _ask_slider(parameter: Parameter, draft: Draft, work: Work) -> None:
    name, start = parameter.parameter_id, _place(work.start, parameter)
    now = _place(work.scenario, parameter)
    key = _key(name)
    if key not in st.session_state:
        st.session_state[key] = on_slider(now, parameter)
    idle = name in without_effect(work.scenario.form, work.scenario.capacity)
    st.slider(
        plain(parameter.label),
        on_slider(parameter.minimum, parameter),
        on_slider(parameter.maximum, parameter),
        step=on_slider(parameter.step, parameter),
        format=slider_format(parameter),
        key=key,
        help=_reason(parameter),
        disabled=idle,
        on_change=_take_slider,
        args=(draft, parameter),
    )
    if now == start:
        # One plain element: a page draws it for every slider at every move.
        st.html(f'<p class="range">{html(NO_EFFECT)}</p>' if idle else _drawn_range(parameter, start))
        return
    unit = UNIT_WORDS.get(parameter.unit, parameter.unit)
    with st.container(horizontal=True, gap=None, key=f"row-{name}"):
        changed = f":primary[**Changed** from {plain(quantity(start, parameter.unit))}] {plain(unit)}"
        st.caption(plain(NO_EFFECT) if idle else changed)
        st.button("Reset", key=f"reset-{name}", type="tertiary", on_click=_reset_one, args=(draft, parameter))


def _take_slider(draft: Draft, parameter: Parameter) -> None:
    # The browser adds up steps in binary; the nearest step in decimal is what the reader saw.
    seen = st.session_state[_key(parameter.parameter_id)] * slider_scale(parameter)
    steps = round((seen - parameter.minimum) / parameter.step)
    value = round(parameter.minimum + steps * parameter.step, 9)
    name = parameter.parameter_id
    work = draft.now.with_slider(name, value, parameter.range.central)
    change(draft, parameter.label, work, control=f"slider {name}")


def _take_form(draft: Draft, form: str, capacity: bool) -> None:
    scenario = replace(draft.now.scenario, form=form, capacity=capacity)
    change(draft, "Form of the model", draft.now.to(scenario))
    # The page of the scenario asks for the form as well, and has to show the same.
    show_anew(draft)


def _reset_one(draft: Draft, parameter: Parameter) -> None:
    work = _put_back(draft.now, parameter)
    change(draft, f"Reset: {parameter.label}", work)
    st.session_state[_key(parameter.parameter_id)] = on_slider(_place(work.scenario, parameter), parameter)


def _reset(draft: Draft, market: Market, names: list[str]) -> None:
    work = draft.now
    for name in names:
        work = _put_back(work, market.parameters[name])
    change(draft, "Reset all sliders", work)
    place_sliders(draft, market)


def _put_back(work: Work, parameter: Parameter) -> Work:
    return work.with_slider(parameter.parameter_id, _place(work.start, parameter), parameter.range.central)


def _place(scenario: Scenario, parameter: Parameter) -> float:
    """Return where a slider stands in a scenario."""
    return scenario.parameters.get(parameter.parameter_id, parameter.range.central)


def _key(name: str) -> str:
    return f"slider-{name}"


def _drawn_range(parameter: Parameter, start: float) -> str:
    """Return a slider's range as a line along its track, in words for whoever points at it or listens."""
    spread = parameter.range.moved_to(start, parameter.minimum, parameter.maximum)
    low, high = (
        100 * (end - parameter.minimum) / (parameter.maximum - parameter.minimum) for end in (spread.low, spread.high)
    )
    unit = UNIT_WORDS.get(parameter.unit, parameter.unit)
    ends = quantity_range(spread.low, spread.high, parameter.unit)
    told = f"{quantity(start, parameter.unit)} ({ends})" if ends != "fixed" else quantity(start, parameter.unit)
    told = f"Sourced: {told} {unit}".rstrip()
    line = f'<i style="left: {low:.1f}%; right: {100 - high:.1f}%"></i>' if high > low else ""
    return f'<p class="range" title="{html(told)}" role="img" aria-label="{html(told)}">{line}</p>'


def _reason(parameter: Parameter) -> str:
    basis = "our assumption" if parameter.source_id == "assumption" else parameter.source_id
    ends = " to ".join(quantity(end, parameter.unit) for end in (parameter.minimum, parameter.maximum))
    return plain(f"{parameter.reason} Limits: {ends}. Source: {basis}, grade {parameter.grade}.")
