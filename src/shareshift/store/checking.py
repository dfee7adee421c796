"""Read a whole store, row by row, without changing it: what is in it, and what of it is damaged."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Column, Connection, RowMapping, Table, inspect, select, text

from shareshift.store.aside import check_whole
from shareshift.store.content import read, read_content
from shareshift.store.damage import is_sound, row_name
from shareshift.store.database import Database
from shareshift.store.errors import Damaged, StoreError
from shareshift.store.failures import UNCHANGED
from shareshift.store.places import file_of, find_url
from shareshift.store.tables import DRAFTS, REVISION_TABLE, SCENARIOS, VERSIONS

NAMES = {"shareshift_scenario": "scenarios", "shareshift_version": "versions", "shareshift_draft": "drafts"}
PATIENCE = 5.0
MOST_FAULTS = 20


@dataclass(frozen=True, kw_only=True)
class Found:
    """How many rows of each kind a store holds, and a sentence for everything that is wrong with it."""

    place: str
    counts: dict[str, int]
    faults: list[str]


@contextmanager
def looking_into(url: str | None = None) -> Iterator[Database]:
    """Give a store that is there, as it is, for reading; raises `StoreError` where there is none."""
    found = find_url(url)
    file = file_of(found)
    if file is not None:
        check_whole(file)
    if file is not None and not file.is_file():
        raise StoreError(f"{file}: there is no store. Name another file, or save a scenario first.")
    database = Database(found, PATIENCE)
    try:
        with database.reading() as connection:
            if not inspect(connection).has_table(REVISION_TABLE):
                raise StoreError(f"{database.place}: it holds no scenarios of Shareshift. Name another. {UNCHANGED}")
        yield database
    finally:
        database.engine.dispose()


def check_store(url: str | None = None) -> Found:
    """Read everything that a store holds; raises `StoreError` where it cannot be opened at all."""
    with looking_into(url) as database:
        counts, faults = {}, [*_file_faults(database)]
        for table in (SCENARIOS, VERSIONS, DRAFTS):
            try:
                with database.reading() as connection:
                    counts[NAMES[table.name]] = _check_rows(connection, table, faults)
            except StoreError as error:
                faults.append(f"{NAMES[table.name]}: {error}")
        return Found(place=database.place, counts=counts, faults=faults)


def _file_faults(database: Database) -> Iterator[str]:
    if not database.is_sqlite:
        return
    try:
        with database.reading() as connection:
            for (line,) in connection.execute(text(f"PRAGMA integrity_check({MOST_FAULTS})")):
                if line != "ok":
                    yield f"the file: {' '.join(str(line).split())}"
            for row in connection.execute(text("PRAGMA foreign_key_check")):
                yield f"the file: a row of {row[0]} belongs to a row that is not there"
    except (StoreError, sqlite3.Error) as error:
        yield f"the file: {error}"


def _check_rows(connection: Connection, table: Table, faults: list[str]) -> int:
    """Count a table's rows and name the damaged ones; an older store lacks the newest columns."""
    there = {column["name"] for column in inspect(connection).get_columns(table.name)}
    columns = [column for column in table.c if column.name in there]
    count = 0
    for row in connection.execute(select(*columns)).mappings():
        count += 1
        if not _is_whole(row, columns):
            faults.append(f"{row_name(row)}: damaged")
    if table is SCENARIOS:
        faults += _lost_versions(connection)
    return count


def _is_whole(row: RowMapping, columns: list[Column[object]]) -> bool:
    try:
        if "content" in row:
            read_content(row["content"], "")
        if "history" in row:
            read(row["history"], "")
    except (Damaged, AttributeError):
        return False
    return is_sound(row, columns)


def _lost_versions(connection: Connection) -> Iterator[str]:
    newest = (VERSIONS.c.scenario_id == SCENARIOS.c.scenario_id) & (VERSIONS.c.number == SCENARIOS.c.version)
    joined = SCENARIOS.outerjoin(VERSIONS, newest)
    lost = select(SCENARIOS.c.scenario_id, SCENARIOS.c.version).select_from(joined).where(VERSIONS.c.number.is_(None))
    for key, number in connection.execute(lost):
        yield f"the scenario {str(key)[:8]}: its version {number} is not there"
