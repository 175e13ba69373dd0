"""A lane owned by one process, for a hot writer that is not fed by a partition."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from eventbus import lane, outbox
from eventbus.errors import Fenced
from eventbus.lane import Position
from eventbus.outbox import Advance, Batch
from eventbus.relay import Relay
from eventbus.transaction import Transaction

_TRY_LOCK = text("select pg_try_advisory_lock(hashtextextended(:name, 0))")


class Writer:
    """A lane claimed by advisory lock. One transaction at a time; its position is kept in memory.

    When a commit's outcome is unknown the position is read again before the next transaction.
    """

    def __init__(
        self, engine: AsyncEngine, relay: Relay, guard: AsyncConnection, name: str, position: Position
    ) -> None:
        self.name = name
        self._engine = engine
        self._relay = relay
        self._guard = guard
        self._position: Position | None = position
        self._partitions = len(position.next_sequence)

    @classmethod
    async def claim(cls, engine: AsyncEngine, relay: Relay, kind: str, partitions: int) -> "Writer":
        """The first free lane `kind-0`, `kind-1`, …; what its outbox holds is published first."""
        guard = await engine.connect()
        for number in count():
            name = f"{kind}-{number}"
            if (await guard.execute(_TRY_LOCK, {"name": f"eventbus/{name}"})).scalar_one():
                break
        await guard.commit()
        writer = cls(engine, relay, guard, name, Position(next_sequence=[1] * partitions))
        await writer._reload()
        return writer

    @asynccontextmanager
    async def transaction(self, traceparents: dict[str, str]) -> AsyncIterator[Transaction]:
        """A transaction of this lane; `traceparents` gives the trace context by key of what it publishes.

        Raises:
            Fenced: Another process took the lane over; nothing was committed.
        """
        if self._position is None:
            await self._reload()
        position = self._position
        if position is None:
            raise Fenced(self.name)
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
        await self._relay.submit([Batch(self.name, position.next_batch, events)] if events else [])

    async def release(self) -> None:
        """Give the lane up."""
        await self._guard.close()

    async def _reload(self) -> None:
        async with self._engine.begin() as connection:
            position = (await outbox.load(connection, [self.name], self._partitions))[self.name]
        await self._relay.recover(self.name)
        self._position = position
