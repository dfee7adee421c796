"""The sidebar: a preset, the sliders, what was changed, and the link that says so."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from shareshift.formats import MONEY_UNITS, PERCENT_UNITS, UNIT_WORDS, month_words, quantity, quantity_range
from shareshift.market import Market
from shareshift.parameters import Parameter
from shareshift.scenario import Scenario, read_query, to_query
from shareshift.ui.words import plain
from shareshift.units import first_month, months_from
from shareshift.vocabulary import GROUPS

PRESET_IN_LINK = "scenario"


@dataclass(kw_only=True)
class Draft:
    """What the reader has set; it outlives the widgets, which vanish with a change of page."""

    digest: str
    preset: str
    values: dict[str, float]
    refused: list[str] = field(default_factory=list)
    link: dict[str, str] | None = None


def ask_scenario(market: Market, presets: Mapping[str, Scenario], place: DeltaGenerator) -> Scenario:
    """Return the scenario that preset and sliders say, and keep the link in step."""
    draft = draft_of(market, presets)
    starts = start_values(market, presets[draft.preset])
    with place:
        _ask_preset(draft, market, presets)
        shown = [parameter for parameter in market.parameters.values() if parameter.in_view]
        _ask_groups(shown, draft, starts)
        more = st.expander("More sliders", key="more-sliders", on_change="rerun")
        if more.open:
            with more:
                _ask_groups([p for p in market.parameters.values() if not p.in_view], draft, starts)
        changed = _changed(draft, starts)
        st.button("Reset all sliders", disabled=not changed, on_click=_reset, args=(draft, starts, list(starts)))
    scenario = presets[draft.preset]
    if changed:
        edited = Scenario(**{**vars(scenario), "title": f"{scenario.title}, edited"})
        scenario = edited.with_parameters(**changed)
    _write_link(draft, changed)
    return scenario


def ask_month(market: Market, scenario: Scenario) -> tuple[date, list[date]]:
    """Return the month up to which the ribbons run, and all months of the run."""
    horizon = scenario.horizon_months or market.horizon_months
    months = months_from(first_month(market.event_date), horizon)
    month = st.select_slider(
        "Moved up to the end of", months, value=months[-1], format_func=month_words, key=f"month-{horizon}"
    )
    return month, months


def draft_of(market: Market, presets: Mapping[str, Scenario]) -> Draft:
    """Return the reader's draft; a new one begins with what the link says and notes what it refuses."""
    draft = st.session_state.get("draft")
    if not isinstance(draft, Draft) or draft.digest != market.digest:
        query = {key: st.query_params.get_all(key) for key in st.query_params}
        draft = st.session_state["draft"] = read_link(query, market, presets)
    return draft


def read_link(query: Mapping[str, list[str]], market: Market, presets: Mapping[str, Scenario]) -> Draft:
    """Return the draft that a link describes, with a sentence for every part that is refused."""
    sliders, refused = read_query(query, market.parameters)
    named = query.get(PRESET_IN_LINK, ["baseline"])
    preset = named[0]
    if len(named) > 1 or preset not in presets:
        refused.append(f"Scenario: “{', '.join(named)[:60]}” is not one of {', '.join(presets)}.")
        preset = "baseline"
    unknown = [key for key in query if key not in market.parameters and key != PRESET_IN_LINK]
    refused += [f"“{key[:40]}” is no slider of this market." for key in unknown]
    values = start_values(market, presets[preset]) | sliders
    return Draft(digest=market.digest, preset=preset, values=values, refused=refused)


def start_values(market: Market, preset: Scenario) -> dict[str, float]:
    """Return where each slider stands before anyone moves it."""
    return {name: preset.parameters.get(name, item.range.central) for name, item in market.parameters.items()}


def renew_controls() -> None:
    """Put the sliders of a page that opens where the draft says; call it outside the fragment that shows them.

    On another page Streamlit knows a slider's key already but takes it for a new slider, which starts at its minimum.
    """
    draft = st.session_state.get("draft")
    if isinstance(draft, Draft):
        places = {"preset": draft.preset, **{_key(name): value for name, value in draft.values.items()}}
        for key, value in places.items():
            if key in st.session_state:
                st.session_state[key] = value


