"""What people look up, each in one statement."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncEngine

from sampling_service.model.views import DrawView, KeyMember, PoolCount, TaskCount, TaskQuery, TaskView

_POOLS = text("""
    select area_code, risk_class, count(*) as members, count(*) filter (where pool_reason <> '') as key_supervision
    from member
    where status <> 'cancelled' and (cast(:area_code as text) is null or area_code = :area_code)
    group by area_code, risk_class order by area_code, risk_class
""")
_KEY_POOL = text("""
    select uscc, name, area_code, industry, risk_class, pool_reason, pool_since from member
    where pool_reason <> '' and uscc > :after and (cast(:area_code as text) is null or area_code = :area_code)
    order by uscc limit :limit
""")
_DRAW = """
    select draw_id, plan_id, number, items, area_code, day, state, ordered_by, reason, commitment, commitment_sha256,
           quotas, committed_at, public_seed, settled_by, settled_at, settle_reason, drawn
    from draw
"""
_DRAWS = text(f"""
    {_DRAW} where draw_id > :after and (cast(:area_code as text) is null or area_code = :area_code)
    order by draw_id limit :limit
""")
_ONE_DRAW = text(f"{_DRAW} where draw_id = :draw_id")
_FILE = text("select body from draw_file where draw_id = :draw_id")
_WANTED = """
    (cast(:area_code as text) is null or task.area_code = :area_code)
      and (cast(:state as text) is null or task.state = :state)
      and (cast(:inspector as text) is null or task.inspectors @> array[cast(:inspector as text)])
      and (cast(:draw_id as text) is null or task.draw_id = :draw_id)
      and (cast(:uscc as text) is null or task.uscc = :uscc)
      and (cast(:due_by as date) is null or task.due_on <= :due_by)"""
_TASKS = text(f"""
    select task.task_id, task.draw_id, task.uscc, member.name, member.address, task.area_code, draw_entry.industry,
           task.items, task.inspectors, task.note, task.drawn_on, task.due_on, task.state, draw_entry.stratum,
           draw_entry.class_at_draw, draw_entry.probability, result.result_codes, result.occurred_at, result.remark
    from task
    join draw_entry on draw_entry.draw_id = task.draw_id and draw_entry.uscc = task.uscc
    join member on member.uscc = task.uscc
    left join result on result.task_id = task.task_id
    where task.task_id > :after and {_WANTED}
      and (cast(:task_id as text) is null or task.task_id = :task_id)
    order by task.task_id limit :limit
""")
_COUNTS = text(f"""
    select state, count(*) as tasks, count(*) filter (where state <> 'done' and due_on < :today) as overdue
    from task where (state <> 'done' or year = extract(year from cast(:today as date))) and {_WANTED}
    group by state order by state
""")
_AREA = text("select nullif(area_code, '') from member where uscc = :uscc")


class Reads:
    """Implements `ports.Reader`; each query on its own connection."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def pools(self, area_code: str | None) -> Sequence[PoolCount]:
        """Counts by area and class of everyone not cancelled; an empty class is not classified yet."""
        return [PoolCount._make(row) for row in await self._rows(_POOLS, area_code=area_code)]

    async def key_pool(self, area_code: str | None, after: str, limit: int) -> Sequence[KeyMember]:
        """The key-supervision pool in order of USCC."""
        rows = await self._rows(_KEY_POOL, area_code=area_code, after=after, limit=limit)
        return [KeyMember._make(row) for row in rows]

    async def draws(self, area_code: str | None, after: str, limit: int) -> Sequence[DrawView]:
        """Draws in order of id; an area sees its own."""
        rows = await self._rows(_DRAWS, area_code=area_code, after=after, limit=limit)
        return [DrawView._make(row) for row in rows]

    async def draw(self, draw_id: str) -> DrawView | None:
        """One draw."""
        rows = await self._rows(_ONE_DRAW, draw_id=draw_id)
        return DrawView._make(rows[0]) if rows else None

    async def draw_file(self, draw_id: str) -> bytes | None:
        """The published file of a revealed draw."""
        rows = await self._rows(_FILE, draw_id=draw_id)
        return bytes(rows[0].body) if rows else None

    async def tasks(self, query: TaskQuery) -> Sequence[TaskView]:
        """Visits in order of id."""
        return await self._tasks(query, None)

    async def task_counts(self, query: TaskQuery, today: date) -> Sequence[TaskCount]:
        """How many visits there are in each state; of those done, this year's."""
        rows = await self._rows(_COUNTS, **_limits(query), today=today)
        return [TaskCount._make(row) for row in rows]

    async def task(self, task_id: str) -> TaskView | None:
        """One visit."""
        found = await self._tasks(TaskQuery(limit=1), task_id)
        return found[0] if found else None

    async def area_of(self, uscc: str) -> str | None:
        """Where a member is; None when unknown."""
        rows = await self._rows(_AREA, uscc=uscc)
        return rows[0][0] if rows else None

    async def _tasks(self, query: TaskQuery, task_id: str | None) -> Sequence[TaskView]:
        rows = await self._rows(
            _TASKS, **_limits(query), after=query.after, limit=query.limit, task_id=task_id
        )
        return [TaskView._make(row) for row in rows]

    async def _rows(self, statement: Any, **parameters: object) -> Sequence[Row[Any]]:
        async with self._engine.connect() as connection:
            return (await connection.execute(statement, parameters)).all()


def _limits(query: TaskQuery) -> dict[str, object]:
    names = ("area_code", "state", "inspector", "draw_id", "uscc", "due_by")
    return {name: getattr(query, name) for name in names}
