"""Open the store: find its place, bring its tables up to date, hand out what can be done with it."""

import logging
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from sqlalchemy import URL

from shareshift.store.aside import looks_like_ours, lost_its_file, set_aside
from shareshift.store.database import Database
from shareshift.store.drafts import Drafts
from shareshift.store.errors import DamagedFile, StoreError
from shareshift.store.migrating import bring_up_to_date
from shareshift.store.places import file_of, find_url, make_file
from shareshift.store.scenarios import Scenarios

# Seconds to wait for another writer before giving up.
PATIENCE = 5.0


class Store(Scenarios, Drafts):
    """Saved scenarios and drafts in one database; to be shared by all threads of a process, and closed at its end."""

    def __init__(self, database: Database, aside: Path | None = None) -> None:
        """Work on a database whose tables are up to date; `aside` holds the damaged one in whose place it is."""
        super().__init__(database)
        with suppress(StoreError):
            self.drop_old_drafts()
        self.place, self.is_file, self.aside = database.place, database.is_sqlite, aside

    def close(self) -> None:
        """Close every connection that is not in use; of a file, all that was saved stands in that one file then."""
        self._database.settle()
        self._database.engine.dispose()

    def __enter__(self) -> "Store":
        """Return the store itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the store."""
        self.close()


def open_store(url: str | None = None, *, patience: float = PATIENCE, called: str = "") -> Store:
    """Open the store, creating or migrating its tables where needed.

    `url` is a postgresql:// or sqlite:/// address or the path of a file; None takes SHARESHIFT_DATABASE_URL, else
    shareshift.db in the folder SHARESHIFT_DATA, else in the user's data folder. `patience` is how many seconds a
    change waits for another writer, `called` what sentences call the place instead of naming it. A file that is no
    database any more is moved aside and kept. Raises `StoreError` with where, what, and what to do.
    """
    found, aside = find_url(url), None
    file = file_of(found)
    if file is not None and lost_its_file(file):
        aside = _moved(file)
    identity = file.stat().st_ino if file and file.exists() else None
    try:
        return Store(_opened(found, patience, called), aside)
    except DamagedFile:
        if file is None or not looks_like_ours(file):
            raise
    # Another start may have moved it meanwhile, and what stands there now is the new one.
    if file.stat().st_ino == identity:
        aside = _moved(file)
    return Store(_opened(found, patience, called), aside)


def _opened(url: URL, patience: float, called: str) -> Database:
    database = Database(url, patience, called)
    if file := file_of(url):
        make_file(file, database.place)
    try:
        bring_up_to_date(database)
    except BaseException:
        database.engine.dispose()
        raise
    return database


def _moved(file: Path) -> Path:
    folder = set_aside(file, "damaged")
    told = "%s is damaged. It and what belongs to it are in %s now, and a new store is begun in its place."
    logging.getLogger(__name__).warning(told, file, folder)
    return folder
