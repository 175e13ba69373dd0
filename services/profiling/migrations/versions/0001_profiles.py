"""Entities, their facts, signals, and the business day."""

import eventbus
from alembic import op

revision = "0001"
down_revision = None

_TABLES = """
create table entity (
    uscc text collate "C" primary key check (length(uscc) = 18),
    profile_version bigint not null check (profile_version > 0),
    description_version bigint not null check (description_version > 0),
    status smallint not null check (status between 0 and 4),
    business_day date not null,
    indicator_values real[] not null,
    area_code text not null,
    industry text not null,
    entity_type text not null,
    established_on date,
    capital_fen bigint,
    clocks bytea not null,
    name text not null,
    address text not null,
    legal_person_ref text not null,
    platforms text[] not null
) with (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.1);
create index entity_by_area on entity (area_code, uscc);
comment on table entity is 'Market entities: identity, and the profile last told (经营主体).';
comment on column entity.business_day is 'The day for which that profile was told.';
comment on column entity.clocks is 'When each particular was so: nine little-endian int64, see model.entities.';
comment on column entity.indicator_values is 'In the order of the catalogue; NaN is not known.';

create table fact (
    uscc text collate "C" not null,
    number integer not null check (number > 0),
    type smallint not null check (type between 1 and 15),
    occurred_at timestamptz not null,
    recorded_at timestamptz not null,
    decided_at timestamptz not null,
    features bytea not null check (length(features) = 24),
    source text not null,
    fact_id text not null,
    payload bytea not null,
    primary key (uscc, number)
);
comment on table fact is 'Every fact with its three clocks: occurred, recorded, decided. Never changed.';
comment on constraint fact_pkey on fact is 'Also the fence: two writers cannot number one entity''s facts alike.';
comment on column fact.features is 'What the rules need of it: model.facts.FEATURES; payload gives it again.';

create table signal (
    signal_id text primary key,
    uscc text collate "C" not null,
    family text not null,
    episode bigint not null,
    severity smallint not null check (severity between 1 and 3),
    suggested_step text not null,
    evidence text[] not null,
    area_code text not null,
    raised_on date not null,
    due_on date not null,
    raised_at timestamptz not null default now(),
    is_open boolean not null default true,
    holds boolean not null default true,
    cleared_on date,
    cleared_reason text,
    cleared_by text,
    check (is_open = (cleared_on is null)),
    check (is_open = (cleared_reason is null))
);
create index signal_of_entity on signal (uscc);
create index signal_open on signal (signal_id) where is_open;
comment on table signal is 'Warnings raised, one row for each episode (预警).';
comment on column signal.holds is 'What caused it is still so; a person may have cleared it nevertheless.';

create table business_day (
    one boolean primary key default true check (one),
    day date not null,
    after_uscc text,
    entities bigint not null default 0,
    changed bigint not null default 0
);
comment on table business_day is 'The day up to which indicators hold, and where its daily run stands.';

create table relation (
    kind smallint not null check (kind in (1, 2)),
    ref text not null,
    entities integer not null check (entities > 1),
    primary key (kind, ref)
);
comment on table relation is 'Groups of entities counted by the last daily run: 1 legal representative, 2 address.';

create table idempotent_answer (
    caller text not null,
    key text not null,
    fingerprint bytea not null,
    status smallint not null,
    body bytea not null,
    stored_at timestamptz not null default now(),
    primary key (caller, key)
);
create index on idempotent_answer (stored_at);
"""


def upgrade() -> None:
    for statement in [*_statements(eventbus.SCHEMA), *_statements(_TABLES)]:
        if statement.strip():
            op.execute(statement)


def _statements(sql: str) -> list[str]:
    return sql.split(";\n")


def downgrade() -> None:
    for table in ("entity", "fact", "signal", "business_day", "relation", "idempotent_answer"):
        op.execute(f"drop table {table}")
    for table in ("dead_letter", "outbox", "lane"):
        op.execute(f"drop table {table}")
