"""The visits of one inspector are found by index: each of them asks on a phone, many times a day."""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.execute("create index task_of_inspector on task using gin (inspectors)")


def downgrade() -> None:
    op.execute("drop index task_of_inspector")
