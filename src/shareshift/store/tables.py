"""The tables of the store, as the newest migration leaves them."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
)

# Constraints need names that are the same on every database, so that a later migration can speak of them.
METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)
# A PostgreSQL database may hold other programs' tables as well, so every name says whose it is.
REVISION_TABLE = "shareshift_schema"


class Moment(TypeDecorator[datetime]):
    """An aware time in UTC, to the microsecond, also where the database knows no time zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn an aware time into UTC, without its zone for SQLite."""
        if value is None:
            return None
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: Any, _: Dialect) -> datetime | None:
        """Return the time in UTC with its zone."""
        if not isinstance(value, datetime):
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


SCENARIOS = Table(
    "shareshift_scenario",
    METADATA,
    Column("scenario_id", String(32), primary_key=True),
    Column("owner", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("archived", Boolean, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("forked_from", String(32), ForeignKey("shareshift_scenario.scenario_id")),
    Column("forked_version", Integer),
    CheckConstraint("version >= 1", name="version_from_one"),
    CheckConstraint("(forked_from IS NULL) = (forked_version IS NULL)", name="fork_whole"),
    Index(None, "owner"),
)
VERSIONS = Table(
    "shareshift_version",
    METADATA,
    Column("scenario_id", String(32), ForeignKey("shareshift_scenario.scenario_id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("title", Text, nullable=False),
    Column("content", Text, nullable=False),
    Column("market_digest", Text, nullable=False),
    Column("market_name", Text, nullable=False),
    Column("engine_version", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("saved_at", Moment, nullable=False),
    Column("restored_from", Integer),
    CheckConstraint("number >= 1", name="number_from_one"),
)
DRAFTS = Table(
    "shareshift_draft",
    METADATA,
    Column("owner", Text, primary_key=True),
    Column("draft_id", Text, primary_key=True),
    Column("title", Text, nullable=False),
    Column("content", Text, nullable=False),
    Column("market_digest", Text, nullable=False),
    Column("market_name", Text, nullable=False),
    Column("based_on_scenario", Text),
    Column("based_on_version", Integer),
    Column("history", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("saved_at", Moment, nullable=False),
    CheckConstraint("(based_on_scenario IS NULL) = (based_on_version IS NULL)", name="based_on_whole"),
)
