"""How many signals stand, kept beside them; who has a signal is kept with it, which counting needs."""

from alembic import op

revision = "0006"
down_revision = "0005"

_STANDING = "cleared_on is null"
_COUNTED = """
    select area_code, family, severity, sector, silent, assignee is not null, is_late, {0}1
    from {1} cross join unnest(array[0, 1, 2, 4, 8, 16, 32, 64, 128]) sector
    where cleared_on is null and (sector = 0 or sectors & sector <> 0)
"""
_SUMMED = """
    create function {0}() returns trigger language plpgsql as $$ begin
        insert into signal_count select area_code, family, severity, sector, silent, is_assigned, is_late, sum(signals)
        from ({1}) moved (area_code, family, severity, sector, silent, is_assigned, is_late, signals)
        group by 1, 2, 3, 4, 5, 6, 7 having sum(signals) <> 0;
        return null;
    end $$
"""
_STATEMENTS = (
    """
    alter table signal
        add column assignee text,
        add column snoozed_until date,
        add column snoozed_at timestamptz,
        add column snoozed_updates integer,
        add column sectors integer not null default 0,
        add column is_late boolean not null default false,
        add constraint signal_snoozed_whole check (num_nulls(snoozed_until, snoozed_at, snoozed_updates) in (0, 3))
    """,
    """
    update signal set assignee = work.assignee, snoozed_until = work.snoozed_until, snoozed_at = work.snoozed_at,
        snoozed_updates = work.snoozed_updates
    from signal_work work where work.signal_id = signal.signal_id
    """,
    "drop table signal_work",
    "create index signal_of_person on signal (assignee) where assignee is not null",
    "create index signal_snoozed on signal (snoozed_until) where snoozed_until is not null and is_open",
    "comment on column signal.assignee is 'Who has it in hand; null for nobody.'",
    "comment on column signal.snoozed_until is 'The last day it may wait; null when nobody made it wait.'",
    "comment on column signal.snoozed_updates is 'How often it had grown by then: growing ends the wait.'",
    f"""
    update signal set area_code = entity.area_code, sectors = entity.sectors,
        is_late = coalesce({_STANDING} and due_on < (select day from business_day), false)
    from entity where entity.uscc = signal.uscc
    """,
    "comment on column signal.area_code is 'Where its entity is now; likewise sectors.'",
    "comment on column signal.is_late is 'Its step was due before the business day, and it was not over then.'",
    """
    create table signal_count (
        area_code text not null,
        family text not null,
        severity smallint not null,
        sector smallint not null,
        silent boolean not null,
        is_assigned boolean not null,
        is_late boolean not null,
        signals bigint not null
    ) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000)
    """,
    "comment on table signal_count is 'What each change of signals added and took of those not over: rows sum up.'",
    "comment on column signal_count.sector is '0: every signal. Else a bit: those whose entity works in that sector.'",
    f"insert into signal_count {_COUNTED.format('', 'signal')}",
    _SUMMED.format("signal_added", _COUNTED.format("", "new_rows")),
    _SUMMED.format(
        "signal_moved", f"{_COUNTED.format('-', 'old_rows')} union all {_COUNTED.format('', 'new_rows')}"
    ),
    """
    create trigger added after insert on signal referencing new table as new_rows
    for each statement execute function signal_added()
    """,
    """
    create trigger moved after update on signal referencing old table as old_rows new table as new_rows
    for each statement execute function signal_moved()
    """,
    f"create index signal_falls_due on signal (due_on) where {_STANDING} and not is_late",
    """
    create function signals_fall_due() returns trigger language plpgsql as $$ begin
        update signal set is_late = true where cleared_on is null and not is_late and due_on < new.day;
        return null;
    end $$
    """,
    """
    create trigger signals_fall_due after update of day on business_day
    for each row when (old.day <> new.day) execute function signals_fall_due()
    """,
    "drop index signal_cleared",
    """
    create index signal_cleared on signal (cleared_on, severity) include (area_code, family, sectors, assignee)
    where cleared_on is not null
    """,
)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("who has a signal would be forgotten")
