"""Dead letters: events that could not be applied, kept whole until a person settles them."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from eventbus.envelope import Received
from eventbus.errors import EventBusError, UnknownDeadLetter, is_refused, is_transient, reason_of
from eventbus.readable import Document, document_of, event_of
from eventbus.transaction import Transaction

_INSERT = text("""
    insert into dead_letter
        (topic, partition, record_offset, type, key, source, traceparent, timestamp_ms, value, headers, error)
    values (:topic, :partition, :record_offset, :type, :key, :source, :traceparent, :timestamp_ms, :value,
        :headers, :error)
""")
_COLUMNS = """id, topic, partition, record_offset, type, key, source, traceparent, timestamp_ms, value, headers,
    error, created_at, settled_at, settled_as, settled_by, reason"""
_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(list[tuple[str, bytes]]).decode
_OPEN = "settled_at is null"
_SETTLE = text("""
    update dead_letter set settled_at = now(), settled_as = :settled_as, settled_by = :settled_by, reason = :reason
    where id = :id and settled_at is null
""")

Step = Callable[[Transaction], Awaitable[None]]
Reapply = Callable[[Received, Step], Awaitable[None]]


class _Undone(EventBusError):
    """Raised when all of a trial went well, to undo it."""


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
    headers: list[tuple[str, bytes]]
    error: str
    created_at: datetime
    settled_at: datetime | None
    settled_as: str | None
    settled_by: str | None
    reason: str | None

    @property
    def document(self) -> Document | None:
        """The event as a person reads it; None when this service cannot read it."""
        return document_of(self.type, self.value)


async def bury(connection: AsyncConnection, event: Received, error: str) -> None:
    """Keep an event that cannot be applied, in the transaction that moves past it."""
    await connection.execute(
        _INSERT,
        {
            "topic": event.topic,
            "partition": event.partition,
            "record_offset": event.offset,
            "type": _storable(event.type),
            "key": _storable(event.key),
            "source": _storable(event.source),
            "traceparent": _storable(event.traceparent),
            "timestamp_ms": event.timestamp_ms,
            "value": event.value,
            "headers": _encode([(name, value or b"") for name, value in event.headers]),
            "error": _storable(error),
        },
    )


def _storable(text_: str) -> str:
    """Strangers' records may hold U+0000, which no text column can."""
    return text_.replace("\0", "\ufffd")


class DeadLetters:
    """The dead letters of one service.

    Args:
        engine: The service's database.
        reapply: Applies one event through its handler, together with a settling step, in one transaction.
    """

    def __init__(self, engine: AsyncEngine, reapply: Reapply) -> None:
        self._engine = engine
        self._reapply = reapply

    async def page(self, after_id: int, limit: int) -> Sequence[DeadLetter]:
        """Up to `limit` open letters with a greater id, in order of id."""
        return await self._letters(f"id > :id and {_OPEN} order by id", after_id, limit)

    async def settled(self, before_id: int, limit: int) -> Sequence[DeadLetter]:
        """Up to `limit` settled letters with a smaller id, the newest first."""
        return await self._letters("id < :id and settled_at is not null order by id desc", before_id, limit)

    async def _letters(self, which: str, letter_id: int, limit: int) -> Sequence[DeadLetter]:
        statement = text(f"select {_COLUMNS} from dead_letter where {which} limit :limit")
        async with self._engine.connect() as connection:
            rows = await connection.execute(statement, {"id": letter_id, "limit": limit})
            return [_letter(row) for row in rows]

    async def get(self, letter_id: int) -> DeadLetter | None:
        """One letter, settled or not; None when there is none."""
        statement = text(f"select {_COLUMNS} from dead_letter where id = :id")
        async with self._engine.connect() as connection:
            row = (await connection.execute(statement, {"id": letter_id})).one_or_none()
        return None if row is None else _letter(row)

    async def count(self) -> int:
        """How many are not settled."""
        async with self._engine.connect() as connection:
            return int(
                (
                    await connection.execute(text(f"select count(*) from dead_letter where {_OPEN}"))
                ).scalar_one()
            )

    async def encoded(self, letter_id: int, document: Document) -> bytes | None:
        """A corrected event in the form in which the letter's event came; None when there is no such letter.

        Raises:
            Unfit: A field does not fit the event's type.
        """
        letter = await self.get(letter_id)
        return None if letter is None else event_of(letter.type, document, letter.value)

    async def replay(self, letter_id: int, payload: bytes | None, by: str) -> str:
        """Apply the event again, with `payload` in place of its own bytes when given, and settle it with its effects.

        Returns:
            `done`, `unknown`, `settled_before`, or why it still cannot be applied (it then stays open).
        """
        corrected = None if payload is None else "payload corrected"
        return await self._tried(letter_id, payload, Settling(letter_id, "replayed", by, corrected).run)

    async def check(self, letter_id: int, payload: bytes | None) -> str:
        """What `replay` would answer now; nothing is applied.

        What is kept in memory is forgotten, as after any transaction that is undone.
        """
        undone = Settling(letter_id, "replayed", "", None).undone
        return await self._tried(letter_id, payload, undone)

    async def _tried(self, letter_id: int, payload: bytes | None, settle: Step) -> str:
        letter = await self.get(letter_id)
        if letter is None:
            return "unknown"
        try:
            await self._reapply(_received(letter, payload), settle)
        except _Undone:
            return "done"
        except UnknownDeadLetter:
            return "settled_before"
        except Exception as error:
            if is_refused(error):
                return reason_of(error)
            if is_transient(error):
                return "database or broker do not answer for now; look whether it is settled, and try again"
            raise
        return "done"

    async def discard(self, letter_id: int, reason: str, by: str) -> str:
        """Close the letter without applying it; `done`, `unknown` or `settled_before`."""
        if await self.get(letter_id) is None:
            return "unknown"
        try:
            async with self._engine.begin() as connection:
                await Settling(letter_id, "discarded", by, reason).run(Transaction(connection))
        except UnknownDeadLetter:
            return "settled_before"
        return "done"


class Settling(NamedTuple):
    """The step that closes a letter, in the transaction of whatever is done with it."""

    letter_id: int
    settled_as: str
    settled_by: str
    reason: str | None

    async def run(self, transaction: Transaction) -> None:
        """Close it.

        Raises:
            UnknownDeadLetter: It is settled already.
        """
        values = dict(zip(("id", "settled_as", "settled_by", "reason"), self, strict=True))
        done = await transaction.connection.execute(_SETTLE, values)
        if done.rowcount != 1:
            raise UnknownDeadLetter(str(self.letter_id))

    async def undone(self, transaction: Transaction) -> None:
        """Close it, and undo all of the transaction.

        Raises:
            UnknownDeadLetter: It is settled already.
        """
        await self.run(transaction)
        raise _Undone


def _letter(row: Row[Any]) -> DeadLetter:
    return DeadLetter(**{**row._mapping, "headers": _decode(row.headers)})  # noqa: SLF001 - its documented name


def _received(letter: DeadLetter, payload: bytes | None) -> Received:
    return Received(
        topic=letter.topic,
        partition=letter.partition,
        offset=letter.record_offset,
        type=letter.type,
        source=letter.source,
        sequence=0,
        key=letter.key,
        value=letter.value if payload is None else payload,
        timestamp_ms=letter.timestamp_ms,
        traceparent=letter.traceparent,
        headers=letter.headers,
    )
