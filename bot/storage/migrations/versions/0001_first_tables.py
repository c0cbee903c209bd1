"""The first tables: drafts, evidence, messages, documents, applications and deliveries."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_ROW_NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    _conversations()
    _documents()
    _applications()


def downgrade() -> None:
    for table in (
        "deliveries",
        "renditions",
        "applications",
        "documents",
        "messages",
        "evidence",
        "drafts",
    ):
        op.drop_table(table)


def _conversations() -> None:
    op.create_table(
        "drafts",
        sa.Column("conversation_id", sa.String(200), primary_key=True),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("channel", sa.String(40), nullable=False),
        sa.Column("open_question", sa.String(80)),
        sa.Column("broker_number", sa.String(80)),
        sa.Column("reference", sa.String(20)),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("created_at", sa.DateTime, nullable=False),
        sa.Column("updated_at", sa.DateTime, nullable=False),
        sa.Column("payload", sa.LargeBinary, nullable=False),
    )
    op.create_index("drafts_by_status", "drafts", ["status", "updated_at"])
    op.create_index("drafts_by_broker", "drafts", ["broker_number"])
    op.create_table(
        "evidence",
        sa.Column("id", _ROW_NUMBER, primary_key=True, autoincrement=True),
        sa.Column("conversation_id", sa.String(200), nullable=False),
        sa.Column("reference", sa.String(20)),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("channel", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("item", sa.String(120), nullable=False),
        sa.Column("version", sa.String(80)),
        sa.Column("wording_hash", sa.String(64)),
        sa.Column("payload", sa.LargeBinary, nullable=False),
    )
    op.create_index("evidence_by_conversation", "evidence", ["conversation_id", "id"])
    op.create_table(
        "messages",
        sa.Column("id", _ROW_NUMBER, primary_key=True, autoincrement=True),
        sa.Column("conversation_id", sa.String(200), nullable=False),
        sa.Column("client_id", sa.String(200)),
        sa.Column("sender", sa.String(10), nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("payload", sa.LargeBinary, nullable=False),
    )
    op.create_index("messages_by_conversation", "messages", ["conversation_id", "id"])
    op.create_index("messages_by_client_id", "messages", ["conversation_id", "client_id"])


def _documents() -> None:
    op.create_table(
        "documents",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column("conversation_id", sa.String(200), nullable=False),
        sa.Column("reference", sa.String(20)),
        sa.Column("kind", sa.String(80), nullable=False),
        sa.Column("media_type", sa.String(120), nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("received_at", sa.DateTime, nullable=False),
        sa.Column("payload", sa.LargeBinary, nullable=False),
    )
    op.create_index("documents_by_conversation", "documents", ["conversation_id"])


def _applications() -> None:
    op.create_table(
        "applications",
        sa.Column("reference", sa.String(20), primary_key=True),
        sa.Column("conversation_id", sa.String(200), nullable=False),
        sa.Column("draft_version", sa.Integer, nullable=False),
        sa.Column("request_type", sa.String(20), nullable=False),
        sa.Column("channel", sa.String(40), nullable=False),
        sa.Column("broker_number", sa.String(80)),
        sa.Column("submitted_at", sa.DateTime, nullable=False),
        sa.Column("seal", sa.String(64), nullable=False),
        sa.Column("erasure_requested_at", sa.DateTime),
        sa.Column("payload", sa.LargeBinary, nullable=False),
        sa.UniqueConstraint("conversation_id", "draft_version", name="one_submission"),
    )
    op.create_index("applications_by_time", "applications", ["submitted_at"])
    op.create_index("applications_by_broker", "applications", ["broker_number"])
    reference = sa.ForeignKey("applications.reference")
    op.create_table(
        "renditions",
        sa.Column("reference", sa.String(20), reference, primary_key=True),
        sa.Column("name", sa.String(40), primary_key=True),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("payload", sa.LargeBinary, nullable=False),
    )
    reference = sa.ForeignKey("applications.reference")
    op.create_table(
        "deliveries",
        sa.Column("id", _ROW_NUMBER, primary_key=True, autoincrement=True),
        sa.Column("reference", sa.String(20), reference, nullable=False),
        sa.Column("destination", sa.String(40), nullable=False),
        sa.Column("idempotency_key", sa.String(64), nullable=False, unique=True),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("next_attempt_at", sa.DateTime, nullable=False),
        sa.Column("started_at", sa.DateTime),
        sa.Column("delivered_at", sa.DateTime),
        sa.Column("last_error", sa.String(120)),
        sa.UniqueConstraint("reference", "destination", name="one_delivery"),
    )
    op.create_index("deliveries_due", "deliveries", ["state", "next_attempt_at"])
