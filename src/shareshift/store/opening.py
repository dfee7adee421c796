"""Open the store: find its place, bring its tables up to date, hand out what can be done with it."""

from types import TracebackType

from shareshift.store.database import Database
from shareshift.store.drafts import Drafts
from shareshift.store.migrating import bring_up_to_date
from shareshift.store.places import file_of, find_url, make_file
from shareshift.store.scenarios import Scenarios

# Seconds to wait for another writer before giving up.
PATIENCE = 5.0


class Store(Scenarios, Drafts):
    """Saved scenarios and drafts in one database; to be shared by all threads of a process, and closed at its end."""

    def __init__(self, database: Database) -> None:
        """Work on a database whose tables are up to date."""
        super().__init__(database)
        self.place = database.place

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
    change waits for another writer, `called` what sentences call the place instead of naming it. Raises `StoreError`
    with where, what, and what to do.
    """
    database = Database(found := find_url(url), patience, called)
    if file := file_of(found):
        make_file(file, database.place)
    try:
        bring_up_to_date(database)
    except BaseException:
        database.engine.dispose()
        raise
    return Store(database)
