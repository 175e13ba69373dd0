"""The stage: takes micro-batches from Kafka and applies each in one transaction.

A record has one of four outcomes: applied, passed over (a type nobody handles, or seen before), buried as a dead
letter, or tried again later with its partitions paused.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from typing import Any

import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, TopicPartition
from aiokafka.errors import KafkaError
from aiokafka.structs import ConsumerRecord
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from eventbus import dead_letter, lane, outbox
from eventbus.envelope import Received
from eventbus.errors import Poison, TooManyDeadLetters, is_refused_data, is_transient
from eventbus.held import HeldLanes
from eventbus.micro_batch import Handlers, Placed, StageOptions, Work
from eventbus.outbox import Advance, Batch
from eventbus.relay import Relay
from eventbus.tracing import BatchSpans
from eventbus.transaction import Transaction

_log = structlog.get_logger("eventbus.stage")

_BACKOFF_S = (0.05, 0.1, 0.2, 0.4, 0.8, 1.0)
_PERSIST_IDLE_S = 1.0
_SHARED = "shared"

Step = Callable[[Transaction], Awaitable[None]]


class Stage(ConsumerRebalanceListener):
    """One consumer group member of one service.

    Args:
        consumer: A started consumer, not subscribed, without automatic commits.
        engine: The service's database.
        relay: Where committed batches go.
        handlers: By full protobuf name.
        topics: What to read.
        partitions: Partitions of the service's own topic.
        on_reset: Forget every in-memory copy of stored state.
        options: Tuning.
    """

    def __init__(  # noqa: PLR0913 - all it depends on, once, in bus.py
        self,
        *,
        consumer: AIOKafkaConsumer,
        engine: AsyncEngine,
        relay: Relay,
        handlers: Handlers,
        topics: Sequence[str],
        partitions: int,
        on_reset: Callable[[], None] = lambda: None,
        options: StageOptions | None = None,
    ) -> None:
        self._consumer = consumer
        self._engine = engine
        self._relay = relay
        self._handlers = handlers
        self.topics = topics
        self._partitions = partitions
        self._on_reset = on_reset
        self._options = options or StageOptions()
        self._held = HeldLanes(engine, relay, partitions)
        self._busy = asyncio.Lock()
        self._assigned = asyncio.Event()
        self._dead_in_a_row = 0
        self._persisted_at = time.monotonic()
        self.applied = 0

    # -- the loop -------------------------------------------------------------------------------------------

    async def run(self, stop: asyncio.Event) -> None:
        """Read and apply until `stop` is set; the batch in hand is finished first.

        Raises:
            Gap: An event never came; nothing after it was applied.
            TooManyDeadLetters: The handlers are broken rather than the events.
        """
        self._consumer.subscribe(self.topics, listener=self)
        try:
            while not stop.is_set():
                polled = await self._poll()
                async with self._busy:
                    await self._apply_with_patience(self._owned(polled))
                await self._persist_now_and_then()
            async with self._busy:
                await self._persist()
        finally:
            await self._consumer.stop()  # leaves the group, so that others take the partitions at once

    def assigned(self) -> bool:
        """Whether the group has given this member its partitions."""
        return self._assigned.is_set()

    def lag(self) -> int:
        """Records not yet applied in the partitions held here; 0 while unknown."""
        ends = {place: self._consumer.highwater(place) or 0 for place in self._held.positions}
        return sum(max(0, ends[place] - at.next_offset) for place, at in self._held.positions.items())

    async def exclusively(self, work: Callable[[], Awaitable[None]]) -> None:
        """Run `work` between batches: nothing is applied meanwhile, and in-memory copies are forgotten after."""
        async with self._busy:
            try:
                await work()
            finally:
                self._on_reset()

    async def reapply(self, event: Received, settle: Step) -> None:
        """Apply one buried event between batches, together with its settling.

        Raises:
            Poison: It still cannot be applied.
        """
        if event.type not in self._handlers:
            raise Poison(f"no handler for {event.type!r}")
        handler = self._handlers[event.type]
        item = handler.decode(event)
        async with self._busy, self._engine.begin() as connection:
            transaction = Transaction(connection)
            if item is not None:
                await handler.apply([item], transaction)
            await settle(transaction)
            await _publish_shared(connection, self._partitions, transaction, {event.key: event.traceparent})
        transaction.committed()
        self._relay.wake()

    # -- partitions come and go -----------------------------------------------------------------------------

    async def on_partitions_revoked(self, revoked: Collection[TopicPartition]) -> None:  # noqa: ARG002 - all of them
        """The batch in hand is finished; what was held is stored and forgotten."""
        async with self._busy:
            await self._persist()
            self._held.release()
            self._assigned.clear()
            self._on_reset()

    async def on_partitions_assigned(self, assigned: Collection[TopicPartition]) -> None:
        """Each lane goes on from its stored position, after its outbox is published."""
        async with self._busy:
            await self._take_with_patience(assigned)
            self._assigned.set()

    async def _take_with_patience(self, places: Collection[TopicPartition]) -> None:
        attempt = 0
        while True:
            try:
                offsets = await self._held.take(places)
            except Exception as error:
                if not _may_pass(error):
                    raise
                _log.warning("cannot take partitions yet", error=repr(error), attempt=attempt)
                await asyncio.sleep(_BACKOFF_S[min(attempt, len(_BACKOFF_S) - 1)])
                attempt += 1
            else:
                break
        for place, offset in offsets.items():
            self._consumer.seek(place, offset)

    # -- one poll -------------------------------------------------------------------------------------------

    async def _poll(self) -> Mapping[TopicPartition, Sequence[ConsumerRecord[Any, Any]]]:
        return await self._consumer.getmany(
            timeout_ms=int(self._options.linger_s * 1000), max_records=self._options.batch_size
        )

    def _owned(self, polled: Mapping[TopicPartition, Sequence[ConsumerRecord[Any, Any]]]) -> list[Placed]:
        held = self._held.positions
        return [(place, record) for place, records in polled.items() if place in held for record in records]

    async def _apply_with_patience(self, records: list[Placed]) -> None:
        if not records:
            return
        try:
            await self._apply_or_bisect(records)
        except Exception as error:
            if not _may_pass(error):
                raise
            _log.warning("batch put off", error=repr(error), records=len(records))
            await self._pause_and_retake()

    async def _pause_and_retake(self) -> None:
        """Nothing is certain any more: forget, pause, and read on from what is stored once that answers."""
        places = list(self._held.positions)
        self._on_reset()
        self._consumer.pause(*places)
        try:
            await asyncio.sleep(_BACKOFF_S[0])
            await self._take_with_patience(places)
        finally:
            self._consumer.resume(*[place for place in places if place in self._consumer.assignment()])

    async def _apply_or_bisect(self, records: list[Placed]) -> None:
        """Apply the records; when one of them is poison, bury it and apply the others."""
        work = Work(self._held.positions, self._handlers, self._options)
        work.read(records)
        try:
            await self._commit(work)
        except Exception as error:
            if not isinstance(error, Poison) and not is_refused_data(error):
                raise
            self._on_reset()
            if len(records) == 1:
                await self._bury(records[0], error)
                return
            middle = len(records) // 2
            await self._apply_or_bisect(records[:middle])
            await self._apply_or_bisect(records[middle:])

    async def _bury(self, placed: Placed, error: Exception) -> None:
        work = Work(self._held.positions, {}, self._options)
        work.bury_one(placed, str(error))
        await self._commit(work)

    # -- one transaction ------------------------------------------------------------------------------------

    async def _commit(self, work: Work) -> None:
        if not work.items and not work.buried:
            self._held.pass_over(work.positions)
            return
        with BatchSpans("apply", (event.traceparent for event, _ in work.items)) as spans:
            async with self._engine.begin() as connection:
                transaction = Transaction(connection)
                for handler, items in work.runs():
                    await handler.apply(items, transaction)
                for event, why in work.buried:
                    await dead_letter.bury(connection, event, why)
                steps = work.advances(transaction, self._held.dirty(), spans)
                await outbox.advance(connection, steps)
        self._held.stepped(steps)
        transaction.committed()
        self._count(work)
        await self._relay.submit(
            Batch(step.lane, step.expected_batch, step.events) for step in steps if step.events
        )

    def _count(self, work: Work) -> None:
        self.applied += len(work.items)
        for event, why in work.buried:
            _log.error("dead letter", topic=event.topic, offset=event.offset, uscc=event.key, error=why)
        self._dead_in_a_row = len(work.buried) + (0 if work.items else self._dead_in_a_row)
        if self._dead_in_a_row > self._options.dead_letters_in_a_row:
            raise TooManyDeadLetters(f"{self._dead_in_a_row} in a row; the last: {work.buried[-1][1]}")

    # -- positions that moved without effects ---------------------------------------------------------------

    async def _persist_now_and_then(self) -> None:
        if time.monotonic() - self._persisted_at >= _PERSIST_IDLE_S:
            self._persisted_at = time.monotonic()
            async with self._busy:
                await self._persist()

    async def _persist(self) -> None:
        """Store positions that moved past records nobody handles, then tell the group, for its lag figures.

        Not being able to is no harm: the records are passed over again.
        """
        try:
            await self._held.store()
            offsets = {
                place: at for place, at in self._held.stored().items() if place in self._consumer.assignment()
            }
            if offsets:
                await self._consumer.commit(offsets)
        except Exception as error:
            if not _may_pass(error):
                raise
            _log.warning("position not stored yet", error=repr(error))


async def _publish_shared(
    connection: AsyncConnection, partitions: int, transaction: Transaction, onward: dict[str, str]
) -> None:
    position = (await outbox.load(connection, [_SHARED], partitions, locked=True))[_SHARED]
    expected = position.next_batch
    events = lane.stamp(position, transaction.outgoing, time.time_ns() // 1_000_000, onward)
    await outbox.advance(connection, [Advance(_SHARED, expected, position, events)])


def _may_pass(error: BaseException) -> bool:
    return isinstance(error, KafkaError) or is_transient(error)
