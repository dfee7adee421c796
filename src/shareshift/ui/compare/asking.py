"""Ask what is compared with what, keep the address in step, and say what went stale or was refused."""

from collections.abc import Mapping
from importlib.resources import files

import streamlit as st

from shareshift.market.market import Market
from shareshift.results.compare.alike import MOST
from shareshift.scenario.address import COMPARED, COMPARED_ON, stamp
from shareshift.scenario.scenario import Scenario
from shareshift.ui.compare import address as addressing
from shareshift.ui.compare import choices as choosing
from shareshift.ui.compare.choices import Choice, Chosen
from shareshift.ui.shell.words import html, told_apart

PICKED, REFERENCE = "compare-picked", "compare-reference"
SLIDERS_LEFT_OUT = f"What the sliders say takes no part here. Choose it above; at most {MOST} are compared."


def show_compare_style() -> None:
    """Put the typography of this page on the page."""
    st.html(f"<style>{files('shareshift.ui.compare').joinpath('compare.css').read_text()}</style>")


def ask_compared(market: Market, presets: Mapping[str, Scenario], current: Scenario) -> Chosen:
    """Return the scenarios to compare, the reference first."""
    choices = choosing.choices_of(market, presets, current)
    chosen = addressing.chosen_of(market, choices, addressing.query_of_page())
    choices = choosing.with_guests(choices, chosen, market)
    choosing.follow_sliders(chosen, choices)
    shown = choosing.offered(chosen, choices)
    left, right = st.container(key="compare-asked").columns([2.4, 1], gap="large")
    with left:
        _ask_scenarios(chosen, choices, shown)
    with right:
        _ask_reference(chosen)
    _show_refused(chosen)
    _show_faults(chosen)
    _ask_new(chosen, choices)
    _write_address(chosen, choices, market)
    return chosen


def open_compared() -> None:
    """Take over an address that the reader went to; call it outside the fragment that asks."""
    addressing.follow_address(addressing.query_of_page())


def _write_address(chosen: Chosen, choices: Mapping[str, Choice], market: Market) -> None:
    link = addressing.address_of(chosen)
    # What a bare address opens with needs none: every address written is one more step on the reader's way back.
    if COMPARED not in st.query_params and link == addressing.address_of(addressing.start(choices, market)):
        return
    # A link with refused parts stays in the address until the reader chooses anew.
    now = addressing.query_of_page().get(COMPARED)
    if chosen.refused and (not chosen.taken or chosen.seen in (None, now)):
        chosen.seen = now
        return
    if st.query_params.get(COMPARED) != link or chosen.seen is None:
        st.query_params.update({COMPARED: link, COMPARED_ON: stamp(market)})
    chosen.seen = link


def _ask_scenarios(chosen: Chosen, choices: Mapping[str, Choice], shown: Mapping[str, Choice]) -> None:
    # The reader's order is the page's: the reference stands first wherever it was changed.
    st.session_state[PICKED] = list(chosen.taken)
    known = {**choices, **chosen.taken}
    labels = told_apart({key: choice.label for key, choice in shown.items()})
    st.multiselect(
        "Scenarios, two to four", list(shown), key=PICKED, max_selections=MOST,
        format_func=labels.__getitem__, placeholder="Choose scenarios",
        on_change=lambda: choosing.pick(chosen, known, st.session_state[PICKED]),
    )  # fmt: skip


def _ask_reference(chosen: Chosen) -> None:
    keys = [choice.choice_id for choice in chosen.usable]
    if not keys:
        return
    st.session_state[REFERENCE] = keys[0]
    labels = told_apart({choice.choice_id: choice.label for choice in chosen.usable})
    st.selectbox(
        "Measured against", keys, key=REFERENCE, format_func=labels.__getitem__,
        on_change=lambda: choosing.refer_to(chosen, st.session_state[REFERENCE]),
    )  # fmt: skip


def _show_refused(chosen: Chosen) -> None:
    if chosen.made_on:
        made = f"tables {chosen.made_on.digest}, version {chosen.made_on.version}"
        opening = (
            f"This link was made on other tables or another version ({made}). The same scenarios are compared here on "
            "the tables of today, so the numbers may differ from those its author saw."
        )
        show_note(opening, [], "compare-made-on")
    if chosen.refused:
        opening = "This link names scenarios that could not be taken over; the others are compared."
        show_note(opening, chosen.refused, "compare-refused")


def _show_faults(chosen: Chosen) -> None:
    for choice in chosen.taken.values():
        if choice.faults:
            opening = f"“{choice.title}” no longer fits the tables and is left out. Mend it and save it again."
            show_note(opening, list(choice.faults), "compare-faults")
        elif choice.other_tables:
            opening = (
                f"“{choice.title}” was saved on other tables or by another version of the program. Its settings are "
                "as they were saved; here they run on the tables of today."
            )
            show_note(opening, [], "compare-other-tables")


def _ask_new(chosen: Chosen, choices: Mapping[str, Choice]) -> None:
    """Say which scenarios have changed since they were chosen, and offer to take them as they are now."""
    if choosing.sliders_left_out(chosen, choices):
        st.caption(SLIDERS_LEFT_OUT)
    found = choosing.stale(chosen, choices)
    if not found:
        return
    show_note("A saved scenario has changed since this comparison was made.", list(found.values()), "compare-stale")
    keys = list(found)
    st.button("Update comparison", key="compare-take-new", on_click=choosing.take_new, args=(chosen, choices, keys))


def show_note(sentence: str, items: list[str], mark: str) -> None:
    """Show what readers should know of the scenarios compared."""
    lines = "".join(f"<li>{html(item)}</li>" for item in items)
    st.html(f'<div class="fault" role="status" data-testid="{mark}"><p>{html(sentence)}</p><ul>{lines}</ul></div>')
