"""The tables of the store, as the newest migration leaves them."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

# Constraints need names that are the same on every database, so that a later migration can speak of them.
METADATA = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)
# A PostgreSQL database may hold other programs' tables as well, so every name says whose it is.
REVISION_TABLE = "shareshift_schema"


class Moment(sa.TypeDecorator[datetime]):
    """An aware time in UTC, to the microsecond, also where the database knows no time zones."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    @property
    def python_type(self) -> type[datetime]:
        """A time, also where the database keeps it as text."""
        return datetime

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """Turn an aware time into UTC, without its zone for SQLite."""
        if value is None:
            return None
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def result_processor(self, dialect: sa.Dialect, coltype: object) -> Callable[[Any], datetime | None] | None:
        """Return what reads a time; a damaged one becomes none at all, so that it costs its row only."""
        read = super().result_processor(dialect, coltype)

        def read_or_none(value: Any) -> datetime | None:
            try:
                return read(value) if read else value
            except (TypeError, ValueError):
                return None

        return read_or_none

    def process_result_value(self, value: object, _: sa.Dialect) -> datetime | None:
        """Return the time in UTC with its zone."""
        if not isinstance(value, datetime):
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text, nullable=False) for name in names]


SCENARIOS = sa.Table(
    "shareshift_scenario",
    METADATA,
    sa.Column("scenario_id", sa.String(32), primary_key=True),
    *_texts("owner"),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("archived", sa.Boolean, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("forked_from", sa.String(32), sa.ForeignKey("shareshift_scenario.scenario_id")),
    sa.Column("forked_version", sa.Integer),
    sa.CheckConstraint("version >= 1", name="version_from_one"),
    sa.CheckConstraint("(forked_from IS NULL) = (forked_version IS NULL)", name="fork_whole"),
    sa.Index(None, "owner"),
)
VERSIONS = sa.Table(
    "shareshift_version",
    METADATA,
    sa.Column("scenario_id", sa.String(32), sa.ForeignKey("shareshift_scenario.scenario_id"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    *_texts("title", "content", "market_digest", "market_name", "engine_version", "note", "author"),
    sa.Column("saved_at", Moment, nullable=False),
    sa.Column("restored_from", sa.Integer),
    sa.CheckConstraint("number >= 1", name="number_from_one"),
)
DRAFTS = sa.Table(
    "shareshift_draft",
    METADATA,
    sa.Column("owner", sa.Text, primary_key=True),
    sa.Column("draft_id", sa.Text, primary_key=True),
    *_texts("title", "content", "market_digest", "market_name"),
    sa.Column("based_on_scenario", sa.Text),
    sa.Column("based_on_version", sa.Integer),
    *_texts("history"),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("saved_at", Moment, nullable=False),
    # Counts the writes of an owner, so that the last draft stays the last one whatever the clock says.
    sa.Column("turn", sa.BigInteger, nullable=False, server_default=sa.text("0")),
    sa.Index(None, "owner", "market_name", "turn"),
    sa.Index(None, "saved_at"),
    sa.CheckConstraint("(based_on_scenario IS NULL) = (based_on_version IS NULL)", name="based_on_whole"),
)
