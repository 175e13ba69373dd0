"""The service's tables as SQLAlchemy sees them for reading; the migrations own their constraints.

`state` has no index but its key: every column changes with every event, and an index would end heap-only updates.
"""

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
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, REAL

metadata = MetaData()

model = Table(
    "model",
    metadata,
    Column("id", Text, primary_key=True),
    Column("code", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("valid_from", Date, nullable=False),
    Column("author", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("definition", JSONB, nullable=False),
    Column("promoted_at", DateTime(timezone=True), nullable=False),
)

state = Table(
    "state",
    metadata,
    Column("uscc", Text, primary_key=True),
    Column("previous_version", BigInteger, nullable=False),
    Column("profile_version", BigInteger, nullable=False),
    Column("business_day", Date, nullable=False),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
    Column("score", REAL, nullable=False),
    Column("class", Text, key="risk_class", nullable=False),
    Column("flags", SmallInteger, nullable=False),
    Column("decision_number", Integer, nullable=False),
    Column("change_number", Integer, nullable=False),
    Column("override_code", Text, nullable=False),
    Column("area_code", Text, nullable=False),
    Column("industry", Text, nullable=False),
    Column("entity_type", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("model_id", Text, nullable=False),
)

decision = Table(
    "decision",
    metadata,
    Column("uscc", Text, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("decided_at", DateTime(timezone=True), nullable=False),
    Column("business_day", Date, nullable=False),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
    Column("profile_version", BigInteger, nullable=False),
    Column("model_id", Text, nullable=False),
    Column("indicator_values", ARRAY(REAL)),
    Column("sparse_values", LargeBinary),
    Column("catalogue_version", Integer, nullable=False),
    Column("points", ARRAY(REAL), nullable=False),
    Column("score", REAL, nullable=False),
    Column("class", Text, key="risk_class", nullable=False),
    Column("score_class", Text, nullable=False),
    Column("flags", SmallInteger, nullable=False),
    Column("override_code", Text, nullable=False),
    Column("cause", Text, nullable=False),
    Column("previous_class", Text, nullable=False),
)

review_result = Table(
    "review_result",
    metadata,
    Column("result_id", Text, primary_key=True),
    Column("uscc", Text, nullable=False),
    Column("class_at_draw", Text, nullable=False),
    Column("stratum", Text, nullable=False),
    Column("probability", Double, nullable=False),
    Column("item", Text, nullable=False),
    Column("is_problem", Boolean, nullable=False),
    Column("in_denominator", Boolean, nullable=False),
    Column("area_code", Text, nullable=False),
    Column("industry", Text, nullable=False),
    Column("occurred_on", Date, nullable=False),
)

STAGING = """
    create temporary table if not exists state_staged (
        uscc text, previous_version bigint, profile_version bigint, business_day date, recorded_at timestamptz,
        score real, class text, flags smallint, decision_number integer, change_number integer,
        override_code text, area_code text, industry text, entity_type text, status text, model_id text
    ) on commit delete rows
"""
"""Run on every new connection: where a batch of states lands before it is merged."""
