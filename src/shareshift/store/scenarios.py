"""Saved scenarios and their versions.

Whoever holds an id may read what is under it: 128 random bits make a link a key to read by. Writing asks for the
owner as well, in the very statement that writes. An owner is a name for an account, not a secret: it can be read by
whoever holds a link, so pages must find out by other means who somebody is.
"""

from sqlalchemy import select, update

from shareshift.store.content import check
from shareshift.store.damage import rows_of
from shareshift.store.database import Database
from shareshift.store.errors import UnknownScenario
from shareshift.store.records import Content, Rows, Saved, Version
from shareshift.store.tables import SCENARIOS, VERSIONS
from shareshift.store.versions import (
    SAVED,
    append_version,
    copied_row,
    create_scenario,
    latest_version,
    one_saved,
    one_version,
    own,
    to_saved,
    to_version,
    version_row,
)


class Scenarios:
    """What can be done with saved scenarios; every method raises `StoreError` where the database refuses."""

    def __init__(self, database: Database) -> None:
        """Work on a database whose tables are up to date."""
        self._database = database

    def create(
        self,
        owner: str,
        content: Content,
        market_digest: str,
        market_name: str,
        engine_version: str,
        *,
        note: str = "",
        author: str = "",
        forked_from: tuple[str, int] | None = None,
    ) -> Saved:
        """Save a new scenario as version 1, under a new id.

        `forked_from` names the id and number of the version it started from, if any; raises `ContentError`, and
        `UnknownScenario` where there is no such version.
        """
        row = version_row(owner, content, market_digest, market_name, engine_version, note, author)
        with self._database.writing() as connection:
            if forked_from is not None:
                one_version(connection, *forked_from)
            return create_scenario(connection, owner, row, forked_from)

    def save(
        self,
        owner: str,
        scenario_id: str,
        content: Content,
        expected_version: int,
        market_digest: str,
        market_name: str,
        engine_version: str,
        *,
        note: str = "",
        author: str = "",
    ) -> Saved:
        """Save a next version on top of `expected_version`, the latest one that its writer has seen.

        Raises `EditConflict` where another version has come about since, `UnknownScenario`, `ContentError`.
        """
        row = version_row(owner, content, market_digest, market_name, engine_version, note, author)
        with self._database.writing() as connection:
            return append_version(connection, owner, scenario_id, expected_version, row)

    def restore(
        self, owner: str, scenario_id: str, number: int, expected_version: int, *, note: str = "", author: str = ""
    ) -> Saved:
        """Save version `number` once more, as the next version; nothing in between goes. Raises as `save` does."""
        check({"owner": owner, "note": note, "author": author})
        with self._database.writing() as connection:
            row = copied_row(one_version(connection, scenario_id, number), note, author) | {"restored_from": number}
            return append_version(connection, owner, scenario_id, expected_version, row)

    def fork(self, owner: str, scenario_id: str, number: int, *, note: str = "", author: str = "") -> Saved:
        """Copy a version into a scenario of the owner's own, which remembers where it is from."""
        check({"owner": owner, "note": note, "author": author})
        with self._database.writing() as connection:
            row = copied_row(one_version(connection, scenario_id, number), note, author)
            return create_scenario(connection, owner, row, (scenario_id, number))

    def archive(self, owner: str, scenario_id: str) -> Saved:
        """Take a scenario off the list; its links go on working."""
        return self._set_archived(owner, scenario_id, archived=True)

    def unarchive(self, owner: str, scenario_id: str) -> Saved:
        """Put a scenario back on the list."""
        return self._set_archived(owner, scenario_id, archived=False)

    def saved(self, scenario_id: str) -> Saved:
        """Return how a scenario stands, to anybody who holds its id; raises `UnknownScenario`."""
        with self._database.reading() as connection:
            return one_saved(connection, scenario_id)

    def latest(self, scenario_id: str) -> Version:
        """Return the latest version, to anybody who holds the id; raises `UnknownScenario`."""
        with self._database.reading() as connection:
            return latest_version(connection, scenario_id)

    def version(self, scenario_id: str, number: int) -> Version:
        """Return one version, to anybody who holds the id; raises `UnknownScenario`."""
        with self._database.reading() as connection:
            return to_version(one_version(connection, scenario_id, number))

    def history(self, scenario_id: str) -> Rows[Version]:
        """Return all versions, the newest first, to anybody who holds the id; raises `UnknownScenario`."""
        wanted = select(VERSIONS).where(VERSIONS.c.scenario_id == scenario_id).order_by(VERSIONS.c.number.desc())
        if found := self._database.rows(wanted):
            return rows_of(found, to_version)
        raise UnknownScenario

    def list_saved(self, owner: str, *, archived: bool | None = False) -> Rows[Saved]:
        """Return an owner's scenarios, the last saved first: those in use, the archived ones, or (None) both."""
        wanted = SAVED.where(SCENARIOS.c.owner == owner)
        if archived is not None:
            wanted = wanted.where(SCENARIOS.c.archived.is_(archived))
        wanted = wanted.order_by(VERSIONS.c.saved_at.desc(), SCENARIOS.c.scenario_id)
        return rows_of(self._database.rows(wanted), to_saved)

    def _set_archived(self, owner: str, scenario_id: str, *, archived: bool) -> Saved:
        with self._database.writing() as connection:
            changed = connection.execute(update(SCENARIOS).where(*own(owner, scenario_id)).values(archived=archived))
            if not changed.rowcount:
                raise UnknownScenario
            return one_saved(connection, scenario_id)
