"""The connections of a store: durable and one writer at a time, whichever database it is."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from typing import Any, cast

from sqlalchemy import URL, Connection, Dialect, Engine, Executable, RowMapping, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import ConnectionPoolEntry

from shareshift.store.damage import readable
from shareshift.store.errors import StoreError
from shareshift.store.failures import named
from shareshift.store.places import place_words

READS = "; SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"
# Seconds after which an unreachable server counts as one; beyond the patience with other writers, after which a server
# that works gives up, and after which one that stands still is given up.
CONNECT_SECONDS, ANSWER_SECONDS, SILENT_SECONDS = 5, 10, 15
# A line that is dead, in milliseconds and seconds; and a server in between may hand each transaction another session.
LINE = {
    "connect_timeout": CONNECT_SECONDS,
    "tcp_user_timeout": 10_000,
    "keepalives": 1,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 2,
    "prepare_threshold": None,
}
CONNECTIONS = {"pool_size": 5, "max_overflow": 45}


class Database:
    """An engine, and the words for where it writes; `place` never holds a password."""

    def __init__(self, url: URL, patience: float, called: str = "") -> None:
        """Prepare connections that wait up to `patience` seconds for another writer; none is made yet.

        `called` is what sentences call the place instead of naming it: readers of a server learn no path of it.
        """
        self.is_sqlite = url.get_backend_name() == "sqlite"
        self.true_place = place_words(url)
        self.place = called or self.true_place
        self.engine = _sqlite_engine(url, patience) if self.is_sqlite else _postgresql_engine(url, patience, self.place)
        self._writer = self.engine.execution_options(writes=True)

    def named(self, *, writes: bool = False) -> AbstractContextManager[None]:
        """Turn what the database refuses inside the block into a `StoreError` in words for whoever is shown it."""
        return named(self.place, self.true_place, writes=writes)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection that sees one state of the store throughout; raises `StoreError`."""
        with self.named(), self.engine.begin() as connection:
            yield connection

    def rows(self, wanted: Executable) -> Sequence[RowMapping]:
        """Return the rows that one statement finds; raises `StoreError`."""
        with self.reading() as connection:
            return connection.execute(wanted).mappings().all()

    def settle(self) -> None:
        """Write what a file's journal holds into the file itself, so that the file alone is the store."""
        if self.is_sqlite:
            with suppress(DBAPIError, sqlite3.Error), self.engine.connect() as connection:
                connection.connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a connection whose changes all come about at its end, or none does; raises `StoreError`."""
        with self.named(writes=True), self._writer.begin() as connection:
            yield connection


def _sqlite_engine(url: URL, patience: float) -> Engine:
    arguments = {"timeout": patience, "isolation_level": None}
    engine = create_engine(url, connect_args=arguments, hide_parameters=True, **CONNECTIONS)

    @event.listens_for(engine, "connect")
    def prepare(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
        cast(sqlite3.Connection, connection).text_factory = readable
        cursor = connection.cursor()
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # A transaction that reads first and writes later would find the database changed in between.
        writes = connection.get_execution_options().get("writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _postgresql_engine(url: URL, patience: float, place: str) -> Engine:
    try:
        from shareshift.store.patient import patient

        engine = create_engine(url, connect_args=LINE, pool_pre_ping=True, hide_parameters=True, **CONNECTIONS)
    except ImportError as error:
        raise StoreError(
            f"{place}: its driver is not installed. Add the extra: pip install 'shareshift[postgresql]', "
            "then try again. Nothing was changed."
        ) from error
    kind = patient(patience + SILENT_SECONDS)
    lock, statement = round(patience * 1000), round((patience + ANSWER_SECONDS) * 1000)

    @event.listens_for(engine, "do_connect")
    def connect(_: Dialect, __: ConnectionPoolEntry, arguments: list[Any], named: dict[str, Any]) -> DBAPIConnection:
        return cast(DBAPIConnection, kind.connect(*arguments, **named))

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # Set here and not for the connection, as a server in between may hand each transaction another session.
        limits = f"SET LOCAL statement_timeout = {statement}; SET LOCAL lock_timeout = {lock}"
        way = "" if connection.get_execution_options().get("writes") else READS
        connection.exec_driver_sql(f"{limits}{way}")

    return engine
