"""The bus of one service: engine, producer, relay, and the transactions of its HTTP edges."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from types import TracebackType
from typing import Any, NamedTuple, Self

import structlog
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.coordinator.assignors.range import RangePartitionAssignor
from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from eventbus import lane, outbox, tracing
from eventbus.consumer import Stage
from eventbus.dead_letter import DeadLetters
from eventbus.envelope import Received
from eventbus.errors import Poison
from eventbus.micro_batch import Handlers, StageOptions
from eventbus.outbox import Advance
from eventbus.relay import Relay
from eventbus.transaction import Transaction
from eventbus.writer import Writer

_log = structlog.get_logger("eventbus.bus")

SHARED_LANE = "shared"
_RECORD_SET_BYTES = 900_000


class LaneStanding(NamedTuple):
    """Where a lane stands, as `GET /v1/lanes` shows it to the audit."""

    name: str
    next_offset: int
    seen: dict[str, int]
    next_sequence: list[int]
    pending_batches: int


class Bus:
    """Everything a service needs to take part; use as an async context manager.

    Args:
        service: Name of the service; its topic is `creditloop.<service>.v1`, its group `creditloop.<service>`.
        database_url: `postgresql+asyncpg://…`.
        bootstrap_servers: Kafka's `host:port[,…]`.
        partitions: Partitions of the service's own topic.
        on_connect: SQL run on every new database connection, such as temporary staging tables.
        pool_size: Most database connections.
    """

    def __init__(  # noqa: PLR0913
        self,
        *,
        service: str,
        database_url: str,
        bootstrap_servers: str,
        partitions: int = 4,
        on_connect: Sequence[str] = (),
        pool_size: int = 8,
        topic: str = "",
    ) -> None:
        self.service = service
        self.topic = topic or f"creditloop.{service}.v1"
        self.partitions = partitions
        self._bootstrap_servers = bootstrap_servers
        self.engine = _engine(database_url, on_connect, pool_size)
        self._stages: list[Stage] = []
        self._stack = AsyncExitStack()
        self._producer: AIOKafkaProducer | None = None
        self._relay: Relay | None = None
        self._running: asyncio.Task[None] | None = None
        self.dead_letters = DeadLetters(self.engine, self._reapply)

    async def __aenter__(self) -> Self:
        self._stack.push_async_callback(self.engine.dispose)
        self._producer = AIOKafkaProducer(
            bootstrap_servers=self._bootstrap_servers,
            acks="all",
            enable_idempotence=True,
            compression_type="lz4",
            max_batch_size=_RECORD_SET_BYTES,
            max_request_size=4 * _RECORD_SET_BYTES,
        )
        await self._producer.start()
        self._stack.push_async_callback(self._producer.stop)
        self._relay = Relay(self.service, self.topic, self._producer, self.engine)
        self._running = asyncio.create_task(self._relay.run(), name="relay")
        self._stack.push_async_callback(_cancelled, self._running)
        self._relay.share(SHARED_LANE)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        await self._stack.aclose()

    async def watch(self, stop: asyncio.Event) -> None:
        """Return when `stop` is set; run it beside the stages so that a relay that fails ends the process."""
        stopped = asyncio.create_task(stop.wait())
        await asyncio.wait({stopped, self.running}, return_when=asyncio.FIRST_COMPLETED)
        if not stopped.done():
            stopped.cancel()
            await self.running

    @property
    def running(self) -> "asyncio.Task[None]":
        """The relay's task.

        Raises:
            RuntimeError: The bus is not entered.
        """
        if self._running is None:
            raise RuntimeError("enter the bus first")
        return self._running

    @property
    def relay(self) -> Relay:
        """The running relay.

        Raises:
            RuntimeError: The bus is not entered.
        """
        if self._relay is None:
            raise RuntimeError("enter the bus first")
        return self._relay

    async def stage(
        self,
        handlers: Handlers,
        topics: Sequence[str],
        *,
        on_reset: Callable[[], None] = lambda: None,
        options: StageOptions | None = None,
        group: str = "",
    ) -> Stage:
        """A stage that reads `topics` in the service's consumer group; run it with `stage.run(stop)`."""
        tuning = options or StageOptions()
        consumer = AIOKafkaConsumer(
            bootstrap_servers=self._bootstrap_servers,
            group_id=group or f"creditloop.{self.service}",
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            partition_assignment_strategy=[RangePartitionAssignor],
            max_partition_fetch_bytes=2 * 1024 * 1024,
            fetch_max_wait_ms=int(tuning.gather_s * 1000),
            fetch_min_bytes=tuning.gather_bytes,
            max_poll_interval_ms=300_000,
            session_timeout_ms=10_000,
            heartbeat_interval_ms=2_000,
        )
        await consumer.start()
        self._stack.push_async_callback(consumer.stop)
        stage = Stage(
            consumer=consumer,
            engine=self.engine,
            relay=self.relay,
            handlers=handlers,
            topics=topics,
            partitions=self.partitions,
            on_reset=on_reset,
            options=tuning,
        )
        self._stages.append(stage)
        return stage

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        """A transaction for an HTTP edge or a run: commits with its events on leaving, rolls back on an exception."""
        async with self.engine.begin() as connection:
            transaction = Transaction(connection)
            yield transaction
            if transaction.outgoing:
                await self._publish_shared(connection, transaction)
        transaction.committed()
        if transaction.outgoing:
            self.relay.wake()

    async def _publish_shared(self, connection: AsyncConnection, transaction: Transaction) -> None:
        position = (await outbox.load(connection, [SHARED_LANE], self.partitions, locked=True))[SHARED_LANE]
        expected = position.next_batch
        onward = {"": tracing.current_traceparent()}
        events = lane.stamp(position, transaction.outgoing, time.time_ns() // 1_000_000, onward)
        await outbox.advance(connection, [Advance(SHARED_LANE, expected, position, events)])

    async def claim_writer(self, kind: str) -> Writer:
        """A lane of the given kind that this process alone writes to, with its outbox published first."""
        writer = await Writer.claim(self.engine, self.relay, kind, self.partitions)
        self._stack.push_async_callback(writer.release)
        return writer

    async def ready(self) -> None:
        """Return when the database answers and every stage holds its partitions.

        Raises:
            RuntimeError: A stage has no partitions yet.
        """
        async with self.engine.connect() as connection:
            await connection.execute(text("select 1"))
        if not all(stage.assigned() for stage in self._stages):
            raise RuntimeError("waiting for partitions")

    async def lanes(self) -> list[LaneStanding]:
        """Where every lane of the service stands, as stored."""
        statement = text("""
            select name, next_offset, seen, next_sequence,
                   (select count(*) from outbox where outbox.lane = lane.name) as pending
            from lane order by name
        """)
        async with self.engine.connect() as connection:
            rows = await connection.execute(statement)
            return [
                LaneStanding(row.name, row.next_offset, row.seen, list(row.next_sequence), row.pending)
                for row in rows
            ]

    def lag(self) -> int:
        """Records not yet applied by the stages of this process."""
        return sum(stage.lag() for stage in self._stages)

    async def _reapply(self, received: Received, settle: Any) -> None:
        for stage in self._stages:
            if received.topic in stage.topics:
                await stage.reapply(received, settle)
                return
        raise Poison(f"no stage reads {received.topic}")


def _engine(database_url: str, on_connect: Sequence[str], pool_size: int) -> AsyncEngine:
    engine = create_async_engine(database_url, pool_size=pool_size, max_overflow=0, pool_recycle=3600)

    @event.listens_for(engine.sync_engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        for statement in on_connect:
            cursor.execute(statement)
        cursor.close()
        connection.commit()

    return engine


async def _cancelled(task: "asyncio.Task[None]") -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
