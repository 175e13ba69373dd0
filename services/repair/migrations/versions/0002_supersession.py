"""A fact may stop a record by superseding its fact, beside what it says itself."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        alter table stop_order add column superseding boolean not null default false,
            drop constraint stop_order_pkey, add primary key (order_id, superseding)
    """)


def downgrade() -> None:
    op.execute("delete from stop_order where superseding")
    op.execute("""
        alter table stop_order drop constraint stop_order_pkey, drop column superseding, add primary key (order_id)
    """)
