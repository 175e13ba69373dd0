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
    Double,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
)
from sqlalchemy.dialects.postgresql import ARRAY

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
    Column("told", LargeBinary, nullable=False),
    Column("catalogue_version", Integer, nullable=False),
    Column("next_look", Integer, nullable=False),
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
    Column("contact_ref", Text, nullable=False),
    Column("agent_ref", Text, nullable=False),
    Column("head_uscc", Text, nullable=False),
    Column("inferred_industry", Text, nullable=False),
    Column("scope_sectors", Integer, nullable=False),
    Column("address_key", Text, nullable=False),
    Column("sectors", Integer, nullable=False),
    Column("is_risky", Boolean, nullable=False),
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
    Column("silent", Boolean, nullable=False),
    Column("measure", Double, nullable=False),
    Column("tail", Double, nullable=False),
    Column("updated_at", _INSTANT),
    Column("updates", Integer, nullable=False),
    Column("useful", Boolean),
    Column("assignee", Text),
    Column("snoozed_until", Date),
    Column("snoozed_at", _INSTANT),
    Column("snoozed_updates", Integer),
    Column("sectors", Integer, nullable=False),
)

SUPPRESSION = Table(
    "suppression",
    METADATA,
    Column("suppression_id", BigInteger, primary_key=True),
    Column("family", Text, nullable=False),
    Column("area_code", Text, nullable=False),
    Column("uscc", Text, nullable=False),
    Column("until", Date, nullable=False),
    Column("ended_at", _INSTANT),
)

BUSINESS_DAY = Table("business_day", METADATA, Column("day", Date, nullable=False))

ANSWERS = idempotency_table(METADATA)

ON_CONNECT = (
    """
    create temp table if not exists entity_step (
        uscc text collate "C", expected_profile bigint, expected_description bigint, profile_version bigint,
        description_version bigint, status smallint, business_day date, told bytea,
        catalogue_version integer, next_look integer, is_risky boolean, signals integer
    ) on commit delete rows
    """,
    """
    create temp table if not exists entity_restated (
        like entity_step, established_on date, capital_fen bigint, area_code text, industry text, entity_type text,
        clocks bytea, name text, address text, legal_person_ref text, platforms text[], contact_ref text,
        agent_ref text, head_uscc text, inferred_industry text, scope_sectors integer, address_key text, sectors integer
    ) on commit delete rows
    """,
    "set plan_cache_mode = force_custom_plan",
    "set jit = off",
)
"""Run on every new connection. Plans are made anew because the tables grow from nothing while plans are cached."""
