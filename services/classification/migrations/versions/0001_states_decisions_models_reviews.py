"""States, decisions, models and reviews, with the bus's own tables."""

from alembic import op
from eventbus import SCHEMA

revision = "0001"
down_revision = None

_TABLES = """
create table model (
    id text primary key check (id = code || '@' || version),
    code text not null,
    version integer not null check (version >= 1),
    valid_from date not null,
    author text not null,
    sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
    definition jsonb not null,
    promoted_at timestamptz not null,
    unique (code, version)
);
comment on table model is 'Every version of a risk model that was ever live; never changed.';

create table state (
    uscc text primary key check (length(uscc) = 18),
    previous_version bigint not null check (previous_version >= 0),
    profile_version bigint not null check (profile_version > previous_version),
    business_day date not null,
    recorded_at timestamptz not null,
    score real not null check (score between 0 and 1000),
    class text not null check (class in ('A', 'B', 'C', 'D')),
    flags smallint not null check (flags >= 0),
    decision_number integer not null check (decision_number >= 1),
    change_number integer not null check (change_number >= 1),
    override_code text not null,
    area_code text not null,
    industry text not null,
    entity_type text not null,
    status text not null check (status in ('unknown', 'active', 'suspended', 'revoked', 'cancelled')),
    model_id text not null
) with (fillfactor = 75);
comment on table state is 'One row per entity: its class as it stands. No index on what changes.';
comment on column state.previous_version is 'Profile version this row replaced: the guard against a second writer.';
comment on column state.model_id is 'The model that gave the score; without a foreign key, for speed.';
comment on column state.flags is 'Bits: 1 observation year, 2 suspended, 4 cancelled, 8 key supervision by law.';

create table decision (
    uscc text not null check (length(uscc) = 18),
    number integer not null check (number >= 1),
    decided_at timestamptz not null,
    business_day date not null,
    recorded_at timestamptz not null,
    profile_version bigint not null check (profile_version >= 1),
    model_id text not null,
    indicator_values real[] not null,
    points real[] not null,
    score real not null check (score between 0 and 1000),
    class text not null check (class in ('A', 'B', 'C', 'D')),
    score_class text not null check (score_class <= class and score_class in ('A', 'B', 'C', 'D')),
    flags smallint not null check (flags >= 0),
    override_code text not null,
    cause text not null,
    previous_class text not null check (previous_class in ('', 'A', 'B', 'C', 'D')),
    primary key (uscc, number),
    check ((override_code = '') = (class = score_class)),
    check ((previous_class = '') = (number = 1))
);
comment on table decision is 'Every decision ever made, frozen with its values and points.';
comment on column decision.model_id is 'Without a foreign key, for speed.';
comment on column decision.points is 'Base, one per item of the model, cap: their sum is the score.';

create table review_result (
    result_id text primary key,
    uscc text not null,
    class_at_draw text not null check (class_at_draw in ('', 'A', 'B', 'C', 'D')),
    stratum text not null,
    probability double precision not null check (probability > 0 and probability <= 1),
    item text not null,
    is_problem boolean not null,
    in_denominator boolean not null,
    area_code text not null,
    industry text not null,
    occurred_on date not null
);
create index review_result_entity on review_result (uscc);
comment on table review_result is 'What inspections found, with class and probability as of the draw.';
"""


def upgrade() -> None:
    """Create everything."""
    for statement in f"{SCHEMA}{_TABLES}".split(";\n"):
        if statement.strip():
            op.execute(statement)


def downgrade() -> None:
    """Drop everything."""
    for table in ("review_result", "decision", "state", "model", "dead_letter", "outbox", "lane"):
        op.execute(f"drop table {table}")
