"""A clue that was withdrawn by a slip is told once more, under another number of delivery."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_STATEMENTS = (
    "alter table clue add column round integer not null default 1 check (round >= 1)",
    "comment on column clue.round is 'How often it was told: once more each time it came again after its end.'",
    """
    alter table webhook add column round integer not null default 1,
        drop constraint webhook_clue_id_kind_key, add unique (clue_id, kind, round)
    """,
)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("what was told a second time would be told once")
