"""The tables as the code uses them; ``migrations`` creates and changes them."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
)

METADATA = MetaData()

# SQLite numbers rows by itself only for a column declared INTEGER.
ROW_NUMBER = BigInteger().with_variant(Integer, "sqlite")

drafts = Table(
    "drafts",
    METADATA,
    Column("conversation_id", String(200), primary_key=True),
    Column("status", String(20), nullable=False),
    Column("channel", String(40), nullable=False),
    Column("open_question", String(80)),
    Column("broker_number", String(80)),
    Column("reference", String(20)),
    Column("version", Integer, nullable=False),
    Column("created_at", DateTime, nullable=False),
    Column("updated_at", DateTime, nullable=False),
    Column("payload", LargeBinary, nullable=False),
    Index("drafts_by_status", "status", "updated_at"),
    Index("drafts_by_broker", "broker_number"),
)

# One row, sealed: whoever cannot open it has other keys than what is stored.
key_check = Table(
    "key_check",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("payload", LargeBinary, nullable=False),
)

evidence = Table(
    "evidence",
    METADATA,
    Column("id", ROW_NUMBER, primary_key=True, autoincrement=True),
    Column("conversation_id", String(200), nullable=False),
    Column("reference", String(20)),
    Column("at", DateTime, nullable=False),
    Column("channel", String(40), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("item", String(120), nullable=False),
    Column("version", String(80)),
    Column("wording_hash", String(64)),
    Column("payload", LargeBinary, nullable=False),
    Index("evidence_by_conversation", "conversation_id", "id"),
)

messages = Table(
    "messages",
    METADATA,
    Column("id", ROW_NUMBER, primary_key=True, autoincrement=True),
    Column("conversation_id", String(200), nullable=False),
    Column("client_id", String(200)),
    Column("sender", String(10), nullable=False),
    Column("at", DateTime, nullable=False),
    Column("payload", LargeBinary, nullable=False),
    Index("messages_by_conversation", "conversation_id", "id"),
    Index("messages_by_client_id", "conversation_id", "client_id"),
)

documents = Table(
    "documents",
    METADATA,
    Column("id", String(40), primary_key=True),
    Column("conversation_id", String(200), nullable=False),
    Column("reference", String(20)),
    Column("kind", String(80), nullable=False),
    Column("media_type", String(120), nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("received_at", DateTime, nullable=False),
    Column("payload", LargeBinary, nullable=False),
    Index("documents_by_conversation", "conversation_id"),
)

applications = Table(
    "applications",
    METADATA,
    Column("reference", String(20), primary_key=True),
    Column("conversation_id", String(200), nullable=False),
    Column("draft_version", Integer, nullable=False),
    Column("request_type", String(20), nullable=False),
    Column("channel", String(40), nullable=False),
    Column("broker_number", String(80)),
    Column("submitted_at", DateTime, nullable=False),
    Column("seal", String(64), nullable=False),
    Column("erasure_requested_at", DateTime),
    Column("payload", LargeBinary, nullable=False),
    UniqueConstraint("conversation_id", "draft_version", name="one_submission"),
    Index("applications_by_time", "submitted_at"),
    Index("applications_by_broker", "broker_number"),
)

renditions = Table(
    "renditions",
    METADATA,
    Column("reference", String(20), ForeignKey("applications.reference"), primary_key=True),
    Column("name", String(40), primary_key=True),
    Column("sha256", String(64), nullable=False),
    Column("payload", LargeBinary, nullable=False),
)

deliveries = Table(
    "deliveries",
    METADATA,
    Column("id", ROW_NUMBER, primary_key=True, autoincrement=True),
    Column("reference", String(20), ForeignKey("applications.reference"), nullable=False),
    Column("destination", String(40), nullable=False),
    Column("idempotency_key", String(64), nullable=False, unique=True),
    Column("state", String(20), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_attempt_at", DateTime, nullable=False),
    Column("started_at", DateTime),
    Column("delivered_at", DateTime),
    Column("last_error", String(120)),
    UniqueConstraint("reference", "destination", name="one_delivery"),
    Index("deliveries_due", "state", "next_attempt_at"),
)

inbound_events = Table(
    "inbound_events",
    METADATA,
    Column("id", ROW_NUMBER, primary_key=True, autoincrement=True),
    Column("channel", String(20), nullable=False),
    Column("event_id", String(64), nullable=False),
    Column("person", String(64), nullable=False),
    Column("sent_at", DateTime, nullable=False),
    Column("received_at", DateTime, nullable=False),
    Column("state", String(20), nullable=False),
    Column("payload", LargeBinary),
    UniqueConstraint("channel", "event_id", name="one_event"),
    Index("inbound_events_waiting", "channel", "state", "person"),
)

outbound_messages = Table(
    "outbound_messages",
    METADATA,
    Column("id", ROW_NUMBER, primary_key=True, autoincrement=True),
    Column("channel", String(20), nullable=False),
    Column("person", String(64), nullable=False),
    Column("key", String(120), nullable=False, unique=True),
    Column("state", String(20), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("created_at", DateTime, nullable=False),
    Column("sent_at", DateTime),
    Column("provider_id", String(200)),
    Column("last_error", String(120)),
    Column("payload", LargeBinary),
    Index("outbound_messages_waiting", "channel", "state", "person"),
    Index("outbound_messages_by_provider_id", "provider_id"),
)

channel_people = Table(
    "channel_people",
    METADATA,
    Column("person", String(64), primary_key=True),
    Column("channel", String(20), nullable=False),
    Column("conversation_id", String(200), nullable=False),
    Column("last_message_at", DateTime, nullable=False),
    Column("reminded_of", String(40)),
    Column("payload", LargeBinary, nullable=False),
    Index("channel_people_by_time", "channel", "last_message_at"),
)

used_links = Table(
    "used_links",
    METADATA,
    Column("id", String(64), primary_key=True),
    Column("expires_at", DateTime, nullable=False),
)
