"""The statements behind saved scenarios: rows in, rows out, and the one way in which a version comes about."""

import secrets
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, and_, insert, select, update

from shareshift.store.content import check, read
from shareshift.store.errors import EditConflict, UnknownScenario
from shareshift.store.records import Content, Saved, Version
from shareshift.store.tables import SCENARIOS, VERSIONS

CURRENT = and_(VERSIONS.c.scenario_id == SCENARIOS.c.scenario_id, VERSIONS.c.number == SCENARIOS.c.version)
SAVED = select(
    SCENARIOS,
    VERSIONS.c.title,
    VERSIONS.c.market_digest,
    VERSIONS.c.market_name,
    VERSIONS.c.engine_version,
    VERSIONS.c.saved_at,
).join(VERSIONS, CURRENT)
COPIED = ("title", "content", "market_digest", "market_name", "engine_version")


def version_row(
    owner: str, content: Content, market_digest: str, market_name: str, engine_version: str, note: str, author: str
) -> dict[str, Any]:
    """Return the values of a version that is still to get its id, number and time; raises `ContentError`."""
    described = {"market_digest": market_digest, "market_name": market_name, "engine_version": engine_version}
    told = {"note": note, "author": author}
    written = check({"owner": owner} | described | told, content=content)
    return {"title": content["title"], "content": written["content"], "restored_from": None} | described | told


def copied_row(version: RowMapping, note: str, author: str) -> dict[str, Any]:
    """Return the values of a version that repeats another one."""
    return {name: version[name] for name in COPIED} | {"note": note, "author": author, "restored_from": None}


def create_scenario(
    connection: Connection, owner: str, row: dict[str, Any], forked_from: tuple[str, int] | None
) -> Saved:
    """Insert a scenario under a new id, and its version 1."""
    scenario_id, now = secrets.token_hex(16), datetime.now(UTC)
    origin, origin_version = forked_from or (None, None)
    connection.execute(
        insert(SCENARIOS).values(
            scenario_id=scenario_id,
            owner=owner,
            version=1,
            archived=False,
            created_at=now,
            forked_from=origin,
            forked_version=origin_version,
        )
    )
    connection.execute(insert(VERSIONS).values(scenario_id=scenario_id, number=1, saved_at=now, **row))
    return one_saved(connection, scenario_id)


def append_version(connection: Connection, owner: str, scenario_id: str, expected: int, row: dict[str, Any]) -> Saved:
    """Insert the version after `expected` where that is the latest; raises `EditConflict` or `UnknownScenario`."""
    own = (SCENARIOS.c.scenario_id == scenario_id, SCENARIOS.c.owner == owner)
    moved = connection.execute(
        update(SCENARIOS).where(*own, SCENARIOS.c.version == expected).values(version=expected + 1)
    )
    if not moved.rowcount:
        if connection.execute(select(SCENARIOS.c.version).where(*own)).one_or_none() is None:
            raise UnknownScenario
        raise EditConflict(latest_version(connection, scenario_id), expected)
    connection.execute(
        insert(VERSIONS).values(scenario_id=scenario_id, number=expected + 1, saved_at=datetime.now(UTC), **row)
    )
    return one_saved(connection, scenario_id)


def one_saved(connection: Connection, scenario_id: str) -> Saved:
    """Return how a scenario stands; raises `UnknownScenario`."""
    return to_saved(_one(connection.execute(SAVED.where(SCENARIOS.c.scenario_id == scenario_id)).mappings().first()))


def one_version(connection: Connection, scenario_id: str, number: int) -> RowMapping:
    """Return the row of one version; raises `UnknownScenario`."""
    wanted = select(VERSIONS).where(VERSIONS.c.scenario_id == scenario_id, VERSIONS.c.number == number)
    return _one(connection.execute(wanted).mappings().first())


def latest_version(connection: Connection, scenario_id: str) -> Version:
    """Return the latest version of a scenario; raises `UnknownScenario`."""
    wanted = select(VERSIONS).join(SCENARIOS, CURRENT).where(SCENARIOS.c.scenario_id == scenario_id)
    return to_version(_one(connection.execute(wanted).mappings().first()))


def to_saved(row: RowMapping) -> Saved:
    """Return the record of a row of `SAVED`."""
    return Saved(**row)


def to_version(row: RowMapping) -> Version:
    """Return the record of a row of the versions; raises `StoreError` where its content is damaged."""
    where = f"Version {row['number']} of {row['title']}"
    return Version(**{**row, "content": read(row["content"], where)})


def _one(row: RowMapping | None) -> RowMapping:
    if row is None:
        raise UnknownScenario
    return row
