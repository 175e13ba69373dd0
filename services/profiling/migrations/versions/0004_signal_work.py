"""What people do with a signal: who has it, until when it may wait, and every step they took."""

from alembic import op

revision = "0004"
down_revision = "0003"

_STATEMENTS = (
    """
    create table signal_work (
        signal_id text primary key references signal,
        assignee text,
        snoozed_until date,
        snoozed_at timestamptz,
        snoozed_updates integer,
        check ((snoozed_until is null) = (snoozed_at is null) and (snoozed_until is null) = (snoozed_updates is null))
    )
    """,
    "create index signal_work_of on signal_work (assignee) where assignee is not null",
    "comment on table signal_work is 'Who has a signal in hand, and the last day it may wait; none: untouched.'",
    "comment on column signal_work.snoozed_updates is 'How often it had grown by then: growing ends the wait.'",
    """
    create table signal_step (
        step_id bigint generated always as identity primary key,
        signal_id text not null references signal,
        at timestamptz not null default clock_timestamp(),
        by text not null,
        kind text not null check
            (kind in ('assigned', 'returned', 'snoozed', 'woken', 'acted', 'cleared', 'reopened')),
        action text,
        assignee text,
        until date,
        note text not null,
        check ((kind = 'acted') = (action is not null)),
        check ((kind = 'snoozed') = (until is not null))
    )
    """,
    "create index signal_step_of on signal_step (signal_id, step_id)",
    "comment on table signal_step is 'Each step people took with a signal, never changed; assignee: who had it after.'",
    "drop index signal_open",
    "create index signal_open on signal ((-severity), due_on, signal_id) where is_open",
    "create index signal_by_urgency on signal ((-severity), due_on, signal_id)",
    "create index signal_cleared on signal (cleared_on) where cleared_on is not null",
)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("what people did would be forgotten")
