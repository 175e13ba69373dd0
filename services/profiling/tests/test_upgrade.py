"""What is stored by an earlier schema goes on by the rules of the new one."""

import asyncio
from datetime import date

import pytest
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

_WORK = text("""
    insert into signal_work (signal_id, assignee, snoozed_until, snoozed_at, snoozed_updates)
    values ('listed|X|1', 'chen', null, null, null), ('penalty_imposed|X|1', null, '2026-06-10', now(), 0)
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


async def test_who_had_a_signal_and_what_waited_is_so_after_the_upgrade(fresh_database: str) -> None:
    """Else a Monday's upgrade would put all that was given out back on the heap."""
    await _upgrade_to("0005", fresh_database)
    engine = create_async_engine(fresh_database)
    async with engine.begin() as connection:
        await connection.execute(_SIGNALS)
        await connection.execute(_WORK)

    await upgrade(fresh_database, settings.MIGRATIONS)

    async with engine.connect() as connection:
        asked = "select family, assignee, snoozed_until, snoozed_updates from signal order by family"
        rows = (await connection.execute(text(asked))).all()
        given = "select sum(signals) from signal_count where is_assigned and sector = 0"
        counted = (await connection.execute(text(given))).scalar_one()
    await engine.dispose()
    assert list(map(tuple, rows)) == [
        ("annual_report_due", None, None, None),
        ("complaints_rising", None, None, None),
        ("listed", "chen", None, None),
        ("penalty_imposed", None, date(2026, 6, 10), 0),
    ]
    assert counted == 1


async def test_the_counts_of_signals_are_not_taken_back(fresh_database: str) -> None:
    """A downgrade that cannot be made whole says so, and leaves all as it is."""
    await upgrade(fresh_database, settings.MIGRATIONS)

    with pytest.raises(NotImplementedError, match="who has a signal"):
        await asyncio.to_thread(command.downgrade, _config(fresh_database), "0005")


async def _upgrade_to(revision: str, database_url: str) -> None:
    await asyncio.to_thread(command.upgrade, _config(database_url), revision)


def _config(database_url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(settings.MIGRATIONS))
    config.set_main_option("sqlalchemy.url", database_url)
    return config
