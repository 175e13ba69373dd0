"""Models of sectors and of individual businesses, promotions, and states that can be judged anew."""

from alembic import op

revision = "0003"
down_revision = "0002"

_STATEMENTS = (
    """
    create table promotion (
        number integer primary key generated always as identity,
        model_id text not null references model (id),
        from_day date not null,
        promoted_at timestamptz not null,
        promoted_by text not null check (promoted_by <> ''),
        approved_by text not null
    )
    """,
    "comment on table promotion is 'When each version went live; going back is another promotion. Never changed.'",
    "comment on column promotion.approved_by is 'Empty for what the service ships with.'",
    """
    insert into promotion (model_id, from_day, promoted_at, promoted_by, approved_by)
    select id, valid_from, promoted_at, author, '' from model order by valid_from, version
    """,
    """
    create table model_set (
        code text primary key check (code ~ '^[0-9a-f]{12}$'),
        models text[] not null check (cardinality(models) > 0)
    )
    """,
    "comment on table model_set is 'Which versions judged together; the code follows from their hashes.'",
    "create table standing (one boolean primary key default true check (one), generation bigint not null)",
    "insert into standing values (true, 1)",
    "comment on table standing is 'Counts the changes of the rules in force: promotions and what people decided.'",
    """
    alter table state
        drop constraint state_check,
        add constraint state_versions check (profile_version >= previous_version),
        add column previous_decision integer not null default 0,
        add column sectors integer not null default 0,
        add column sparse_values bytea,
        add column catalogue_version integer not null default 1,
        add column established_on date,
        add column set_code text not null default ''
    """,
    """
    update state set previous_decision = state.decision_number, sparse_values = decision.sparse_values,
        catalogue_version = decision.catalogue_version
    from decision where decision.uscc = state.uscc and decision.number = state.decision_number
        and decision.profile_version = state.profile_version and state.flags & 1 = 0
    """,
    "comment on column state.sectors is 'Class in each sector, three bits each, see rules.verdicts.'",
    """
    comment on column state.sparse_values is
        'Values last judged; null where they came before they were kept: judged anew with the next event only.'
    """,
    "comment on column state.established_on is 'Null when unknown.'",
    """
    alter table decision
        drop constraint decision_check,
        add constraint decision_score_class check (score_class in ('A', 'B', 'C', 'D')),
        add column sectors integer not null default 0,
        add column set_code text not null default '',
        add column established_on date,
        add column status text not null default 'unknown',
        add column interventions text not null default ''
    """,
    "comment on column decision.set_code is 'Which models judged; empty where one alone did, which model_id names.'",
    "comment on column decision.interventions is 'Ids of what people decided and was applied, with commas between.'",
)


def upgrade() -> None:
    """What was decided stays as it is."""
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Never: decisions are not changed, and new ones do not fit the old form."""
    raise NotImplementedError("decisions by several models do not fit one")
