"""Snapshots of the city, monthly runs with their decisions in columns, and what-if results."""

from alembic import op

revision = "0006"
down_revision = "0005"

_LONG = (
    *("usccs", "classes", "scores", "flags", "sectors", "numbers", "is_judged", "is_decided", "of_days"),
    *(
        "previous_classes",
        "score_classes",
        "profile_versions",
        "recorded_at",
        "established_on",
        "override",
        "model",
    ),
    *("status", "packed", "starts", "sizes"),
)
"""Kept as they are: read in part, and hardly any shorter when compressed."""
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
        set_code text not null references model_set (code),
        begun_at timestamptz not null,
        ended_at timestamptz
    )
    """,
    "comment on column monthly_run.set_code is 'The models that judge all of it, whatever is promoted meanwhile.'",
    """
    create table monthly_stretch (
        run_id bigint not null references monthly_run (id),
        number integer not null check (number >= 0),
        after_uscc text not null,
        up_to_uscc text not null,
        is_done boolean not null default false,
        entities integer not null default 0,
        left_as_is integer not null default 0,
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
        catalogue_version integer not null,
        usccs text[] not null,
        classes text not null,
        scores real[] not null,
        flags smallint[] not null,
        sectors integer[] not null,
        numbers integer[] not null,
        is_judged boolean[] not null,
        is_decided boolean[] not null,
        of_days date[] not null,
        previous_classes text not null,
        score_classes text not null,
        profile_versions bigint[] not null,
        recorded_at timestamptz[] not null,
        established_on date[] not null,
        override smallint[] not null,
        overrides text[] not null,
        model smallint[] not null,
        models text[] not null,
        status smallint[] not null,
        statuses text[] not null,
        packed bytea not null,
        starts integer[] not null,
        sizes smallint[] not null,
        primary key (run_id, first_uscc),
        check (cardinality(usccs) = length(classes) and cardinality(usccs) = cardinality(numbers))
    )
    """,
    f"alter table monthly_block {', '.join(f'alter column {name} set storage external' for name in _LONG)}",
    "comment on table monthly_block is 'Entities as a run left them, by USCC, and its decisions. Append only.'",
    """
    comment on column monthly_block.is_judged is
        'False where an entity was left as it was: it holds for a later day, its values are not kept, or it is gone.'
    """,
    "comment on column monthly_block.of_days is 'The business day for which the class holds.'",
    "comment on column monthly_block.override is 'Place in overrides, from 0; likewise model and status.'",
    "comment on column monthly_block.established_on is '-infinity where it is not known.'",
    """
    comment on column monthly_block.packed is
        'Values judged by, one entity after the other: from starts on, sizes bytes each.'
    """,
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
    """Never: a month's decisions are kept in these tables alone."""
    raise NotImplementedError("decisions of monthly runs are in these tables only")
