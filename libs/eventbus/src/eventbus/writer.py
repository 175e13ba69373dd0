"""A lane owned by one process, for a hot writer that is not fed by a partition."""

import contextlib
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import chain, count

import structlog
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from eventbus import lane, outbox
from eventbus.lane import Position
from eventbus.outbox import Advance, Batch
from eventbus.relay import Relay
from eventbus.transaction import Transaction

_log = structlog.get_logger("eventbus.writer")

_TRY_LOCK = text("select pg_try_advisory_lock(hashtextextended(:name, 0))")
_ROOM_S = 0.1


class Writer:
    """A lane claimed by advisory lock. One transaction at a time; its position is kept in memory.

    When a commit's outcome is unknown the position is read again before the next transaction, and when the
    connection that holds the lock is gone, the first free lane is claimed anew.
    """

    def __init__(self, engine: AsyncEngine, relay: Relay, kind: str, partitions: int) -> None:
        self.name = ""
        self._kind = kind
        self._engine = engine
        self._relay = relay
        self._partitions = partitions
        self._guard: AsyncConnection | None = None
        self._position: Position | None = None

    @classmethod
    async def claim(cls, engine: AsyncEngine, relay: Relay, kind: str, partitions: int) -> "Writer":
        """The first free lane `kind-0`, `kind-1`, …; what its outbox holds is published first."""
        writer = cls(engine, relay, kind, partitions)
        await writer._reload()
        return writer

    @asynccontextmanager
    async def transaction(self, traceparents: dict[str, str]) -> AsyncIterator[Transaction]:
        """A transaction of this lane; `traceparents` gives the trace context by key of what it publishes.

        While much is unpublished it begins a moment later; it never waits for Kafka once it has committed.

        Raises:
            Fenced: Another process took the lane over; nothing was committed.
        """
        await self._relay.room(_ROOM_S)
        position = self._position or await self._reload()
        self._position = None  # unknown until the commit has returned
        async with self._engine.begin() as connection:
            transaction = Transaction(connection)
            yield transaction
            after = position.copy()
            events = lane.stamp(after, transaction.outgoing, time.time_ns() // 1_000_000, traceparents)
            await outbox.advance(connection, [Advance(self.name, position.next_batch, after, events)])
        after.next_batch += 1
        self._position = after
        transaction.committed()
        if events:
            self._relay.submit([Batch(self.name, position.next_batch, events)])

    async def release(self) -> None:
        """Give the lane up: the lock ends with its connection, which may be dead already."""
        guard, self._guard, self._position = self._guard, None, None
        if guard is not None:
            with contextlib.suppress(SQLAlchemyError, OSError):
                await guard.invalidate()
                await guard.close()

    async def _reload(self) -> Position:
        before = self.name
        if not await self._holds():
            await self._lock()
        async with self._engine.begin() as connection:
            self._position = (await outbox.load(connection, [self.name], self._partitions))[self.name]
        for name in {
            before or self.name,
            self.name,
        }:  # what was committed to a lane we had to leave is told as well
            self._relay.publish_rows(name)
        return self._position

    async def _holds(self) -> bool:
        """Whether the connection that took the lock lives, and the lock with it."""
        if self._guard is None:
            return False
        try:
            await self._guard.execute(text("select 1"))
            await self._guard.commit()
        except (SQLAlchemyError, OSError) as error:
            _log.warning("the lock of a lane is lost", lane=self.name, error=repr(error))
            await self.release()
            return False
        return True

    async def _lock(self) -> None:
        """Hold the lane of last time, or the first that is free."""
        guard = await self._engine.connect()
        try:
            for name in chain([self.name] if self.name else [], (f"{self._kind}-{n}" for n in count())):
                if (await guard.execute(_TRY_LOCK, {"name": f"eventbus/{name}"})).scalar_one():
                    break
            await guard.commit()
        except BaseException:
            await guard.invalidate()
            await guard.close()
            raise
        self._guard, self.name = guard, name
