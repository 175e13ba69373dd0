"""Visits, inspectors and results on PostgreSQL."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from eventbus import Transaction, copying
from sqlalchemy import Row, text

from sampling_service.model.tasks import Assignment, Inspector, Place, Result, Task
from sampling_service.tables import TASK_COLUMNS

_EPOCH = date(1970, 1, 1)
_TASK = """
    select task_id, task.draw_id, task.uscc, year, items, inspectors, note, drawn_on, due_on, state,
           stratum, class_at_draw, probability, task.area_code, industry
    from task join draw_entry on draw_entry.draw_id = task.draw_id and draw_entry.uscc = task.uscc
"""
_LOCK = text(f"{_TASK} where task_id = any(cast(:task_ids as text[])) order by task_id for update of task")
_LOCK_WAITING = text(f"""
    {_TASK} where state = 'waiting' and (cast(:area_code as text) is null or task.area_code = :area_code)
    order by task_id for update of task
""")
_LAST_TEAMS = text("""
    select distinct on (uscc) uscc, inspectors from task
    where uscc = any(cast(:usccs as text[])) and cardinality(inspectors) > 0
    order by uscc, drawn_on desc, created_at desc
""")
_ASSIGN = text("""
    update task set inspectors = string_to_array(given.team, '|'), note = given.note, state = 'assigned'
    from unnest(cast(:task_ids as text[]), cast(:teams as text[]), cast(:notes as text[]))
         as given (task_id, team, note)
    where task.task_id = given.task_id
""")
_RECORD = text("""
    insert into result (result_id, task_id, result_codes, occurred_at, recorded_at, remark, recorded_by)
    select result_id, task_id, string_to_array(codes, '|'), occurred_at, :recorded_at, remark, recorded_by
    from unnest(cast(:result_ids as text[]), cast(:task_ids as text[]), cast(:codes as text[]),
                cast(:occurred_at as timestamptz[]), cast(:remarks as text[]), cast(:by as text[]))
         as given (result_id, task_id, codes, occurred_at, remark, recorded_by)
""")
_DONE = text("update task set state = 'done' where task_id = any(cast(:task_ids as text[]))")
_INSPECTORS = text("""
    select ref, area_code, licence_valid_until, specialties, name,
           array(select uscc from inspector_conflict where inspector_conflict.ref = inspector.ref) as conflicts
    from inspector order by ref
""")
_PUT = text("""
    insert into inspector (ref, name, area_code, licence_valid_until, specialties)
    select ref, name, area_code, licence, string_to_array(specialties, '|')
    from unnest(cast(:refs as text[]), cast(:names as text[]), cast(:areas as text[]), cast(:licences as date[]),
                cast(:specialties as text[])) as given (ref, name, area_code, licence, specialties)
    order by ref
    on conflict (ref) do update
    set name = excluded.name, area_code = excluded.area_code, licence_valid_until = excluded.licence_valid_until,
        specialties = excluded.specialties
""")
_FORGET_CONFLICTS = text("delete from inspector_conflict where ref = any(cast(:refs as text[]))")
_PUT_CONFLICTS = text("""
    insert into inspector_conflict (ref, uscc)
    select * from unnest(cast(:refs as text[]), cast(:usccs as text[]))
""")
_AREAS = text("select ref, area_code from inspector where ref = any(cast(:refs as text[]))")
_LOADS = text("""
    select ref, count(*) as visits from task, unnest(inspectors) as ref where state = 'assigned' group by ref
