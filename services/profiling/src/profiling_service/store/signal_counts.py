"""How many signals there are by state and severity.

What is not over is counted as it changes (table `signal_count`); those made to wait, or suppressed for their entity
alone, are few and are looked at one by one, as are the caller's own. What was cleared lately is read from its index.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Select, and_, func, literal, or_, select, text, union
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from vocabulary.areas import CITY

from profiling_service.ports.signals import SignalCount, SignalFilter
from profiling_service.store.signal_states import (
    TODAY,
    conditions,
    in_force,
    is_suppressed_in_scope,
    state,
)
from profiling_service.tables import SIGNAL, SUPPRESSION

Tally = tuple[str, int, int, int, int]
"""State, severity, signals; of these unassigned, overdue."""
FOLDED_EVERY_S = 60.0
_KEPT = text("""
    with scoped as materialized (
        select family, area_code from suppression
        where ended_at is null and until >= (select day from business_day) and area_code <> ''
    )
    select case when silent or exists (select from scoped where scoped.family = kept.family
            and scoped.area_code in (kept.area_code, :city)) then 'suppressed' else 'open' end as state, severity,
        sum(signals)::bigint, coalesce(sum(signals) filter (where not is_assigned), 0)::bigint,
        coalesce(sum(signals) filter (where is_late), 0)::bigint
    from (
        select area_code, family, severity, silent, is_assigned, is_late, sum(signals) as signals from signal_count
        where sector = case when family = any(cast(:sector_families as text[])) then 0 else cast(:sector as integer) end
            and (cast(:area_code as text) is null or area_code = :area_code)
            and (cast(:family as text) is null or family = :family)
            and (cast(:assignee as text) is null or not is_assigned)
        group by 1, 2, 3, 4, 5, 6
    ) kept
    group by 1, 2
""")
_FOLD = text("""
    with gone as (
        delete from signal_count where (select count(*) from signal_count) > 1000 + 2 * (
            select count(*) from (select from signal_count
                group by area_code, family, severity, sector, silent, is_assigned, is_late) apart)
        returning *
    )
    insert into signal_count
    select area_code, family, severity, sector, silent, is_assigned, is_late, sum(signals) from gone
    group by 1, 2, 3, 4, 5, 6, 7 having sum(signals) <> 0
""")
_MADE_TO_WAIT = select(SIGNAL.c.signal_id).where(SIGNAL.c.snoozed_until.is_not(None), SIGNAL.c.is_open)
_OF_SUPPRESSED = (
    select(SIGNAL.c.signal_id)
    .join(SUPPRESSION, and_(SUPPRESSION.c.uscc == SIGNAL.c.uscc, SUPPRESSION.c.family == SIGNAL.c.family))
    .where(SUPPRESSION.c.uscc != "", in_force(), SIGNAL.c.is_open)
)


async def counted(
    connection: AsyncConnection, wanted: SignalFilter, me: str, cleared_since: date
) -> Sequence[SignalCount]:
    """See `SignalReads.counts`."""
    lately = SIGNAL.c.cleared_on >= cleared_since
    stands = SIGNAL.c.cleared_on.is_(None)
    is_asked_by_row = wanted.uscc is not None or wanted.due_before is not None or wanted.assignee
    own = msgspec.structs.replace(wanted, assignee=me)
    mine = await _one_by_one(connection, own, or_(lately, stands)) if wanted.assignee in (None, me) else []
    rows = await _cleared(connection, wanted, lately)
    rows += await (_one_by_one(connection, wanted, stands) if is_asked_by_row else _kept(connection, wanted))
    return _together(rows, mine)


async def fold(engine: AsyncEngine) -> int:
    """What changes added and took is summed up, once there is twice as much of it as sums; no sum is another then.

    0: the next time may wait.
    """
    async with engine.begin() as connection:
        await connection.execute(_FOLD)
    return 0


async def _kept(connection: AsyncConnection, wanted: SignalFilter) -> list[Tally]:
    values = {
        "sector": wanted.sector or 0,
        "sector_families": list(wanted.sector_families) if wanted.sector else [],
        "area_code": wanted.area_code,
        "family": wanted.family,
        "assignee": wanted.assignee,
        "city": CITY,
    }
    rows = [tuple(row) for row in await connection.execute(_KEPT, values)]
    few = SIGNAL.c.signal_id.in_(union(_MADE_TO_WAIT, _OF_SUPPRESSED))
    for apart in await _one_by_one(connection, wanted, and_(few, ~is_suppressed_in_scope())):
        name, severity, *counts = apart
        rows += [(name, severity, *counts), ("open", severity, *(-count for count in counts))]
    return rows


async def _cleared(
    connection: AsyncConnection, wanted: SignalFilter, lately: ColumnElement[bool]
) -> list[Tally]:
    """Asks for nothing but what the index on the day has."""
    unassigned = func.count().filter(SIGNAL.c.assignee.is_(None))
    query = select(literal("cleared"), SIGNAL.c.severity, func.count(), unassigned, literal(0))
    query = query.where(lately, *conditions(wanted)).group_by(SIGNAL.c.severity)
    return [tuple(row) for row in await connection.execute(query)]


async def _one_by_one(
    connection: AsyncConnection, wanted: SignalFilter, which: ColumnElement[bool]
) -> list[Tally]:
    is_late = and_(SIGNAL.c.due_on < TODAY, SIGNAL.c.cleared_on.is_(None))
    unassigned = func.count().filter(SIGNAL.c.assignee.is_(None))
    columns = (state().label("state"), SIGNAL.c.severity, func.count(), unassigned)
    query: Select[Any] = select(*columns, func.count().filter(is_late))
    query = query.where(which, *conditions(wanted)).group_by("state", SIGNAL.c.severity)
    return [tuple(row) for row in await connection.execute(query)]


def _together(rows: Iterable[Tally], mine: Iterable[Tally]) -> list[SignalCount]:
    sums: dict[tuple[str, int], list[int]] = defaultdict(lambda: [0, 0, 0])
    for name, severity, *counts in rows:
        sums[name, severity] = [a + b for a, b in zip(sums[name, severity], counts, strict=True)]
    own = {(name, severity): signals for name, severity, signals, *_ in mine}
    return [
        SignalCount(name, severity, signals, own.get((name, severity), 0), unassigned, overdue)
        for (name, severity), (signals, unassigned, overdue) in sorted(sums.items())
        if signals
    ]
