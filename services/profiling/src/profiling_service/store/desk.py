"""What people do with signals, inside one transaction."""

from collections.abc import Collection, Sequence
from functools import partial

from sqlalchemy import text

from profiling_service.errors import (
    SignalNotOpen,
    SuppressedInThePast,
    UnknownSignal,
    UnknownSuppression,
)
from profiling_service.model.events import SignalCleared
from profiling_service.ports.signals import SuppressionOrder
from profiling_service.rules.windows import as_date, as_day
from profiling_service.store.signal_work import SignalWorkDesk

_CLOSE = text("""
    with closed as (
        update signal set is_open = false, cleared_on = :day, cleared_reason = :reason, cleared_by = :by
        where signal_id in (
            select signal_id from signal where signal_id = any(cast(:ids as text[])) and is_open
                and (cast(:area as text) is null or area_code = :area)
            order by signal_id for no key update)
        returning signal_id, uscc, family, assignee
    ), told as (
        insert into signal_step (signal_id, by, kind, assignee, note)
        select signal_id, cast(:by as text), 'cleared', assignee, cast(:reason as text) from closed
    )
    select signal_id, uscc, family from closed
""")
_MOVE = text("update business_day set sensing = sensing + 1 returning day")
_SUPPRESS = text("""
    insert into suppression (family, area_code, uscc, until, reason, made_by)
    values (:family, :area_code, :uscc, :until, :reason, :by) returning suppression_id
""")
_END = text("""
    update suppression set ended_by = :by, ended_at = now() where suppression_id = :id and ended_at is null
""")
_JUDGE = text("update signal set useful = :useful where signal_id = :id")
_VERDICT = text("""
    insert into verdict (signal_id, judged_by, useful, note) values (:id, :by, :useful, :note)
""")


class SignalDesk(SignalWorkDesk):
    """`SignalUnitOfWork` on one transaction.

    What is suppressed is moved under the lock of the business day, which every batch of facts holds too: a batch sees
    it all or not at all.
    """

    async def close_signal(self, signal_id: str, reason: str, by: str, day: int) -> SignalCleared:
        """See `SignalUnitOfWork`."""
        closed = await self.close_signals([signal_id], None, reason, by, day)
        if not closed:
            raise SignalNotOpen(await self.standing(signal_id))
        return closed[0]

    async def close_signals(
        self, signal_ids: Collection[str], area_code: str | None, reason: str, by: str, day: int
    ) -> Sequence[SignalCleared]:
        """See `SignalUnitOfWork`."""
        values = {
            "ids": list(signal_ids),
            "area": area_code,
            "reason": reason,
            "by": by,
            "day": as_date(day),
        }
        rows = (await self.transaction.connection.execute(_CLOSE, values)).all()
        for uscc in {row.uscc for row in rows}:
            self.transaction.after_commit(partial(self.forget, uscc))
        return [SignalCleared(row.signal_id, row.uscc, row.family, reason, day) for row in rows]

    async def suppress(self, order: SuppressionOrder, by: str) -> int:
        """See `SignalUnitOfWork`."""
        execute = self.transaction.connection.execute
        today = (await execute(_MOVE)).scalar_one()
        if order.until < today:
            raise SuppressedInThePast(as_day(today))
        values = {
            "family": order.family,
            "area_code": order.area_code,
            "uscc": order.uscc,
            "until": order.until,
            "reason": order.reason,
            "by": by,
        }
        return int((await execute(_SUPPRESS, values)).scalar_one())

    async def end_suppression(self, suppression_id: int, by: str) -> None:
        """See `SignalUnitOfWork`."""
        execute = self.transaction.connection.execute
        await execute(_MOVE)
        if not (await execute(_END, {"id": suppression_id, "by": by})).rowcount:
            raise UnknownSuppression(str(suppression_id))

    async def judge(self, signal_id: str, by: str, note: str, *, useful: bool) -> None:
        """See `SignalUnitOfWork`."""
        execute = self.transaction.connection.execute
        if not (await execute(_JUDGE, {"id": signal_id, "useful": useful})).rowcount:
            raise UnknownSignal(signal_id)
        await execute(_VERDICT, {"id": signal_id, "by": by, "useful": useful, "note": note})
