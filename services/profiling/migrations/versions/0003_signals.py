"""Signals that grow, are suppressed and are judged; the bounds of peers."""

from alembic import op

revision = "0003"
down_revision = "0002"

_STATEMENTS = (
    """
    alter table signal
        add column silent boolean not null default false,
        add column measure double precision not null default 1,
        add column tail double precision not null default 'NaN',
        add column updated_at timestamptz,
        add column updates integer not null default 0,
        add column useful boolean,
        drop constraint signal_check,
        drop constraint signal_check1,
        add constraint signal_open_or_over check (is_open or silent or cleared_on is not null),
        add constraint signal_open_is_told check (not is_open or (cleared_on is null and not silent)),
        add constraint signal_over_for_a_reason check ((cleared_on is null) = (cleared_reason is null))
    """,
    """
    update signal set measure = cardinality(evidence)
    where family not in ('penalty_imposed', 'listed', 'annual_report_due')
    """,
    "create index signal_raised on signal (raised_on)",
    "comment on column signal.silent is 'Kept and never told: it is suppressed, or was until its cause was over.'",
    "comment on column signal.measure is 'What was held against the bound when told last: facts, or a value.'",
    "comment on column signal.tail is 'The chance of so many by the entity''s own history; NaN where not asked.'",
    "comment on column signal.useful is 'The last verdict; null for none.'",
    "create index signal_kept_silent on signal (uscc) where silent and holds",
    "create index signal_holding on signal (family) where holds",
    """
    create table suppression (
        suppression_id bigint generated always as identity primary key,
        family text not null,
        area_code text not null,
        uscc text collate "C" not null,
        until date not null,
        reason text not null,
        made_by text not null,
        made_at timestamptz not null default now(),
        ended_by text,
        ended_at timestamptz,
        check ((area_code = '') <> (uscc = '')),
        check ((ended_at is null) = (ended_by is null))
    )
    """,
    "create index suppression_in_force on suppression (family, uscc) where ended_at is null",
    "comment on table suppression is 'Signals of a family that are not told, of an area or an entity, through a day.'",
    """
    create table verdict (
        signal_id text not null references signal,
        judged_at timestamptz not null default clock_timestamp(),
        judged_by text not null,
        useful boolean not null,
        note text not null,
        primary key (signal_id, judged_at, judged_by)
    )
    """,
    "comment on table verdict is 'Whether a signal was of use, by whom. Never changed; the last one counts.'",
    """
    create table peer_bound (
        family text not null,
        industry text not null,
        area_code text not null,
        day date not null,
        members integer not null check (members > 0),
        bound real not null,
        primary key (family, industry, area_code)
    )
    """,
    "comment on table peer_bound is 'What nearly all of an industry and area do not exceed, by the last daily run.'",
    "alter table entity add column signals integer not null default 0",
    """
    update entity set signals = counted.signals
    from (select uscc, count(*) as signals from signal group by uscc) counted where counted.uscc = entity.uscc
    """,
    "alter table entity alter column signals drop default",
    "comment on column entity.signals is 'Signals ever raised about it: the rows of signal are held to it.'",
    "alter table business_day add column sensing bigint not null default 0",
    "comment on column business_day.sensing is 'Counts changes of suppressions and bounds: copies of another are old.'",
)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("what was kept silent would be open or over")
