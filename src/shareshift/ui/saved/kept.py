"""The drafts that were kept, as the store has them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from shareshift.basics.errors import ShareshiftError
from shareshift.market.market import Market
from shareshift.scenario.draft import Work
from shareshift.ui.saved.keeping import Slot
from shareshift.ui.saved.opening import the_store
from shareshift.ui.saved.owner import Owner
from shareshift.ui.saved.payload import from_where

if TYPE_CHECKING:
    from shareshift.store.records import Draft as KeptDraft
    from shareshift.store.records import DraftLine


def kept_drafts(owner: Owner, market: Market) -> list[DraftLine]:
    """Return the drafts of an owner, the last written first; none where the store cannot be used."""
    try:
        return the_store().drafts(owner.name, market_name=market.market_id)
    except ShareshiftError:
        return []


def read_draft(line: DraftLine) -> tuple[KeptDraft | None, str]:
    """Return all of a draft, or why it cannot be read."""
    try:
        return the_store().draft(line.owner, line.draft_id), ""
    except ShareshiftError as error:
        return None, str(error)


def reads_as(kept: KeptDraft, work: Work) -> bool:
    """Say whether a draft holds the same scenario, set out from the same place."""
    held = kept.history if isinstance(kept.history, Mapping) else {}
    same_origin = from_where(work).items() <= dict(held.get("now") or {}).items()
    return same_origin and dict(kept.content) == work.scenario.to_dict()


def slot_of(kept: KeptDraft) -> Slot:
    """Return where a draft goes on being kept."""
    return Slot(owner=kept.owner, draft_id=kept.draft_id, revision=kept.revision, kept_at=kept.saved_at)
