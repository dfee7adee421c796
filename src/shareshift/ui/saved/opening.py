"""The store behind the pages: opened once per server, and a refusal is not asked for again at every move."""

from __future__ import annotations

import os
import threading
import time
from typing import TYPE_CHECKING

# A page that keeps nothing yet does not wait for the database library: it is imported where it is used.
if TYPE_CHECKING:
    from shareshift.store.opening import Store

# Seconds to wait for another writer, and before a store that refused is tried again.
PATIENCE = 2.0
RETRY = 10.0
# Readers are told neither a path nor an address of the server; both are in its log.
CALLED = "The store of this server"
_lock = threading.Lock()
_open: dict[tuple[str, ...], Store] = {}
_refused: dict[tuple[str, ...], tuple[float, Exception]] = {}


def the_store() -> Store:
    """Return the store of this server; raises `StoreError` where it cannot be used."""
    from shareshift.store.errors import StoreError
    from shareshift.store.opening import open_store

    place = _place()
    with _lock:
        if place in _open:
            return _open[place]
        when, error = _refused.get(place, (0.0, None))
        if error is not None and time.monotonic() - when < RETRY:
            raise error
        try:
            _open[place] = open_store(patience=PATIENCE, called=CALLED)
        except StoreError as refusal:
            _refused[place] = (time.monotonic(), refusal)
            raise
        return _open[place]


def forget_refusals() -> None:
    """Let the store be tried again at once, whatever it answered a moment ago."""
    with _lock:
        _refused.clear()


def close_store() -> None:
    """Close what was opened, at the end of the server."""
    with _lock:
        while _open:
            _open.popitem()[1].close()


def known_refusal() -> str:
    """Return why the store could not be used when it was last tried, or nothing; it is not tried for this."""
    _, error = _refused.get(_place(), (0.0, None))
    return "" if error is None or _place() in _open else str(error)


def _place() -> tuple[str, ...]:
    return tuple(os.environ.get(name, "") for name in ("SHARESHIFT_DATABASE_URL", "SHARESHIFT_DATA"))
