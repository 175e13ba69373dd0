"""Orders are found by the record they name too: after a re-coding it is under another code."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("create index ix_stop_order_target on stop_order (target)")


def downgrade() -> None:
    op.execute("drop index ix_stop_order_target")
