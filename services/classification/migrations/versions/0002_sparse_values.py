"""Decisions keep the values of the full catalogue as bytes."""

from alembic import op

revision = "0002"
down_revision = "0001"

_STATEMENTS = (
    """
    alter table decision
        alter column indicator_values drop not null,
        add column sparse_values bytea,
        add column catalogue_version integer not null default 1 check (catalogue_version >= 1),
        add constraint decision_values check ((indicator_values is null) <> (sparse_values is null))
    """,
    "comment on column decision.catalogue_version is 'Later indicators were not known to it.'",
    "comment on column decision.indicator_values is 'Of decisions by the first catalogue, in its order.'",
    "comment on column decision.sparse_values is 'As they came: those not zero, see vocabulary.sparse_values.'",
)


def upgrade() -> None:
    """Old decisions stay as they are."""
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Never: decisions are not changed, and new ones do not fit the old form."""
    raise NotImplementedError("decisions by the full catalogue do not fit the first one")
