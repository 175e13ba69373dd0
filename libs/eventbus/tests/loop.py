"""A two-stage loop for tests: an upstream that publishes numbers, a stage that stores each and publishes its double."""

import asyncio
import json
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from aiokafka import AIOKafkaConsumer, TopicPartition
from eventbus import SCHEMA, Bus, Handler, Outgoing, Poison, Received, Stage, StageOptions, Transaction
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

NUMBER = "test.Number"
DOUBLED = "test.Doubled"

ONLOOKER = "onlooker"


def onlooker(url: str) -> AsyncEngine:
    """An engine of the test itself, which strikes at the stage's connections are to spare."""
    return create_async_engine(url, connect_args={"server_settings": {"application_name": ONLOOKER}})


@dataclass
class Loop:
    """Addresses of one test's databases and topics."""

    upstream_url: str
    stage_url: str
    bootstrap: str
    numbers: str
    doubled: str
    partitions: int = 2
    batch_size: int = 100
    about: Sequence[str] | None = None
    before_apply: Callable[[Sequence[int]], Awaitable[None]] | None = None
    resets: list[int] = field(default_factory=list)
    killed: int = 0

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

    async def stage(self, bus: Bus, *, batch_size: int = 0, about: Collection[str] | None = None) -> Stage:
        """The stage itself; it reads numbers `about` one of these, or all."""
        return await bus.stage(
            {NUMBER: Handler(read_number, self._store, about or self.about)},
            [self.numbers],
            group=f"group-{self.doubled}-{self.killed}",  # need not wait for the dead member's session to end
            on_reset=lambda: self.resets.append(1),
            options=StageOptions(
                batch_size=batch_size or self.batch_size, linger_s=0.05, dead_letters_in_a_row=3
            ),
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
            *(Outgoing(DOUBLED, f"k{n}", str(2 * n).encode(), "low" if n <= 300 else "high") for n in numbers)
        )

    async def publish(self, numbers: Sequence[int], *, raw: bytes | None = None) -> None:
        """Have the upstream publish these numbers, and wait until Kafka has them."""
        async with self.upstream() as bus:
            async with bus.transaction() as transaction:
                transaction.publish(*(Outgoing(NUMBER, f"k{n}", raw or str(n).encode()) for n in numbers))
            await bus.relay.drained()

    async def kill(self, point: str) -> None:
        """A process of this loop ran until it was killed at this point (see victim.py)."""
        names = ("upstream_url", "stage_url", "bootstrap", "numbers", "doubled", "batch_size", "about")
        addresses = json.dumps({name: getattr(self, name) for name in names})
        victim = str(Path(__file__).with_name("victim.py"))
        process = await asyncio.create_subprocess_exec(sys.executable, victim, point, addresses)
        try:
            code = await asyncio.wait_for(process.wait(), 60)
        except TimeoutError:
            process.kill()
            await process.wait()
            raise
        self.killed += 1
        assert code == -signal.SIGKILL

    async def effects(self) -> list[int]:
        """Numbers stored, sorted, with repetitions."""
        engine = onlooker(self.stage_url)
        async with engine.connect() as connection:
            found = (await connection.execute(text("select number from effect order by number"))).scalars()
            numbers = list(found)
        await engine.dispose()
        return numbers

    async def scalar(self, statement: str) -> object:
        """One value from the stage's database."""
        engine = onlooker(self.stage_url)
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


async def apply_all(loop: Loop, count: int) -> None:
    """A healthy process takes over and finishes."""
    async with loop.bus() as bus:
        stage = await loop.stage(bus)
        async with running(stage, bus):
            await eventually(lambda: done(loop, count))
            await eventually(lambda: outbox_empty(loop))


async def done(loop: Loop, count: int) -> bool:
    """Whether so many effects are there."""
    return len(await loop.effects()) >= count


async def outbox_empty(loop: Loop) -> bool:
    """Whether Kafka acknowledged all that was committed."""
    return await loop.scalar("select count(*) from outbox") == 0


async def buried(bus: Bus, count: int = 1) -> bool:
    """Whether so many letters are open."""
    return await bus.dead_letters.count() >= count


async def assert_exactly_once(loop: Loop, numbers: Sequence[int]) -> None:
    """Every effect is there once, every event is published, and no reader would find a gap."""
    assert await loop.effects() == sorted(numbers)
    seen: dict[tuple[int, str], int] = {}
    for partition, source, sequence in await loop.published():
        last = seen.get((partition, source), 0)
        assert sequence <= last + 1, "a consumer would find a gap"
        seen[partition, source] = max(last, sequence)
    assert sum(seen.values()) == len(numbers)


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