""")


class SqlTasks:
    """Implements `ports.Tasks`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._connection = transaction.connection

    async def add(self, tasks: Sequence[Task]) -> None:
        """One COPY."""
        if tasks:
            await self._transaction.copy("task", TASK_COLUMNS, _columns(tasks))

    async def last_teams(self, usccs: Sequence[str]) -> Mapping[str, frozenset[str]]:
        """See `ports.Tasks`."""
        rows = await self._connection.execute(_LAST_TEAMS, {"usccs": usccs})
        return {row.uscc: frozenset(row.inspectors) for row in rows}

    async def lock(self, task_ids: Collection[str]) -> Mapping[str, Task]:
        """See `ports.Tasks`."""
        rows = await self._connection.execute(_LOCK, {"task_ids": sorted(task_ids)})
        return {row.task_id: _task(row) for row in rows}

    async def lock_waiting(self, area_code: str | None) -> Sequence[Task]:
        """See `ports.Tasks`."""
        return [_task(row) for row in await self._connection.execute(_LOCK_WAITING, {"area_code": area_code})]

    async def assign(self, assignments: Sequence[Assignment]) -> None:
        """See `ports.Tasks`."""
        values = {
            "task_ids": [each.task_id for each in assignments],
            "teams": ["|".join(each.inspectors) for each in assignments],
            "notes": [each.note for each in assignments],
        }
        await self._connection.execute(_ASSIGN, values)

    async def record(self, results: Sequence[Result]) -> None:
        """See `ports.Tasks`."""
        if not results:
            return
        task_ids = [each.task.task_id for each in results]
        values = {
            "result_ids": [each.result_id for each in results],
            "task_ids": task_ids,
            "codes": ["|".join(each.result_codes) for each in results],
            "occurred_at": [each.occurred_at for each in results],
            "recorded_at": results[0].recorded_at,
            "remarks": [each.remark for each in results],
            "by": [each.by for each in results],
        }
        await self._connection.execute(_RECORD, values)
        await self._connection.execute(_DONE, {"task_ids": task_ids})


class SqlInspectors:
    """Implements `ports.Inspectors`."""

    def __init__(self, transaction: Transaction) -> None:
        self._connection = transaction.connection

    async def all(self) -> Sequence[Inspector]:
        """See `ports.Inspectors`."""
        rows = await self._connection.execute(_INSPECTORS)
        return [
            Inspector(
                ref=row.ref,
                area_code=row.area_code,
                licence_valid_until=row.licence_valid_until,
                specialties=frozenset(row.specialties),
                conflicts=frozenset(row.conflicts),
                name=row.name,
            )
            for row in rows
        ]

    async def put(self, inspectors: Sequence[Inspector]) -> None:
        """See `ports.Inspectors`."""
        values = {
            "refs": [each.ref for each in inspectors],
            "names": [each.name for each in inspectors],
            "areas": [each.area_code for each in inspectors],
            "licences": [each.licence_valid_until for each in inspectors],
            "specialties": ["|".join(sorted(each.specialties)) for each in inspectors],
        }
        await self._connection.execute(_PUT, values)
        await self._connection.execute(_FORGET_CONFLICTS, {"refs": values["refs"]})
        pairs = [(each.ref, uscc) for each in inspectors for uscc in sorted(each.conflicts)]
        conflicts = {"refs": [ref for ref, _ in pairs], "usccs": [uscc for _, uscc in pairs]}
        await self._connection.execute(_PUT_CONFLICTS, conflicts)

    async def areas(self, refs: Collection[str]) -> Mapping[str, str]:
        """See `ports.Inspectors`."""
        rows = await self._connection.execute(_AREAS, {"refs": sorted(refs)})
        return {row.ref: row.area_code for row in rows}

    async def loads(self) -> Mapping[str, int]:
        """See `ports.Inspectors`."""
        return {row.ref: row.visits for row in await self._connection.execute(_LOADS)}


def _task(row: Row[Any]) -> Task:
    known = dict(row._mapping)  # noqa: SLF001 - the documented way to a row's columns
    place = Place(known.pop("area_code"), known.pop("industry"))
    lists = {name: tuple(known[name]) for name in ("items", "inspectors")}
    return Task(**{**known, **lists, "place": place})


def _columns(tasks: Sequence[Task]) -> bytes:
    return copying.stream(
        [
            copying.text([task.task_id for task in tasks]),
            copying.text([task.draw_id for task in tasks]),
            copying.fixed_text([task.uscc for task in tasks], 18),
            copying.int2([task.year for task in tasks]),
            copying.text_array([task.items for task in tasks]),
            copying.text_array([task.inspectors for task in tasks]),
            copying.text([task.note for task in tasks]),
            copying.text([task.place.area_code for task in tasks]),
            copying.date([(task.drawn_on - _EPOCH).days for task in tasks]),
            copying.date([(task.due_on - _EPOCH).days for task in tasks]),
            copying.text([task.state for task in tasks]),
        ]
    )
