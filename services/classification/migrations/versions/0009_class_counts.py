"""How many entities are in each class, kept beside the states: a city of millions is counted at a glance."""

from alembic import op

revision = "0009"
down_revision = "0008"

_KEYS = {
    "class_count": ("area_code", "left(industry, 1)", "class", "model_id", "flags & 1 <> 0"),
    "sector_count": ("area_code", "sectors", "class", "override_code"),
}


def _adding(table: str, *parts: tuple[str, str]) -> str:
    """What the rows of the parts come to is added; what comes to nothing leaves no trace."""
    keys = _KEYS[table]
    places = ", ".join(str(place + 1) for place in range(len(keys)))
    moved = " union all ".join(
        f"select {', '.join(keys)}, {sign}1 from {rows} where status not in ('revoked', 'cancelled')"
        for sign, rows in parts
    )
    names = ", ".join(f"key_{place}" for place in range(len(keys)))
    return f"""
        insert into {table} select {names}, sum(one) from ({moved}) moved ({names}, one)
        group by {places} having sum(one) <> 0;
    """


def _function(name: str, *parts: tuple[str, str]) -> str:
    adding = "".join(_adding(table, *parts) for table in _KEYS)
    return (
        f"create function {name}() returns trigger language plpgsql as $$ begin {adding} return null; end $$"
    )


_OFTEN = "with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000)"
_STATEMENTS = (
    "lock table state in share row exclusive mode",
    f"""
    create table class_count (
        area_code text not null,
        industry text not null,
        class text not null,
        model_id text not null,
        is_observed boolean not null,
        entities bigint not null check (entities <> 0)
    ) {_OFTEN}
    """,
    f"""
    create table sector_count (
        area_code text not null,
        sectors integer not null,
        class text not null,
        override_code text not null,
        entities bigint not null check (entities <> 0)
    ) {_OFTEN}
    """,
    "comment on table class_count is 'What each change of states added and took, without who is gone: rows sum up.'",
    "comment on table sector_count is 'The same by the classes in sectors, packed as in state.'",
    *(_adding(table, ("", "state")).rstrip().rstrip(";") for table in _KEYS),
    _function("states_added", ("", "new_rows")),
    _function("states_moved", ("-", "old_rows"), ("", "new_rows")),
    """
    create trigger added after insert on state referencing new table as new_rows
    for each statement execute function states_added()
    """,
    """
    create trigger moved after update on state referencing old table as old_rows new table as new_rows
    for each statement execute function states_moved()
    """,
)


def upgrade() -> None:
    """While the states are counted nobody changes them: a process of the version before may still run."""
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    op.execute("drop trigger added on state")
    op.execute("drop trigger moved on state")
    op.execute("drop function states_added, states_moved")
    op.execute("drop table class_count, sector_count")
