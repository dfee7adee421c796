"""A copy of the whole store in one file, taken while it is in use."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from shareshift.basics.files import replacing
from shareshift.store.aside import check_whole
from shareshift.store.errors import StoreError
from shareshift.store.failures import UNCHANGED, named
from shareshift.store.places import file_of, find_url, place_words
from shareshift.store.tables import REVISION_TABLE


def back_up(target: Path, *, force: bool = False) -> None:
    """Copy the store, also one in use, into one file that holds everything; raises `StoreError`."""
    file = own_file()
    check_whole(file)
    if not file.is_file():
        raise StoreError(f"{file}: there is no store yet, so there is nothing to copy. Save a scenario first.")
    distinct(file, target)
    if target.exists() and not force:
        raise StoreError(f"{target}: it is there already. Name another file, or give --force. {UNCHANGED}")
    target.parent.mkdir(parents=True, exist_ok=True)
    with replacing(target) as beside:
        with named(f"{file}, copied to {target}"), reading(file) as source:
            revision(file, source)
            # Drafts are nobody else's business, in a copy as well.
            os.close(os.open(beside, os.O_CREAT | os.O_EXCL, 0o600))
            source.execute("VACUUM INTO ?", (str(beside),))
        arrived(beside)


def own_file() -> Path:
    """Return the file of the store; raises `StoreError` where it is a server."""
    url = find_url()
    if file := file_of(url):
        return file
    raise StoreError(
        f"{place_words(url)}: a PostgreSQL database is copied by its own tools. Take a backup with "
        f"`pg_dump --format=custom --file=FILE DATABASE`, and put it back with `pg_restore`. {UNCHANGED}"
    )


def distinct(file: Path, other: Path) -> None:
    """Raise `StoreError` where a store would be copied onto itself."""
    if file.absolute() == other.absolute() or (file.exists() and other.exists() and file.samefile(other)):
        raise StoreError(f"{other}: this is the store itself. Name another file. {UNCHANGED}")


@contextmanager
def reading(file: Path) -> Iterator[sqlite3.Connection]:
    """Give a connection that writes nothing into a file; what its log holds is read as well."""
    with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        yield connection


def revision(file: Path, source: sqlite3.Connection) -> str:
    """Return the revision of the tables in a file; raises `StoreError` where they are not ours."""
    known = "SELECT 1 FROM sqlite_master WHERE name = ?"
    if source.execute(known, (REVISION_TABLE,)).fetchone():
        # The name is ours, and cannot be given as a value.
        for (found,) in source.execute(f"SELECT version_num FROM {REVISION_TABLE}"):  # noqa: S608
            return str(found)
    raise StoreError(f"{file}: it holds no scenarios of Shareshift. Name another file. {UNCHANGED}")


def arrived(file: Path) -> None:
    """Have a file on the disk itself, before it gets the name under which it is looked for."""
    with file.open("rb+") as written:
        os.fsync(written.fileno())
