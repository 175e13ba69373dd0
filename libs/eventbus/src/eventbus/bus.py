"""The bus of one service: engine, producer, relay, and the transactions of its HTTP edges."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from types import TracebackType
from typing import Any, NamedTuple, Self

from aiokafka import TopicPartition
from sqlalchemy import text

from eventbus import figures, outbox, tracing
from eventbus.clients import consumer_of, leave, producer_of
from eventbus.consumer import Stage
from eventbus.dead_letter import DeadLetters
from eventbus.engines import LOOP_CONNECTIONS, engine_of
from eventbus.envelope import Received
from eventbus.errors import Poison
from eventbus.flow import Flow, Reading, flow_of
from eventbus.micro_batch import Handlers, StageOptions
from eventbus.outbox import SHARED_LANE
from eventbus.relay import Relay
from eventbus.transaction import Transaction
from eventbus.writer import Writer

_STATEMENT_S = 30
"""Project-chosen: a person does not wait longer for a page."""

_BEHIND_S = 60.0
"""Project-chosen: a process that could not publish for a minute says that it is not ready."""


_WITHOUT_LIMIT = text("set local statement_timeout = 0")  # a run takes as long as it takes


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
        pool_size: Most database connections for requests; the loop has its own.
        topic: Another topic than the service's own.

    Attributes:
        engine: For requests: a statement may take 30 s, and however many wait, the loop goes on.
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
        self.engine = engine_of(database_url, on_connect, pool_size, _STATEMENT_S)
        self._loop_engine = engine_of(database_url, on_connect, LOOP_CONNECTIONS)
        self._stages: list[Stage] = []
        self._stack = AsyncExitStack()
        self._relay: Relay | None = None
        self._running: asyncio.Task[None] | None = None
        self.dead_letters = DeadLetters(self.engine, self._reapply)

    async def __aenter__(self) -> Self:
        self._stack.push_async_callback(self.engine.dispose)
        self._stack.push_async_callback(self._loop_engine.dispose)
        producer = producer_of(self._bootstrap_servers)
        await producer.start()
        self._stack.push_async_callback(leave, producer)
        self._relay = Relay(self.service, self.topic, producer, self._loop_engine)
        self._running = asyncio.create_task(self._relay.run(), name="relay")
        self._stack.push_async_callback(_cancelled, self._running)
        self._relay.share(SHARED_LANE)
        figures.observe(self)
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
        consumer = consumer_of(
            self._bootstrap_servers, group or f"creditloop.{self.service}", handlers, tuning
        )
        await consumer.start()
        self._stack.push_async_callback(leave, consumer)
        stage = Stage(
            consumer=consumer,
            engine=self._loop_engine,
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
            await connection.execute(_WITHOUT_LIMIT)
            transaction = Transaction(connection)
            yield transaction
            if transaction.outgoing:
                onward = {"": tracing.current_traceparent()}
                await outbox.advance_shared(connection, self.partitions, transaction.outgoing, onward)
        transaction.committed()
        if transaction.outgoing:
            self.relay.wake()

    async def claim_writer(self, kind: str) -> Writer:
        """A lane of the given kind that this process alone writes to, with its outbox published first."""
        writer = await Writer.claim(self._loop_engine, self.relay, kind, self.partitions)
        self._stack.push_async_callback(writer.release)
        return writer

    async def ready(self) -> None:
        """Return when the database answers, every stage holds its partitions and what is committed is published.

        Raises:
            RuntimeError: A stage has no partitions yet, or nothing could be published for a minute.
        """
        async with self.engine.connect() as connection:
            await connection.execute(text("select 1"))
        if not all(stage.assigned() for stage in self._stages):
            raise RuntimeError("waiting for partitions")
        if self.behind_s() > _BEHIND_S:
            raise RuntimeError(f"nothing could be published for {self.behind_s():.0f} s")

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

    async def flow(self) -> Flow:
        """How far every lane of the service has read and published, and how many dead letters are open."""
        readings: dict[TopicPartition, Reading] = {}
        for stage in self._stages:
            readings |= await stage.readings()
        async with self.engine.connect() as connection:
            return await flow_of(connection, readings)

    def lag(self) -> int:
        """Records not yet applied by the stages of this process."""
        return sum(stage.lag() for stage in self._stages)

    def counted(self, what: str) -> int:
        """The sum over the stages of one of their counts: `applied`, `batches` or `buried`."""
        return sum(int(getattr(stage.applier, what)) for stage in self._stages)

    def waiting(self) -> int:
        """Batches, and lanes published from their rows, that the relay has yet to publish."""
        return 0 if self._relay is None else self._relay.depth

    def behind_s(self) -> float:
        """Seconds for which the relay could not publish; 0 while all is well."""
        return 0.0 if self._relay is None else self._relay.behind_s()

    async def _reapply(self, received: Received, settle: Any) -> None:
        for stage in self._stages:
            if received.topic in stage.topics:
                await stage.reapply(received, settle)
                return
        raise Poison(f"no stage reads {received.topic}")


async def _cancelled(task: "asyncio.Task[None]") -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
