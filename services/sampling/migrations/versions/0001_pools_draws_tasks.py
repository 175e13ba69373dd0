"""Pools, draws, tasks and results, and the bus's own tables."""

from alembic import op
from eventbus import SCHEMA

revision = "0001"
down_revision = None

MEMBER = """
create table member (
    uscc text collate "C" primary key check (length(uscc) = 18),
    change_number bigint not null default 0,
    risk_class text not null default '' check (risk_class in ('', 'A', 'B', 'C', 'D')),
    under_observation boolean not null default false,
    overridden boolean not null default false,
    by_law boolean not null default false,
    version bigint not null default 0,
    name text not null default '',
    entity_type text not null default '',
    status text not null default '',
    area_code text not null default '',
    industry text not null default '',
    address text not null default '',
    pool_reason text not null default '' check (pool_reason in ('', 'class_d', 'serious_listing')),
    pool_since date check ((pool_since is null) = (pool_reason = '')),
    code smallint not null default 0 check (code between 0 and 255),
    heard_class_at timestamptz,
    heard_description_at timestamptz
) with (fillfactor = 80);
create index member_area on member (area_code, uscc);
create index member_key_pool on member (uscc) where pool_reason <> '';
comment on table member is 'The object pool (检查对象库); heard from classification and profiling in any order.'
"""

DRAW = """
create table draw (
    draw_id text primary key,
    plan_id text not null,
    number integer not null check (number >= 1),
    items text[] not null check (cardinality(items) >= 1),
    area_code text,
    day date not null,
    state text not null check (state in ('committed', 'revealed', 'abandoned')),
    ordered_by text not null,
    reason text not null,
    about jsonb not null,
    commitment jsonb not null,
    commitment_sha256 text not null check (length(commitment_sha256) = 64),
    excluded jsonb not null,
    quotas jsonb not null,
    secret bytea not null check (length(secret) = 32),
    sealing_key bytea not null check (length(sealing_key) = 32),
    committed_at timestamptz not null,
    public_seed text,
    randomness bytea check ((randomness is not null) = (state = 'revealed')),
    settled_by text,
    settled_at timestamptz check ((settled_at is null) = (state = 'committed')),
    settle_reason text not null default '',
    drawn integer,
    unique (plan_id, number)
);
create table draw_population (
    draw_id text primary key references draw (draw_id),
    keys bytea not null,
    codes bytea not null
);
create table draw_file (
    draw_id text primary key references draw (draw_id),
    body bytea not null
);
alter table draw_file alter column body set storage external;
create table draw_entry (
    draw_id text not null references draw (draw_id),
    uscc text collate "C" not null,
    stratum text not null,
    class_at_draw text not null check (class_at_draw in ('', 'A', 'B', 'C', 'D')),
    probability double precision not null check (probability > 0 and probability <= 1),
    area_code text not null,
    industry text not null,
    primary key (draw_id, uscc)
);
create index draw_entry_uscc on draw_entry (uscc);
comment on table draw_entry is 'Who was drawn, under which lot; never changed.'
"""

TASK = """
create table inspector (
    ref text primary key,
    name text not null,
    area_code text not null,
    licence_valid_until date not null,
    specialties text[] not null
);
create table inspector_conflict (
    ref text not null references inspector (ref) on delete cascade,
    uscc text collate "C" not null,
    primary key (ref, uscc)
);
create table task (
    task_id text collate "C" primary key,
    draw_id text not null,
    uscc text collate "C" not null,
    year smallint not null,
    items text[] not null,
    inspectors text[] not null check (cardinality(inspectors) <> 1),
    note text not null,
    area_code text not null,
    drawn_on date not null,
    due_on date not null,
    state text not null check (state in ('waiting', 'assigned', 'done')),
    created_at timestamptz not null default now(),
    check ((state = 'waiting') = (cardinality(inspectors) = 0)),
    foreign key (draw_id, uscc) references draw_entry (draw_id, uscc),
    unique (draw_id, uscc)
);
create index task_of_entity on task (uscc, year);
create index task_open on task (area_code, due_on, task_id) where state <> 'done';
create table result (
    result_id text primary key,
    task_id text collate "C" not null unique references task (task_id),
    result_codes text[] not null check (cardinality(result_codes) >= 1),
    occurred_at timestamptz not null,
    recorded_at timestamptz not null,
    remark text not null,
    recorded_by text not null
);
create table idempotent_answer (
    caller text not null,
    key text not null,
    fingerprint bytea not null,
    status smallint not null,
    body bytea not null,
    stored_at timestamptz not null default now(),
    primary key (caller, key)
);
create index idempotent_answer_stored_at on idempotent_answer (stored_at)
"""


def upgrade() -> None:
    for script in (SCHEMA, MEMBER, DRAW, TASK):
        for statement in script.split(";\n"):
            if statement.strip():
                op.get_bind().exec_driver_sql(statement)


def downgrade() -> None:
    raise NotImplementedError("the first version is not taken back")
