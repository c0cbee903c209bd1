"""Rasa's state is derived from drafts and stored nowhere; a check value tells wrong keys."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # They were here only where BOT_TRACKER_URL named this database.
    for table in ("tracker_states", "tracker_events", "tracker_version"):
        op.execute(f"DROP TABLE IF EXISTS {table}")
    op.create_table(
        "key_check",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("payload", sa.LargeBinary, nullable=False),
    )


def downgrade() -> None:
    # The former release makes its own tables by itself.
    op.drop_table("key_check")
