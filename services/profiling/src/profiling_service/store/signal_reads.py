"""What people ask of signals, read from the database."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Select, case, literal, select, text, tuple_
from sqlalchemy.ext.asyncio import AsyncEngine

from profiling_service.ports import FactRow
from profiling_service.ports.signal_work import StepRow
from profiling_service.ports.signals import (
    FamilyCount,
    Place,
    SignalCount,
    SignalFilter,
    SignalRow,
    SuppressionRow,
    VerdictRow,
)
from profiling_service.store.reads import SqlReads
from profiling_service.store.signal_counts import counted
from profiling_service.store.signal_states import SNOOZED, conditions, is_suppressed
from profiling_service.store.signal_work import STEP_COLUMNS
from profiling_service.tables import ENTITY, SIGNAL

_NUMBERS = text("""
    select number from fact where uscc = :uscc and source || '|' || fact_id = any(cast(:names as text[]))
""")
_VERDICTS = text("""
    select useful, note, judged_by, judged_at from verdict where signal_id = :id order by judged_at desc
""")
_STEPS = text(f"select {STEP_COLUMNS} from signal_step where signal_id = :id order by step_id")
_SUPPRESSIONS = """
    select suppression_id, family, said.area_code, said.uscc, until, reason, made_by, made_at, ended_by, ended_at,
        in_force, coalesce(nullif(said.area_code, ''), e.area_code, '') as entity_area
    from (select *, ended_at is null and until >= (select day from business_day) as in_force from suppression) said
    left join entity e on e.uscc = said.uscc
"""
_SOME = text(f"""
    select * from ({_SUPPRESSIONS}) listed
    where suppression_id > :after and (cast(:area as text) is null or entity_area = :area)
        and (cast(:in_force as boolean) is null or in_force = :in_force)
        and (cast(:uscc as text) is null or uscc = :uscc)
    order by suppression_id limit :limit
""")
_ONE = text(f"{_SUPPRESSIONS} where suppression_id = :id")
_COUNTS = text("""
    select signal.family, date_trunc('month', raised_on)::date as month,
        count(*) filter (where not silent) as raised, count(*) filter (where silent) as suppressed,
        count(*) filter (where is_open) as open, count(useful) as judged, count(*) filter (where useful) as useful,
        count(*) filter (where not silent and measure >= step.least and (step.tail < 0 or signal.tail <= step.tail))
            as stricter
    from signal
    join jsonb_to_recordset(cast(:steps as jsonb)) as step (family text, least double precision, tail double precision)
        on step.family = signal.family
    where raised_on >= :since and (cast(:area as text) is null
        or area_code = :area)
    group by signal.family, month order by signal.family, month
""")


class SqlSignalReads:
    """`SignalReads` on the service's database."""

    def __init__(self, engine: AsyncEngine, reads: SqlReads) -> None:
        self._engine = engine
        self._at_one_moment = engine.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )
        self._reads = reads

    async def signal(self, signal_id: str) -> SignalRow | None:
        """See `SignalReads`."""
        rows = await self._rows(_signals().where(SIGNAL.c.signal_id == signal_id))
        return SignalRow(*rows[0]) if rows else None

    async def signals(self, wanted: SignalFilter, after: Place | None, limit: int) -> Sequence[SignalRow]:
        """See `SignalReads`."""
        query = _signals().where(*conditions(wanted)).order_by(*_PLACE).limit(limit)
        if after is not None:
            query = query.where(tuple_(*_PLACE) > tuple_(*map(literal, after)))
        return [SignalRow(*row) for row in await self._rows(query)]

    async def counts(self, wanted: SignalFilter, me: str, cleared_since: date) -> Sequence[SignalCount]:
        """See `SignalReads`."""
        async with self._at_one_moment.connect() as connection:
            return await counted(connection, wanted, me, cleared_since)

    async def steps(self, signal_id: str) -> Sequence[StepRow]:
        """See `SignalReads`."""
        return [StepRow(*row) for row in await self._rows(_STEPS, {"id": signal_id})]

    async def evidence(self, signal: SignalRow) -> Sequence[FactRow]:
        """See `SignalReads`."""
        values = {"uscc": signal.uscc, "names": list(signal.evidence)}
        numbers = [row.number for row in await self._rows(_NUMBERS, values)]
        return await self._reads.facts_of(signal.uscc, numbers)

    async def verdicts(self, signal_id: str) -> Sequence[VerdictRow]:
        """See `SignalReads`."""
        return [VerdictRow(*row) for row in await self._rows(_VERDICTS, {"id": signal_id})]

    async def suppressions(
        self, area_code: str | None, after: int, limit: int, *, in_force: bool | None, uscc: str | None = None
    ) -> Sequence[SuppressionRow]:
        """See `SignalReads`."""
        values = {"area": area_code, "after": after, "limit": limit, "in_force": in_force, "uscc": uscc}
        return [SuppressionRow(*row) for row in await self._rows(_SOME, values)]

    async def suppression(self, suppression_id: int) -> SuppressionRow | None:
        """See `SignalReads`."""
        rows = await self._rows(_ONE, {"id": suppression_id})
        return SuppressionRow(*rows[0]) if rows else None

    async def family_counts(
        self, area_code: str | None, since: date, steps: Mapping[str, tuple[float, float]]
    ) -> Sequence[FamilyCount]:
        """See `SignalReads`."""
        asked = [{"family": family, "least": least, "tail": tail} for family, (least, tail) in steps.items()]
        values = {"steps": json.dumps(asked), "since": since, "area": area_code}
        return [FamilyCount(*row) for row in await self._rows(_COUNTS, values)]

    async def _rows(self, query: Any, values: Mapping[str, Any] | None = None) -> Sequence[Any]:
        async with self._engine.connect() as connection:
            rows: Sequence[Any] = (await connection.execute(query, values)).all()
            return rows


_OWN = [
    SIGNAL.c[name]
    for name in SignalRow.__struct_fields__
    if name in SIGNAL.c and name not in ("assignee", "snoozed_until")
]
_PLACE = (-SIGNAL.c.severity, SIGNAL.c.due_on, SIGNAL.c.signal_id)


def _signals() -> Select[Any]:
    waits = case((SNOOZED, SIGNAL.c.snoozed_until))
    columns = (*_OWN, is_suppressed(), SIGNAL.c.area_code, ENTITY.c.name, SIGNAL.c.assignee, waits)
    return select(*columns).select_from(SIGNAL).join(ENTITY, ENTITY.c.uscc == SIGNAL.c.uscc)
