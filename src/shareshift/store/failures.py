"""What a database's refusals mean for whoever works with it: where, what, and what to do."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoneFree

from shareshift.store.errors import StoreError

UNCHANGED = "Nothing was changed."
NOT_OURS = (
    "Move the file elsewhere and keep it, with those of its name that end in -wal and -shm, which hold what was saved "
    "last; the next start makes a new one."
)
UNREADABLE = "could not decode to utf-8"
HELD = "Another program holds it. Close that program or wait a moment, then try again."
SQLITE = {
    sqlite3.SQLITE_BUSY: HELD,
    sqlite3.SQLITE_LOCKED: HELD,
    sqlite3.SQLITE_FULL: "The disk is full. Free some space, then try again.",
    sqlite3.SQLITE_READONLY: "It may only be read. Allow writing to the file and its folder, or name another folder "
    "with SHARESHIFT_DATA.",
    sqlite3.SQLITE_PERM: "It may not be opened. Allow reading and writing, or name another folder with "
    "SHARESHIFT_DATA.",
    sqlite3.SQLITE_CANTOPEN: "It cannot be opened. Allow reading and writing in its folder, or name another folder "
    "with SHARESHIFT_DATA.",
    sqlite3.SQLITE_NOTADB: f"It is no database. {NOT_OURS}",
    sqlite3.SQLITE_CORRUPT: f"It is damaged. {NOT_OURS}",
    sqlite3.SQLITE_IOERR: "The disk refused to read or write. Check the disk and its free space, then try again.",
}
# By the first two or all five characters of an SQLSTATE.
POSTGRESQL = {
    "53100": "The server's disk is full. Free some space there, then try again.",
    "53": "The server has no room for another connection. Wait a moment, then try again.",
    "55P03": HELD,
    "40": "Another program wrote at the same time. Try again.",
    "42501": "This user may not read or write there. Grant it, or name another user in SHARESHIFT_DATABASE_URL.",
    "25006": "It may only be read. Name the server that may be written in SHARESHIFT_DATABASE_URL.",
}
PERHAPS = "Whether the last change arrived is not known: look at what is there before saving again."
BUSY = "Every connection is in use. Wait a moment, then try again."


@contextmanager
def named(place: str, *, writes: bool = False) -> Iterator[None]:
    """Turn what a database refuses inside the block into a `StoreError` that names the place.

    With `writes`, a connection that is lost leaves open whether the change arrived, and the sentence says so.
    """
    try:
        yield
    except NoneFree:
        raise StoreError(f"{place}: {BUSY} {UNCHANGED}") from None
    except DBAPIError as error:
        sentence = _sentence(error, writes=writes)
        if sentence is None:
            raise
        raise StoreError(f"{place}: {sentence}") from error


def _sentence(error: DBAPIError, *, writes: bool) -> str | None:
    if isinstance(error.orig, sqlite3.Error):
        return _sqlite(error.orig)
    state = getattr(error.orig, "sqlstate", None) or ""
    for length in (5, 2):
        if state[:length] in POSTGRESQL:
            return f"{POSTGRESQL[state[:length]]} {UNCHANGED}"
    if error.connection_invalidated or state.startswith(("08", "57P")):
        return f"The connection to the server was lost. {PERHAPS if writes else f'Try again. {UNCHANGED}'}"
    if error.statement is None or state.startswith(("28", "3D")):
        reason = str(error.orig).strip().splitlines()
        return (
            f"The server cannot be used ({reason[0][:200] if reason else 'it gives no reason'}). Start it, or correct "
            f"SHARESHIFT_DATABASE_URL. {UNCHANGED}"
        )
    return None


def _sqlite(error: sqlite3.Error) -> str | None:
    # Python finds a damaged text itself, so it bears no code.
    if UNREADABLE in str(error).lower():
        return f"{SQLITE[sqlite3.SQLITE_CORRUPT]} {UNCHANGED}"
    # The lowest byte of an extended code is the code itself.
    known = SQLITE.get(error.sqlite_errorcode & 0xFF) if hasattr(error, "sqlite_errorcode") else None
    return known and f"{known} {UNCHANGED}"
