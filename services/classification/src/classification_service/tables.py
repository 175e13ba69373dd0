"""The service's tables as SQLAlchemy sees them for reading; the migrations own their constraints.

`state` has no index but its key: every column changes with every event, and an index would end heap-only updates.
"""

from httpapi.idempotency_store import idempotency_table
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Double,
    Identity,
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
    Column("approver", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("definition", JSONB, nullable=False),
    Column("promoted_at", DateTime(timezone=True), nullable=False),
)

promotion = Table(
    "promotion",
    metadata,
    Column("number", Integer, Identity(always=True), primary_key=True),
    Column("model_id", Text, nullable=False),
    Column("from_day", Date, nullable=False),
    Column("promoted_at", DateTime(timezone=True), nullable=False),
    Column("promoted_by", Text, nullable=False),
    Column("approved_by", Text, nullable=False),
)

model_set = Table(
    "model_set",
    metadata,
    Column("code", Text, primary_key=True),
    Column("models", ARRAY(Text), nullable=False),
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
    Column("previous_decision", Integer, nullable=False),
    Column("sectors", Integer, nullable=False),
    Column("sparse_values", LargeBinary),
    Column("catalogue_version", Integer, nullable=False),
    Column("established_on", Date),
    Column("set_code", Text, nullable=False),
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
    Column("sectors", Integer, nullable=False),
    Column("set_code", Text, nullable=False),
    Column("established_on", Date),
    Column("status", Text, nullable=False),
    Column("interventions", Text, nullable=False),
)

review_result = Table(
    "review_result",
    metadata,
    Column("result_id", Text, primary_key=True),
    Column("uscc", Text, nullable=False),
    Column("class_at_draw", Text, nullable=False),
    Column("stratum", Text, nullable=False),
    Column("probability", Double),
    Column("item", Text, nullable=False),
    Column("is_problem", Boolean, nullable=False),
    Column("in_denominator", Boolean, nullable=False),
    Column("area_code", Text, nullable=False),
    Column("industry", Text, nullable=False),
    Column("occurred_on", Date, nullable=False),
    Column("occurred_at", DateTime(timezone=True)),
    Column("codes", ARRAY(Text), nullable=False),
    Column("inspectors", ARRAY(Text), nullable=False),
    Column("decision_number", Integer),
    Column("score", REAL),
    Column("model_id", Text, nullable=False),
    Column("ownership", Text, nullable=False),
    Column("size", Text, nullable=False),
    Column("age", Text, nullable=False),
    Column("member_of", Integer, nullable=False),
    Column("sparse_values", LargeBinary),
    Column("catalogue_version", Integer),
    Column("business_day", Date),
    Column("age_days", Integer),
    Column("sectors", Integer, nullable=False),
)

review_withdrawal = Table(
    "review_withdrawal",
    metadata,
    Column("result_id", Text, primary_key=True),
    Column("withdrawn_by", Text, nullable=False),
    Column("how", Text, nullable=False),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
)

review_run = Table(
    "review_run",
    metadata,
    Column("business_day", Date, primary_key=True),
    Column("ran_at", DateTime(timezone=True), nullable=False),
)

review_alarm = Table(
    "review_alarm",
    metadata,
    Column("id", BigInteger, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("model_id", Text, nullable=False),
    Column("opened_on", Date, nullable=False),
    Column("last_seen_on", Date, nullable=False),
    Column("closed_on", Date),
    Column("figure", Double, nullable=False),
    Column("threshold", Double, nullable=False),
    Column("zh", Text, nullable=False),
    Column("en", Text, nullable=False),
    Column("acknowledged_at", DateTime(timezone=True)),
    Column("acknowledged_by", Text),
    Column("note", Text),
)

review_outcome = review_result.to_metadata(MetaData(), name="review_outcome")
"""The view of those results that count."""

idempotent_answer = idempotency_table(metadata)

STAGING = """
    create temporary table if not exists state_staged (
        uscc text, previous_version bigint, profile_version bigint, business_day date, recorded_at timestamptz,
        score real, class text, flags smallint, decision_number integer, change_number integer,
        override_code text, area_code text, industry text, entity_type text, status text, model_id text,
        previous_decision integer, sectors integer, sparse_values bytea, catalogue_version integer,
        established_on date, set_code text
    ) on commit delete rows
"""
"""Run on every new connection: where a batch of states lands before it is merged."""

CITY_STAGING = """
    create temporary table if not exists city_staged (
        place tid, uscc text, version bigint, number integer, score real, class integer, flags smallint,
        override smallint, model smallint, next_number integer, change integer, sectors integer
    ) on commit delete rows
"""
"""Likewise for a stretch of the city."""
