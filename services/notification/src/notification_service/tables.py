"""The tables as queries name them; their constraints live in `migrations`, and a test compares the two."""

from httpapi.idempotency_store import idempotency_table
from sqlalchemy import BigInteger, Boolean, Column, Date, DateTime, Integer, MetaData, Table, Text
from sqlalchemy.dialects.postgresql import JSONB

metadata = MetaData()
_INSTANT = DateTime(timezone=True)

contact = Table(
    "contact",
    metadata,
    Column("uscc", Text, primary_key=True),
    Column("name", Text),
    Column("area", Text),
    Column("cancelled", Boolean),
    Column("version", BigInteger),
)

signal = Table(
    "signal",
    metadata,
    Column("signal_id", Text, primary_key=True),
    Column("uscc", Text),
    Column("family", Text),
    Column("raised_on", Date),
    Column("cleared_on", Date),
    Column("received_at", _INSTANT),
)

notice = Table(
    "notice",
    metadata,
    Column("notice_id", Text, primary_key=True),
    Column("sequence", BigInteger),
    Column("uscc", Text),
    Column("template", Text),
    Column("version", Integer),
    Column("params", JSONB),
    Column("channel", Text),
    Column("issued_on", Date),
    Column("origin_id", Text),
    Column("planned_at", _INSTANT),
)

undelivered_notice = Table(
    "undelivered_notice",
    metadata,
    Column("notice_id", Text, primary_key=True),
    Column("state", Text),
    Column("attempts", Integer),
    Column("next_attempt_at", _INSTANT),
    Column("last_error", Text),
    Column("settled_at", _INSTANT),
)

letter = Table(
    "letter",
    metadata,
    Column("notice_id", Text, primary_key=True),
    Column("text", Text),
    Column("attempts", Integer),
    Column("delivered_at", _INSTANT),
)

platform = Table(
    "platform",
    metadata,
    Column("code", Text, primary_key=True),
    Column("name", Text),
    Column("url", Text),
    Column("secret", Text),
    Column("former_secret", Text),
    Column("state", Text),
    Column("created_at", _INSTANT),
)

platform_operator = Table(
    "platform_operator",
    metadata,
    Column("platform", Text, primary_key=True),
    Column("uscc", Text, primary_key=True),
)

clue = Table(
    "clue",
    metadata,
    Column("round", Integer),
    Column("clue_id", Text, primary_key=True),
    Column("position", BigInteger),
    Column("signal_id", Text),
    Column("uscc", Text),
    Column("platform", Text),
    Column("kind", Text),
    Column("severity", Text),
    Column("evidence_digest", Text),
    Column("evidence_salt", Text),
    Column("legal_basis", Text),
    Column("raised_on", Date),
    Column("due_on", Date),
    Column("state", Text),
    Column("action", Text),
    Column("remark", Text),
    Column("created_at", _INSTANT),
    Column("delivered_at", _INSTANT),
    Column("responded_at", _INSTANT),
    Column("withdrawn_at", _INSTANT),
)

webhook = Table(
    "webhook",
    metadata,
    Column("delivery_id", Text, primary_key=True),
    Column("clue_id", Text),
    Column("kind", Text),
    Column("round", Integer),
    Column("state", Text),
    Column("attempt", Integer),
    Column("next_attempt_at", _INSTANT),
    Column("settled_at", _INSTANT),
)

webhook_attempt = Table(
    "webhook_attempt",
    metadata,
    Column("delivery_id", Text),
    Column("sequence", BigInteger, primary_key=True),
    Column("attempt", Integer),
    Column("at", _INSTANT),
    Column("status", Integer),
    Column("error", Text),
    Column("duration_ms", Integer),
)

idempotent_answer = idempotency_table(metadata)
