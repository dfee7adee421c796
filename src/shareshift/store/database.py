"""Where the store lives, and its connections: durable and one writer at a time, whichever database it is."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import platformdirs
from sqlalchemy import URL, Connection, Engine, Executable, RowMapping, create_engine, event, make_url, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.pool import ConnectionPoolEntry

from shareshift.store.errors import StoreError
from shareshift.store.failures import named

URL_VARIABLE = "SHARESHIFT_DATABASE_URL"
FOLDER_VARIABLE = "SHARESHIFT_DATA"
FILE_NAME = "shareshift.db"
POSTGRESQL_NAMES = ("postgres", "postgresql", "postgresql+psycopg")
# Seconds after which an unreachable server counts as one.
CONNECT_SECONDS = 5
CONNECTIONS = {"pool_size": 5, "max_overflow": 45}


class Database:
    """An engine, and the words for where it writes; `place` never holds a password."""

    def __init__(self, url: URL, patience: float) -> None:
        """Prepare connections that wait up to `patience` seconds for another writer; none is made yet."""
        self.is_sqlite = url.get_backend_name() == "sqlite"
        self.place = _place(url)
        self.engine = _sqlite_engine(url, patience) if self.is_sqlite else _postgresql_engine(url, patience)
        self._writer = self.engine.execution_options(writes=True)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection that sees one state of the store throughout; raises `StoreError`."""
        with named(self.place), self.engine.begin() as connection:
            yield connection

    def rows(self, wanted: Executable) -> Sequence[RowMapping]:
        """Return the rows that one statement finds; raises `StoreError`."""
        with self.reading() as connection:
            return connection.execute(wanted).mappings().all()

    def settle(self) -> None:
        """Write what a file's journal holds into the file itself, so that the file alone is the store."""
        if self.is_sqlite:
            with suppress(DBAPIError), self.engine.connect() as connection:
                connection.connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a connection whose changes all come about at its end, or none does; raises `StoreError`."""
        with named(self.place, writes=True), self._writer.begin() as connection:
            yield connection


def find_url(given: str | None) -> URL:
    """Return where to keep things: as given, else as the environment says, else the file in the user's folder.

    `given` is the path of a file, a sqlite:/// or a postgresql:// address. Raises `StoreError`.
    """
    address = given or os.environ.get(URL_VARIABLE)
    if not address:
        folder = os.environ.get(FOLDER_VARIABLE)
        return _file(Path(folder) if folder else platformdirs.user_data_path("shareshift", appauthor=False), FILE_NAME)
    if "://" not in address:
        return _file(Path(address).parent, Path(address).name)
    try:
        url = make_url(address)
        backend, port = url.drivername, url.port
    except (ArgumentError, ValueError):
        backend, port = "", None
    if backend in POSTGRESQL_NAMES and (port is None or 0 < port < 65536):
        return url.set(drivername="postgresql+psycopg")
    if backend == "sqlite" and url.database and url.database != ":memory:" and not url.query:
        return _file(Path(url.database).parent, Path(url.database).name)
    # The address itself may hold a password, so it is not repeated.
    raise StoreError(
        f"The database address{'' if given else f' in {URL_VARIABLE}'} cannot be read. Write it as "
        "postgresql://user:password@host:5432/database, with special characters of the password percent-encoded."
    )


def _file(folder: Path, name: str) -> URL:
    path = folder.expanduser().absolute() / name
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        # SQLite gives its side files the rights of the main one: what is drafted is nobody else's business.
        os.close(os.open(path, os.O_CREAT | os.O_RDONLY, 0o600))
    except OSError as error:
        reason = "a file stands where its folder should be" if path.parent.is_file() else error.strerror
        raise StoreError(
            f"{path}: it cannot be opened ({reason}). Allow reading and writing in its folder, or name "
            f"another folder with {FOLDER_VARIABLE}. Nothing was changed."
        ) from error
    return URL.create("sqlite", database=str(path))


def _place(url: URL) -> str:
    if url.get_backend_name() == "sqlite":
        return str(url.database)
    named_host = url.query.get("host") or "the local socket"
    host = url.host or (named_host if isinstance(named_host, str) else ", ".join(named_host))
    port = f", port {url.port}" if url.port else ""
    return f"PostgreSQL database {url.database or url.username or ''} on {host}{port}"


def _sqlite_engine(url: URL, patience: float) -> Engine:
    engine = create_engine(url, connect_args={"timeout": patience, "isolation_level": None}, **CONNECTIONS)

    @event.listens_for(engine, "connect")
    def prepare(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
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


def _postgresql_engine(url: URL, patience: float) -> Engine:
    # A server between here and the database may hand each transaction another session.
    settings = {"connect_timeout": CONNECT_SECONDS, "prepare_threshold": None}
    try:
        engine = create_engine(url, connect_args=settings, pool_pre_ping=True, **CONNECTIONS)
    except ImportError as error:
        raise StoreError(
            f"{_place(url)}: its driver is not installed. Add the extra: pip install 'shareshift[postgresql]', "
            "then try again. Nothing was changed."
        ) from error

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        if connection.get_execution_options().get("writes"):
            connection.execute(text(f"SET LOCAL lock_timeout = {round(patience * 1000)}"))
        else:
            connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"))

    return engine
