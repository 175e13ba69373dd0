"""Outcomes: what other departments found, what was known before each visit, and alarms about the model."""

from alembic import op

revision = "0004"
down_revision = "0003"

_STATEMENTS = (
    """
    alter table review_result
        alter column probability drop not null,
        add constraint reported_without_odds check ((stratum = 'reported') = (probability is null)),
        add column occurred_at timestamptz,
        add column codes text[] not null default '{}',
        add column inspectors text[] not null default '{}',
        add column decision_number integer,
        add column score real,
        add column model_id text not null default '',
        add column ownership text not null default '',
        add column size text not null default '',
        add column age text not null default '',
        add column member_of integer not null default 0,
        add column sparse_values bytea,
        add column catalogue_version integer,
        add column business_day date,
        add column age_days integer,
        add column sectors integer not null default 0
    """,
    "comment on column review_result.decision_number is 'The decision in force before the visit; null for none.'",
    """
    comment on column review_result.sparse_values is
        'Values of that decision, by catalogue_version, for business_day: what the visit brought is not in them.'
    """,
    "comment on column review_result.sectors is 'Class in each sector by that decision, three bits each.'",
    "comment on column review_result.member_of is 'A bit for each sector at its place in model.sectors.'",
    "comment on column review_result.inspectors is 'Who was sent; a nuisance term when points are learned.'",
    "create index review_result_day on review_result (occurred_on)",
    """
    create table review_withdrawal (
        result_id text primary key,
        withdrawn_by text not null,
        how text not null check (how in ('corrected', 'retracted')),
        recorded_at timestamptz not null
    )
    """,
    "comment on table review_withdrawal is 'Results that count no longer, known or still to come.'",
    """
    create view review_outcome as
    select result.* from review_result result
    where not exists (select from review_withdrawal gone where gone.result_id = result.result_id)
      and not (result.stratum = 'reported' and exists (
          select from review_result drawn
          where drawn.uscc = result.uscc and drawn.occurred_on = result.occurred_on and drawn.stratum <> 'reported'
            and string_to_array(drawn.item, ',') && string_to_array(result.item, ',')))
    """,
    "comment on view review_outcome is 'Results that count: none withdrawn, and no drawn visit again as reported.'",
    """
    create table review_run (
        business_day date primary key,
        ran_at timestamptz not null
    )
    """,
    """
    create table review_alarm (
        id bigint generated always as identity primary key,
        kind text not null,
        model_id text not null,
        opened_on date not null,
        last_seen_on date not null,
        closed_on date,
        figure double precision not null,
        threshold double precision not null,
        zh text not null,
        en text not null,
        acknowledged_at timestamptz,
        acknowledged_by text,
        note text,
        check (closed_on is null or closed_on >= opened_on),
        check ((acknowledged_at is null) = (acknowledged_by is null)),
        check ((acknowledged_at is null) = (note is null))
    )
    """,
    "create unique index review_alarm_open on review_alarm (kind) where closed_on is null",
    "comment on table review_alarm is 'Proposals to review the model; an alarm changes no model.'",
)


def upgrade() -> None:
    """Results recorded before have no background: what was known before their visit was not kept."""
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Never: reported outcomes do not fit the old form."""
    raise NotImplementedError("reported outcomes have no probability, which the old form demands")
