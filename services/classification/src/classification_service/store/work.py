"""How much waits for people; implements `ports.work.Waiting`."""

from datetime import date

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from classification_service.model.work import Work

_IN_AREA = """
    (cast(:area as text) is null or exists (select from state where state.uscc = {0}.uscc and area_code = :area))
"""
_WORK = text(f"""
    with objections as (
        select count(*), count(*) filter (where filed_by <> :who), count(*) filter (where due_on = :today),
            count(*) filter (where due_on < :today)
        from objection where state = 'open' and {_IN_AREA.format("objection")}
    ), adjustments as (
        select count(*), count(*) filter (where proposed_by <> :who)
        from intervention where state = 'proposed' and {_IN_AREA.format("intervention")}
    ), drafts as (
        select count(*) filter (where state = 'submitted'),
            count(*) filter (where state = 'submitted' and :who not in (author, edited_by, submitted_by)
                and definition ->> 'author' is distinct from :who and not exists (select from model_event
                    where draft = draft.id and who = :who and what in ('created', 'edited'))),
            count(*) filter (where state = 'approved')
        from draft
    ), rollbacks as (
        select count(*), count(*) filter (where proposed_by <> :who) from rollback where state = 'proposed'
    ), alarms as (
        select count(*) from review_alarm where closed_on is null and acknowledged_at is null
    )
    select * from objections, adjustments, drafts, rollbacks, alarms
""")


class WaitingReads:
    """Counts in one statement."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def work(self, area_code: str | None, who: str, today: date) -> Work:
        """See `ports.work.Waiting`."""
        values = {"area": area_code, "who": who, "today": today}
        async with self._engine.connect() as connection:
            return Work(*(await connection.execute(_WORK, values)).one())
