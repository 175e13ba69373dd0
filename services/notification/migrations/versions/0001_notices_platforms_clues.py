"""Contacts, signals, notices, platforms, clues and their webhooks, with the bus's own tables."""

from typing import Any

import eventbus
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = """
create table contact (
    uscc text primary key check (length(uscc) between 1 and 32),
    name text not null,
    area text not null,
    cancelled boolean not null,
    version bigint not null check (version >= 1)
) with (fillfactor = 80);
comment on table contact is 'Whom letters address: what they need of the newest description of each entity.';

create table signal (
    signal_id text primary key,
    uscc text not null,
    family text not null,
    raised_on date,
    cleared_on date,
    received_at timestamptz not null default now(),
    check (raised_on is not null or cleared_on is not null)
);
create index signal_of_entity on signal (uscc);
comment on table signal is 'Signals of the families that notify, each once; without raised_on, its end came first.';

create table notice (
    notice_id text primary key,
    sequence bigint generated always as identity unique,
    uscc text not null,
    template text not null,
    version integer not null check (version >= 1),
    params jsonb not null,
    channel text not null,
    issued_on date not null,
    origin_id text not null,
    planned_at timestamptz not null
);
create index notice_of_entity on notice (uscc, sequence);
comment on table notice is 'One notice to one entity, as it was planned; never changed. What became of it is in '
    'undelivered_notice until it is delivered, and in letter from then on.';

create table undelivered_notice (
    notice_id text primary key,
    state text not null default 'planned' check (state in ('planned', 'failed', 'withheld')),
    attempts integer not null default 0 check (attempts >= 0),
    next_attempt_at timestamptz,
    last_error text not null default '',
    settled_at timestamptz,
    check ((state = 'planned') = (next_attempt_at is not null)),
    check ((state = 'planned') = (settled_at is null))
) with (fillfactor = 50);
comment on table undelivered_notice is 'Notices to be delivered, given up, or withheld: the addressee is no more.';

create table letter (
    notice_id text primary key,
    text text not null,
    attempts integer not null check (attempts >= 1),
    delivered_at timestamptz not null
);
comment on table letter is 'The letter of each delivered notice, as it was handed to the channel.';

create table platform (
    code text primary key check (code ~ '^[a-z0-9][a-z0-9-]{1,39}$'),
    name text not null check (name <> ''),
    url text,
    secret text not null check (secret like 'whsec\\_%'),
    former_secret text,
    state text not null default 'active' check (state in ('active', 'disabled')),
    created_at timestamptz not null
);
comment on table platform is 'Subscriptions of platform companies; disabled once the platform answered 410.';

create table platform_operator (
    platform text not null references platform (code),
    uscc text not null,
    primary key (uscc, platform)
);
comment on table platform_operator is 'Who sells on which platform.';

create sequence clue_position;
create table clue (
    clue_id text primary key,
    position bigint not null unique,
    signal_id text not null,
    uscc text not null,
    platform text not null references platform (code),
    kind text not null,
    severity text not null check (severity in ('notice', 'warning', 'alarm')),
    evidence_digest text not null check (length(evidence_digest) = 64),
    evidence_salt text not null check (length(evidence_salt) = 32),
    legal_basis text not null,
    raised_on date not null,
    due_on date not null,
    state text not null default 'created'
        check (state in ('created', 'delivered', 'acknowledged', 'answered', 'overdue', 'withdrawn')),
    action text check (action in ('acknowledged', 'warned', 'delisted', 'rectified', 'not_ours')),
    remark text not null default '',
    created_at timestamptz not null,
    delivered_at timestamptz,
    responded_at timestamptz,
    withdrawn_at timestamptz,
    unique (signal_id, platform),
    check ((state = 'answered') = (action is not null and action <> 'acknowledged')),
    check ((action is null) = (responded_at is null)),
    check ((state = 'withdrawn') = (withdrawn_at is not null))
);
create index clue_of_platform on clue (platform, position);
create index clue_of_entity on clue (uscc);
create index clue_unanswered on clue (due_on) where state in ('created', 'delivered', 'acknowledged');
comment on table clue is 'Clues to platforms; position is the order of news by commit, which pulling platforms follow.';

create table webhook (
    delivery_id text primary key,
    clue_id text not null references clue (clue_id),
    kind text not null check (kind in ('clue.created', 'clue.withdrawn')),
    state text not null default 'pending' check (state in ('pending', 'delivered', 'failed', 'cancelled')),
    attempt integer not null default 0 check (attempt >= 0),
    next_attempt_at timestamptz,
    settled_at timestamptz,
    unique (clue_id, kind),
    check ((state = 'pending') = (next_attempt_at is not null)),
    check ((state = 'pending') = (settled_at is null))
);
create index webhook_due on webhook (next_attempt_at) where state = 'pending';
comment on table webhook is 'What is pushed of a clue: delivery_id is its webhook-id in every attempt.';

create table webhook_attempt (
    delivery_id text not null references webhook (delivery_id),
    sequence bigint generated always as identity primary key,
    attempt integer not null check (attempt >= 1),
    at timestamptz not null,
    status integer,
    error text not null,
    duration_ms integer not null check (duration_ms >= 0)
);
create index webhook_attempt_of_delivery on webhook_attempt (delivery_id, sequence);
comment on table webhook_attempt is 'Every attempt at every webhook and what came of it.';

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
comment on table idempotent_answer is 'Answers to writes by idempotency key.';
"""


def upgrade() -> None:
    _script(eventbus.SCHEMA)
    _script(TABLES)


def downgrade() -> None:
    raise NotImplementedError("notification's first schema is not taken back: drop the database")


def _script(sql: str) -> None:
    driver: Any = op.get_bind().connection.dbapi_connection
    driver.run_async(lambda connection: connection.execute(sql))
