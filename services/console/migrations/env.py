"""Runs migrations with asyncpg; `main.py` gives the URL."""

import asyncio

from alembic import context
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine

LOCK = "select pg_advisory_xact_lock(hashtextextended('creditloop/migrations', 0))"


def apply(connection: Connection) -> None:
    context.configure(connection=connection, transactional_ddl=True)
    with context.begin_transaction():
        connection.execute(text(LOCK))
        context.run_migrations()


async def main() -> None:
    engine = create_async_engine(context.config.attributes["database_url"])
    async with engine.connect() as connection:
        await connection.run_sync(apply)
        await connection.commit()
    await engine.dispose()


asyncio.run(main())
