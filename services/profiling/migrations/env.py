"""Runs the migrations over asyncpg, on the connection given in the configuration's attributes."""

import asyncio

from alembic import context
from sqlalchemy import Connection, pool
from sqlalchemy.ext.asyncio import create_async_engine


def run(connection: Connection) -> None:
    context.configure(connection=connection, target_metadata=None)
    with context.begin_transaction():
        context.run_migrations()


async def main() -> None:
    engine = create_async_engine(
        context.config.get_main_option("sqlalchemy.url") or "", poolclass=pool.NullPool
    )
    async with engine.begin() as connection:
        await connection.exec_driver_sql("select pg_advisory_xact_lock(724110)")
        await connection.run_sync(run)
    await engine.dispose()


asyncio.run(main())
