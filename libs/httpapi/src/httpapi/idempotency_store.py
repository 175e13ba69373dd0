"""Keeps idempotent answers in PostgreSQL, in the transaction of the write itself.

A transaction-level advisory lock tells "still at work" from "never seen" without waiting; a crash frees it.

Source: PostgreSQL documentation, section 9.28.10 (advisory lock functions).
"""

import asyncio
import contextlib
import hashlib
from datetime import UTC, datetime, timedelta

import structlog
from sqlalchemy import (
    Column,
    DateTime,
    Delete,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    delete,
    func,
    insert,
    select,
)
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession

from httpapi.idempotency import KeyInProgress, StoredAnswer

_log = structlog.get_logger(log="idempotency")
_KEPT = timedelta(days=1)
_EVERY_S = 3600.0


def idempotency_table(metadata: MetaData, name: str = "idempotent_answer") -> Table:
    """The table of answers by caller and key; `purge` deletes those nobody will ask for again."""
    return Table(
        name,
        metadata,
        Column("caller", Text, primary_key=True),
        Column("key", Text, primary_key=True),
        Column("fingerprint", LargeBinary, nullable=False),
        Column("status", SmallInteger, nullable=False),
        Column("body", LargeBinary, nullable=False),
        Column("stored_at", DateTime(timezone=True), nullable=False, server_default=func.now(), index=True),
    )


def purge(table: Table, before: datetime) -> Delete:
    """Deletes the answers stored before an instant; a day is what we promise to remember."""
    return delete(table).where(table.c.stored_at < before)


async def keep_purging(engine: AsyncEngine, table: Table, stop: asyncio.Event) -> None:
    """Deletes old answers now and every hour until `stop` is set; a failure waits for the next hour."""
    while not stop.is_set():
        try:
            async with engine.begin() as connection:
                await connection.execute(purge(table, datetime.now(UTC) - _KEPT))
        except (
            SQLAlchemyError,
            OSError,
        ) as error:  # upkeep: a database that is away must not stop the service
            _log.warning("old answers not deleted", table=table.name, exc_info=error)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_EVERY_S):
                await stop.wait()


class SqlIdempotencyStore:
    """An `IdempotencyStore` on the caller's own connection or session, inside its open transaction."""

    def __init__(self, connection: AsyncConnection | AsyncSession, table: Table) -> None:
        self._connection = connection
        self._table = table

    async def begin(self, key: str, caller: str) -> StoredAnswer | None:
        """See `IdempotencyStore`."""
        lock = select(func.pg_try_advisory_xact_lock(_lock_number(self._table.name, caller, key)))
        if not (await self._connection.execute(lock)).scalar_one():
            raise KeyInProgress(headers={"Retry-After": "1"})
        columns = self._table.c
        found = await self._connection.execute(
            select(columns.fingerprint, columns.status, columns.body).where(
                columns.caller == caller, columns.key == key
            )
        )
        row = found.one_or_none()
        return None if row is None else StoredAnswer(bytes(row[0]), row[1], bytes(row[2]))

    async def finish(self, key: str, caller: str, answer: StoredAnswer) -> None:
        """See `IdempotencyStore`."""
        await self._connection.execute(
            insert(self._table).values(
                caller=caller,
                key=key,
                fingerprint=answer.fingerprint,
                status=answer.status,
                body=answer.body,
            )
        )


def _lock_number(*parts: str) -> int:
    digest = hashlib.sha256("\0".join(parts).encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)
