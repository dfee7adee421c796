"""Saved scenarios and kept drafts: open, compare versions in words, restore, copy, archive."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import polars as pl
import streamlit as st

from shareshift.basics.errors import ShareshiftError
from shareshift.market.market import Market
from shareshift.scenario.scenario import Scenario
from shareshift.store.errors import Damaged
from shareshift.store.records import Rows
from shareshift.ui.saved.draft import Draft
from shareshift.ui.saved.opening import the_store
from shareshift.ui.saved.owner import this_owner
from shareshift.ui.saved.saved import read_content
from shareshift.ui.scenario.differing import differing_table
from shareshift.ui.scenario.drafts import show_drafts, tried
from shareshift.ui.scenario.saving import open_version
from shareshift.ui.scenario.steps import moment_words
from shareshift.ui.shell.blocks import show_finding, show_table, show_warning
from shareshift.ui.shell.words import html, plain, told_apart

if TYPE_CHECKING:
    from shareshift.store.records import Saved, Version


BEGUN_ANEW = (
    "What had been saved on this server before could not be read any more. It has been moved aside and kept, and a new "
    "store begun; whoever runs this server can put a backup in its place."
)


def show_saved(draft: Draft, market: Market, presets: Mapping[str, Scenario]) -> None:
    """Show the reader's saved scenarios and, of the chosen one, every version; then the drafts."""
    show_finding("Saved scenarios", "Yours, the last saved first. Each keeps all its versions.")
    try:
        store = the_store()
        archived = st.toggle("Show archived ones too", key="show-archived")
        found = store.list_saved(this_owner().name, archived=None if archived else False)
        mine = [saved for saved in found if saved.market_name == market.market_id]
        if mine:
            _show_chosen(draft, market, mine)
        else:
            st.caption("None yet. Give the scenario a title above, then save it.")
        kept = store.drafts(this_owner().name, market_name=market.market_id) if this_owner().lasting else Rows()
        show_drafts(draft, market, presets, [one for one in kept if one.draft_id != draft.slot.draft_id])
        _show_damage((*found.damaged, *kept.damaged))
        if store.aside:
            show_warning(BEGUN_ANEW)
        where = "a file of its own" if store.is_file else "a PostgreSQL database"
        st.html(f'<p class="source">Kept on this server, in {where}.</p>')
    except ShareshiftError as error:
        st.html(f'<div class="fault" role="alert" data-testid="store-fault"><p>{html(str(error))}</p></div>')


def versions_table(versions: list[Version], market: Market) -> pl.DataFrame:
    """Return the versions of a scenario, the newest first: number, when, who, what for, on which tables."""
    return pl.DataFrame(
        {
            "Version": [version.number for version in versions],
            "Saved": [moment_words(version.saved_at) for version in versions],
            "Author": [version.author or "not given" for version in versions],
            "What is new": [
                " ".join(filter(None, (_again(version), version.note))) or "no note" for version in versions
            ],
            "Title": [version.title for version in versions],
            "Tables": [
                "today’s" if version.market_digest == market.digest else f"others ({version.market_digest[:8]})"
                for version in versions
            ],
        }
    )


def _again(version: Version) -> str:
    return f"Version {version.restored_from} once more." if version.restored_from else ""


def _show_chosen(draft: Draft, market: Market, found: list[Saved]) -> None:
    by_id = {saved.scenario_id: saved for saved in found}
    opened = draft.now.origin.saved_id
    key = f"saved-{draft.shown}"
    if opened in by_id and key not in st.session_state:
        st.session_state[key] = opened
    labels = told_apart({name: _named(saved) for name, saved in by_id.items()})
    chosen = st.selectbox("Saved scenario", list(by_id), key=key, format_func=labels.__getitem__)
    saved = by_id[chosen]
    versions = the_store().history(chosen)
    _show_damage(versions.damaged)
    if not versions:
        return
    if saved.forked_from:
        st.caption(f"A copy of version {saved.forked_version} of another scenario.")
    show_table(versions_table(versions, market))
    numbers = {version.number: version for version in versions}
    _show_difference(numbers, market, chosen)
    number = st.selectbox(
        "Version", list(numbers), key=f"version-of-{chosen}-{saved.version}", format_func=lambda n: f"Version {n}"
    )
    with st.container(horizontal=True, key="version-choices"):
        st.button("Open", key="version-open", type="primary", on_click=_open, args=(draft, market, numbers[number]))
        st.button(
            "Restore as the newest",
            key="version-restore",
            disabled=number == saved.version,
            help="Saves this version once more on top of the others; none is lost.",
            on_click=_restore,
            args=(draft, market, saved, number),
        )
        st.button(
            "Copy to a scenario of its own", key="version-fork", on_click=_fork, args=(draft, market, numbers[number])
        )
        label = "Take out of the archive" if saved.archived else "Archive"
        st.button(label, key="version-archive", on_click=_archive, args=(draft, saved))


def _show_difference(numbers: dict[int, Version], market: Market, chosen: str) -> None:
    if len(numbers) < 2:
        return
    left, right = st.columns(2)
    key = f"{chosen}-{max(numbers)}"
    old = left.selectbox("What differs between version", list(numbers), index=1, key=f"difference-old-{key}")
    new = right.selectbox("and version", list(numbers), index=0, key=f"difference-new-{key}")
    sides = [read_content(numbers[number].content, market, f"Version {number}") for number in (old, new)]
    faults = [fault for _, found in sides for fault in found]
    if faults:
        st.caption(plain("Not all of these versions fits the tables of today: " + " ".join(faults[:3])))
    one, two = (scenario for scenario, _ in sides)
    if one is None or two is None:
        return
    table = differing_table(one, two, market, (f"Version {old}", f"Version {new} " if old == new else f"Version {new}"))
    if table.is_empty():
        st.caption("The two say the same.")
    else:
        show_table(table)


def _show_damage(names: Sequence[str]) -> None:
    for name in names:
        show_warning(str(Damaged(name)))


def _named(saved: Saved) -> str:
    return f"{saved.title}, version {saved.version}{', archived' if saved.archived else ''}"


def _open(draft: Draft, market: Market, version: Version) -> None:
    open_version(draft, market, version, f"Opened “{version.title}”, version {version.number}")


def _restore(draft: Draft, market: Market, saved: Saved, number: int) -> None:
    def restore() -> str:
        store = the_store()
        store.restore(this_owner().name, saved.scenario_id, number, saved.version)
        open_version(draft, market, store.latest(saved.scenario_id), f"Restored version {number}")
        return f"Version {number} is the newest again, as version {saved.version + 1}."

    tried(draft, restore)


def _fork(draft: Draft, market: Market, version: Version) -> None:
    def fork() -> str:
        store = the_store()
        copy = store.fork(this_owner().name, version.scenario_id, version.number)
        open_version(draft, market, store.latest(copy.scenario_id), f"Copied “{version.title}”")
        return f"Copied version {version.number} to a scenario of its own. Give it another title."

    tried(draft, fork)


def _archive(draft: Draft, saved: Saved) -> None:
    def archive() -> str:
        act = the_store().unarchive if saved.archived else the_store().archive
        act(this_owner().name, saved.scenario_id)
        return f"“{saved.title}” is {'back from' if saved.archived else 'in'} the archive; its links go on working."

    tried(draft, archive)
