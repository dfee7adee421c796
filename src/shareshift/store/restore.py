"""A copy made the store again; what was there before is kept beside."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from shareshift.basics.files import replacing
from shareshift.store.aside import lost_its_file, set_aside, sides
from shareshift.store.backup import arrived, distinct, own_file, reading, revision
from shareshift.store.errors import StoreError
from shareshift.store.failures import UNCHANGED, named
from shareshift.store.migrating import HEAD


def put_back(copy: Path, *, force: bool = False) -> Path | None:
    """Make a copy the store; return the folder into which what was there has been moved, if anything was.

    Raises `StoreError` where the copy is none, where a store is there and `force` is not given, and where it is in use.
    """
    file = own_file()
    if not copy.is_file():
        raise StoreError(f"{copy}: is no file. Name one that `shareshift store backup` wrote.")
    distinct(file, copy)
    there = any(side.exists() and side.stat().st_size for side in sides(file))
    if there and not force:
        raise StoreError(
            f"{file}: a store is there already. Give --force: it is moved into a folder beside, and kept. {UNCHANGED}"
        )
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    kept = None
    with replacing(file) as beside:
        os.close(os.open(beside, os.O_CREAT | os.O_EXCL, 0o600))
        with named(str(copy)), reading(copy) as source, closing(sqlite3.connect(beside)) as fresh:
            _check_copy(copy, source)
            source.backup(fresh)
        arrived(beside)
        if there:
            # Opening an empty file would delete the log that has lost its own.
            if not lost_its_file(file):
                _nobody_uses(file)
            kept = set_aside(file, "replaced")
    return kept


def _check_copy(copy: Path, source: sqlite3.Connection) -> None:
    found = revision(copy, source)
    if found > HEAD:
        raise StoreError(
            f"{copy}: it was written by a newer Shareshift (its tables are at {found}, this version knows {HEAD}). "
            f"Start the newer Shareshift. {UNCHANGED}"
        )
    if source.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
        raise StoreError(f"{copy}: it is damaged. Take another copy. {UNCHANGED}")


def _nobody_uses(file: Path) -> None:
    """Raise `StoreError` where another program has the database open; what its log holds goes into the file."""
    try:
        with closing(sqlite3.connect(file, timeout=0.5, isolation_level=None)) as alone:
            # The log ends only where nobody else reads by it.
            alone.execute("PRAGMA journal_mode = DELETE")
            alone.execute("BEGIN EXCLUSIVE")
            alone.execute("ROLLBACK")
    except sqlite3.Error as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise StoreError(
                f"{file}: it is in use. End the dashboard and whatever else holds it, then try again. {UNCHANGED}"
            ) from None
        # A damaged one is moved as it is.
