"""Dead letters: events that could not be applied, kept whole until a person settles them."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from eventbus.envelope import Received
from eventbus.errors import UnknownDeadLetter
from eventbus.transaction import Transaction

_INSERT = text("""
    insert into dead_letter
        (topic, partition, record_offset, type, key, source, traceparent, timestamp_ms, value, error)
    values (:topic, :partition, :record_offset, :type, :key, :source, :traceparent, :timestamp_ms, :value, :error)
""")
_COLUMNS = """id, topic, partition, record_offset, type, key, source, traceparent, timestamp_ms, value, error,
    created_at, settled_at, settled_as, settled_by, reason"""
_SETTLE = text("""
    update dead_letter set settled_at = now(), settled_as = :settled_as, settled_by = :settled_by, reason = :reason
    where id = :id and settled_at is null
""")

Reapply = Callable[[Received, Callable[[Transaction], Awaitable[None]]], Awaitable[None]]


class DeadLetter(NamedTuple):
    """One dead letter as stored; `settled_as` is None, `replayed` or `discarded`."""

    id: int
    topic: str
    partition: int
    record_offset: int
    type: str
    key: str
    source: str
    traceparent: str
    timestamp_ms: int
    value: bytes
    error: str
    created_at: datetime
    settled_at: datetime | None
    settled_as: str | None
    settled_by: str | None
    reason: str | None


async def bury(connection: AsyncConnection, event: Received, error: str) -> None:
    """Keep an event that cannot be applied, in the transaction that moves past it."""
    await connection.execute(
        _INSERT,
        {
            "topic": event.topic,
            "partition": event.partition,
            "record_offset": event.offset,
            "type": event.type,
            "key": event.key,
            "source": event.source,
            "traceparent": event.traceparent,
            "timestamp_ms": event.timestamp_ms,
            "value": event.value,
            "error": error,
        },
    )


class DeadLetters:
    """The dead letters of one service.

    Args:
        engine: The service's database.
        reapply: Applies one event through its handler, together with a settling step, in one transaction.
    """

    def __init__(self, engine: AsyncEngine, reapply: Reapply) -> None:
        self._engine = engine
        self._reapply = reapply

    async def page(
        self, *, after: int = 0, limit: int = 100, settled: bool | None = False
    ) -> Sequence[DeadLetter]:
        """Dead letters in order of id after `after`; `settled=None` gives all."""
        condition = {None: "true", True: "settled_at is not null", False: "settled_at is null"}[settled]
        statement = (
            f"select {_COLUMNS} from dead_letter where id > :after and {condition} order by id limit :limit"
        )
        async with self._engine.connect() as connection:
            rows = await connection.execute(text(statement), {"after": after, "limit": limit})
            return [DeadLetter(*row) for row in rows]

    async def get(self, id: int) -> DeadLetter:  # noqa: A002
        """One dead letter.

        Raises:
            UnknownDeadLetter: No such dead letter.
        """
        async with self._engine.connect() as connection:
            row = (
                await connection.execute(
                    text(f"select {_COLUMNS} from dead_letter where id = :id"), {"id": id}
                )
            ).one_or_none()
        if row is None:
            raise UnknownDeadLetter(str(id))
        return DeadLetter(*row)

    async def count(self) -> int:
        """How many are not settled."""
        async with self._engine.connect() as connection:
            statement = text("select count(*) from dead_letter where settled_at is null")
            return int((await connection.execute(statement)).scalar_one())

    async def replay(self, id: int, *, by: str, value: bytes | None = None) -> None:  # noqa: A002
        """Apply the event again, with `value` in place of its own bytes when given; settled in the same transaction.

        Raises:
            UnknownDeadLetter: Not there, or settled already.
            Poison: It still cannot be applied; it stays as it was.
        """
        letter = await self.get(id)
        event = Received(
            topic=letter.topic,
            partition=letter.partition,
            offset=letter.record_offset,
            type=letter.type,
            source=letter.source,
            sequence=0,
            key=letter.key,
            value=letter.value if value is None else value,
            timestamp_ms=letter.timestamp_ms,
            traceparent=letter.traceparent,
        )
        fixed = None if value is None else "payload fixed"
        await self._reapply(event, lambda transaction: self._settle(transaction, id, "replayed", by, fixed))

    async def discard(self, id: int, *, by: str, reason: str) -> None:  # noqa: A002
        """Settle it without applying it.

        Raises:
            UnknownDeadLetter: Not there, or settled already.
        """
        async with self._engine.begin() as connection:
            await self._settle(Transaction(connection), id, "discarded", by, reason)

    async def _settle(self, transaction: Transaction, id: int, how: str, by: str, reason: str | None) -> None:  # noqa: A002
        values = {"id": id, "settled_as": how, "settled_by": by, "reason": reason}
        done = await transaction.connection.execute(_SETTLE, values)
        if done.rowcount != 1:
            raise UnknownDeadLetter(str(id))
