"""State and history of conversations; databases of before the first step have them already."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    existing = set(sa.inspect(op.get_bind()).get_table_names())
    if "tracker_states" not in existing:
        op.create_table(
            "tracker_states",
            sa.Column("conversation_id", sa.String(255), primary_key=True),
            sa.Column("version", sa.Integer, nullable=False),
            sa.Column("event_count", sa.Integer, nullable=False),
            sa.Column("state", sa.LargeBinary, nullable=False),
        )
    if "tracker_events" not in existing:
        op.create_table(
            "tracker_events",
            sa.Column("conversation_id", sa.String(255), primary_key=True),
            sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
            sa.Column("type", sa.String(100), nullable=False),
            sa.Column("at", sa.Float),
            sa.Column("data", sa.LargeBinary, nullable=False),
        )
