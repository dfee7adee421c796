"""The statements behind saved scenarios: rows in, rows out, and the one way in which a version comes about."""

import secrets
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, Connection, Executable, RowMapping, and_, insert, select, update

from shareshift.store.content import check, read_content
from shareshift.store.damage import is_sound, row_name
from shareshift.store.errors import Damaged, EditConflict, UnknownScenario
from shareshift.store.records import Content, Saved, Version
from shareshift.store.tables import SCENARIOS, VERSIONS

CURRENT = and_(VERSIONS.c.scenario_id == SCENARIOS.c.scenario_id, VERSIONS.c.number == SCENARIOS.c.version)
WORDS = ("title", "market_digest", "market_name", "engine_version")
# The row of a version can be lost as well; its scenario is then named like any other that is damaged.
OF_SAVED = (*SCENARIOS.c, *(VERSIONS.c[name] for name in (*WORDS, "saved_at")))
SAVED = select(*OF_SAVED).join(VERSIONS, CURRENT, isouter=True).select_from(SCENARIOS)
Row = dict[str, object]


def version_row(
    owner: str, content: Content, market_digest: str, market_name: str, engine_version: str, note: str, author: str
) -> Row:
    """Return the values of a version that is still to get its id, number and time; raises `ContentError`."""
    described = {"market_digest": market_digest, "market_name": market_name, "engine_version": engine_version}
    told = {"note": note, "author": author}
    written = check({"owner": owner} | described | told, content=content)
    return {"title": content["title"], "content": written["content"], "restored_from": None} | described | told


def copied_row(version: RowMapping, note: str, author: str) -> Row:
    """Return the values of a version that repeats another one."""
    return {name: version[name] for name in (*WORDS, "content")} | {
        "note": note,
        "author": author,
        "restored_from": None,
    }


def create_scenario(connection: Connection, owner: str, row: Row, forked_from: tuple[str, int] | None) -> Saved:
    """Insert a scenario under a new id, and its version 1."""
    scenario_id, now = secrets.token_hex(16), datetime.now(UTC)
    origin = dict(zip(("forked_from", "forked_version"), forked_from or (None, None), strict=True))
    fresh = {"scenario_id": scenario_id, "owner": owner, "version": 1, "archived": False, "created_at": now}
    connection.execute(insert(SCENARIOS).values(fresh | origin))
    return _with_version(connection, scenario_id, 1, now, row)


def append_version(connection: Connection, owner: str, scenario_id: str, expected: int, row: Row) -> Saved:
    """Insert the version after `expected` where that is the latest; raises `EditConflict` or `UnknownScenario`."""
    mine = own(owner, scenario_id)
    moved = connection.execute(
        update(SCENARIOS).where(*mine, SCENARIOS.c.version == expected).values(version=expected + 1)
    )
    if not moved.rowcount:
        _one(connection, select(SCENARIOS.c.version).where(*mine))
        raise EditConflict(latest_version(connection, scenario_id), expected)
    return _with_version(connection, scenario_id, expected + 1, datetime.now(UTC), row)


def own(owner: str, scenario_id: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Return what makes a scenario one that its writer may touch."""
    return SCENARIOS.c.scenario_id == scenario_id, SCENARIOS.c.owner == owner


def one_saved(connection: Connection, scenario_id: str) -> Saved:
    """Return how a scenario stands; raises `UnknownScenario`."""
    return to_saved(_one(connection, SAVED.where(SCENARIOS.c.scenario_id == scenario_id)))


def one_version(connection: Connection, scenario_id: str, number: int) -> RowMapping:
    """Return the row of one version; raises `UnknownScenario`, and `Damaged` where it cannot be read."""
    wanted = select(VERSIONS).where(VERSIONS.c.scenario_id == scenario_id, VERSIONS.c.number == number)
    row = _one(connection, wanted)
    to_version(row)
    return row


def latest_version(connection: Connection, scenario_id: str) -> Version:
    """Return the latest version of a scenario; raises `UnknownScenario`."""
    wanted = select(VERSIONS).join(SCENARIOS, CURRENT).where(SCENARIOS.c.scenario_id == scenario_id)
    return to_version(_one(connection, wanted))


def to_saved(row: RowMapping) -> Saved:
    """Return the record of a row of the saved scenarios; raises `Damaged`."""
    if not is_sound(row, OF_SAVED):
        raise Damaged(row_name(row))
    return Saved(**row)


def to_version(row: RowMapping) -> Version:
    """Return the record of a row of the versions; raises `Damaged` where something else has written there."""
    if not is_sound(row, VERSIONS.c):
        raise Damaged(row_name(row))
    return Version(**{**row, "content": read_content(row["content"], row_name(row))})


def _with_version(connection: Connection, scenario_id: str, number: int, now: datetime, row: Row) -> Saved:
    connection.execute(insert(VERSIONS).values(row | {"scenario_id": scenario_id, "number": number, "saved_at": now}))
    return one_saved(connection, scenario_id)


def _one(connection: Connection, wanted: Executable) -> RowMapping:
    row = connection.execute(wanted).mappings().first()
    if row is None:
        raise UnknownScenario
    return row
