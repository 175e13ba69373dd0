"""Sources and their keys, the ledger of facts, quarantine, with the bus's own tables."""

from typing import Any

import eventbus
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = """
create table source (
    id integer generated always as identity primary key,
    name text not null unique check (name ~ '^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$' and name !~ '^creditloop[.]'),
    owner text not null,
    fact_types text[] not null default '{}',
    kafka_enabled boolean not null default false,
    state text not null default 'active' check (state in ('active', 'suspended')),
    created_at timestamptz not null default now()
);
comment on table source is 'Systems that send facts; no fact_types: all. Never deleted: the ledger has their numbers.';

create table api_key (
    key_id text primary key check (key_id ~ '^[0-9a-f]{12}$'),
    source_id integer not null references source (id),
    secret_hash bytea not null check (length(secret_hash) = 32),
    created_at timestamptz not null default now(),
    expires_at timestamptz,
    revoked_at timestamptz
);
create index api_key_of_source on api_key (source_id);
comment on table api_key is 'Keys of sources: SHA-256 of the secret only.';

create table fact (
    recorded_at timestamptz not null,
    occurred_at timestamptz,
    source_id integer not null,
    type smallint not null check (type >= 0),
    standing smallint not null check (standing in (1, 2)),
    uscc text not null,
    fact_id text not null check (fact_id <> ''),
    payload bytea,
    primary key (source_id, fact_id),
    check ((standing = 1) = (payload is not null)),
    check (standing = 2 or occurred_at is not null)
);
create index fact_of_entity on fact using hash (uscc);
create index fact_by_instant on fact using brin (recorded_at);
comment on table fact is 'The ledger: every fact ever taken in, once. standing 1 accepted, 2 quarantined.';
comment on column fact.source_id is 'source.id; no foreign key: its check would cost as much as the row itself.';
comment on column fact.recorded_at is 'One microsecond for all facts of a batch; a writer uses each only once.';
comment on column fact.payload is 'The FactAccepted as published (protobuf).';

create table quarantine (
    id bigint generated always as identity primary key,
    source_id integer not null references source (id),
    fact_id text not null,
    type text not null,
    subject text not null,
    reason text not null,
    original bytea not null,
    traceparent text not null,
    received_at timestamptz not null,
    state text not null default 'open' check (state in ('open', 'released', 'discarded')),
    settled_by text,
    settled_at timestamptz,
    note text,
    unique (source_id, fact_id),
    check ((state = 'open') = (settled_at is null)),
    check ((settled_at is null) = (settled_by is null)),
    check (state <> 'discarded' or note is not null)
);
create index quarantine_open on quarantine (id) where state = 'open';
create index quarantine_subject on quarantine (subject);
comment on table quarantine is 'Facts set aside, whole, until a person releases or discards them.';

create table idempotent_answer (
    caller text not null,
    key text not null,
    fingerprint bytea not null,
    status smallint not null,
    body bytea not null,
    stored_at timestamptz not null default now(),
    primary key (caller, key)
);
create index idempotent_answer_stored_at on idempotent_answer (stored_at);
"""


def _run(script: str) -> None:
    """Each statement as it stands: the driver takes one at a time."""
    connection = op.get_bind()
    for statement in script.split(";\n"):
        if statement.strip():
            connection.exec_driver_sql(statement)


def upgrade() -> None:
    _run(eventbus.SCHEMA)
    _run(TABLES)


def downgrade() -> Any:
    raise NotImplementedError("the first migration is not taken back")
