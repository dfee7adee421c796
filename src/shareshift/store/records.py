"""What the store hands out: a saved scenario, one of its versions, a draft. All times are aware and in UTC."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, TypeVar

T = TypeVar("T")
Content = Mapping[str, Any]
BasedOn = tuple[str, int]
# What is kept of what nobody saved: so many of an owner's, for so long.
MOST_DRAFTS, MOST_DAYS = 50, 90


class Rows(list[T]):
    """What was found, and in `damaged` the name of every row that something else has written and nobody can read."""

    damaged: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Saved:
    """A saved scenario as it stands: `version` is its latest number, and the words are that version's.

    `forked_from` and `forked_version` name the version it was copied from, None where it was not.
    """

    scenario_id: str
    owner: str
    title: str
    version: int
    market_digest: str
    market_name: str
    engine_version: str
    archived: bool
    created_at: datetime
    saved_at: datetime
    forked_from: str | None
    forked_version: int | None


@dataclass(frozen=True, kw_only=True)
class Version:
    """One version of a saved scenario; versions are numbered from 1 without gaps and never change.

    `content` is the scenario as plain values; `restored_from` is the number of the version it repeats.
    """

    scenario_id: str
    number: int
    title: str
    content: Content
    market_digest: str
    market_name: str
    engine_version: str
    note: str
    author: str
    saved_at: datetime
    restored_from: int | None


@dataclass(frozen=True, kw_only=True)
class DraftLine:
    """A draft as a list has it: what it is called and when it was written, and not what it says.

    `revision` counts its autosaves; the next one carries `revision + 1`.
    """

    owner: str
    draft_id: str
    title: str
    market_digest: str
    market_name: str
    revision: int
    saved_at: datetime


@dataclass(frozen=True, kw_only=True)
class Draft(DraftLine):
    """What somebody is working on: content, what it started from, and whatever undo needs."""

    content: Content
    based_on: BasedOn | None
    history: Any

    @property
    def line(self) -> DraftLine:
        """The draft as a list has it."""
        return DraftLine(**{one.name: getattr(self, one.name) for one in fields(DraftLine)})
