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
from sqlalchemy.ext.asyncio import AsyncEngine

from eventbus import dead_letter, lane, outbox
from eventbus.envelope import Received
from eventbus.errors import Fenced, Poison, TooManyDeadLetters, Transient, is_transient
from eventbus.lane import Position
from eventbus.micro_batch import Handlers, Placed, StageOptions, Work, lane_name
from eventbus.outbox import Advance, Batch
from eventbus.relay import Relay
from eventbus.tracing import BatchSpans
from eventbus.transaction import Transaction

_log = structlog.get_logger("eventbus.stage")

_BACKOFF_S = (0.05, 0.1, 0.2, 0.4, 0.8, 1.0)
_PERSIST_IDLE_S = 5.0


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

    def __init__(  # noqa: PLR0913
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
        self._lanes: dict[TopicPartition, Position] = {}
        self._stored: dict[TopicPartition, int] = {}
        self._busy = asyncio.Lock()
        self._dead_in_a_row = 0
        self._persisted_at = time.monotonic()
        self._assigned = asyncio.Event()
        self.applied = 0

    # -- the loop -----------------------------------------------------------------------------------------------

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
                await self._persist_when_idle()
            async with self._busy:
                await self._persist_quietly()
        finally:
            await self._consumer.stop()  # leaves the group, so that others take the partitions at once

    def assigned(self) -> bool:
        """Whether the group has given this member its partitions."""
        return self._assigned.is_set()

    def lag(self) -> int:
        """Records not yet applied in the partitions held here; 0 while unknown."""
        behind = 0
        for place, position in self._lanes.items():
            end = self._consumer.highwater(place)
            behind += max(0, (end or 0) - position.next_offset)
        return behind

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
        async with self._busy:
            handler = self._handlers[self._type_known(event)]
            item = handler.decode(event)
            async with self._engine.begin() as connection:
                transaction = Transaction(connection)
                if item is not None:
                    await handler.apply([item], transaction)
                await settle(transaction)
                name = "shared"
                position = (await outbox.load(connection, [name], self._partitions, locked=True))[name]
                await _advance_shared(connection, name, position, transaction, {event.key: event.traceparent})
            transaction.committed()
            self._relay.share("shared")

    # -- partitions come and go ---------------------------------------------------------------------------------

    async def on_partitions_revoked(self, revoked: Collection[TopicPartition]) -> None:  # noqa: ARG002
        """The batch in hand is finished; what was held is stored and forgotten."""
        async with self._busy:
            await self._persist_quietly()
            self._lanes.clear()
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
                await self._take(places)
            except Exception as error:
                if not _may_pass(error):
                    raise
                _log.warning("cannot take partitions yet", error=repr(error), attempt=attempt)
                await asyncio.sleep(_BACKOFF_S[min(attempt, len(_BACKOFF_S) - 1)])
                attempt += 1
            else:
                return

    async def _take(self, places: Collection[TopicPartition]) -> None:
        names = {lane_name(place): place for place in places}
        async with self._engine.begin() as connection:
            positions = await outbox.load(connection, list(names), self._partitions)
        for name, place in names.items():
            await self._relay.recover(name)
            self._lanes[place] = positions[name]
            self._stored[place] = positions[name].next_offset
            self._consumer.seek(place, positions[name].next_offset)

    # -- one poll -----------------------------------------------------------------------------------------------

    async def _poll(self) -> Mapping[TopicPartition, Sequence[ConsumerRecord[Any, Any]]]:
        return await self._consumer.getmany(
            timeout_ms=int(self._options.linger_s * 1000), max_records=self._options.batch_size
        )

    def _owned(self, polled: Mapping[TopicPartition, Sequence[ConsumerRecord[Any, Any]]]) -> list[Placed]:
        return [
            (place, record) for place, records in polled.items() if place in self._lanes for record in records
        ]

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
        places = list(self._lanes)
        self._on_reset()
        self._consumer.pause(*places)
        try:
            await asyncio.sleep(_BACKOFF_S[0])
            await self._take_with_patience(places)
        finally:
            self._consumer.resume(*[place for place in places if place in self._consumer.assignment()])

    async def _apply_or_bisect(self, records: list[Placed]) -> None:
        try:
            await self._commit(records)
        except Poison as poison:
            if len(records) == 1:
                await self._bury(records[0], poison)
                return
            middle = len(records) // 2
            self._on_reset()
            await self._apply_or_bisect(records[:middle])
            await self._apply_or_bisect(records[middle:])

    # -- one transaction ----------------------------------------------------------------------------------------

    async def _commit(self, records: list[Placed]) -> None:
        work = Work(self._lanes, self._handlers, self._options)
        work.read(records)
        if not work.items and not work.buried:
            self._lanes.update(work.positions)
            return
        with BatchSpans("apply", (event.traceparent for event, _ in work.items)) as spans:
            async with self._engine.begin() as connection:
                transaction = Transaction(connection)
                for handler, items in work.runs():
                    await handler.apply(items, transaction)
                for event, error in work.buried:
                    await dead_letter.bury(connection, event, error)
                steps = work.advances(transaction, self._dirty(), spans)
                await outbox.advance(connection, steps)
        self._committed(transaction, steps, work)
        await self._relay.submit(
            Batch(step.lane, step.expected_batch, step.events) for step in steps if step.events
        )

    def _committed(self, transaction: Transaction, steps: Sequence[Advance], work: Work) -> None:
        by_name = {lane_name(place): place for place in self._lanes}
        for step in steps:
            step.position.next_batch += 1
            self._lanes[by_name[step.lane]] = step.position
            self._stored[by_name[step.lane]] = step.position.next_offset
        transaction.committed()
        self.applied += len(work.items)
        self._count_buried(work)

    def _count_buried(self, work: Work) -> None:
        self._dead_in_a_row = self._dead_in_a_row + len(work.buried) if not work.items else len(work.buried)
        if self._dead_in_a_row > self._options.dead_letters_in_a_row:
            raise TooManyDeadLetters(f"{self._dead_in_a_row} in a row; the last: {work.buried[-1][1]}")

    async def _bury(self, placed: Placed, poison: Poison) -> None:
        work = Work(self._lanes, {}, self._options)
        work.bury_one(placed, str(poison))
        _log.error("dead letter", topic=placed[0].topic, offset=placed[1].offset, error=str(poison))
        async with self._engine.begin() as connection:
            transaction = Transaction(connection)
            for event, error in work.buried:
                await dead_letter.bury(connection, event, error)
            steps = work.advances(transaction, self._dirty(), None)
            await outbox.advance(connection, steps)
        self._committed(transaction, steps, work)

    # -- positions that moved without effects -------------------------------------------------------------------

    def _dirty(self) -> dict[TopicPartition, Position]:
        return {
            place: position
            for place, position in self._lanes.items()
            if self._stored[place] != position.next_offset
        }

    async def _persist_when_idle(self) -> None:
        if time.monotonic() - self._persisted_at < _PERSIST_IDLE_S:
            return
        self._persisted_at = time.monotonic()
        async with self._busy:
            await self._persist_quietly()

    async def _persist_quietly(self) -> None:
        try:
            await self._persist()
        except Exception as error:
            if not _may_pass(error):
                raise
            _log.warning("position not stored yet", error=repr(error))

    async def _persist(self) -> None:
        """Store positions that moved past records nobody handles, then tell the group, for its lag figures."""
        dirty = self._dirty()
        if dirty:
            steps = [
                Advance(lane_name(place), position.next_batch, position, [])
                for place, position in dirty.items()
            ]
            async with self._engine.begin() as connection:
                await outbox.advance(connection, steps)
            for place, position in dirty.items():
                position.next_batch += 1
                self._stored[place] = position.next_offset
        if self._lanes:
            await self._consumer.commit(
                {place: offset for place, offset in self._stored.items() if place in self._lanes}
            )

    def _type_known(self, event: Received) -> str:
        if event.type not in self._handlers:
            raise Poison(f"no handler for {event.type!r}")
        return event.type


async def _advance_shared(
    connection: Any, name: str, position: Position, transaction: Transaction, onward: dict[str, str]
) -> None:
    expected = position.next_batch
    events = lane.stamp(position, transaction.outgoing, time.time_ns() // 1_000_000, onward)
    await outbox.advance(connection, [Advance(name, expected, position, events)])


def _may_pass(error: BaseException) -> bool:
    return isinstance(error, Fenced | Transient | KafkaError) or is_transient(error)
