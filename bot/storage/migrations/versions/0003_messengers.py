"""What messengers need: events that came in, messages that go out, people, links that were used."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0001"
branch_labels = None
depends_on = None

_ROW_NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    _inbound_events()
    _outbound_messages()
    op.create_table(
        "channel_people",
        sa.Column("person", sa.String(64), primary_key=True),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("conversation_id", sa.String(200), nullable=False),
        sa.Column("last_message_at", sa.DateTime, nullable=False),
        sa.Column("reminded_of", sa.String(40)),
        sa.Column("payload", sa.LargeBinary, nullable=False),
    )
    op.create_index("channel_people_by_time", "channel_people", ["channel", "last_message_at"])
    op.create_table(
        "used_links",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("expires_at", sa.DateTime, nullable=False),
    )


def downgrade() -> None:
    for table in ("used_links", "channel_people", "outbound_messages", "inbound_events"):
        op.drop_table(table)


def _inbound_events() -> None:
    op.create_table(
        "inbound_events",
        sa.Column("id", _ROW_NUMBER, primary_key=True, autoincrement=True),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("event_id", sa.String(64), nullable=False),
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("sent_at", sa.DateTime, nullable=False),
        sa.Column("received_at", sa.DateTime, nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("payload", sa.LargeBinary),
        sa.UniqueConstraint("channel", "event_id", name="one_event"),
    )
    op.create_index("inbound_events_waiting", "inbound_events", ["channel", "state", "person"])


def _outbound_messages() -> None:
    op.create_table(
        "outbound_messages",
        sa.Column("id", _ROW_NUMBER, primary_key=True, autoincrement=True),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("key", sa.String(120), nullable=False, unique=True),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("created_at", sa.DateTime, nullable=False),
        sa.Column("sent_at", sa.DateTime),
        sa.Column("provider_id", sa.String(200)),
        sa.Column("last_error", sa.String(120)),
        sa.Column("payload", sa.LargeBinary),
    )
    columns = ["channel", "state", "person"]
    op.create_index("outbound_messages_waiting", "outbound_messages", columns)
    op.create_index("outbound_messages_by_provider_id", "outbound_messages", ["provider_id"])
