"""Class mixes by day; implements `ports.mix.Mixes`.

The city as it is now is counted as it changes (table `sector_count`); what a day's last look saw stays. Where the books
have a monthly run of a day that nobody looked at, its blocks say who was in which class; the area is then today's.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from vocabulary.entity_types import statuses
from vocabulary.industries import Sector

from classification_service.model.mix import MixOfDay, MixQuestion
from classification_service.rules.verdicts import PLACES

_GONE = ", ".join(f"'{code}'" for code, row in statuses().items() if not row.in_population)
_NOW = """
    select area_code, class, sectors, sum(entities) as entities from sector_count
    where cast(:area_code as text) is null or area_code = :area_code group by 1, 2, 3 having sum(entities) <> 0
"""
_OF_RUN = f"""
    select state.area_code, kept.class, kept.sectors, count(*) as entities
    from monthly_block block cross join lateral unnest(
        block.usccs, string_to_array(block.classes, null), block.sectors, block.status
    ) as kept (uscc, class, sectors, status) join state on state.uscc = kept.uscc
    where block.run_id = :run and block.statuses[kept.status + 1] not in ({_GONE}) group by 1, 2, 3
"""
_BY_SECTOR = """
    select area_code, '' as sector, class, sum(entities) as entities from together group by 1, 2, 3
    union all
    select area_code, sector.code, substr('ABCD', (sectors >> sector.place) & 7, 1), sum(entities)
    from together join unnest(cast(:codes as text[]), cast(:places as integer[])) as sector (code, place)
        on (sectors >> sector.place) & 7 > 0 group by 1, 2, 3
"""
_PLACES = {"codes": [str(each) for each in Sector], "places": [PLACES[each] for each in Sector]}
_ALONE = text("select pg_advisory_xact_lock(hashtext('classification.class_mix'))")
_PATIENTLY = text("set local statement_timeout = 0")
_FORGET = text("delete from class_mix where day = :day")
_KEEP, _KEEP_RUN = (
    text(f"""
        with together as materialized ({seen})
        insert into class_mix (day, area_code, sector, class, entities)
        select :day, area_code, sector, class, entities from ({_BY_SECTOR}) mix
    """)
    for seen in (_NOW, _OF_RUN)
)
_FOLDS = [
    text(f"""
        with gone as (
            delete from {table} where (select count(*) from {table}) > 1000 + 2 * (
                select count(*) from (select from {table} group by {keys}) apart)
            returning *
        )
        insert into {table} select {keys}, sum(entities) from gone group by {keys} having sum(entities) <> 0
    """)
    for table, keys in (
        ("class_count", "area_code, industry, class, model_id, is_observed"),
        ("sector_count", "area_code, sectors, class, override_code"),
    )
]
"""What changes added and took is summed up, once there is twice as much of it as sums."""
_UNSEEN = text("""
    select id, business_day from monthly_run run where ended_at is not null and business_day < :today
        and not exists (select from class_mix where day = run.business_day)
    order by business_day
""")
_KEPT = text("""
    select day, class, sum(entities)::bigint from class_mix
    where sector = :sector and (cast(:area_code as text) is null or area_code = :area_code) and day in (
        select max(day) from class_mix where day between :since and :until and day < :today
        group by case when :monthly then date_trunc('month', day)::date else day end)
    group by 1, 2 order by 1, 2
""")
_LIVE = text(f"""
    with together as materialized ({_NOW})
    select cast(:today as date), class, sum(entities)::bigint from ({_BY_SECTOR}) mix where sector = :sector
    group by 2 order by 2
""")


class SqlMixes:
    """Each call is a transaction of its own."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def keep(self, today: date) -> None:
        """See `ports.mix.Mixes`."""
        async with self._engine.begin() as connection:
            await connection.execute(_PATIENTLY)
            await connection.execute(_ALONE)
            for statement in _FOLDS:
                await connection.execute(statement)
            await connection.execute(_FORGET, {"day": today})
            await connection.execute(_KEEP, {"day": today, "area_code": None, **_PLACES})
            await _keep_runs(connection, today)

    async def trend(self, asked: MixQuestion, today: date) -> Sequence[MixOfDay]:
        """See `ports.mix.Mixes`; by month, today stands for the month it is in."""
        values = {**asked._asdict(), "today": today, **_PLACES}
        async with self._engine.connect() as connection:
            rows = [MixOfDay(*row) for row in await connection.execute(_KEPT, values)]
            if not asked.since <= today <= asked.until:
                return rows
            live = [MixOfDay(*row) for row in await connection.execute(_LIVE, values)]
        month = today.replace(day=1)
        return [*(row for row in rows if not asked.monthly or row.day < month), *live]


async def _keep_runs(connection: AsyncConnection, today: date) -> None:
    runs: Sequence[Any] = (await connection.execute(_UNSEEN, {"today": today})).all()
    for run in runs:
        await connection.execute(_KEEP_RUN, {"run": run.id, "day": run.business_day, **_PLACES})
