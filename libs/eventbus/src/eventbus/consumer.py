"""The stage: takes micro-batches from Kafka and applies each in one transaction.

A record has one of four outcomes: applied, passed over (a type nobody handles, or seen before), buried as a dead
letter, or tried again later with its partitions paused.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import count
from typing import Any

import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, TopicPartition
from aiokafka.errors import KafkaError
from sqlalchemy.ext.asyncio import AsyncEngine

from eventbus.applying import Applier, Step
from eventbus.clients import leave
from eventbus.envelope import Received
from eventbus.errors import Gap, is_transient
from eventbus.flow import Reading
from eventbus.held import HeldLanes, lane_name
from eventbus.micro_batch import Handlers, Polled, StageOptions
from eventbus.record import Record
from eventbus.record_set import PassedOver
from eventbus.relay import Relay

_log = structlog.get_logger("eventbus.stage")

_BACKOFF_S = (0.05, 0.1, 0.2, 0.4, 0.8, 1.0)
_PERSIST_IDLE_S = 1.0
_PERSIST_PATIENCE_S = 5.0
_TAKE_PATIENCE_S = 10.0
_ROOM_S = 0.2
_ENDS_PATIENCE_S = 1.0

Fetched = Mapping[TopicPartition, Sequence[Record | PassedOver]]


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
        self._relay = relay
        self.topics = topics
        self._on_reset = on_reset
        self._options = options or StageOptions()
        self._held = HeldLanes(engine, relay, partitions)
        self._busy = asyncio.Lock()
        self._assigned = asyncio.Event()
        self._stop = asyncio.Event()
        self._failure: Exception | None = None
        self._persisted_at = time.monotonic()
        self.applier = Applier(
            engine=engine,
            relay=relay,
            held=self._held,
            handlers=handlers,
            partitions=partitions,
            on_reset=on_reset,
            options=self._options,
        )

    # -- the loop -------------------------------------------------------------------------------------------

    async def run(self, stop: asyncio.Event) -> None:
        """Read and apply until `stop` is set; the batch in hand is finished first, an outage is not waited for.

        Raises:
            Gap: An event never came; nothing after it was applied.
            TooManyDeadLetters: The handlers are broken rather than the events.
        """
        self._stop = stop
        self._consumer.subscribe(self.topics, listener=self)
        stopping = asyncio.create_task(stop.wait())
        try:
            while not stop.is_set():
                polled = await self._poll(stopping)
                await self._room()
                async with self._busy:
                    await self._apply_with_patience(self._owned(polled))
                await self._persist_now_and_then()
            async with self._busy:
                await self._persist()
        finally:
            stopping.cancel()
            await leave(self._consumer)  # so that others take the partitions at once

    def assigned(self) -> bool:
        """Whether the group has given this member its partitions."""
        return self._assigned.is_set()

    def lag(self) -> int:
        """Records not yet applied in the partitions held here; 0 while unknown."""
        ends = {place: self._consumer.highwater(place) or 0 for place in self._held.positions}
        return sum(max(0, ends[place] - at.next_offset) for place, at in self._held.positions.items())

    async def readings(self) -> dict[TopicPartition, Reading]:
        """What there is to read in all partitions of the topics, whoever holds them; no ends while none answers."""
        consumer, held = self._consumer, self._held.positions
        numbers = {topic: consumer.partitions_for_topic(topic) or () for topic in self.topics}
        places = [TopicPartition(topic, number) for topic, found in numbers.items() for number in found]
        ends: dict[TopicPartition, int] = {}
        try:
            async with asyncio.timeout(_ENDS_PATIENCE_S):
                ends = await consumer.end_offsets(places)
        except (KafkaError, TimeoutError) as error:
            _log.warning("the broker does not tell how far its topics reach", error=repr(error))
        return {
            place: Reading(ends.get(place), held[place].next_offset if place in held else None)
            for place in places
        }

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
            await self.applier.reapply(event, settle)

    # -- partitions come and go -----------------------------------------------------------------------------

    async def on_partitions_revoked(self, revoked: Collection[TopicPartition]) -> None:  # noqa: ARG002 - all of them
        """The batch in hand is finished; what was held is stored and forgotten."""
        with self._failure_kept():
            async with self._busy:
                await self._persist()
                self._held.release()
                self._assigned.clear()
                self._on_reset()

    async def on_partitions_assigned(self, assigned: Collection[TopicPartition]) -> None:
        """Each lane goes on from its stored position, after its outbox is published."""
        with self._failure_kept():
            async with self._busy:
                await self._take_with_patience(assigned)
                self._assigned.set()

    @contextmanager
    def _failure_kept(self) -> Iterator[None]:
        """The client only logs what a listener raises: `run` is to raise it."""
        try:
            yield
        except Exception as error:
            self._failure = error
            raise

    async def _take_with_patience(self, places: Collection[TopicPartition]) -> None:
        for attempt in count():
            if self._stop.is_set():
                return
            try:
                await self._take(places)
            except Exception as error:
                if not is_transient(error):
                    raise
                _log.warning("cannot take partitions yet", error=repr(error), attempt=attempt)
            else:
                return
            await asyncio.sleep(_BACKOFF_S[min(attempt, len(_BACKOFF_S) - 1)])

    async def _take(self, places: Collection[TopicPartition]) -> None:
        """The partitions are held and read from where their lanes stand.

        Raises:
            Gap: A topic ends before the lane's position: it lost events or was made again.
        """
        async with asyncio.timeout(_TAKE_PATIENCE_S):
            offsets = await self._held.take(places)
            ends = await self._consumer.end_offsets(places)
        for place, offset in offsets.items():
            if offset > ends[place]:
                raise Gap(lane_name(place), place.topic, offset, ends[place])
            self._consumer.seek(place, offset)

    # -- one poll -------------------------------------------------------------------------------------------

    async def _poll(self, stopping: "asyncio.Task[object]") -> Fetched:
        """What has come; nothing when the stage is stopped, even while the group is without a coordinator.

        Raises:
            Exception: What a listener raised.
        """
        options = self._options
        more: Any = self._consumer.getmany(
            timeout_ms=int(options.linger_s * 1000), max_records=options.batch_size
        )
        polling: asyncio.Task[Fetched] = asyncio.ensure_future(more)
        try:
            await asyncio.wait({polling, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if self._failure is not None:
                raise self._failure
            return polling.result() if polling.done() else {}
        finally:
            polling.cancel()

    async def _room(self) -> None:
        """The relay has room for what the next batch publishes, or the stage is stopped."""
        while not self._stop.is_set() and not await self._relay.room(_ROOM_S):
            pass

    def _owned(self, fetched: Fetched) -> Polled:
        """The records of partitions held here; each topic's together, which makes fewer and larger runs."""
        held = self._held.positions
        return [(place, fetched[place]) for place in sorted(fetched) if place in held and fetched[place]]

    async def _apply_with_patience(self, polled: Polled) -> None:
        if not polled:
            return
        try:
            await self.applier.apply(polled)
        except Exception as error:
            if not is_transient(error):
                raise
            records = sum(len(of_place) for _, of_place in polled)
            _log.warning("batch put off", error=repr(error), records=records)
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
            async with asyncio.timeout(_PERSIST_PATIENCE_S):
                await self._held.store()
                await self._tell_group()
        except Exception as error:
            if not isinstance(error, KafkaError) and not is_transient(error):
                raise
            _log.warning("position not stored yet", error=repr(error))

    async def _tell_group(self) -> None:
        assigned = self._consumer.assignment()
        offsets = {place: at for place, at in self._held.stored().items() if place in assigned}
        if offsets:
            await self._consumer.commit(offsets)
