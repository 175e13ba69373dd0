"""The connections, and the tables they find."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

_MIGRATIONS = Path(__file__).parents[3] / "migrations"
_CONNECTIONS = 8
_PATIENCE_S = 10
_STATEMENT_LIMIT = "30s"
"""Project-chosen, as for requests to every service: a person does not wait longer for a page."""


def open_engine(database_url: str) -> AsyncEngine:
    """An engine whose errors hide the values of a statement: they are personal data, and errors are logged."""
    return create_async_engine(
        database_url,
        pool_size=_CONNECTIONS,
        max_overflow=0,
        pool_timeout=_PATIENCE_S,
        pool_recycle=3600,
        pool_pre_ping=True,
        hide_parameters=True,
        connect_args={"timeout": _PATIENCE_S, "server_settings": {"statement_timeout": _STATEMENT_LIMIT}},
    )


def migrate(database_url: str) -> None:
    """The database has this version's tables; processes that start together take turns."""
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["database_url"] = database_url
    command.upgrade(config, "head")
