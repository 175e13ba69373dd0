"""The relay: publishes committed batches in order, and forgets them once Kafka has acknowledged them.

Order within a lane is what makes its sequence numbers gapless in Kafka, so a partition's next record set is
sent only after the one before was acknowledged. Publishing twice is harmless: consumers drop by sequence.

A batch comes from memory when there is room for it there, else from its outbox row; a lane that is published from
its rows goes back to memory only when no row is left, so that no batch overtakes another.
"""

import asyncio
import time
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable, Iterable, Sequence
from functools import partial
from itertools import count

import structlog
from aiokafka import AIOKafkaProducer
from sqlalchemy.ext.asyncio import AsyncEngine

from eventbus import outbox, record_set
from eventbus.envelope import Stamped, headers_of
from eventbus.errors import is_transient
from eventbus.outbox import Batch
from eventbus.record_set import Sent

_log = structlog.get_logger("eventbus.relay")

BACKLOG_BATCHES = 16
_MOST_BATCHES = 64
_LOOK_S = 1.0
_RETRY_S = (0.05, 0.1, 0.2, 0.5, 1.0)


class Relay:
    """Publishes the lanes of one process to one topic.

    Args:
        service: Name of the service, first part of `ce_source`.
        topic: The topic all its events go to.
        producer: A started producer, `acks=all` and idempotent.
        engine: The service's database.
    """

    def __init__(self, service: str, topic: str, producer: AIOKafkaProducer, engine: AsyncEngine) -> None:
        self._service = service
        self._topic = topic
        self._producer = producer
        self._engine = engine
        self._queue: deque[Batch] = deque()
        self._from_rows: set[str] = set()
        self._shared: set[str] = set()
        self._looked_at = time.monotonic()
        self._behind_since: float | None = None
        self._wake = asyncio.Event()
        self._room = asyncio.Event()
        self._room.set()
        self._idle = asyncio.Event()
        self._idle.set()

    @property
    def depth(self) -> int:
        """Batches that wait in memory, and lanes that wait to be published from their rows."""
        return len(self._queue) + len(self._from_rows)

    def behind_s(self) -> float:
        """Seconds for which the batches at hand could not be published; 0 while all is well."""
        return 0.0 if self._behind_since is None else time.monotonic() - self._behind_since

    def submit(self, batches: Iterable[Batch]) -> None:
        """Take committed batches of lanes this process alone writes, in commit order; never waits."""
        for batch in batches:
            if batch.lane in self._from_rows or len(self._queue) >= _MOST_BATCHES:
                self._from_rows.add(batch.lane)
            else:
                self._queue.append(batch)
            self._stir()

    async def room(self, patience_s: float) -> bool:
        """Whether few batches are pending, now or within `patience_s`: ask before committing more."""
        if not self._room.is_set():
            try:
                async with asyncio.timeout(patience_s):
                    await self._room.wait()
            except TimeoutError:
                return False
        return True

    def publish_rows(self, lane: str) -> None:
        """Publish what a lane's outbox still holds, before anything submitted later for it."""
        self._from_rows.add(lane)
        self._stir()

    def share(self, lane: str) -> None:
        """Publish this lane from its outbox rows always: other processes may write to it as well."""
        self._shared.add(lane)
        self.wake()

    def wake(self) -> None:
        """Look for committed batches of shared lanes now rather than at the next round."""
        self._from_rows |= self._shared
        self._stir()

    async def run(self) -> None:
        """Publish until cancelled; what is left stays in the outbox. What trying again cannot mend is raised."""
        while True:
            await self._wait()
            if self._queue:
                taken = [self._queue.popleft() for _ in range(len(self._queue))]
                await self._persistently(partial(self._publish, taken))
            for lane in sorted(self._from_rows):
                await self._persistently(partial(self._publish_rows, lane))
            self._rest()

    async def drained(self) -> None:
        """Return once everything submitted before the call is published."""
        await self._idle.wait()

    def _stir(self) -> None:
        self._idle.clear()
        self._wake.set()
        if self._from_rows or len(self._queue) >= BACKLOG_BATCHES:
            self._room.clear()

    def _rest(self) -> None:
        if not self._from_rows and len(self._queue) < BACKLOG_BATCHES:
            self._room.set()
        if not self._from_rows and not self._queue:
            self._idle.set()

    async def _wait(self) -> None:
        try:
            # Not wait_for: in Python 3.11 it loses a cancellation that comes in the moment of waking.
            async with asyncio.timeout(_LOOK_S):
                await self._wake.wait()
        except TimeoutError:
            pass
        finally:
            self._wake.clear()
        if (
            time.monotonic() - self._looked_at >= _LOOK_S
        ):  # for what a process that died left in a shared lane
            self._looked_at = time.monotonic()
            self._from_rows |= self._shared

    async def _persistently(self, work: Callable[[], Awaitable[None]]) -> None:
        """Try again for as long as it takes, if that can help: committed events are never given up."""
        for attempt in count():
            try:
                await work()
            except Exception as error:
                if not is_transient(error):
                    raise
                _log.warning("publish failed, will try again", attempt=attempt, error=repr(error))
            else:
                break
            await asyncio.sleep(_RETRY_S[min(attempt, len(_RETRY_S) - 1)])

    async def _publish_rows(self, lane: str) -> None:
        while True:
            self._from_rows.discard(
                lane
            )  # what commits from here on may come through memory, after these rows
            async with self._engine.connect() as connection:
                batches = await outbox.pending(connection, lane)
            if not batches:
                return
            self._from_rows.add(lane)
            await self._publish(batches)

    async def _publish(self, batches: Sequence[Batch]) -> None:
        self._behind_since = self._behind_since or time.monotonic()
        by_partition: dict[int, list[Sent]] = defaultdict(list)
        for batch in batches:
            source = f"creditloop/{self._service}/{batch.lane}".encode()
            for event in batch.events:
                by_partition[event.partition].append((source, event))
        sends = (self._send(partition, events) for partition, events in by_partition.items())
        for outcome in await asyncio.gather(*sends, return_exceptions=True):
            if outcome is not None:
                raise outcome
        async with self._engine.begin() as connection:
            await outbox.delete(connection, {batch.lane: batch.number for batch in batches})
        self._behind_since = None

    async def _send(self, partition: int, events: Sequence[Sent]) -> None:
        for some, label in record_set.cut(events):
            await self._send_set(partition, some, label)

    async def _send_set(self, partition: int, events: Sequence[Sent], label: bytes) -> None:
        """One record set; more where they do not fit, of which the first then tells more than it has, and is read."""
        builder = self._producer.create_batch()
        for source, event in events:
            while not _append(builder, source, event, label):
                await self._flush(builder, partition)
                builder = self._producer.create_batch()
            label = b""
        await self._flush(builder, partition)

    async def _flush(self, builder: "object", partition: int) -> None:
        acknowledged = await self._producer.send_batch(builder, self._topic, partition=partition)
        await acknowledged


def _append(builder: "object", source: bytes, event: Stamped, label: bytes) -> bool:
    headers = headers_of(event, source)
    if label:
        headers.append((record_set.HEADER, label))
    appended = builder.append(  # type: ignore[attr-defined]
        key=event.key.encode(), value=event.value, timestamp=event.timestamp_ms, headers=headers
    )
    return appended is not None
