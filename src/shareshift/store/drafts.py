"""Drafts: what somebody works on, written at every change, seen by its owner alone."""

from dataclasses import fields
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, Connection, Executable, RowMapping, bindparam, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite

from shareshift.store.content import check, read, read_content
from shareshift.store.damage import is_sound, row_name, rows_of
from shareshift.store.database import Database
from shareshift.store.errors import ContentError, Damaged, DraftConflict, UnknownScenario
from shareshift.store.records import MOST_DAYS, MOST_DRAFTS, BasedOn, Content, Draft, DraftLine, Rows
from shareshift.store.tables import DRAFTS

MOST_REVISIONS = 2_000_000_000
LINE = tuple(DRAFTS.c[item.name] for item in fields(DraftLine))
NEWEST_FIRST = (DRAFTS.c.turn.desc(), DRAFTS.c.saved_at.desc(), DRAFTS.c.draft_id)


def _upsert(new: sqlite.Insert | postgresql.Insert) -> Executable:
    """Return the statement that writes a draft unless there is a later revision; `new` is the database's own insert."""
    written = DRAFTS.alias()
    turn = select(func.coalesce(func.max(written.c.turn), 0) + 1).where(written.c.owner == bindparam("whose"))
    new = new.values(turn=turn.scalar_subquery())
    return new.on_conflict_do_update(
        index_elements=list(DRAFTS.primary_key),
        set_={column.name: new.excluded[column.name] for column in DRAFTS.c if not column.primary_key},
        where=DRAFTS.c.revision < new.excluded.revision,
    )


# Made once, as one of them is executed at every change of a slider.
UPSERTS = {"sqlite": _upsert(sqlite.insert(DRAFTS)), "postgresql": _upsert(postgresql.insert(DRAFTS))}


class Drafts:
    """What can be done with drafts; every method raises `StoreError` where the database refuses."""

    def __init__(self, database: Database) -> None:
        """Work on a database whose tables are up to date."""
        self._database = database

    def put_draft(
        self,
        owner: str,
        draft_id: str,
        content: Content,
        market_digest: str,
        revision: int,
        *,
        market_name: str = "",
        based_on: BasedOn | None = None,
        history: object = None,
    ) -> Draft:
        """Write a draft, new or over its older revision.

        `revision` is 1 for a new draft and afterwards one more than the revision last read or written. A revision
        that is not later than the one there is refused with `DraftConflict`, except that repeating the same one with
        the same content is no conflict. `based_on` is the id and number of a saved version, `history` any plain value
        (what undo needs). Raises `ContentError`.
        """
        texts = {"owner": owner, "draft_id": draft_id, "market_digest": market_digest, "market_name": market_name}
        written = check(texts, content=content, history=history)
        if type(revision) is not int or not 1 <= revision < MOST_REVISIONS:
            raise ContentError([f"revision is {revision!r}. Count from 1."])
        scenario_id, number = based_on or (None, None)
        key = {"owner": owner, "draft_id": draft_id}
        values = {
            "title": content["title"],
            **written,
            "market_digest": market_digest,
            "market_name": market_name,
            "based_on_scenario": scenario_id,
            "based_on_version": number,
            "revision": revision,
            "saved_at": datetime.now(UTC),
        }
        with self._database.writing() as connection:
            connection.execute(UPSERTS[connection.dialect.name], key | values | {"whose": owner})
            if revision == 1:
                _drop_more_than_most(connection, owner)
            row = connection.execute(select(DRAFTS).where(*_own(owner, draft_id))).mappings().one()
        found = _to_draft(row)
        if any(row[name] != value for name, value in values.items() if name != "saved_at"):
            raise DraftConflict(found, revision)
        return found

    def draft(self, owner: str, draft_id: str) -> Draft:
        """Return one draft of its owner; raises `UnknownScenario`."""
        for row in self._database.rows(select(DRAFTS).where(*_own(owner, draft_id))):
            return _to_draft(row)
        raise UnknownScenario

    def drafts(
        self, owner: str, market_digest: str | None = None, *, market_name: str | None = None, most: int = MOST_DRAFTS
    ) -> Rows[DraftLine]:
        """Return an owner's drafts, the last written first: the newest of all, or of one digest or market name."""
        wanted = select(*LINE).where(DRAFTS.c.owner == owner).order_by(*NEWEST_FIRST).limit(most)
        if market_digest is not None:
            wanted = wanted.where(DRAFTS.c.market_digest == market_digest)
        if market_name is not None:
            wanted = wanted.where(DRAFTS.c.market_name == market_name)
        return rows_of(self._database.rows(wanted), _to_line)

    def drop_old_drafts(self) -> None:
        """Delete every draft that has not been written for `MOST_DAYS`; where there is none, nothing is written.

        A clock that runs ahead makes nothing old: no draft is older than the last one that was written.
        """
        (last,) = self._database.rows(select(func.max(DRAFTS.c.saved_at).label("saved_at")))
        if last["saved_at"] is None:
            return
        old = DRAFTS.c.saved_at < min(last["saved_at"], datetime.now(UTC)) - timedelta(days=MOST_DAYS)
        if self._database.rows(select(DRAFTS.c.draft_id).where(old).limit(1)):
            with self._database.writing() as connection:
                connection.execute(delete(DRAFTS).where(old))

    def drop_draft(self, owner: str, draft_id: str) -> None:
        """Delete a draft of its owner; where there is none, nothing is left to do."""
        with self._database.writing() as connection:
            connection.execute(delete(DRAFTS).where(*_own(owner, draft_id)))


def _own(owner: str, draft_id: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return DRAFTS.c.owner == owner, DRAFTS.c.draft_id == draft_id


def _drop_more_than_most(connection: Connection, owner: str) -> None:
    surplus = select(DRAFTS.c.draft_id).where(DRAFTS.c.owner == owner).order_by(*NEWEST_FIRST).offset(MOST_DRAFTS)
    connection.execute(delete(DRAFTS).where(DRAFTS.c.owner == owner, DRAFTS.c.draft_id.in_(surplus)))


def _to_line(row: RowMapping) -> DraftLine:
    if not is_sound(row, LINE):
        raise Damaged(row_name(row))
    return DraftLine(**row)


def _to_draft(row: RowMapping) -> Draft:
    if not is_sound(row, DRAFTS.c):
        raise Damaged(row_name(row))
    values, where = dict(row), row_name(row)
    del values["turn"]
    scenario_id, number = values.pop("based_on_scenario"), values.pop("based_on_version")
    values["based_on"] = None if scenario_id is None else (scenario_id, number)
    return Draft(**{**values, "content": read_content(row["content"], where), "history": read(row["history"], where)})
