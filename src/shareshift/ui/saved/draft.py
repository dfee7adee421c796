"""The reader's draft in this tab: opened from the address or from what was kept, changed step by step, kept again.

It outlives the widgets, which vanish with a change of page.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

import streamlit as st

from shareshift.market.market import Market
from shareshift.scenario import address as links
from shareshift.scenario.draft import History, Origin, Work
from shareshift.scenario.pasted import as_pasted
from shareshift.scenario.scenario import Scenario
from shareshift.ui.saved.keeping import KEEPER, Slot, new_draft_id
from shareshift.ui.saved.kept import kept_drafts, read_draft, reads_as, slot_of
from shareshift.ui.saved.owner import Owner, is_new, this_owner
from shareshift.ui.saved.payload import payload_of, steps_of, work_of
from shareshift.ui.saved.saved import read_content, read_saved

if TYPE_CHECKING:
    from shareshift.store.records import Draft as KeptDraft
    from shareshift.store.records import DraftLine, Version

GONE = "draft: this draft is not kept for this browser. Ask its author for a saved link."
Query = Mapping[str, Sequence[str]]


@dataclass(kw_only=True)
class Draft:
    """What this tab works on, and what the page has to say about where it came from.

    `refused` names what a link or a kept draft holds and the tables do not allow; `made_on` the other tables or
    version that it was made on; `restored` when the draft that was put back had been kept; `address` what the address
    should say and `seen` what it said last; `shown` counts the states that tables to edit could not follow,
    `opened` the pages;
    `conflict` is the version that somebody saved in between, and `told` what came of the last thing asked for.
    """

    digest: str
    market_name: str
    history: History
    slot: Slot
    refused: list[str] = field(default_factory=list)
    made_on: links.MadeOn | None = None
    restored: datetime | None = None
    address: dict[str, str] | None = None
    seen: dict[str, list[str]] = field(default_factory=dict)
    shown: int = 0
    opened: int = 0
    conflict: Version | None = None
    told: str = ""

    @property
    def now(self) -> Work:
        """The draft as it stands."""
        return self.history.now


def draft_of(market: Market, presets: Mapping[str, Scenario]) -> Draft:
    """Return this tab's draft; a new one begins with what the address says, else with what was kept last."""
    draft = st.session_state.get("draft")
    if not isinstance(draft, Draft) or draft.digest != market.digest:
        draft = st.session_state["draft"] = open_draft(scenario_query(), market, presets, this_owner())
    return draft


def scenario_query() -> dict[str, list[str]]:
    """Return what the address says of the scenario; what it says beside is the page's own."""
    query = {key: st.query_params.get_all(key) for key in st.query_params if key not in links.BESIDE}
    return as_pasted(query)


def open_draft(query: Query, market: Market, presets: Mapping[str, Scenario], owner: Owner) -> Draft:
    """Return the draft for an address; a bare one puts back what the owner worked on last."""
    kept = kept_drafts(owner, market) if owner.lasting and not is_new(owner) else []
    if links.DRAFT in query or not query:
        return _put_back(query.get(links.DRAFT, [""])[0], kept, market, presets, owner)
    draft = follow(query, market, presets, owner)
    # A tab that is loaded again goes on with its draft instead of beginning another one.
    alike = (read_draft(one)[0] for one in kept if one.title == draft.now.scenario.title)
    same = next((one for one in alike if one and reads_as(one, draft.now)), None)
    if same:
        draft.slot = slot_of(same)
    return draft


def _put_back(
    wanted: str, kept: Sequence[DraftLine], market: Market, presets: Mapping[str, Scenario], owner: Owner
) -> Draft:
    line = next((one for one in kept if wanted in ("", one.draft_id)), None)
    found, fault = read_draft(line) if line else (None, GONE if wanted else "")
    draft = restored(found, market, presets) if found else None
    if draft is None:
        draft = fresh(market, Work(origin=Origin(), start=presets["baseline"], scenario=presets["baseline"]), owner)
        fault = fault or (GONE if wanted else "")
        draft.refused = [fault] if fault else []
    return draft


def follow(query: Query, market: Market, presets: Mapping[str, Scenario], owner: Owner) -> Draft:
    """Return the draft that a link describes, with a sentence for every part that is refused."""
    origin, refused = links.read_origin(query, list(presets))
    made_on, unclear = links.read_made_on(query)
    start: Scenario | None = presets[origin.preset]
    if origin.saved_id:
        start, faults, saved_on = read_saved(origin, market)
        refused, made_on = [*refused, *faults], made_on or saved_on
    if start is None:
        origin, start = Origin(), presets["baseline"]
    scenario, faults = links.read_values(query, start, market)
    draft = fresh(market, Work(origin=origin, start=start, scenario=scenario), owner)
    draft.refused = [*refused, *faults, *unclear]
    draft.made_on = made_on if made_on and not links.is_current(made_on, market) else None
    return draft


def fresh(market: Market, work: Work, owner: Owner) -> Draft:
    """Return a draft that is not kept anywhere yet."""
    slot = Slot(owner=owner.name, draft_id=new_draft_id())
    return Draft(digest=market.digest, market_name=market.market_id, history=History(now=work), slot=slot)


def restored(kept: KeptDraft, market: Market, presets: Mapping[str, Scenario]) -> Draft | None:
    """Return a kept draft with its undo; None where nothing of it can be read."""
    scenario, faults = read_content(kept.content, market, kept.title)
    if scenario is None:
        return None
    held = kept.history if isinstance(kept.history, Mapping) else {}
    now = work_of(held.get("now"), scenario, market, presets)
    past, future = (steps_of(held.get(name), market, presets) for name in ("past", "future"))
    draft = Draft(
        digest=market.digest,
        market_name=market.market_id,
        history=History(now=now, past=past, future=future),
        slot=slot_of(kept),
    )
    draft.refused = faults
    if now.edited or now.origin != Origin():
        draft.restored = kept.saved_at
    return draft


def change(draft: Draft, name: str, work: Work, control: str = "") -> None:
    """Make a step of an edit, and have it kept."""
    before = draft.history
    draft.history = before.did(name, work, control=control, at=time.monotonic())
    if draft.history is not before:
        draft.restored = None
        keep(draft)


def move_to(draft: Draft, history: History) -> None:
    """Go to another place of the history; the widgets have to be put there."""
    draft.history = history
    show_anew(draft)
    keep(draft)


def show_anew(draft: Draft) -> None:
    """Have every widget show the draft as it stands; call it from a callback, before widgets are there."""
    draft.shown += 1
    draft.conflict = None


def keep(draft: Draft) -> None:
    """Have the draft written behind the page, where the reader can be known again."""
    if this_owner().lasting:
        history, digest, name = draft.history, draft.digest, draft.market_name
        KEEPER.put(draft.slot, lambda: payload_of(history, digest, name))


def rebase(draft: Draft, origin: Origin, start: Scenario) -> None:
    """Set the draft out from what was saved, without a step to take back."""
    draft.history = draft.history.rebased(origin, start)
    keep(draft)
