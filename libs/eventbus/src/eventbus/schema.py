"""The bus's own tables, created by the first migration of every service."""

SCHEMA = """
create table lane (
    name text primary key,
    next_offset bigint not null default 0 check (next_offset >= 0),
    seen jsonb not null default '{}',
    next_sequence bigint[] not null,
    next_batch bigint not null default 1 check (next_batch >= 1),
    buried_in_a_row bigint not null default 0 check (buried_in_a_row >= 0)
) with (fillfactor = 50);
comment on table lane is 'One writer''s stream of transactions: its input position and its next output sequences.';

create table outbox (
    lane text not null references lane (name),
    batch bigint not null,
    records bytea not null,
    primary key (lane, batch)
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);
alter table outbox alter column records set storage external;
comment on table outbox is 'Events committed but not yet acknowledged by Kafka, one row per lane and transaction.';

create table dead_letter (
    id bigint generated always as identity primary key,
    topic text not null,
    partition integer not null,
    record_offset bigint not null,
    type text not null,
    key text not null,
    source text not null,
    traceparent text not null,
    timestamp_ms bigint not null,
    value bytea not null,
    headers bytea not null,
    error text not null,
    created_at timestamptz not null default now(),
    settled_at timestamptz,
    settled_as text check (settled_as in ('replayed', 'discarded')),
    settled_by text,
    reason text,
    check ((settled_at is null) = (settled_as is null)),
    unique (topic, partition, record_offset)
);
create index dead_letter_open on dead_letter (id) where settled_at is null;
comment on table dead_letter is 'Events that could not be applied, kept whole until a person replays or discards them.';
"""
