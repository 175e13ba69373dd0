"""Figures of quality on PostgreSQL: computed set-based from the ledger, a day in two transactions, and kept.

Contradictions, which take the longest, come second; a run without them has no `computed_at`, and is done again.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import date, datetime, timedelta, timezone
from typing import Any

from sqlalchemy import Row, TextClause, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from ingestion_service import wire
from ingestion_service.model.fact import TYPE_OF_NUMBER
from ingestion_service.model.quality import Quality
from ingestion_service.rules.completeness import optional_members, told
from ingestion_service.store import quality_sql as sql

_SHANGHAI = timezone(timedelta(hours=8))
_DAYS_BACK = 7
_EXAMINED = 400
"""Facts of one source and type whose members are counted, chosen by a hash of their ids: a share is right to 5 %."""
_ALL = -1
_SLICE = 2000
_AS_LONG_AS_IT_TAKES = text("set local statement_timeout = 0")
_TURN = [
    _AS_LONG_AS_IT_TAKES,
    text("set local idle_in_transaction_session_timeout = 0"),
    text("select pg_advisory_xact_lock(hashtextextended('ingestion/quality', 0))"),
]
_FORGET = text("delete from quality_run where day = :day")
_RUN = text("insert into quality_run (day) values (:day)")
_DONE = text("update quality_run set computed_at = :at where day = :day")
_COMPUTED = text("""
    select day from quality_run
    where day >= :first and day <= :last and computed_at >= (day + 1)::timestamp at time zone 'Asia/Shanghai'
""")
_READ = text("""
    select day, source.name as source, type, received as new, duplicates, accepted, usable, dated, timely,
           lag_median_s, lag_p95_s, examined, members, filled, contradicting, contradictions
    from quality_day join source on source.id = source_id
    where day >= :first and day <= :last and (cast(:source as text) is null or source.name = :source)
    order by day, source.name, type
