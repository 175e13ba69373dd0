"""What a draft offers is told by the hash of what judges; what was offered before is known by its name."""

from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """What was offered is not offered again, though its hash is another now."""
    op.execute(
        "update draft set offers = split_part(offers, ' ', 1) || ' before draft ' || id where offers <> ''"
    )
    op.execute(
        "comment on column draft.offers is 'The shipped version it offers, with the hash of what judges in it; offered "
        "once. Where it was offered before there were such hashes: with `before` and the draft.'"
    )


def downgrade() -> None:
    op.execute("update draft set offers = replace(offers, ' before draft ', ' ')")
    op.execute(
        "comment on column draft.offers is 'The shipped version it offers, with its hash; offered once.'"
    )
