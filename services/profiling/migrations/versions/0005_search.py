"""Searching by name, code, person and address, beside the profiles."""

from alembic import op

revision = "0005"
down_revision = "0004"

_STATEMENTS = (
    """
    create table search (
        uscc text collate "C" primary key,
        area_code text not null,
        person text collate "C" not null,
        name text not null,
        address text not null,
        pieces integer[] not null
    )
    """,
    "create index search_by_pieces on search using gin (pieces)",
    "create index search_by_person on search (person, area_code)",
    "comment on table search is 'What people search by: follows from entity, and may be a little behind it.'",
    "comment on column search.name is 'Folded, see rules.searching.folding; so is the canonical address.'",
    "comment on column search.pieces is 'Pieces of name, address, code and area: see rules.searching.grams.'",
    """
    create table search_due (
        number bigint generated always as identity primary key,
        uscc text collate "C" not null
    )
    """,
    "comment on table search_due is 'Who has other particulars than search may know of; taken in the background.'",
    "insert into search_due (uscc) select uscc from entity",
)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    op.execute("drop table search, search_due")
