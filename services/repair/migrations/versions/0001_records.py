"""Records, orders to stop, descriptions of entities, daily runs."""

import sqlalchemy as sa
from alembic import op
from eventbus import SCHEMA

revision = "0001"
down_revision = None

TABLES = """
create table record (
    record_id text primary key,
    uscc text not null check (length(uscc) = 18),
    kind text not null check (kind in ('penalty', 'abnormal_listing', 'serious_listing')),
    tier text not null
        check (tier in ('never_published', 'minor', 'general', 'serious', 'serious_no_early', 'listing')),
    rule text not null,
    citation text not null,
    conditions text[] not null,
    decided_on date not null,
    published_on date,
    apply_from date,
    stops_on date,
    document_number text not null,
    authority text not null,
    penalty_kinds text[] not null,
    fine_fen bigint not null check (fine_fen >= 0),
    confiscated_fen bigint not null check (confiscated_fen >= 0),
    grade text,
    key_field text,
    violation text not null,
    reason text not null,
    restriction_until date,
    occurred_at timestamptz not null,
    recorded_at timestamptz not null,
    notice_due boolean not null,
    stop_reason text check (stop_reason in ('annulled', 'removed', 'repaired', 'cancelled_entity', 'expired')),
    stopped_on date,
    stop_cause text,
    stop_recorded_at timestamptz,
    stop_citation text,
    stop_notice_due boolean not null default false,
    state text generated always as (case when stop_reason is null then 'open' else 'stopped' end) stored,
    check ((tier = 'never_published') = (published_on is null)),
    check (published_on is not null or (apply_from is null and stops_on is null and not notice_due)),
    check (apply_from <= stops_on),
    check (num_nulls(stop_reason, stopped_on, stop_cause, stop_recorded_at, stop_citation) in (0, 5)),
    check (stopped_on >= coalesce(published_on, decided_on)),
    check (stop_reason is not null or not stop_notice_due)
);
create index record_of_entity on record (uscc);
create index record_newest on record (decided_on desc, record_id desc);
create index record_ending on record (stops_on) where stop_reason is null;
comment on table record is 'A penalty or a listing, what the law says of its publicity, and how that ended.';
comment on column record.stop_notice_due is 'The stop as told asks for a letter; restated, it is not told again.';

create table stop_order (
    order_id text primary key,
    uscc text not null check (length(uscc) = 18),
    target text,
    kind text check (kind in ('penalty', 'abnormal_listing', 'serious_listing')),
    reason text not null check (reason in ('annulled', 'removed', 'repaired', 'cancelled_entity')),
    ordered_on date not null,
    ordered_at timestamptz not null,
    recorded_at timestamptz not null
);
create index ix_stop_order_uscc on stop_order (uscc);
comment on table stop_order is 'Annulments, removals and cancellations, kept for records that come after them.';

create table entity (
    uscc text primary key check (length(uscc) = 18),
    version bigint not null,
    name text not null,
    area_code text not null
);
comment on table entity is 'What an entity is called and which area sees it, as profiling describes it.';

create table daily_run (
    day date primary key,
    calls integer not null check (calls >= 1),
    penalties bigint not null,
    abnormal_listings bigint not null,
    serious_listings bigint not null
);
comment on table daily_run is 'Records stopped by the runs of a day, over all its calls.';

create table idempotent_answer (
    caller text not null,
    key text not null,
    fingerprint bytea not null,
    status smallint not null,
    body bytea not null,
    stored_at timestamptz not null default now(),
    primary key (caller, key)
);
create index ix_idempotent_answer_stored_at on idempotent_answer (stored_at);
"""


def upgrade() -> None:
    for script in (SCHEMA, TABLES):
        for statement in script.split(";\n"):
            if statement.strip():
                op.execute(sa.text(statement.replace(":", r"\:")))


def downgrade() -> None:
    op.execute("drop table idempotent_answer, daily_run, entity, stop_order, record")
