"""Drafts in the order in which they were written, whatever the clock said, and found without reading the rest."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# For each draft, how many of its owner's were written no later than itself.
EARLIER = """
UPDATE shareshift_draft SET turn = (
    SELECT count(*) FROM shareshift_draft AS other WHERE other.owner = shareshift_draft.owner AND (
        other.saved_at < shareshift_draft.saved_at
        OR (other.saved_at = shareshift_draft.saved_at AND other.draft_id >= shareshift_draft.draft_id)
    )
)
"""


def upgrade() -> None:
    """Count the drafts of each owner in the order of the clock, once."""
    op.add_column("shareshift_draft", sa.Column("turn", sa.BigInteger, nullable=False, server_default=sa.text("0")))
    op.execute(sa.text(EARLIER))
    columns = ["owner", "market_name", "turn"]
    op.create_index("ix_shareshift_draft_owner_market_name_turn", "shareshift_draft", columns)
    op.create_index("ix_shareshift_draft_saved_at", "shareshift_draft", ["saved_at"])
