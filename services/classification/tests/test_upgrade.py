"""What earlier code had stored goes on by the schema of today."""

import asyncio

from alembic import command
from alembic.config import Config
from classification_service.store.schema import MIGRATIONS, migrate
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

_DECIDED = text("""
    insert into decision (uscc, number, decided_at, business_day, recorded_at, profile_version, model_id,
        sparse_values, points, score, class, score_class, flags, override_code, cause, previous_class)
    select rpad(uscc, 18, 'X'), 1, now(), '2026-05-27', now(), 3, 'general@1', '\\x01', '{150}', 150, 'A', 'A', 0, '',
        '', '' from (values ('SAME'), ('LATER')) as known (uscc)
""")
_STANDS = text("""
    insert into state (uscc, previous_version, profile_version, business_day, recorded_at, score, class, flags,
        decision_number, change_number, override_code, area_code, industry, entity_type, status, model_id)
    select rpad(uscc, 18, 'X'), version - 1, version, '2026-05-27', now(), 150, 'A', 0, 1, 1, '', '', '', '', 'active',
        'general@1' from (values ('SAME', 3), ('LATER', 4)) as known (uscc, version)
""")

_OFFERED = text("""
    insert into draft (code, text, version, state, author, created_at, edited_by, edited_at, offers)
    select 'general', '{}', 1, state, 'creditloop', now(), 'creditloop', now(), offers
    from (values ('withdrawn', 'general@2 aa'), ('open', 'general@2 bb'), ('open', '')) as known (state, offers)
""")


async def test_values_of_an_earlier_version_are_not_taken_for_those_of_today(fresh_database: str) -> None:
    """Decisions were written where something changed: of a later version the next event brings the values."""
    await _upgraded(fresh_database, "0002")
    engine = create_async_engine(fresh_database)
    async with engine.begin() as connection:
        await connection.execute(_DECIDED)
        await connection.execute(_STANDS)

    await migrate(fresh_database)

    async with engine.connect() as connection:
        rows = await connection.execute(text("select rtrim(uscc, 'X'), sparse_values from state"))
        kept = dict(map(tuple, rows.all()))
    await engine.dispose()
    assert kept == {"SAME": b"\x01", "LATER": None}


async def test_what_was_offered_before_is_known_by_its_name(fresh_database: str) -> None:
    """The hash of its whole file says nothing of what judges in it."""
    await _upgraded(fresh_database, "0009")
    engine = create_async_engine(fresh_database)
    async with engine.begin() as connection:
        await connection.execute(_OFFERED)

    await migrate(fresh_database)

    async with engine.connect() as connection:
        rows = await connection.execute(text("select offers from draft order by id"))
        kept = rows.scalars().all()
    await engine.dispose()
    assert kept == ["general@2 before draft 1", "general@2 before draft 2", ""]


async def _upgraded(url: str, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    config.attributes["database_url"] = url
    await asyncio.to_thread(command.upgrade, config, revision)
