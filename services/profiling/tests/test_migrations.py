"""What the first version of the service had stored is brought to the catalogue of today."""

import asyncio
import struct
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from profiling_service import settings
from profiling_service.model.entities import FIELDS
from profiling_service.rules.profiles import RuleBook
from profiling_service.store.rebuilding import rebuild
from profiling_service.use_cases.daily_run import DailyRun
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

FIRST_FIELDS = 9
NEVER = -(2**63)


async def alone(work: Any) -> None:
    await work()


@pytest.fixture
async def old_database(fresh_database: str) -> str:
    """A database of the first version: one entity that works in food, with its registration."""
    await migrated(fresh_database, "0001")
    engine = create_async_engine(fresh_database)
    clocks = struct.pack(f"<{FIRST_FIELDS}q", *[1] * FIRST_FIELDS)
    async with engine.begin() as connection:
        await connection.execute(text("insert into business_day (day) values ('2026-06-01')"))
        await connection.execute(
            text("""
                insert into entity values (
                    '91510104YY000001XM', 3, 1, 1, '2026-06-01', '{1,2}', '510104', 'C14', '1130', '2020-01-01',
                    100, :clocks, '虚构食品店', '成都市虚构路5幢1号', 'p-1', '{}')
            """),
            {"clocks": clocks},
        )
    await engine.dispose()
    return fresh_database


async def migrated(url: str, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(settings.MIGRATIONS))
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    await asyncio.to_thread(command.upgrade, config, revision)


async def test_an_entity_of_the_first_version_is_told_anew_and_stays_what_it_is(
    old_database: str, book: RuleBook, facts: Any, world_over: Any
) -> None:
    """Membership of a sector by industry alone must hold after the second look as after the first."""
    await migrated(old_database, "head")
    world = world_over(old_database)
    await execute(world, KEPT, payload=facts.registration(industry="C14").payload)
    assert await rebuild(world.engine, book) == 1

    seen = []
    for day in (20_606, 20_607):
        await execute(world, "update entity set next_look = 0")
        await DailyRun(world.daily, alone, book)(day)
        async with world.engine.connect() as connection:
            row = (await connection.execute(text("select * from entity"))).one()
        seen.append((row.sectors > 0, row.address_key, len(row.clocks) // 8, row.catalogue_version))

    assert seen == [(True, "虚构路5栋1号", len(FIELDS), book.catalogue.version)] * 2


KEPT = """
    insert into fact values ('91510104YY000001XM', 1, 1, now(), now(), now(), 'old', 'bureau', 'F', :payload)
"""


async def execute(world: Any, statement: str, **values: Any) -> None:
    async with world.engine.begin() as connection:
        await connection.execute(text(statement), values)