""")


class SqlQuality:
    """`QualityFigures`.

    Args:
        engine: Of the ledger's database.
        timely: A fact that comes within this of occurring is timely.
    """

    def __init__(self, engine: AsyncEngine, timely: timedelta) -> None:
        self._engine = engine
        self._timely = timely

    async def compute(self, day: date, now: datetime) -> None:
        """See `QualityFigures`."""
        async with self._turn():
            await self._compute(day, now)

    async def catch_up(self, now: datetime) -> Sequence[date]:
        """The days of the last week that are over have their figures; returns those computed now."""
        today = now.astimezone(_SHANGHAI).date()
        wanted = [today - timedelta(days=back) for back in range(_DAYS_BACK, 0, -1)]
        missing = await self._missing(wanted)
        return [day for day in missing if await self._compute_missing(day, now)]

    async def _compute_missing(self, day: date, now: datetime) -> bool:
        """Whether the day was still missing: another process may have computed it while this one waited."""
        async with self._turn():
            if still := await self._missing([day]):
                await self._compute(day, now)
        return bool(still)

    async def _missing(self, days: Sequence[date]) -> list[date]:
        async with self._engine.connect() as connection:
            values = {"first": days[0], "last": days[-1]}
            there = {row.day for row in await connection.execute(_COMPUTED, values)}
        return [day for day in days if day not in there]

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        """One process computes at a time; the transaction that waits its turn holds nothing else."""
        async with self._engine.begin() as connection:
            for statement in _TURN:
                await connection.execute(statement)
            yield

    async def _compute(self, day: date, now: datetime) -> None:
        span = {**_span(day), "day": day, "timely": self._timely}
        async with self._gathered(day) as connection:
            await connection.execute(_FORGET, {"day": day})
            await connection.execute(_RUN, {"day": day})
            await connection.execute(sql.MEASURE, span)
            await _complete(connection, day)
        async with self._gathered(day) as connection:
            await _contradict(connection, day)
            await connection.execute(_DONE, {"day": day, "at": now})

    @asynccontextmanager
    async def _gathered(self, day: date) -> AsyncIterator[AsyncConnection]:
        """A transaction with what came on the day in a table of its own."""
        async with self._engine.begin() as connection:
            await connection.execute(_AS_LONG_AS_IT_TAKES)
            await connection.execute(sql.CAME, _span(day))
            await connection.execute(sql.ANALYSE)
            yield connection

    async def read(self, first: date, last: date, source: str | None) -> Sequence[Quality]:
        """See `QualityFigures`."""
        async with self._engine.connect() as connection:
            values = {"first": first, "last": last, "source": source}
            return [_quality(row) for row in await connection.execute(_READ, values)]


def _span(day: date) -> dict[str, datetime]:
    start = datetime.combine(day, datetime.min.time(), _SHANGHAI)
    return {"start": start, "stop": start + timedelta(days=1)}


async def _complete(connection: AsyncConnection, day: date) -> None:
    rows = (await connection.execute(sql.SAMPLE, {"most": _EXAMINED})).all()
    counted = await asyncio.to_thread(_count_members, rows)
    values = {
        "day": day,
        "source_ids": [source_id for source_id, _ in counted],
        "types": [number for _, number in counted],
        "examined": [figures[0] for figures in counted.values()],
        "members": [figures[1] for figures in counted.values()],
        "filled": [figures[2] for figures in counted.values()],
    }
    await connection.execute(sql.COMPLETE, values)


def _count_members(rows: Iterable[Row[Any]]) -> dict[tuple[int, int], list[int]]:
    """Facts examined, members they could have told, members told: by source and type, and by source."""
    counted: dict[tuple[int, int], list[int]] = defaultdict(lambda: [0, 0, 0])
    for row in rows:
        found = (1, len(optional_members(row.type)), told(row.type, _says(row.payload)))
        for key in ((row.source_id, row.type), (row.source_id, _ALL)):
            counted[key] = [before + more for before, more in zip(counted[key], found, strict=True)]
    return counted


async def _contradict(connection: AsyncConnection, day: date) -> None:
    await connection.execute(sql.CONTRADICTED)
    for statement in sql.FOUND_IN_SQL:
        await connection.execute(statement)
    penalties = await _found(connection, sql.ANNULMENTS, _annulled)
    values = {
        "source_ids": [source_id for source_id, _, _ in penalties],
        "fact_ids": [fact_id for _, fact_id, _ in penalties],
        "penalties": [penalty for _, _, penalty in penalties],
    }
    await connection.execute(sql.PENALTY_UNKNOWN, values)
    reports = await _found(connection, sql.REPORTS, _filed_and_missed)
    values = {
        "source_ids": [source_id for source_id, _, _ in reports],
        "fact_ids": [fact_id for _, fact_id, _ in reports],
        "types": [number for _, _, number in reports],
    }
    await connection.execute(sql.FILED_AND_MISSED, values)
    await connection.execute(sql.CONTRADICT, {"day": day})


_Finding = tuple[int, str, Any]


async def _found(
    connection: AsyncConnection, statement: TextClause, look: Callable[[Sequence[Row[Any]]], list[_Finding]]
) -> list[_Finding]:
    """What is found in rows that only Python can read, slice by slice, beside the requests."""
    found: list[_Finding] = []
    async with connection.stream(statement) as rows:
        async for some in rows.partitions(_SLICE):
            found += await asyncio.to_thread(look, some)
    return found


def _annulled(rows: Sequence[Row[Any]]) -> list[_Finding]:
    return [(row.source_id, row.fact_id, _says(row.payload).get("penalty_fact_id", "")) for row in rows]


def _filed_and_missed(rows: Sequence[Row[Any]]) -> list[_Finding]:
    """Reports of one year of which neither tells that it was filed late: then both could be."""
    found = []
    for row in rows:
        one, other = _says(row.payload), _says(row.other)
        same_year = one.get("report_year") == other.get("report_year")
        if same_year and not one.get("late") and not other.get("late"):
            found.append((row.source_id, row.fact_id, row.type))
    return found


def _says(payload: bytes) -> dict[str, Any]:
    contents = wire.as_json(payload)
    return next((value for value in contents.values() if isinstance(value, dict)), {})


def _quality(row: Row[Any]) -> Quality:
    values = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it
    number = values.pop("type")
    known = TYPE_OF_NUMBER.get(number)
    name = None if number == _ALL else known.name if known else "unknown"
    return Quality(**values, fact_type=name)
