"""The relay: publishes committed batches in order, and forgets them once Kafka has acknowledged them.

Order within a lane is what makes its sequence numbers gapless in Kafka, so a partition's next record set is
sent only after the one before was acknowledged. Publishing twice is harmless: consumers drop by sequence.
"""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Sequence

import structlog
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError
from sqlalchemy.ext.asyncio import AsyncEngine

from eventbus import outbox
from eventbus.envelope import Stamped, headers_of
from eventbus.errors import is_transient
from eventbus.outbox import Batch

_log = structlog.get_logger("eventbus.relay")

BACKLOG_BATCHES = 16
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
        self._queue: asyncio.Queue[Batch] = asyncio.Queue(BACKLOG_BATCHES)
        self._shared: set[str] = set()
        self._wake = asyncio.Event()
        self._publishing = asyncio.Lock()
        self._idle = asyncio.Event()
        self._idle.set()

    @property
    def depth(self) -> int:
        """Batches waiting in memory."""
        return self._queue.qsize()

    async def submit(self, batches: Iterable[Batch]) -> None:
        """Take committed batches of lanes this process alone writes, in commit order; waits when many are pending."""
        for batch in batches:
            self._idle.clear()
            await self._queue.put(batch)
            self._wake.set()

    def share(self, lane: str) -> None:
        """Publish this lane from its outbox rows: other processes may write to it as well."""
        self._shared.add(lane)
        self.wake()

    def wake(self) -> None:
        """Look for committed batches of shared lanes now rather than at the next round."""
        self._idle.clear()
        self._wake.set()

    async def run(self) -> None:
        """Publish until cancelled; what is left stays in the outbox."""
        while True:
            await self._wait()
            taken = [self._queue.get_nowait() for _ in range(self._queue.qsize())]
            if taken:
                await self._persistently(taken)
            await self._publish_shared()
            if self._queue.empty() and not self._wake.is_set():
                self._idle.set()

    async def drained(self) -> None:
        """Return once everything submitted before the call is published."""
        await self._idle.wait()

    async def recover(self, lane: str) -> None:
        """Publish what a lane's outbox still holds: at start, after a take-over, after a lost connection."""
        while True:
            async with self._engine.connect() as connection:
                batches = await outbox.pending(connection, lane)
            if not batches:
                return
            _log.info("outbox recovered", lane=lane, batches=len(batches))
            await self._publish(batches)

    async def _wait(self) -> None:
        try:
            await asyncio.wait_for(self._wake.wait(), timeout=1.0)
        except TimeoutError:
            return
        finally:
            self._wake.clear()

    async def _publish_shared(self) -> None:
        if not self._shared:
            return
        try:
            async with self._engine.connect() as connection:
                lanes = await outbox.lanes_pending(connection, sorted(self._shared))
            for lane in lanes:
                await self.recover(lane)
        except Exception as error:
            if not is_transient(error):
                raise
            _log.warning("outbox unreachable, will look again", error=str(error))

    async def _persistently(self, batches: Sequence[Batch]) -> None:
        """Publish, trying again for as long as it takes: committed events are never given up."""
        attempt = 0
        while True:
            try:
                await self._publish(batches)
            except Exception as error:
                if not isinstance(error, KafkaError) and not is_transient(error):
                    raise
                _log.warning("publish failed, will try again", attempt=attempt, error=repr(error))
                await asyncio.sleep(_RETRY_S[min(attempt, len(_RETRY_S) - 1)])
                attempt += 1
            else:
                return

    async def _publish(self, batches: Sequence[Batch]) -> None:
        async with self._publishing:
            by_partition: dict[int, list[tuple[bytes, Stamped]]] = defaultdict(list)
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

    async def _send(self, partition: int, events: Sequence[tuple[bytes, Stamped]]) -> None:
        builder = self._producer.create_batch()
        for source, event in events:
            while not _append(builder, source, event):
                await self._flush(builder, partition)
                builder = self._producer.create_batch()
        if builder.record_count():
            await self._flush(builder, partition)

    async def _flush(self, builder: "object", partition: int) -> None:
        acknowledged = await self._producer.send_batch(builder, self._topic, partition=partition)
        await acknowledged


def _append(builder: "object", source: bytes, event: Stamped) -> bool:
    appended = builder.append(  # type: ignore[attr-defined]
        key=event.key.encode(),
        value=event.value,
        timestamp=event.timestamp_ms,
        headers=headers_of(event, source),
    )
    return appended is not None
