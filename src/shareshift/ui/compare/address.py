"""Scenarios to compare in the address bar: `compare=baseline~full_exodus~current~ID.VERSION`, the reference first."""

from collections.abc import Mapping

import streamlit as st

from shareshift.basics.errors import ShareshiftError
from shareshift.market.market import Market
from shareshift.results.compare.alike import MOST
from shareshift.scenario.address import COMPARED, COMPARED_ON, ID, MADE_ON, is_current, read_made_on
from shareshift.scenario.pasted import bare
from shareshift.ui.compare.choices import CURRENT, VERSION, Choice, Chosen, saved_choice
from shareshift.ui.saved.opening import the_store

Query = Mapping[str, str]
BETWEEN = "~"
# A choice that was emptied is one too, and a link says so.
NOTHING = BETWEEN
STATE = "compare"


def query_of_page() -> Query:
    """Return what the address of this page says, without the signs that a pasted link brings along."""
    return {key: bare(text) for key, text in st.query_params.to_dict().items()}


def address_of(chosen: Chosen) -> str:
    """Return how an address names the scenarios; sliders that say no more than a preset are named by the preset."""
    if not chosen.taken:
        return NOTHING
    names = [choice.in_link for choice in chosen.taken.values()]
    for choice in chosen.taken.values():
        if choice.kind == "current" and choice.same_as and choice.same_as not in names:
            names[names.index(CURRENT)] = choice.same_as
    return BETWEEN.join(names)


def chosen_of(market: Market, choices: Mapping[str, Choice], query: Query) -> Chosen:
    """Return what the reader chose; at first what the address names, else the baseline and one beside it."""
    chosen = st.session_state.get(STATE)
    if not isinstance(chosen, Chosen) or chosen.digest != market.digest:
        link = query.get(COMPARED)
        chosen = start(choices, market) if link is None else read_link(link, choices, market)
        made_on = read_made_on({MADE_ON: [query[COMPARED_ON]]})[0] if link and COMPARED_ON in query else None
        chosen.made_on = made_on if made_on and not is_current(made_on, market) else None
        st.session_state[STATE] = chosen
    return chosen


def follow_address(query: Query) -> None:
    """Forget what was chosen where the reader went to another address in this tab; call it where a page opens."""
    chosen, link = st.session_state.get(STATE), query.get(COMPARED)
    if isinstance(chosen, Chosen) and link not in (None, chosen.seen, address_of(chosen)):
        del st.session_state[STATE]


def start(choices: Mapping[str, Choice], market: Market) -> Chosen:
    """Return the baseline and what the sliders say, or the market's next preset where they say the baseline."""
    presets = [choice for choice in choices.values() if choice.kind == "preset"]
    current = choices[CURRENT]
    beside = [choices[current.same_as]] if current.same_as else [current]
    if beside[0] in presets[:1]:
        beside = presets[1:2]
    picked = [*presets[:1], *beside]
    return Chosen(digest=market.digest, taken={choice.choice_id: choice for choice in picked})


def read_link(link: str, choices: Mapping[str, Choice], market: Market) -> Chosen:
    """Return the scenarios that an address names, and a sentence for every part that is refused."""
    chosen = Chosen(digest=market.digest, taken={})
    for name in [] if link == NOTHING else link.split(BETWEEN):
        choice, fault = _named(name, choices, market)
        if choice is None:
            chosen.refused.append(fault)
        elif choice.choice_id in chosen.taken:
            chosen.refused.append(f"“{choice.title}” is named twice; it is compared once.")
        elif len(chosen.taken) == MOST:
            chosen.refused.append(f"“{choice.title}” is one too many; at most {MOST} are compared.")
        else:
            chosen.taken[choice.choice_id] = choice
    return chosen


def _named(name: str, choices: Mapping[str, Choice], market: Market) -> tuple[Choice | None, str]:
    key, _, version = name.partition(VERSION)
    if name in choices and choices[name].kind != "saved":
        return choices[name], ""
    shown = name[:60]
    if not ID.fullmatch(key) or not version.isdecimal() or len(version) > 9:
        known = ", ".join(choice.choice_id for choice in choices.values() if choice.kind != "saved")
        return None, f"“{shown}” is neither a saved scenario with its version nor one of {known}."
    if key in choices and choices[key].version == int(version):
        return choices[key], ""
    try:
        return saved_choice(the_store().version(key, int(version)), market), ""
    except ShareshiftError as error:
        return None, f"“{shown}” could not be opened. {error}"
