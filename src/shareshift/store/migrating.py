"""Bring a database to the tables this version of the code works with, one process at a time."""

import sqlite3
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, column, inspect, select, table, text

from shareshift.store.database import Database
from shareshift.store.errors import StoreError
from shareshift.store.tables import METADATA, REVISION_TABLE

if TYPE_CHECKING:
    from alembic.config import Config

# The newest revision in migrations/versions; kept here so that a store that is up to date opens without Alembic.
HEAD = "0002"
MIGRATIONS = Path(__file__).parent / "migrations"
# Any number that no other program is likely to lock in the same database.
POSTGRESQL_LOCK = 7_281_990_353_911
# Alembic's context is one for the whole process.
_one_at_a_time = threading.Lock()
# SQLite does not wait for others when it is asked to keep a write-ahead log; seconds between attempts.
PAUSES = (0.01, 0.05, 0.2, 0.5)


def bring_up_to_date(database: Database) -> None:
    """Create or migrate the tables where needed; raises `StoreError` where the database is newer, or not ours."""
    with database.reading() as connection:
        found = _revision(connection)
    if database.is_sqlite and found in (None, HEAD):
        # A file that was put back from a copy has none.
        _keep_a_log(database)
    if found == HEAD:
        return
    # Loaded before others are made to wait.
    config = _config()
    with _one_at_a_time, database.writing() as connection:
        if not database.is_sqlite:
            connection.execute(text(f"SELECT pg_advisory_xact_lock({POSTGRESQL_LOCK})"))
        # Whoever held the lock before may have done it all.
        found = _revision(connection)
        if found != HEAD:
            _upgrade(connection, found, config, database)


def _config() -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config


def _upgrade(connection: Connection, found: str | None, config: "Config", database: Database) -> None:
    from alembic import command
    from alembic.script import ScriptDirectory

    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if found is not None and found not in known:
        raise StoreError(
            f"{database.place}: it was written by a newer Shareshift (its tables are at {found}, this version knows "
            f"{HEAD}). Start the newer Shareshift. Nothing was changed."
        )
    there = set(inspect(connection).get_table_names())
    if found is None and (there if database.is_sqlite else there & set(METADATA.tables)):
        raise StoreError(
            f"{database.place}: it holds tables that Shareshift did not make. Name another place with SHARESHIFT_DATA "
            "or SHARESHIFT_DATABASE_URL. Nothing was changed."
        )
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table(REVISION_TABLE):
        return None
    return connection.execute(select(column("version_num")).select_from(table(REVISION_TABLE))).scalar_one_or_none()


def _keep_a_log(database: Database) -> None:
    """Turn on the write-ahead log, which the file then keeps: readers and the writer do not wait for each other."""
    with database.named():
        for pause in (*PAUSES, None):
            connection = database.engine.raw_connection()
            try:
                connection.cursor().execute("PRAGMA journal_mode = WAL")
                return
            except sqlite3.OperationalError:
                if pause is None:
                    raise
            finally:
                connection.close()
            time.sleep(pause)
