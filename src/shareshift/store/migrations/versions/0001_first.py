"""Saved scenarios, their versions, and drafts."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the three tables."""
    op.create_table(
        "shareshift_scenario",
        sa.Column("scenario_id", sa.String(32), nullable=False),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("archived", sa.Boolean, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("forked_from", sa.String(32)),
        sa.Column("forked_version", sa.Integer),
        sa.PrimaryKeyConstraint("scenario_id", name="pk_shareshift_scenario"),
        sa.ForeignKeyConstraint(
            ["forked_from"], ["shareshift_scenario.scenario_id"], name="fk_shareshift_scenario_forked_from"
        ),
        sa.CheckConstraint("version >= 1", name=op.f("ck_shareshift_scenario_version_from_one")),
        sa.CheckConstraint(
            "(forked_from IS NULL) = (forked_version IS NULL)", name=op.f("ck_shareshift_scenario_fork_whole")
        ),
    )
    op.create_index("ix_shareshift_scenario_owner", "shareshift_scenario", ["owner"])
    op.create_table(
        "shareshift_version",
        sa.Column("scenario_id", sa.String(32), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("market_digest", sa.Text, nullable=False),
        sa.Column("market_name", sa.Text, nullable=False),
        sa.Column("engine_version", sa.Text, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("restored_from", sa.Integer),
        sa.PrimaryKeyConstraint("scenario_id", "number", name="pk_shareshift_version"),
        sa.ForeignKeyConstraint(
            ["scenario_id"], ["shareshift_scenario.scenario_id"], name="fk_shareshift_version_scenario_id"
        ),
        sa.CheckConstraint("number >= 1", name=op.f("ck_shareshift_version_number_from_one")),
    )
    op.create_table(
        "shareshift_draft",
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("draft_id", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("market_digest", sa.Text, nullable=False),
        sa.Column("market_name", sa.Text, nullable=False),
        sa.Column("based_on_scenario", sa.Text),
        sa.Column("based_on_version", sa.Integer),
        sa.Column("history", sa.Text, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("owner", "draft_id", name="pk_shareshift_draft"),
        sa.CheckConstraint(
            "(based_on_scenario IS NULL) = (based_on_version IS NULL)", name=op.f("ck_shareshift_draft_based_on_whole")
        ),
    )
