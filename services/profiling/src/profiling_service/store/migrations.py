"""Brings the database to this version's schema."""

import asyncio
from datetime import date
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from profiling_service.ports import NEVER_RUN

_FIRST_DAY = text("""
    with first as (
        insert into business_day (day, entities) values (:day, :never_run) on conflict do nothing returning day)
    insert into business_day_before select day, '-infinity' from first
""")


async def upgrade(database_url: str, migrations: Path) -> None:
    """Every migration has run; processes that start together wait for one another."""
    config = Config()
    config.set_main_option("script_location", str(migrations))
    config.set_main_option("sqlalchemy.url", database_url.replace("%", "%%"))
    await asyncio.to_thread(command.upgrade, config, "head")


async def begin_calendar(engine: AsyncEngine, first_day: date) -> None:
    """An empty database has a first business day; one that has a day keeps it."""
    async with engine.begin() as connection:
        await connection.execute(_FIRST_DAY, {"day": first_day, "never_run": NEVER_RUN})
