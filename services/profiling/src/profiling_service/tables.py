"""The tables as SQLAlchemy sees them for people's reads, and the staging tables of a connection.

Constraints and comments are in the migrations, which make the tables.
"""

from httpapi.idempotency_store import idempotency_table
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
)
from sqlalchemy.dialects.postgresql import ARRAY, REAL

METADATA = MetaData()
_INSTANT = DateTime(timezone=True)

ENTITY = Table(
    "entity",
    METADATA,
    Column("uscc", Text, primary_key=True),
    Column("profile_version", BigInteger, nullable=False),
    Column("description_version", BigInteger, nullable=False),
    Column("status", SmallInteger, nullable=False),
    Column("business_day", Date, nullable=False),
    Column("indicator_values", ARRAY(REAL), nullable=False),
    Column("area_code", Text, nullable=False),
    Column("industry", Text, nullable=False),
    Column("entity_type", Text, nullable=False),
    Column("established_on", Date),
    Column("capital_fen", BigInteger),
    Column("clocks", LargeBinary, nullable=False),
    Column("name", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("legal_person_ref", Text, nullable=False),
    Column("platforms", ARRAY(Text), nullable=False),
)

FACT = Table(
    "fact",
    METADATA,
    Column("uscc", Text, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("type", SmallInteger, nullable=False),
    Column("occurred_at", _INSTANT, nullable=False),
    Column("recorded_at", _INSTANT, nullable=False),
    Column("decided_at", _INSTANT, nullable=False),
    Column("features", LargeBinary, nullable=False),
    Column("source", Text, nullable=False),
    Column("fact_id", Text, nullable=False),
    Column("payload", LargeBinary, nullable=False),
)

SIGNAL = Table(
    "signal",
    METADATA,
    Column("signal_id", Text, primary_key=True),
    Column("uscc", Text, nullable=False),
    Column("family", Text, nullable=False),
    Column("episode", BigInteger, nullable=False),
    Column("severity", SmallInteger, nullable=False),
    Column("suggested_step", Text, nullable=False),
    Column("evidence", ARRAY(Text), nullable=False),
    Column("area_code", Text, nullable=False),
    Column("raised_on", Date, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("raised_at", _INSTANT, nullable=False),
    Column("is_open", Boolean, nullable=False),
    Column("holds", Boolean, nullable=False),
    Column("cleared_on", Date),
    Column("cleared_reason", Text),
    Column("cleared_by", Text),
)

ANSWERS = idempotency_table(METADATA)

ON_CONNECT = (
    """
    create temp table if not exists entity_step (
        uscc text collate "C", expected_profile bigint, expected_description bigint, profile_version bigint,
        description_version bigint, status smallint, business_day date, indicator_values real[]
    ) on commit delete rows
    """,
    """
    create temp table if not exists entity_restated (
        like entity_step, established_on date, capital_fen bigint, area_code text, industry text, entity_type text,
        clocks bytea, name text, address text, legal_person_ref text, platforms text[]
    ) on commit delete rows
    """,
    "set plan_cache_mode = force_custom_plan",
    "set jit = off",
)
"""Run on every new connection. Plans are made anew because the tables grow from nothing while plans are cached."""
