"""What tests of signals do and look at, in memory and on PostgreSQL alike."""

import asyncio
from typing import Any

from profiling_service.model.signals import Suppression
from profiling_service.ports.signals import SuppressionOrder
from profiling_service.rules.profiles import RuleBook
from profiling_service.rules.windows import as_date
from profiling_service.use_cases.record import record_facts
from profiling_service.use_cases.signals import suppress
from sqlalchemy import text

RISING = "complaints_rising"
_COUNTED_OTHERWISE = text("""
    select count(*) from (
        select area_code, family, severity, sector, silent, is_assigned, is_late, sum(signals)::bigint as signals
        from signal_count group by 1, 2, 3, 4, 5, 6, 7 having sum(signals) <> 0
    ) kept full join (
        select entity.area_code, family, severity, sector::smallint, silent, assignee is not null as is_assigned,
            due_on < day as is_late, count(*) as signals
        from signal join entity using (uscc) cross join business_day
        cross join unnest(array[0, 1, 2, 4, 8, 16, 32, 64, 128]) sector
        where cleared_on is null and (sector = 0 or entity.sectors & sector <> 0) group by 1, 2, 3, 4, 5, 6, 7
    ) anew using (area_code, family, severity, sector, silent, is_assigned, is_late, signals)
    where kept is null or anew is null
""")
_WAITING = text("""
    select count(*) from pg_stat_activity
    where datname = current_database() and cardinality(pg_blocking_pids(pid)) > 0
""")


async def alone(work: Any) -> None:
    await work()


async def record(world: Any, book: RuleBook, *news: Any) -> None:
    async with world.transaction() as tx:
        await record_facts(list(news), tx, book)


async def quieten(world: Any, family: str, *, until: int, area: str = "", uscc: str = "") -> None:
    """A suppression is in force, in either world."""
    async with world.transaction() as tx:
        if hasattr(tx, "suppressions"):
            tx.suppressions.append(Suppression(family, area, uscc, until))
        else:
            await suppress(
                SuppressionOrder(family, area, uscc, as_date(until), "known already"), "officer", tx
            )


def told(world: Any, family: str = RISING) -> list[str]:
    """Kinds of the events about signals of a family, in order."""
    return [
        event.type.rsplit(".", 1)[1]
        for event in world.events
        if "Signal" in event.type and family.encode() in event.value
    ]


def complaints(facts: Any, *days: int, **more: Any) -> list[Any]:
    return [facts("complaint_received", on=day, **more) for day in days]


async def counted_anew(world: Any) -> int:
    """How many of the kept counts of signals are not what one would count."""
    async with world.engine.connect() as connection:
        return int((await connection.execute(_COUNTED_OTHERWISE)).scalar_one())


async def until_waiting(world: Any, many: int) -> None:
    """So many transactions wait for others."""
    async with world.engine.connect() as connection:
        while (await connection.execute(_WAITING)).scalar_one() < many:
            await connection.rollback()
            await asyncio.sleep(0.01)
