"""Undo and redo, what is fixed besides the sliders, and whether the draft is kept."""

import time
from contextlib import suppress
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st
from streamlit.errors import StreamlitPageNotFoundError

from shareshift.basics.formats import day_words
from shareshift.market.market import Market
from shareshift.ui.saved.draft import Draft, move_to
from shareshift.ui.saved.keeping import KEEPER
from shareshift.ui.saved.opening import known_refusal
from shareshift.ui.saved.owner import this_owner
from shareshift.ui.scenario.sliders import moved, place_sliders
from shareshift.ui.scenario.words import fixed_words
from shareshift.ui.shell.words import html, plain

PAGE = "src/shareshift/ui/scenario/page.py"
STATE_PLACE = "kept-place"
# Seconds that the end of a page waits for the disk, and how often it looks whether the reader has moved on.
PATIENCE, LOOK = 10.0, 0.1


def ask_steps(draft: Draft, market: Market) -> None:
    """Ask for a step back or forth; the tip names it."""
    history = draft.history
    # Not Ctrl+Z: the browser hands that to a button even while somebody takes back a letter in a text field.
    with st.container(horizontal=True, gap="small", key="steps"):
        st.button(
            "Undo",
            key="undo",
            shortcut="Alt+Z",
            disabled=not history.past,
            help=_tip("Takes back", history.undo_name),
            on_click=_step,
            args=(draft, market, "undo"),
        )
        st.button(
            "Redo",
            key="redo",
            shortcut="Alt+Y",
            disabled=not history.future,
            help=_tip("Does again", history.redo_name),
            on_click=_step,
            args=(draft, market, "redo"),
        )


def show_fixed(draft: Draft, market: Market) -> None:
    """Say what of the draft no slider shows, what the reader changed apart, and where it can be changed."""
    start, now = draft.now.start, draft.now.scenario
    for opening, found in (
        ("This scenario fixes", fixed_words(start, market)),
        ("Also changed", fixed_words(now, market, start)),
    ):
        if found:
            st.caption(f"**{opening}:** {plain('; '.join(found))}.")
    # Where the page stands alone there is none to go to.
    with suppress(StreamlitPageNotFoundError):
        st.page_link(PAGE, label="Edit customers and vendors, save")


def show_standing(draft: Draft, market: Market) -> None:
    """Show how far the draft has gone, what can be taken back, and whether it is kept, as far as is known by now.

    The lines have a place of their own from the start: the sliders below must not move from under the pointer.
    """
    with st.container(key="standing", gap=None):
        lines = "".join(
            f'<p class="standing" title="{html(line)}">{html(line) or "&nbsp;"}</p>'
            for line in standing_lines(draft, market)
        )
        st.html(f'<div data-testid="standing">{lines}</div>')
        place = st.empty()
    st.session_state[STATE_PLACE] = place
    _tell(draft, place)


def standing_lines(draft: Draft, market: Market) -> tuple[str, str]:
    """Return how many sliders differ from where the draft set out, and the names of the steps back and forth."""
    count = len(moved(draft.now, market))
    edited = f"Edited: {count} slider{'s differ' if count > 1 else ' differs'}" if count else "No slider moved"
    named = {"Undo": draft.history.undo_name, "redo": draft.history.redo_name}
    told = "; ".join(f"{what}: {name}" for what, name in named.items() if name)
    return edited, f"{told[:1].upper()}{told[1:]}"


def finish_draft(draft: Draft) -> None:
    """Wait for the draft to be kept and say so; call it when everything else is drawn."""
    place = st.session_state.get(STATE_PLACE)
    if place is None:
        return
    end = time.monotonic() + PATIENCE
    while draft.slot.pending and not draft.slot.tries and time.monotonic() < end:
        KEEPER.settle(draft.slot, LOOK)
        # Drawing is where Streamlit turns to the reader's next move, so that none waits for the disk.
        _tell(draft, place)
    _tell(draft, place)


def moment_words(moment: datetime) -> str:
    """Return a time as the reader's clock shows it, such as 14:32 on 22 November 2026."""
    zone = st.context.timezone
    try:
        local = moment.astimezone(ZoneInfo(zone)) if zone else moment.astimezone(UTC)
    except (ZoneInfoNotFoundError, ValueError):
        local, zone = moment.astimezone(UTC), None
    return f"{local:%H:%M}{'' if zone else ' UTC'} on {day_words(local.date())}"


def _tell(draft: Draft, place: st.delta_generator.DeltaGenerator) -> None:
    sentence, state = kept_words(draft)
    if sentence:
        place.html(f'<p class="kept" aria-live="polite" data-testid="kept" data-state="{state}">{html(sentence)}</p>')


def kept_words(draft: Draft) -> tuple[str, str]:
    """Return a sentence on whether the draft is kept, and its state in a word."""
    slot = draft.slot
    if not this_owner().lasting:
        return "This visit has no cookie, so drafts are not kept; save the link or the file instead.", "not"
    fault = slot.fault or known_refusal()
    if fault:
        return f"Nothing is being kept: {' '.join(fault.split())}", "refused"
    if slot.pending:
        return "Not kept yet.", "pending"
    if slot.kept_at is None:
        return "", ""
    parted = " Another tab went on with the same draft; this one is kept apart from it." if slot.parted else ""
    return f"Draft saved at {moment_words(slot.kept_at)}.{parted}", "saved"


def _step(draft: Draft, market: Market, way: str) -> None:
    move_to(draft, draft.history.undone() if way == "undo" else draft.history.redone())
    place_sliders(draft, market)


def _tip(what: str, name: str) -> str | None:
    return plain(f"{what}: {name}") if name else None
