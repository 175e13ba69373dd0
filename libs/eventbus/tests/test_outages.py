"""What relay, stage and writer do while Kafka or PostgreSQL do not answer, or never will."""

import asyncio
from collections.abc import Sequence
from typing import Any

import asyncpg
import pytest
from aiokafka.errors import KafkaConnectionError, TopicAuthorizationFailedError
from eventbus import Bus, Fenced, Gap, Outgoing, Writer, figures
from eventbus import bus as bus_module
from eventbus.held import HeldLanes
from eventbus.relay import Relay
from loop import NUMBER, Loop, apply_all, assert_exactly_once, eventually, outbox_empty, running
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from sqlalchemy import text


async def write(writer: Writer, numbers: Sequence[int]) -> None:
    async with writer.transaction({}) as transaction:
        transaction.publish(*(Outgoing(NUMBER, f"k{n}", str(n).encode()) for n in numbers))


async def sql(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    await connection.execute(statement)
    await connection.close()


class BrokerAway:
    """No record set is acknowledged until `back` is set."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.back = asyncio.Event()
        flush = Relay._flush

        async def wait_and_flush(relay: Relay, *batch: Any) -> None:
            await self.back.wait()
            await flush(relay, *batch)

        monkeypatch.setattr(Relay, "_flush", wait_and_flush)


async def test_facts_are_answered_while_kafka_is_away_and_published_in_order_after(
    loop: Loop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is committed is durable: its sender must not hang, however much is unpublished."""
    broker = BrokerAway(monkeypatch)
    monkeypatch.setattr("eventbus.writer._ROOM_S", 0.001)
    async with loop.upstream() as bus:
        writer = await bus.claim_writer("http")
        async with asyncio.timeout(20):
            for number in range(1, 101):
                await write(writer, [number])
        broker.back.set()
        for number in range(101, 121):
            await write(writer, [number])
        await asyncio.wait_for(bus.relay.drained(), 20)

    await apply_all(loop, 120)

    await assert_exactly_once(loop, range(1, 121))


async def test_an_error_that_never_passes_ends_the_relay(loop: Loop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tried for ever, it would be an outage that nobody is told of; memory and rows have one rule."""

    async def refuse(*_: object) -> None:
        raise TopicAuthorizationFailedError("topic")

    monkeypatch.setattr(Relay, "_flush", refuse)
    async with loop.upstream() as bus:
        writer = await bus.claim_writer("http")
        await write(writer, [1])
        with pytest.raises(TopicAuthorizationFailedError):
            await asyncio.wait_for(bus.watch(asyncio.Event()), 10)

    async with loop.upstream() as bus:
        with pytest.raises(TopicAuthorizationFailedError):
            await asyncio.wait_for(_watch_rows(bus), 10)


async def _watch_rows(bus: Bus) -> None:
    bus.relay.publish_rows("http-0")
    await bus.watch(asyncio.Event())


async def test_an_error_that_passes_is_waited_for(loop: Loop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Shared lanes included: a request's events wait for the broker as a batch's do."""
    failures = iter([KafkaConnectionError(), KafkaConnectionError()])
    flush = Relay._flush

    async def flaky(relay: Relay, *batch: Any) -> None:
        for failure in failures:
            raise failure
        await flush(relay, *batch)

    monkeypatch.setattr(Relay, "_flush", flaky)

    await loop.publish([1, 2, 3])
    await apply_all(loop, 3)

    await assert_exactly_once(loop, [1, 2, 3])


async def test_a_process_that_cannot_publish_says_that_it_is_not_ready(
    loop: Loop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its facts go nowhere: somebody must look."""
    broker = BrokerAway(monkeypatch)
    monkeypatch.setattr(bus_module, "_BEHIND_S", 0.05)
    async with loop.upstream() as bus:
        await bus.ready()
        writer = await bus.claim_writer("http")
        await write(writer, [1])

        await eventually(lambda: _unready(bus))
        broker.back.set()
        await bus.relay.drained()

        await bus.ready()


async def _unready(bus: Bus) -> bool:
    try:
        await bus.ready()
    except RuntimeError as error:
        return "published" in str(error)
    return False


async def test_what_a_rebalance_finds_wrong_ends_the_stage(loop: Loop) -> None:
    """The client would only log it, and the service would be up and read nothing."""
    await sql(
        loop.stage_url,
        f"insert into lane (name, next_sequence) values ('{loop.numbers}-0', array[1, 1, 1, 1])",
    )
    async with loop.bus() as bus:
        stage = await loop.stage(bus)
        with pytest.raises(ValueError, match="wrote to 4 partitions"):
            await asyncio.wait_for(stage.run(asyncio.Event()), 20)


async def test_a_topic_that_ends_before_the_lane_stops_the_stage(loop: Loop) -> None:
    """It was made again or lost events: passing over what comes until the old offset would lose more."""
    await sql(
        loop.stage_url,
        f"insert into lane (name, next_offset, next_sequence) values ('{loop.numbers}-0', 9, array[1, 1])",
    )
    async with loop.bus() as bus:
        stage = await loop.stage(bus)
        with pytest.raises(Gap):
            await asyncio.wait_for(stage.run(asyncio.Event()), 20)


async def test_a_stage_can_be_stopped_during_an_outage(loop: Loop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever stops a service has ten seconds before it is killed."""
    tried = asyncio.Event()

    async def away(*_: object) -> None:
        tried.set()
        raise ConnectionRefusedError

    monkeypatch.setattr(HeldLanes, "take", away)
    async with loop.bus() as bus:
        stage = await loop.stage(bus)
        stop = asyncio.Event()
        work = asyncio.create_task(stage.run(stop))
        await asyncio.wait_for(tried.wait(), 20)

        stop.set()

        await asyncio.wait_for(work, 8)


async def test_a_stage_can_be_stopped_while_kafka_takes_nothing(
    loop: Loop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it committed is in the outbox; the next start publishes it."""
    numbers = list(range(1, 201))
    await loop.publish(numbers)
    with monkeypatch.context() as outage:
        BrokerAway(outage)
        async with loop.bus() as bus:
            stage = await loop.stage(bus, batch_size=2)
            async with asyncio.timeout(30), running(stage, bus):
                await eventually(lambda: _backlog(bus))

    await apply_all(loop, 200)

    await assert_exactly_once(loop, numbers)


async def _backlog(bus: Bus) -> bool:
    return bus.waiting() >= 16


async def test_slow_reads_do_not_stop_the_loop(loop: Loop) -> None:
    """Requests have connections of their own, and a limit."""
    await loop.publish([1, 2, 3])
    async with loop.bus() as bus:
        stage = await loop.stage(bus)
        held = [await bus.engine.connect() for _ in range(8)]
        async with running(stage, bus):
            await eventually(lambda: outbox_filled_and_emptied(loop))
        limit = (await held[0].execute(text("show statement_timeout"))).scalar_one()
        for connection in held:
            await connection.close()
        async with bus.transaction() as transaction:
            unlimited = (await transaction.connection.execute(text("show statement_timeout"))).scalar_one()

    assert (limit, unlimited) == ("30s", "0")


async def outbox_filled_and_emptied(loop: Loop) -> bool:
    return len(await loop.effects()) == 3 and await outbox_empty(loop)


async def test_a_writer_that_lost_its_lock_takes_another_lane(loop: Loop) -> None:
    """After a restart of PostgreSQL another process may hold its lane: they must not fence each other for ever."""
    async with loop.upstream() as first_bus, loop.upstream() as second_bus:
        first = await first_bus.claim_writer("http")
        await write(first, [1])
        await sql(
            loop.upstream_url,
            "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory'"
            " and database = (select oid from pg_database where datname = current_database())",
        )
        second = await second_bus.claim_writer("http")
        await write(second, [2])

        with pytest.raises(Fenced):
            await write(first, [3])
        for number in range(3, 7):
            await write(first if number % 2 else second, [number])
        names = first.name, second.name
        await asyncio.gather(first_bus.relay.drained(), second_bus.relay.drained())

    await apply_all(loop, 6)

    assert names == ("http-1", "http-0")
    await assert_exactly_once(loop, range(1, 7))


async def test_what_was_committed_to_a_lane_that_had_to_be_left_is_published(
    loop: Loop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The session that holds the lock may live on at the server while its connection is dead: nobody else has it."""
    async with loop.upstream() as bus:
        writer = await bus.claim_writer("http")
        await bus.relay.drained()
        with monkeypatch.context() as broken:
            broken.setattr(Relay, "submit", _breaks)
            with pytest.raises(ConnectionResetError):
                await write(writer, [1])
        await writer.release()
        ghost = await asyncpg.connect(loop.upstream_url.replace("+asyncpg", ""))
        await ghost.execute("select pg_advisory_lock(hashtextextended('eventbus/http-0', 0))")

        await write(writer, [2])
        await bus.relay.drained()

        assert writer.name == "http-1"
        await ghost.close()

    await apply_all(loop, 2)
    await assert_exactly_once(loop, [1, 2])


async def test_a_writer_whose_lock_is_alive_keeps_its_lane_after_a_failure(loop: Loop) -> None:
    """Another number each time would leave a trail of lanes."""
    async with loop.upstream() as bus:
        writer = await bus.claim_writer("http")
        with pytest.raises(KeyError):
            await _write_and_fail(writer)
        await write(writer, [1])
        await bus.relay.drained()

        assert writer.name == "http-0"

    await apply_all(loop, 1)
    await assert_exactly_once(loop, [1])


async def _write_and_fail(writer: Writer) -> None:
    async with writer.transaction({}) as transaction:
        transaction.publish(Outgoing(NUMBER, "k", b"9"))
        raise KeyError


async def test_a_commit_of_unknown_outcome_is_published_before_the_next(
    loop: Loop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It had succeeded: its row goes first, even when the batch after it is in memory before the relay looks."""
    broker = BrokerAway(monkeypatch)
    async with loop.upstream() as bus:
        writer = await bus.claim_writer("http")
        await bus.relay.drained()
        async with bus.transaction() as transaction:
            transaction.publish(Outgoing(NUMBER, "k4", b"4"))
        await eventually(lambda: _publishing(bus))
        with monkeypatch.context() as broken:
            broken.setattr(Relay, "submit", _breaks)
            with pytest.raises(ConnectionResetError):
                await write(writer, [1, 2])
        writer._position = None  # what a connection that breaks during commit leaves
        await write(writer, [1, 2, 3])
        broker.back.set()
        await bus.relay.drained()

    await apply_all(loop, 6)

    await assert_exactly_once(loop, [1, 1, 2, 2, 3, 4])


async def _publishing(bus: Bus) -> bool:
    return bus.behind_s() > 0


def _breaks(*_: object) -> None:
    raise ConnectionResetError


async def test_a_lock_whose_connection_is_dead_can_be_released(loop: Loop) -> None:
    """The process is leaving: it must not fail over it."""
    async with loop.upstream() as bus:
        writer = await bus.claim_writer("http")
        await sql(
            loop.upstream_url,
            "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory'"
            " and database = (select oid from pg_database where datname = current_database())",
        )

        await writer.release()


async def test_the_figures_of_a_bus_are_there_for_whoever_asks(
    loop: Loop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Lag, batches, what waits and what was buried: an operator's first questions."""
    reader = InMemoryMetricReader()
    provider = MeterProvider(metric_readers=[reader], shutdown_on_exit=False)
    await loop.publish([1, 2, 3])
    await loop.publish([4], raw=b"four")
    monkeypatch.setattr(figures.metrics, "get_meter", provider.get_meter)
    async with loop.bus() as bus:
        stage = await loop.stage(bus)
        async with running(stage, bus):
            await eventually(lambda: outbox_filled_and_emptied(loop))
            await eventually(lambda: _counted(bus, 1))
            found = _values(reader)
    provider.shutdown()

    assert found["eventbus.events"] == 3
    assert found["eventbus.dead_letters"] == 1
    assert found["eventbus.batches"] >= 1
    assert found["eventbus.lag"] == 0
    assert {"eventbus.outbox.waiting", "eventbus.outbox.behind"} <= set(found)


async def _counted(bus: Bus, wanted: int) -> bool:
    return bus.counted("buried") == wanted


def _values(reader: InMemoryMetricReader) -> dict[str, float]:
    data = reader.get_metrics_data()
    assert data is not None
    return {
        metric.name: metric.data.data_points[0].value
        for resource in data.resource_metrics
        for scope in resource.scope_metrics
        for metric in scope.metrics
    }


async def test_a_relay_cancelled_in_the_moment_of_waking_ends() -> None:
    """A process that is told to stop just after its last commit must not hang."""
    untouched: Any = None
    relay = Relay("service", "topic", untouched, untouched)
    running_ = asyncio.create_task(relay.run())
    await asyncio.sleep(0)

    relay.wake()
    running_.cancel()
    await asyncio.wait({running_}, timeout=5)

    assert running_.cancelled()
