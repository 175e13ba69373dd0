"""Alarms about the model on PostgreSQL; implements `ports.Alarms`."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import func, select, text, true, update
from sqlalchemy.ext.asyncio import AsyncEngine

from classification_service.model.alarms import Check, ReviewAlarm
from classification_service.tables import review_alarm, review_run

_LOCK = text("lock table review_run in share row exclusive mode")
_RUN = text("""
    insert into review_run (business_day, ran_at)
    select :day, :now where not exists (select from review_run where business_day > :day)
    on conflict (business_day) do update set ran_at = excluded.ran_at
""")
_OPEN = text("""
    insert into review_alarm (kind, model_id, opened_on, last_seen_on, figure, threshold, zh, en)
    values (:kind, :model_id, :day, :day, :figure, :threshold, :zh, :en)
    on conflict (kind) where closed_on is null
    do update set last_seen_on = excluded.last_seen_on, figure = excluded.figure, zh = excluded.zh, en = excluded.en,
        model_id = excluded.model_id, threshold = excluded.threshold
""")
_CLOSE = text("update review_alarm set closed_on = :day where kind = :kind and closed_on is null")


class SqlAlarms:
    """Each call is a transaction of its own."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def settle(self, day: date, checks: Sequence[Check], *, model_id: str, now: datetime) -> None:
        """One run at a time; the whole run or nothing."""
        async with self._engine.begin() as connection:
            await connection.execute(_LOCK)
            if not (await connection.execute(_RUN, {"day": day, "now": now})).rowcount:
                return
            for check in checks:
                if check.holds:
                    said = check._asdict() | {"day": day, "model_id": model_id}
                    await connection.execute(_OPEN, said)
                elif check.holds is False:
                    await connection.execute(_CLOSE, {"day": day, "kind": check.kind})

    async def listed(self, before: int | None, limit: int) -> Sequence[ReviewAlarm]:
        """Alarms with a lower id, newest first."""
        lower = true() if before is None else review_alarm.c.id < before
        query = select(review_alarm).where(lower).order_by(review_alarm.c.id.desc()).limit(limit)
        async with self._engine.connect() as connection:
            return [ReviewAlarm(*row) for row in await connection.execute(query)]

    async def acknowledge(self, alarm_id: int, note: str, *, by: str, now: datetime) -> ReviewAlarm | None:
        """The first person's note stays."""
        mine = review_alarm.c.id == alarm_id
        noted = (
            update(review_alarm)
            .where(mine, review_alarm.c.acknowledged_at.is_(None))
            .values(acknowledged_at=now, acknowledged_by=by, note=note)
        )
        async with self._engine.begin() as connection:
            await connection.execute(noted)
            row = (await connection.execute(select(review_alarm).where(mine))).first()
            return ReviewAlarm(*row) if row else None

    async def last_run(self) -> date | None:
        """The last business day that was run."""
        async with self._engine.connect() as connection:
            found: date | None = await connection.scalar(select(func.max(review_run.c.business_day)))
            return found
