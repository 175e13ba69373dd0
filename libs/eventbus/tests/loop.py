"""A two-stage loop for tests: an upstream that publishes numbers, a stage that stores each and publishes its double."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiokafka import AIOKafkaConsumer, TopicPartition
from eventbus import SCHEMA, Bus, Handler, Outgoing, Poison, Received, Stage, StageOptions, Transaction
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

NUMBER = "test.Number"
DOUBLED = "test.Doubled"


class Crash(BaseException):
    """The process dies here."""


@dataclass
class Loop:
    """Addresses of one test's databases and topics."""

    upstream_url: str
    stage_url: str
    bootstrap: str
    numbers: str
    doubled: str
    partitions: int = 2
    before_apply: Callable[[Sequence[int]], Awaitable[None]] | None = None
    resets: list[int] = field(default_factory=list)

    def upstream(self) -> Bus:
        """The bus that publishes numbers."""
        return Bus(
            service="upstream",
            database_url=self.upstream_url,
            bootstrap_servers=self.bootstrap,
            partitions=self.partitions,
            topic=self.numbers,
        )

    def bus(self) -> Bus:
        """The bus of the stage."""
        return Bus(
            service="doubling",
            database_url=self.stage_url,
            bootstrap_servers=self.bootstrap,
            partitions=self.partitions,
            topic=self.doubled,
        )

    async def stage(self, bus: Bus, *, batch_size: int = 100) -> Stage:
        """The stage itself; `boom` is a number that is poison."""
        return await bus.stage(
            {NUMBER: Handler(read_number, self._store)},
            [self.numbers],
            group=f"group-{self.doubled}",
            on_reset=lambda: self.resets.append(1),
            options=StageOptions(batch_size=batch_size, linger_s=0.05, dead_letters_in_a_row=3),
        )

    async def _store(self, numbers: Sequence[int], transaction: Transaction) -> None:
        if self.before_apply is not None:
            await self.before_apply(numbers)
        await transaction.connection.execute(
            text("insert into effect (number) select unnest(cast(:numbers as bigint[]))"),
            {"numbers": list(numbers)},
        )
        if 666 in numbers:
            raise Poison("666 can never be applied")
        transaction.publish(
            *(Outgoing(DOUBLED, f"k{number}", str(2 * number).encode()) for number in numbers)
        )

    async def publish(self, numbers: Sequence[int], *, raw: bytes | None = None) -> None:
        """Have the upstream publish these numbers, and wait until Kafka has them."""
        async with self.upstream() as bus:
            async with bus.transaction() as transaction:
                transaction.publish(*(Outgoing(NUMBER, f"k{n}", raw or str(n).encode()) for n in numbers))
            await bus.relay.drained()

    async def effects(self) -> list[int]:
        """Numbers stored, sorted, with repetitions."""
        engine = create_async_engine(self.stage_url)
        async with engine.connect() as connection:
            found = (await connection.execute(text("select number from effect order by number"))).scalars()
            numbers = list(found)
        await engine.dispose()
        return numbers

    async def scalar(self, statement: str) -> object:
        """One value from the stage's database."""
        engine = create_async_engine(self.stage_url)
        async with engine.connect() as connection:
            value = (await connection.execute(text(statement))).scalar()
        await engine.dispose()
        return value

    async def published(self) -> list[tuple[int, str, int]]:
        """(partition, source, sequence) of every record of the doubled topic, in order of partition and offset."""
        consumer = AIOKafkaConsumer(bootstrap_servers=self.bootstrap, auto_offset_reset="earliest")
        await consumer.start()
        try:
            places = [TopicPartition(self.doubled, partition) for partition in range(self.partitions)]
            consumer.assign(places)
            ends = await consumer.end_offsets(places)
            records = []
            for place in places:
                while await consumer.position(place) < ends[place]:
                    for polled in (await consumer.getmany(place, timeout_ms=200)).values():
                        records.extend(polled)
            return [
                (
                    r.partition,
                    dict(r.headers)["ce_source"].decode(),
                    int(dict(r.headers)["ce_id"].split(b"-")[1]),
                )
                for r in records
            ]
        finally:
            await consumer.stop()


def read_number(event: Received) -> int | None:
    """Decode; anything that is not a number is poison, 0 is skipped."""
    try:
        return int(event.value) or None
    except ValueError as error:
        raise Poison("not a number") from error


async def prepare(url: str) -> None:
    """The bus's tables and the test's own."""
    engine = create_async_engine(url)
    async with engine.begin() as connection:
        for statement in SCHEMA.split(";\n"):
            if statement.strip():
                await connection.execute(text(statement.replace(":", "\\:")))
        await connection.execute(text("create table effect (number bigint not null check (number <> 777))"))
    await engine.dispose()


@asynccontextmanager
async def running(stage: Stage, bus: Bus) -> AsyncIterator[asyncio.Task[None]]:
    """The stage at work until the block ends, then stopped cleanly."""
    stop = asyncio.Event()
    task = asyncio.create_task(stage.run(stop))
    watch = asyncio.create_task(bus.watch(stop))
    try:
        yield task
    finally:
        stop.set()
        await asyncio.gather(task, watch, return_exceptions=True)


async def eventually(condition: Callable[[], Awaitable[bool]], *, within_s: float = 20) -> None:
    """Wait for a condition; fail when it does not come true in time."""
    async with asyncio.timeout(within_s):
        while not await condition():
            await asyncio.sleep(0.02)