def _changed(draft: Draft, starts: Mapping[str, float]) -> dict[str, float]:
    return {name: value for name, value in draft.values.items() if value != starts[name]}


def _ask_preset(draft: Draft, market: Market, presets: Mapping[str, Scenario]) -> None:
    key = "preset"
    if key not in st.session_state:
        st.session_state[key] = draft.preset
    st.selectbox(
        "Scenario",
        list(presets),
        key=key,
        format_func=lambda name: presets[name].title,
        on_change=_take_preset,
        args=(draft, market, presets),
    )
    count = len(_changed(draft, start_values(market, presets[draft.preset])))
    edited = (
        f"**Edited:** {count} slider{'s differ' if count > 1 else ' differs'} from this scenario. " if count else ""
    )
    st.caption(edited + plain(presets[draft.preset].note))


def _take_preset(draft: Draft, market: Market, presets: Mapping[str, Scenario]) -> None:
    draft.preset = st.session_state["preset"]
    draft.refused = []
    starts = start_values(market, presets[draft.preset])
    _reset(draft, starts, list(starts))


def _ask_groups(parameters: list[Parameter], draft: Draft, starts: Mapping[str, float]) -> None:
    for group in GROUPS:
        members = [parameter for parameter in parameters if parameter.group == group]
        if members:
            st.markdown(f"###### {group.capitalize()}")
        for parameter in members:
            _ask_slider(parameter, draft, starts)


def _ask_slider(parameter: Parameter, draft: Draft, starts: Mapping[str, float]) -> None:
    name = parameter.parameter_id
    key = _key(name)
    if key not in st.session_state:
        st.session_state[key] = draft.values[name]
    st.slider(
        plain(parameter.label),
        parameter.minimum,
        parameter.maximum,
        step=parameter.step,
        format=_slider_format(parameter),
        key=key,
        help=_reason(parameter),
        on_change=_take_slider,
        args=(draft, parameter),
    )
    changed = draft.values[name] != starts[name]
    with st.container(horizontal=True, gap=None, key=f"row-{name}"):
        st.caption(_slider_words(parameter, starts[name], changed))
        if changed:
            st.button("Reset", key=f"reset-{name}", type="tertiary", on_click=_reset, args=(draft, starts, [name]))


def _take_slider(draft: Draft, parameter: Parameter) -> None:
    # The browser adds up steps in binary; the nearest step in decimal is what the reader saw.
    steps = round((st.session_state[_key(parameter.parameter_id)] - parameter.minimum) / parameter.step)
    draft.values[parameter.parameter_id] = round(parameter.minimum + steps * parameter.step, 9)


def _reset(draft: Draft, starts: Mapping[str, float], names: list[str]) -> None:
    for name in names:
        draft.values[name] = starts[name]
        st.session_state[_key(name)] = starts[name]


def _key(name: str) -> str:
    return f"slider-{name}"


def _slider_words(parameter: Parameter, start: float, changed: bool) -> str:
    unit = UNIT_WORDS.get(parameter.unit, parameter.unit)
    if changed:
        return f":primary[**Changed** from {quantity(start, parameter.unit)}] {unit}"
    spread = parameter.range.moved_to(start, parameter.minimum, parameter.maximum)
    return f"{quantity(start, parameter.unit)} ({quantity_range(spread.low, spread.high, parameter.unit)}) {unit}"


def _reason(parameter: Parameter) -> str:
    basis = "our assumption" if parameter.source_id == "assumption" else f"source {parameter.source_id}"
    return plain(f"{parameter.reason} Rests on {basis}, grade {parameter.grade}.")


def _slider_format(parameter: Parameter) -> str:
    if parameter.unit in PERCENT_UNITS:
        return "percent"
    return "compact" if parameter.unit in MONEY_UNITS else "%g"


def _write_link(draft: Draft, changed: Mapping[str, float]) -> None:
    preset = {} if draft.preset == "baseline" else {PRESET_IN_LINK: draft.preset}
    link = preset | to_query(Scenario(parameters=changed))
    # A link with refused parts stays in the address until the reader changes something.
    first = draft.link is None
    if (link != draft.link and not first) or (link and not dict(st.query_params)):
        st.query_params.from_dict(link)
    draft.link = link
