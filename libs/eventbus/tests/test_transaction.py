"""What a transaction promises when its connection breaks."""

import asyncio
import contextlib

import asyncpg
import pytest
from eventbus import Transaction, copying, is_transient
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine


async def test_a_connection_that_breaks_during_a_large_copy_is_noticed(fresh_database: str) -> None:
    """The driver itself waits for ever then, and with it the one writer everybody waits for."""
    engine = create_async_engine(fresh_database)
    killer = await asyncpg.connect(fresh_database.replace("+asyncpg", ""))
    connection = await engine.connect()
    await connection.execute(text("create temp table much (what text)"))
    pid = (await connection.execute(text("select pg_backend_pid()"))).scalar_one()
    data = copying.stream([copying.text(["x" * 200] * 100_000)])

    copied = asyncio.create_task(Transaction(connection).copy("much", ["what"], data))
    await asyncio.sleep(0)
    await killer.execute(f"select pg_terminate_backend({pid})")

    with pytest.raises((OSError, asyncpg.PostgresError, asyncpg.InterfaceError, DBAPIError)) as caught:
        await asyncio.wait_for(copied, 20)
    assert is_transient(caught.value)

    with contextlib.suppress(DBAPIError):  # there is nothing left to roll back
        await connection.close()
    await killer.close()
    await engine.dispose()
