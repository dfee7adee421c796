"""What a database's refusals mean for whoever works with it: where, what, and what to do."""

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoneFree

from shareshift.store.errors import DamagedFile, StoreError

UNCHANGED = "Nothing was changed."
NOT_OURS = (
    "Move the file elsewhere and keep it, with those of its name that end in -wal and -shm, which hold what was saved "
    "last; the next start makes a new one."
)
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
    sqlite3.SQLITE_CORRUPT: "It is damaged. End the dashboard, take out what can be read with `shareshift store export "
    "DIR`, and put a backup in its place with `shareshift store restore FILE --force`.",
    sqlite3.SQLITE_PROTOCOL: HELD,
    sqlite3.SQLITE_IOERR: "The disk refused to read or write. Check the disk and its free space, then try again.",
}
# By the first two or all five characters of an SQLSTATE.
POSTGRESQL = {
    "53100": "The server's disk is full. Free some space there, then try again.",
    "53": "The server has no room for another connection. Wait a moment, then try again.",
    "55P03": HELD,
    "57014": "The server took too long to answer. Wait a moment, then try again.",
    "40": "Another program wrote at the same time. Try again.",
    "42501": "This user may not read or write there. Grant it, or name another user in SHARESHIFT_DATABASE_URL.",
    "25006": "It may only be read. Name the server that may be written in SHARESHIFT_DATABASE_URL.",
}
PERHAPS = "Whether the last change arrived is not known: look at what is there before saving again."
BUSY = "Every connection is in use. Wait a moment, then try again."


@contextmanager
def named(place: str, true_place: str = "", *, writes: bool = False) -> Iterator[None]:
    """Turn what a database refuses inside the block into a `StoreError` that names the place.

    With `writes`, a connection that is lost leaves open whether the change arrived, and the sentence says so. Where
    `true_place` is another than `place`, it goes into the log with the reason a server gives, and not to the reader.
    """
    try:
        yield
    except NoneFree:
        raise StoreError(f"{place}: {BUSY} {UNCHANGED}") from None
    except (DBAPIError, sqlite3.Error) as error:
        sentence = _sentence(error, writes=writes)
        if sentence is None:
            raise
        if true_place not in ("", place):
            logging.getLogger(__name__).warning("%s: %s", true_place, sentence)
            sentence = _sentence(error, writes=writes, with_reason=False)
        kind = DamagedFile if _code(error) in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT) else StoreError
        raise kind(f"{place}: {sentence}") from error


def _sentence(error: DBAPIError | sqlite3.Error, *, writes: bool, with_reason: bool = True) -> str | None:
    if known := SQLITE.get(_code(error)):
        return f"{known} {UNCHANGED}"
    if not isinstance(error, DBAPIError) or isinstance(error.orig, sqlite3.Error):
        return None
    state = getattr(error.orig, "sqlstate", None) or ""
    for length in (5, 2):
        if state[:length] in POSTGRESQL:
            return f"{POSTGRESQL[state[:length]]} {UNCHANGED}"
    if error.connection_invalidated or state.startswith(("08", "57P")):
        return f"The connection to the server was lost. {PERHAPS if writes else f'Try again. {UNCHANGED}'}"
    if error.statement is None or state.startswith(("28", "3D")):
        lines = str(error.orig).strip().splitlines()
        reason = f" ({lines[0][:200] if lines else 'it gives no reason'})" if with_reason else ""
        return f"The server cannot be used{reason}. Start it, or correct SHARESHIFT_DATABASE_URL. {UNCHANGED}"
    return None


def _code(error: DBAPIError | sqlite3.Error) -> int:
    """Return the code of a refusal by SQLite, else 0; the lowest byte of an extended code is the code itself."""
    refusal = error.orig if isinstance(error, DBAPIError) else error
    return int(getattr(refusal, "sqlite_errorcode", 0)) & 0xFF
