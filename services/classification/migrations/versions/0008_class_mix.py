"""How many entities were in each class, day by day."""

from alembic import op

revision = "0008"
down_revision = "0007"

_STATEMENTS = (
    """
    create table class_mix (
        day date not null,
        area_code text not null,
        sector text not null,
        class text not null check (class in ('A', 'B', 'C', 'D')),
        entities integer not null check (entities > 0),
        primary key (day, sector, area_code, class)
    )
    """,
    "comment on table class_mix is 'Class mix by day, area and sector (分类占比), as that day was last seen.'",
    "comment on column class_mix.sector is 'Empty: all entities by their general class. Else members, by that in it.'",
)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    op.execute("drop table class_mix")
