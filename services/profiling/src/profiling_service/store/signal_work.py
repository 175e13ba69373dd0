"""What people do with signals, inside one transaction."""

from collections.abc import Callable, Collection, Sequence
from functools import partial
from typing import Any

from eventbus import Transaction
from sqlalchemy import TextClause, text

from profiling_service.errors import Standing, UnknownSignal
from profiling_service.model.events import SignalRaised
from profiling_service.model.work import StepKind
from profiling_service.ports.signal_work import Closing, StepRow, WorkStep
from profiling_service.rules.windows import as_day

STEP_COLUMNS = ", ".join(StepRow.__struct_fields__)


def _taking(changes: str) -> TextClause:
    """A step with all signals named that may be taken, locked in order: of two who take one at once one does."""
    return text(f"""
        with theirs as (
            select signal_id from signal
            where signal_id = any(cast(:ids as text[])) and is_open
                and (cast(:area as text) is null or area_code = :area)
                and (not cast(:only_own as boolean) or coalesce(assignee, :by) = cast(:by as text))
            order by signal_id for no key update
        ), worked as (
            update signal set {changes} from theirs where signal.signal_id = theirs.signal_id
            returning signal.signal_id, signal.assignee
        )
        insert into signal_step (signal_id, by, kind, action, assignee, until, note)
        select signal_id, cast(:by as text), cast(:kind as text), cast(:action as text), assignee,
            cast(:until as date), cast(:note as text)
        from worked
        returning {STEP_COLUMNS}
    """)


_GIVE = _taking("assignee = cast(:assignee as text)")
_STATEMENTS = {
    StepKind.ASSIGNED: _GIVE,
    StepKind.RETURNED: _GIVE,
    StepKind.ACTED: _taking("assignee = coalesce(assignee, cast(:assignee as text))"),
    StepKind.SNOOZED: _taking(
        "snoozed_until = cast(:until as date), snoozed_at = clock_timestamp(), snoozed_updates = updates"
    ),
    StepKind.WOKEN: _taking("snoozed_until = null, snoozed_at = null, snoozed_updates = null"),
}
_STANDING = text("""
    select is_open, signal.assignee, cleared_by, cleared_on, last.by, last.at
    from signal left join lateral (
        select by, at from signal_step step
        where step.signal_id = signal.signal_id and case when cleared_by is null
            then step.assignee = signal.assignee and kind in ('assigned', 'acted') else kind = 'cleared' end
        order by step_id desc limit 1
    ) last on cleared_by is distinct from 'facts'
    where signal.signal_id = :id
""")
_CLOSING = text("""
    select is_open, holds and not silent as holds,
        case when cleared_by <> 'facts' then clock_timestamp() - (
            select max(at) from signal_step where signal_step.signal_id = signal.signal_id and kind = 'cleared'
        ) end as by_person_for
    from signal where signal_id = :id for no key update
""")
_REOPEN = text("""
    update signal set is_open = true, cleared_on = null, cleared_reason = null, cleared_by = null,
        is_late = due_on < (select day from business_day)
    from entity where entity.uscc = signal.uscc and signal_id = :id
    returning signal_id, signal.uscc, family, episode, severity, suggested_step, evidence, entity.area_code, due_on,
        raised_on, entity.platforms, measure, tail
""")
_REOPENED = text(f"""
    insert into signal_step (signal_id, by, kind, assignee, note)
    values (:id, :by, 'reopened', (select assignee from signal where signal_id = :id), :note)
    returning {STEP_COLUMNS}
""")


class SignalWorkDesk:
    """`SignalWork` on one transaction."""

    transaction: Transaction
    forget: Callable[[str], None]

    async def take_step(
        self, signal_ids: Collection[str], area_code: str | None, step: WorkStep
    ) -> Sequence[StepRow]:
        """See `SignalWork`."""
        values = {
            "ids": list(signal_ids),
            "area": area_code,
            "by": step.by,
            "kind": step.kind.value,
            "action": step.action and step.action.value,
            "assignee": step.assignee,
            "until": step.until,
            "note": step.note,
            "only_own": step.only_own,
        }
        rows = await self.transaction.connection.execute(_STATEMENTS[step.kind], values)
        return [StepRow(*row) for row in rows]

    async def standing(self, signal_id: str) -> Standing:
        """See `SignalWork`."""
        row = (await self.transaction.connection.execute(_STANDING, {"id": signal_id})).one_or_none()
        if row is None:
            raise UnknownSignal(signal_id)
        return Standing(*row)

    async def closing(self, signal_id: str) -> Closing | None:
        """See `SignalWork`."""
        row = (await self.transaction.connection.execute(_CLOSING, {"id": signal_id})).one_or_none()
        return None if row is None else Closing(*row)

    async def reopen(self, signal_id: str, reason: str, by: str) -> tuple[SignalRaised, StepRow]:
        """See `SignalWork`."""
        execute = self.transaction.connection.execute
        row = (await execute(_REOPEN, {"id": signal_id})).one()
        self.transaction.after_commit(partial(self.forget, row.uscc))
        step = (await execute(_REOPENED, {"id": signal_id, "by": by, "note": reason})).one()
        return _raised(row), StepRow(*step)


def _raised(row: Any) -> SignalRaised:
    return SignalRaised(
        signal_id=row.signal_id,
        uscc=row.uscc,
        family=row.family,
        episode=row.episode,
        severity=row.severity,
        suggested_step=row.suggested_step,
        evidence=tuple(row.evidence),
        area_code=row.area_code,
        due_on_day=as_day(row.due_on),
        raised_on_day=as_day(row.raised_on),
        platforms=tuple(row.platforms),
        measure=row.measure,
        tail=row.tail,
    )
