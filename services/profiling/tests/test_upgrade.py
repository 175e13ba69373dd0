"""What is stored by an earlier schema goes on by the rules of the new one."""

import asyncio

from alembic import command
from alembic.config import Config
from profiling_service import settings
from profiling_service.store.migrations import upgrade
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

_SIGNALS = text("""
    insert into signal (signal_id, uscc, family, episode, severity, suggested_step, evidence, area_code, raised_on,
        due_on)
    select family || '|X|1', 'X', family, 1, 2, 'inspect', string_to_array(evidence, ' '), '', day, day
    from (values ('complaints_rising', 'a|1 a|2 a|3'), ('penalty_imposed', 'a|4'), ('listed', 'a|5'),
        ('annual_report_due', '')) as old (family, evidence), cast('2026-05-01' as date) as day
""")


async def test_signals_told_before_measures_were_kept_do_not_grow_by_the_upgrade(fresh_database: str) -> None:
    """Else every rise of complaints that is open would be told again on the first day."""
    await _upgrade_to("0002", fresh_database)
    engine = create_async_engine(fresh_database)
    async with engine.begin() as connection:
        await connection.execute(_SIGNALS)

    await upgrade(fresh_database, settings.MIGRATIONS)

    async with engine.connect() as connection:
        rows = (await connection.execute(text("select family, measure from signal"))).all()
    await engine.dispose()
    assert dict(map(tuple, rows)) == {
        "complaints_rising": 3.0,
        "penalty_imposed": 1.0,
        "listed": 1.0,
        "annual_report_due": 1.0,
    }


async def _upgrade_to(revision: str, database_url: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(settings.MIGRATIONS))
    config.set_main_option("sqlalchemy.url", database_url)
    await asyncio.to_thread(command.upgrade, config, revision)
