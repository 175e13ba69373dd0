"""Brings the database to the newest schema."""

import asyncio
from pathlib import Path

from alembic import command
from alembic.config import Config

MIGRATIONS = Path(__file__).parents[3] / "migrations"


async def migrate(database_url: str) -> None:
    """The database has the newest schema; processes that start at once wait for each other."""
    await asyncio.to_thread(_upgrade, database_url)


def _upgrade(database_url: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    config.attributes["database_url"] = database_url
    command.upgrade(config, "head")
