"""Drafts written behind the page: no move waits for the disk, the latest state is never lost, and what counts as kept
is what the store has acknowledged.
"""

from __future__ import annotations

import logging
import secrets
import threading
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from shareshift.basics.errors import ShareshiftError
from shareshift.ui.saved.opening import the_store

if TYPE_CHECKING:
    from shareshift.store.opening import Store

# Seconds: the page is drawn first, a burst of moves is one write, and a store that refused is asked again, after
# pauses that double up to the longest one, for as long as the server runs.
DELAY = 0.3
RETRY = 5.0
LONGEST = 300.0


@dataclass(frozen=True, kw_only=True)
class Payload:
    """What is written of a draft; see `Store.put_draft`."""

    content: Mapping[str, Any]
    market_digest: str
    market_name: str
    based_on: tuple[str, int] | None
    history: Any


@dataclass(kw_only=True)
class Slot:
    """Where one tab's draft is kept: `kept_at` is when the store last acknowledged it, `fault` why it did not.

    `pending` says that the latest state is not kept yet; `parted` that another tab went on with the same draft, so
    that this tab's has been kept as one of its own since.
    """

    owner: str
    draft_id: str
    revision: int = 0
    kept_at: datetime | None = None
    fault: str = ""
    pending: bool = False
    parted: bool = False
    tries: int = 0


@dataclass(kw_only=True)
class _Waiting:
    slot: Slot
    write: Callable[[], Payload]
    due: float


class Keeper:
    """A thread that writes the latest state of every draft."""

    def __init__(self, store: Callable[[], Store], delay: float = DELAY) -> None:
        """Write into what `store` returns; it may raise `StoreError`, and is asked again later."""
        self._store = store
        self._delay = delay
        self._turn = threading.Condition()
        self._waiting: dict[int, _Waiting] = {}
        self._writing: Slot | None = None
        self._thread: threading.Thread | None = None

    def put(self, slot: Slot, write: Callable[[], Payload]) -> None:
        """Have a draft's latest state written soon, in place of any older one that waits; returns at once."""
        with self._turn:
            before = self._waiting.get(id(slot))
            due = before.due if before and not slot.fault else time.monotonic() + self._delay
            self._waiting[id(slot)] = _Waiting(slot=slot, write=write, due=due)
            slot.pending, slot.tries = True, 0
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="shareshift-keeper", daemon=True)
                self._thread.start()
            self._turn.notify_all()

    def settle(self, slot: Slot, seconds: float) -> bool:
        """Write a draft now and wait until it is kept or refused; say whether it is kept."""
        with self._turn:
            tries = slot.tries
            if waiting := self._waiting.get(id(slot)):
                waiting.due = 0.0
                self._turn.notify_all()
            # What has been tried for the last time already is not tried again, however long one waits.
            self._turn.wait_for(lambda: not slot.pending or slot.tries > tries or not self._under_way(slot), seconds)
            return not slot.pending

    def _under_way(self, slot: Slot) -> bool:
        return id(slot) in self._waiting or self._writing is slot

    def close(self, seconds: float) -> None:
        """Write all that waits, also what was refused before, at the end of the server."""
        end = time.monotonic() + seconds
        with self._turn:
            slots = [waiting.slot for waiting in self._waiting.values()]
        for slot in slots:
            self.settle(slot, max(end - time.monotonic(), 0.0))

    def _work(self) -> None:
        while True:
            with self._turn:
                while not (due := self._next()):
                    soonest = min((waiting.due for waiting in self._waiting.values()), default=None)
                    self._turn.wait(None if soonest is None else max(soonest - time.monotonic(), 0.0))
                del self._waiting[id(due.slot)]
                self._writing = due.slot
            again = self._try(due)
            with self._turn:
                slot, self._writing = due.slot, None
                # A newer state that came meanwhile has not been tried yet, whatever became of this one.
                if id(slot) not in self._waiting:
                    slot.tries += 1
                    if again:
                        due.due = time.monotonic() + min(RETRY * 2.0 ** min(slot.tries - 1, 30), LONGEST)
                        self._waiting[id(slot)] = due
                slot.pending = id(slot) in self._waiting or bool(slot.fault)
                self._turn.notify_all()

    def _next(self) -> _Waiting | None:
        now = time.monotonic()
        return next((waiting for waiting in self._waiting.values() if waiting.due <= now), None)

    def _try(self, waiting: _Waiting) -> bool:
        """Write one draft; say whether to try again."""
        from shareshift.store.errors import ContentError

        slot = waiting.slot
        try:
            self._write(slot, waiting.write())
        except ContentError as error:
            slot.fault = str(error)
            return False
        except ShareshiftError as error:
            slot.fault = str(error)
            return True
        except Exception as error:
            # The thread serves every reader; it goes on, and the page tells the one concerned.
            # What went wrong could quote the draft, which is nobody else's business; where it did cannot.
            where = "".join(traceback.format_tb(error.__traceback__))
            logging.getLogger(__name__).error("A draft could not be written: %s\n%s", type(error).__name__, where)
            slot.fault = f"something unexpected happened ({type(error).__name__}); the server’s log says more."
            return False
        slot.fault = ""
        return False

    def _write(self, slot: Slot, payload: Payload) -> None:
        from shareshift.store.errors import DraftConflict

        def put() -> None:
            kept = self._store().put_draft(
                slot.owner,
                slot.draft_id,
                payload.content,
                payload.market_digest,
                slot.revision + 1,
                market_name=payload.market_name,
                based_on=payload.based_on,
                history=payload.history,
            )
            slot.revision, slot.kept_at = kept.revision, kept.saved_at

        try:
            put()
        except DraftConflict:
            # Another tab went on with this draft; both stay.
            slot.draft_id, slot.revision, slot.parted = new_draft_id(), 0, True
            put()


KEEPER = Keeper(the_store)


def new_draft_id() -> str:
    """Return a name for a draft that nobody has yet."""
    return secrets.token_hex(16)
