"""Sources as first-class, alerts, bulk settlement of the quarantine, old codes, figures of quality."""

from typing import Any

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TABLES = """
alter table source
    add column contact text not null default '',
    add column description text not null default '',
    add column schema_version text not null default '',
    add column expected_freshness_s integer check (expected_freshness_s > 0),
    add column facts_per_s integer check (facts_per_s > 0),
    add column burst integer check (burst > 0),
    add constraint source_rate_whole check ((facts_per_s is null) = (burst is null));
comment on column source.expected_freshness_s is 'Silent for longer, it raises an alert; null: nothing is expected.';
comment on column source.burst is 'Facts taken at once over HTTP before facts_per_s counts; null: no limit.';

alter table api_key add column last_used_on date;
comment on column api_key.last_used_on is 'Last day (Asia/Shanghai) facts were sent with it.';

create table source_change (
    id bigint generated always as identity primary key,
    source_id integer not null references source (id),
    changed_at timestamptz not null,
    changed_by text not null check (changed_by <> ''),
    field text not null,
    before jsonb,
    after jsonb
);
create index source_change_of_source on source_change (source_id, id);
comment on table source_change is 'Who changed what of a source, and when; issued, rotated and revoked keys too.';

create table last_fact (
    source_id integer not null references source (id),
    type smallint not null,
    at timestamptz not null,
    primary key (source_id, type)
);
comment on table last_fact is 'When the last new fact of a source and type came; read from the ledger now and then.';

alter index fact_by_instant set (autosummarize = on);

create table alert (
    id bigint generated always as identity primary key,
    kind text not null check (kind in ('source_silent', 'key_expiring', 'code_contested')),
    source_id integer not null references source (id),
    key_id text not null default '',
    about text not null default '',
    since timestamptz not null,
    opened_at timestamptz not null,
    closed_at timestamptz,
    closed_by text,
    reason text,
    unique (kind, source_id, key_id, about, since),
    check ((kind = 'key_expiring') = (key_id <> '')),
    check ((kind = 'code_contested') = (about <> '')),
    check (closed_by is null or (closed_at is not null and reason is not null))
);
create index alert_open on alert (id) where closed_at is null;
comment on table alert is 'Opened once for each silence, expiry or contest; without closed_by it ended by itself.';
comment on column alert.about is 'The code that another entity claimed before, and the id of the fact that claims it.';

create index quarantine_open_by_reason on quarantine (source_id, reason, id) where state = 'open';
create index quarantine_received on quarantine using brin (received_at);
create index quarantine_open_received on quarantine (received_at) where state = 'open';
create index quarantine_settled on quarantine (settled_at) where settled_at is not null;

create table quarantine_job (
    id bigint generated always as identity primary key,
    action text not null check (action in ('release', 'discard')),
    filter jsonb not null,
    replacements jsonb not null,
    reason text,
    asked_by text not null,
    asked_at timestamptz not null,
    up_to bigint not null,
    after bigint not null default 0,
    matched integer not null,
    released integer not null default 0,
    discarded integer not null default 0,
    unusable integer not null default 0,
    problems jsonb not null default '[]',
    ended_at timestamptz,
    check (action <> 'discard' or reason is not null)
);
create index quarantine_job_at_work on quarantine_job (id) where ended_at is null;
comment on table quarantine_job is 'Bulk settlements; after is the last number settled, committed with its chunk.';

create table code_alias (
    old_code text primary key check (old_code <> ''),
    uscc text not null check (length(uscc) = 18 and uscc <> old_code),
    source_id integer not null,
    fact_id text not null,
    learned_at timestamptz not null,
    version bigint not null generated always as identity
);
create index code_alias_of_uscc on code_alias (uscc);
create index code_alias_of_fact on code_alias (source_id, fact_id);
create index code_alias_learned on code_alias (learned_at);
create index code_alias_of_recoded on code_alias (version) where length(old_code) = 18;
comment on table code_alias is 'Old codes and the codes that came next, from the accepted facts that told it.';
comment on column code_alias.version is 'In the order of commits, because writers take turns.';

create table code_join (
    until timestamptz not null
);
create unique index code_join_one on code_join ((true));
comment on table code_join is 'Held facts and old codes that came before have been brought together; one row.';

create table sent_under (
    source_id integer not null,
    fact_id text not null,
    code text not null,
    primary key (source_id, fact_id)
);
comment on table sent_under is 'Accepted facts that came under an old code, and that code as sent.';

create table repeated_fact (
    recorded_at timestamptz not null,
    source_id integer not null,
    type smallint not null,
    facts integer not null check (facts > 0),
    primary key (recorded_at, source_id, type)
);
comment on table repeated_fact is 'Duplicates, which leave no other trace; recorded_at is that of the batch.';

create table quality_run (
    day date primary key,
    computed_at timestamptz
);
comment on column quality_run.computed_at is 'Null until its contradictions are found too.';
create table quality_day (
    day date not null references quality_run (day) on delete cascade,
    source_id integer not null references source (id),
    type smallint not null,
    received integer not null,
    duplicates integer not null,
    accepted integer not null,
    usable integer not null,
    dated integer not null,
    timely integer not null,
    lag_median_s bigint,
    lag_p95_s bigint,
    examined integer not null default 0,
    members integer not null default 0,
    filled integer not null default 0,
    contradicting integer not null default 0,
    contradictions jsonb not null default '{}',
    primary key (day, source_id, type)
);
comment on table quality_day is 'What came on a day (Asia/Shanghai), by source and type; -1: all types.';
"""


def _run(script: str) -> None:
    """Each statement as it stands: the driver takes one at a time."""
    connection = op.get_bind()
    for statement in script.split(";\n"):
        if statement.strip():
            connection.exec_driver_sql(statement)


def upgrade() -> None:
    _run(TABLES)


def downgrade() -> Any:
    raise NotImplementedError("what people decided about sources is not thrown away")
