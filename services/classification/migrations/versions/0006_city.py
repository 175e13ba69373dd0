"""Snapshots of the city, monthly runs with their decisions in columns, and what-if results."""

from alembic import op

revision = "0006"
down_revision = "0005"

_STATEMENTS = (
    "alter table state set (fillfactor = 45)",
    """
    create table snapshot (
        id bigint primary key generated always as identity,
        kind text not null check (kind in ('working', 'monthly')),
        business_day date not null,
        made_at timestamptz not null,
        models text[] not null default '{}',
        entities bigint not null default 0 check (entities >= 0),
        counts jsonb not null default '{}',
        sha256 text not null default '' check (sha256 ~ '^([0-9a-f]{64})?$'),
        path text not null,
        is_complete boolean not null default false,
        deleted_at timestamptz check (deleted_at is null or kind = 'working'),
        check (is_complete = (sha256 <> ''))
    )
    """,
    "comment on table snapshot is 'The city as it was, in files; a complete one is never changed.'",
    "comment on column snapshot.deleted_at is 'When its files went; those of a month stay for good.'",
    """
    create table monthly_run (
        id bigint primary key generated always as identity,
        business_day date not null unique,
        snapshot_id bigint not null references snapshot (id),
        begun_at timestamptz not null,
        ended_at timestamptz
    )
    """,
    """
    create table monthly_stretch (
        run_id bigint not null references monthly_run (id),
        number integer not null check (number >= 0),
        after_uscc text not null,
        up_to_uscc text not null,
        is_done boolean not null default false,
        entities integer not null default 0,
        moved integer not null default 0,
        decided integer not null default 0,
        announced integer not null default 0,
        counts integer[] not null default '{0,0,0,0}',
        file jsonb,
        primary key (run_id, number),
        check (is_done = (file is not null))
    )
    """,
    "comment on table monthly_stretch is 'What a run has still to do: a stretch is done in one transaction.'",
    """
    create table monthly_block (
        run_id bigint not null references monthly_run (id),
        first_uscc text not null,
        last_uscc text not null,
        business_day date not null,
        decided_at timestamptz not null,
        set_code text not null,
        usccs text[] not null,
        classes text not null,
        scores real[] not null,
        flags smallint[] not null,
        sectors integer[] not null,
        numbers integer[] not null,
        is_decided boolean[] not null,
        decisions bytea not null,
        primary key (run_id, first_uscc),
        check (cardinality(usccs) = length(classes) and cardinality(usccs) = cardinality(numbers))
    )
    """,
    """
    alter table monthly_block
        alter column usccs set storage external, alter column scores set storage external,
        alter column flags set storage external, alter column sectors set storage external,
        alter column numbers set storage external, alter column is_decided set storage external,
        alter column decisions set storage external, alter column classes set storage external
    """,
    "comment on table monthly_block is 'Classes as a run left them, in order of USCC, and its decisions. Append only.'",
    "comment on column monthly_block.decisions is 'Arrow IPC; one row for each that is decided, in the same order.'",
    """
    create table what_if (
        id bigint primary key generated always as identity,
        asked_at timestamptz not null,
        asked_by text not null check (asked_by <> ''),
        snapshot_id bigint not null references snapshot (id),
        model_id text not null,
        sha256 text not null,
        result jsonb not null,
        path text not null
    )
    """,
    "comment on table what_if is 'What a draft would do to a snapshot; who moves is in the file.'",
)


def upgrade() -> None:
    """Add the tables; room for a monthly rewrite of every state beside the old one."""
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Drop them."""
    for table in ("what_if", "monthly_block", "monthly_stretch", "monthly_run", "snapshot"):
        op.execute(f"drop table {table}")
