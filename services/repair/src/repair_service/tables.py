"""The service's tables, as the migrations make them; what they hold is explained in the README."""

from httpapi.idempotency_store import idempotency_table
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Computed,
    Date,
    DateTime,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    false,
)
from sqlalchemy.dialects.postgresql import ARRAY

metadata = MetaData()

record = Table(
    "record",
    metadata,
    Column("record_id", Text, primary_key=True),
    Column("uscc", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("tier", Text, nullable=False),
    Column("rule", Text, nullable=False),
    Column("citation", Text, nullable=False),
    Column("conditions", ARRAY(Text), nullable=False),
    Column("decided_on", Date, nullable=False),
    Column("published_on", Date),
    Column("apply_from", Date),
    Column("stops_on", Date),
    Column("document_number", Text, nullable=False),
    Column("authority", Text, nullable=False),
    Column("penalty_kinds", ARRAY(Text), nullable=False),
    Column("fine_fen", BigInteger, nullable=False),
    Column("confiscated_fen", BigInteger, nullable=False),
    Column("grade", Text),
    Column("key_field", Text),
    Column("violation", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("restriction_until", Date),
    Column("occurred_at", DateTime(timezone=True), nullable=False),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
    Column("notice_due", Boolean, nullable=False),
    Column("stop_reason", Text),
    Column("stopped_on", Date),
    Column("stop_cause", Text),
    Column("stop_recorded_at", DateTime(timezone=True)),
    Column("stop_citation", Text),
    Column("stop_notice_due", Boolean, nullable=False, server_default=false()),
    Column(
        "state",
        Text,
        Computed("case when stop_reason is null then 'open' else 'stopped' end", persisted=True),
    ),
)
Index("record_of_entity", record.c.uscc)
Index("record_newest", record.c.decided_on.desc(), record.c.record_id.desc())
Index("record_ending", record.c.stops_on, postgresql_where=record.c.stop_reason.is_(None))

stop_order = Table(
    "stop_order",
    metadata,
    Column("order_id", Text, primary_key=True),
    Column("superseding", Boolean, primary_key=True, server_default=false()),
    Column("uscc", Text, nullable=False, index=True),
    Column("target", Text, index=True),
    Column("kind", Text),
    Column("reason", Text, nullable=False),
    Column("ordered_on", Date, nullable=False),
    Column("ordered_at", DateTime(timezone=True), nullable=False),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
)

entity = Table(
    "entity",
    metadata,
    Column("uscc", Text, primary_key=True),
    Column("version", BigInteger, nullable=False),
    Column("name", Text, nullable=False),
    Column("area_code", Text, nullable=False),
)

daily_run = Table(
    "daily_run",
    metadata,
    Column("day", Date, primary_key=True),
    Column("calls", Integer, nullable=False),
    Column("penalties", BigInteger, nullable=False),
    Column("abnormal_listings", BigInteger, nullable=False),
    Column("serious_listings", BigInteger, nullable=False),
)

idempotent_answer = idempotency_table(metadata)
