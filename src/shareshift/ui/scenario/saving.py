"""Saving the draft: a new scenario, a next version, and what to do where somebody else saved in between."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import streamlit as st

from shareshift.basics.errors import ShareshiftError
from shareshift.basics.version import __version__
from shareshift.market.market import Market
from shareshift.scenario.draft import Origin, Work
from shareshift.scenario.values import flat
from shareshift.ui.saved.draft import Draft, change, rebase, show_anew
from shareshift.ui.saved.opening import the_store
from shareshift.ui.saved.owner import this_owner
from shareshift.ui.saved.saved import read_content
from shareshift.ui.scenario.differing import changed_words
from shareshift.ui.scenario.sliders import place_sliders
from shareshift.ui.scenario.steps import moment_words
from shareshift.ui.scenario.words import label_of, value_words
from shareshift.ui.shell.blocks import show_finding, show_table
from shareshift.ui.shell.words import html

if TYPE_CHECKING:
    from shareshift.store.records import Version

NOTE = "version-note"


def show_saving(draft: Draft, market: Market) -> None:
    """Show how the draft stands to what is saved, and save it where the reader asks."""
    work = draft.now
    show_finding("Save", _standing(work))
    st.text_input("What is new in this version", key=NOTE, max_chars=4000, placeholder="optional, for the history")
    own = work.origin.saved_id and _is_own(work.origin.saved_id)
    with st.container(horizontal=True, key="saving"):
        if own:
            st.button(
                f"Save as version {work.origin.version + 1}",
                key="save-version",
                type="primary",
                disabled=not work.edited,
                on_click=_save_version,
                args=(draft, market, work.origin.version),
            )
        label = "Save as another scenario" if own else "Save a copy of your own" if work.origin.saved_id else "Save"
        kind = "secondary" if own else "primary"
        st.button(label, key="save-new", type=kind, on_click=_save_new, args=(draft, market))  # type: ignore[arg-type]
    if draft.told:
        st.html(f'<p class="notice" role="status" data-testid="told">{html(draft.told)}</p>')
        draft.told = ""
    if draft.conflict:
        _show_conflict(draft, market, draft.conflict)


def _standing(work: Work) -> str:
    if not work.origin.saved_id:
        return "Not saved yet. The draft is kept as you go; saving gives it a link and a history."
    where = f"“{work.start.title}”, version {work.origin.version}"
    return f"Edited since {where}." if work.edited else f"Saved as {where}."


def _is_own(scenario_id: str) -> bool:
    try:
        return the_store().saved(scenario_id).owner == this_owner().name
    except ShareshiftError:
        return False


def _save_new(draft: Draft, market: Market) -> None:
    work, origin = draft.now, draft.now.origin
    own = bool(origin.saved_id) and _is_own(origin.saved_id)
    scenario = work.titled(changed_words(work.start, work.scenario, market), own=own)
    try:
        saved = the_store().create(
            this_owner().name,
            scenario.to_dict(),
            market.digest,
            market.market_id,
            __version__,
            note=st.session_state.get(NOTE, ""),
            author=scenario.author[:200],
            forked_from=(origin.saved_id, origin.version) if origin.saved_id else None,
        )
    except ShareshiftError as error:
        draft.told = f"Not saved. {error}"
        return
    draft.history = draft.history.renamed(scenario)
    _is_saved(draft, Origin(saved_id=saved.scenario_id, version=saved.version), f"Saved as “{scenario.title}”.")


def _save_version(draft: Draft, market: Market, expected: int) -> None:
    from shareshift.store.errors import EditConflict

    work = draft.now
    try:
        saved = the_store().save(
            this_owner().name,
            work.origin.saved_id,
            work.scenario.to_dict(),
            expected,
            market.digest,
            market.market_id,
            __version__,
            note=st.session_state.get(NOTE, ""),
            author=work.scenario.author[:200],
        )
    except EditConflict as conflict:
        draft.conflict = conflict.found
        return
    except ShareshiftError as error:
        draft.told = f"Not saved. {error}"
        return
    _is_saved(draft, Origin(saved_id=saved.scenario_id, version=saved.version), f"Saved version {saved.version}.")


def _is_saved(draft: Draft, origin: Origin, sentence: str) -> None:
    rebase(draft, origin, draft.now.scenario)
    draft.made_on, draft.refused, draft.restored = None, [], None
    show_anew(draft)
    draft.told = f"{sentence} Its link stands in the address."
    st.session_state[NOTE] = ""


def _show_conflict(draft: Draft, market: Market, theirs: Version) -> None:
    work = draft.now
    by = f" by {theirs.author}" if theirs.author else ""
    note = f" Its note: “{theirs.note}”." if theirs.note else ""
    sentence = (
        f"Version {theirs.number} was saved{by} at {moment_words(theirs.saved_at)}, after you had set out from version "
        f"{work.origin.version}. Nothing was overwritten.{note}"
    )
    st.html(f'<div class="fault" role="alert" data-testid="conflict"><p>{html(sentence)}</p></div>')
    show_table(conflict_table(work, theirs, market))
    with st.container(horizontal=True, key="conflict-choices"):
        st.button("Save mine as a copy", key="conflict-copy", on_click=_save_new, args=(draft, market))
        st.button("Take theirs", key="conflict-theirs", on_click=_take_theirs, args=(draft, market, theirs))
        st.button(
            f"I have read both: save mine as version {theirs.number + 1}",
            key="conflict-mine",
            on_click=_save_version,
            args=(draft, market, theirs.number),
        )


def conflict_table(work: Work, theirs: Version, market: Market) -> pl.DataFrame:
    """Return every value in which the version set out from, the one saved in between, and the draft are not alike."""
    found, _ = read_content(theirs.content, market, theirs.title)
    sides = {
        f"Version {work.origin.version}": flat(work.start),
        f"Version {theirs.number}, saved in between": flat(found) if found else {},
        "Yours": flat(work.scenario),
    }
    keys = dict.fromkeys(key for side in sides.values() for key in side)
    differ = [key for key in keys if len({repr(side.get(key)) for side in sides.values()}) > 1]
    columns = {name: [value_words(key, side.get(key), market) for key in differ] for name, side in sides.items()}
    return pl.DataFrame(
        {"What": [label_of(key, market) for key in differ], **columns},
        schema=dict.fromkeys(("What", *sides), pl.String),
    )


def _take_theirs(draft: Draft, market: Market, theirs: Version) -> None:
    open_version(draft, market, theirs, f"Took version {theirs.number}")


def open_version(draft: Draft, market: Market, version: Version, step: str) -> None:
    """Go on with a saved version, as a step that can be taken back; what the tables do not allow is named."""
    from shareshift.scenario import address as links

    scenario, faults = read_content(version.content, market, version.title)
    if scenario is None:
        draft.told = " ".join(faults)
        return
    origin = Origin(saved_id=version.scenario_id, version=version.number)
    change(draft, step, Work(origin=origin, start=scenario, scenario=scenario))
    made_on = links.MadeOn(digest=version.market_digest, version=version.engine_version)
    draft.refused, draft.made_on = faults, None if links.is_current(made_on, market) else made_on
    show_anew(draft)
    place_sliders(draft, market)
