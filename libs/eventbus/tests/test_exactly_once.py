"""Every crash point between the steps of a stage, on real PostgreSQL and Kafka.

Each test lets the process die at one point, starts another one, and asks the same three questions: is every effect
there once, is every event published, and are its sequence numbers gapless for whoever reads them?
"""

import asyncio
import importlib.util
import pathlib
import sys
from collections.abc import Callable, Iterator
from typing import Any

import asyncpg
import pytest
from eventbus import Bus, Gap, Outgoing, TooManyDeadLetters, outbox
from eventbus.relay import Relay
from localstack.postgres import databases
from sqlalchemy import text

_spec = importlib.util.spec_from_file_location("loop", pathlib.Path(__file__).with_name("loop.py"))
assert _spec is not None
assert _spec.loader is not None
loop_module = importlib.util.module_from_spec(_spec)
sys.modules["loop"] = loop_module
_spec.loader.exec_module(loop_module)
Loop, Crash, eventually, prepare, running = (
    loop_module.Loop,
    loop_module.Crash,
    loop_module.eventually,
    loop_module.prepare,
    loop_module.running,
)


@pytest.fixture
def loop(
    fresh_database: str, postgres_admin_url: str, kafka_bootstrap: str, fresh_topic: Callable[..., str]
) -> Iterator[Any]:
    """An empty loop with two databases and two topics."""
    name = fresh_database.rpartition("/")[2] + "_up"
    asyncio.run(databases.create(postgres_admin_url, name))
    upstream = databases.url_of(postgres_admin_url, name)
    asyncio.run(prepare(upstream))
    asyncio.run(prepare(fresh_database))
    yield Loop(
        upstream, fresh_database, kafka_bootstrap, fresh_topic(partitions=2), fresh_topic(partitions=2)
    )
    asyncio.run(databases.drop(postgres_admin_url, name))


async def apply_all(loop: Any, count: int) -> None:
    """A healthy process takes over and finishes."""
    async with loop.bus() as bus:
        stage = await loop.stage(bus)
        async with running(stage, bus):
            await eventually(lambda: _done(loop, count))
            await eventually(lambda: _outbox_empty(loop))


async def _done(loop: Any, count: int) -> bool:
    return len(await loop.effects()) >= count


async def _outbox_empty(loop: Any) -> bool:
    return await loop.scalar("select count(*) from outbox") == 0


async def die(loop: Any) -> None:
    """Run a process until the planted crash ends it, without any clean-up of its own."""
    async with loop.bus() as bus:
        stage = await loop.stage(bus)
        work = asyncio.create_task(stage.run(asyncio.Event()))
        relay = bus.running
        await asyncio.wait({work, relay}, return_when=asyncio.FIRST_COMPLETED, timeout=20)
        crashed = [task for task in (work, relay) if task.done() and not task.cancelled()]
        work.cancel()
        await asyncio.gather(work, return_exceptions=True)
        assert [type(task.exception()) for task in crashed] == [Crash]


async def assert_exactly_once(loop: Any, numbers: list[int]) -> None:
    assert await loop.effects() == sorted(numbers)
    seen: dict[tuple[int, str], int] = {}
    for partition, source, sequence in await loop.published():
        last = seen.get((partition, source), 0)
        assert sequence <= last + 1, "a consumer would find a gap"
        seen[partition, source] = max(last, sequence)
    assert sum(seen.values()) == len(numbers)


async def test_without_a_crash_each_event_counts_once(loop: Any) -> None:
    """The plain way, in several batches and both partitions."""
    numbers = list(range(1, 501))
    await loop.publish(numbers)

    await apply_all(loop, 500)

    await assert_exactly_once(loop, numbers)


async def test_a_crash_before_commit_leaves_nothing_behind(
    loop: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Effects, outbox and position go together or not at all."""
    await loop.publish(list(range(1, 51)))
    original = outbox.advance

    async def crash(connection: Any, steps: Any) -> None:
        await original(connection, steps)
        raise Crash

    with monkeypatch.context() as planted:
        planted.setattr(outbox, "advance", crash)
        await die(loop)
    assert await loop.effects() == []

    await apply_all(loop, 50)

    await assert_exactly_once(loop, list(range(1, 51)))


async def test_a_crash_after_commit_publishes_at_the_next_start(
    loop: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The outbox row is the only trace of what was promised."""
    await loop.publish(list(range(1, 51)))

    async def crash(self: Relay, batches: Any) -> None:
        raise Crash

    with monkeypatch.context() as planted:
        planted.setattr(Relay, "submit", crash)
        await die(loop)
    assert await loop.published() == []

    await apply_all(loop, 50)

    await assert_exactly_once(loop, list(range(1, 51)))


async def test_a_crash_between_publishing_and_forgetting_is_dropped_downstream(
    loop: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The events are in Kafka twice; their sequence tells."""
    await loop.publish(list(range(1, 51)))

    async def crash(connection: Any, acknowledged: Any) -> None:
        raise Crash

    with monkeypatch.context() as planted:
        planted.setattr(outbox, "delete", crash)
        await die(loop)

    await apply_all(loop, 50)

    assert len(await loop.published()) > 50
    await assert_exactly_once(loop, list(range(1, 51)))


async def test_a_crash_half_way_through_publishing_leaves_no_gap(
    loop: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One partition has the batch, the other has not."""
    await loop.publish(list(range(1, 51)))
    original = Relay._send
    calls = []

    async def crash(self: Relay, partition: int, events: Any) -> None:
        calls.append(partition)
        if len(calls) > 1:
            raise Crash
        await original(self, partition, events)

    with monkeypatch.context() as planted:
        planted.setattr(Relay, "_send", crash)
        await die(loop)

    await apply_all(loop, 50)

    await assert_exactly_once(loop, list(range(1, 51)))


async def test_the_stored_position_wins_over_the_groups_offset(loop: Any) -> None:
    """Kafka's offsets are for lag figures; losing them must not matter."""
    await loop.publish(list(range(1, 51)))
    await apply_all(loop, 50)
    await loop.publish([51])

    async with loop.bus() as bus:
        stage = await bus.stage(
            {loop_module.NUMBER: loop_module.Handler(loop_module.read_number, loop._store)},
            [loop.numbers],
            group="another-group-with-no-offsets",
        )
        async with running(stage, bus):
            await eventually(lambda: _done(loop, 51))
            await eventually(lambda: _outbox_empty(loop))

    await assert_exactly_once(loop, list(range(1, 52)))


async def test_a_stale_writer_loses(loop: Any) -> None:
    """After a pause longer than its session a process may still believe it owns its partitions."""
    await loop.publish(list(range(1, 11)))
    stolen = []

    async def steal(_numbers: Any) -> None:
        if not stolen:
            stolen.append(1)
            connection = await asyncpg.connect(loop.stage_url.replace("+asyncpg", ""))
            await connection.execute("update lane set next_batch = next_batch + 1")
            await connection.close()

    loop.before_apply = steal
    await apply_all(loop, 10)

    assert loop.resets
    await assert_exactly_once(loop, list(range(1, 11)))


async def test_two_members_share_the_partitions_and_nothing_doubles(loop: Any) -> None:
    """Scaling out and in moves partitions while events flow."""
    async with loop.bus() as first_bus, loop.bus() as second_bus:
        first, second = (
            await loop.stage(first_bus, batch_size=20),
            await loop.stage(second_bus, batch_size=20),
        )
        async with running(first, first_bus):
            await loop.publish(list(range(1, 201)))
            async with running(second, second_bus):
                await eventually(lambda: _assigned(second))
                await loop.publish(list(range(201, 401)))
            await loop.publish(list(range(401, 501)))
            await eventually(lambda: _done(loop, 500))
            await eventually(lambda: _outbox_empty(loop))

    await assert_exactly_once(loop, list(range(1, 501)))


async def _assigned(stage: Any) -> bool:
    return bool(stage.assigned())


async def test_poison_is_buried_and_its_neighbours_are_applied(loop: Any) -> None:
    """One bad event among thousands must neither stop the loop nor vanish."""
    await loop.publish([1, 2, 3, 666, 4, 5])

    await apply_all(loop, 5)

    await assert_exactly_once(loop, [1, 2, 3, 4, 5])
    assert await loop.scalar("select count(*) from dead_letter where settled_at is null") == 1


async def test_data_the_database_refuses_is_buried_too(loop: Any) -> None:
    """A character PostgreSQL cannot store must not crash the service for ever."""
    await loop.publish([1, 777, 2])

    await apply_all(loop, 2)

    await assert_exactly_once(loop, [1, 2])
    assert await loop.scalar("select count(*) from dead_letter where settled_at is null") == 1


async def test_a_dead_letter_can_be_fixed_and_replayed(loop: Any) -> None:
    """A person corrects the payload; it is then applied exactly like any other event, once."""
    await loop.publish([7], raw=b"seven")
    async with loop.bus() as bus:
        stage = await loop.stage(bus)
        async with running(stage, bus):
            await eventually(lambda: _buried(bus))
            letter = (await bus.dead_letters.page(0, 10))[0]
            assert await bus.dead_letters.replay(letter.id, None, "officer") == "not a number"

            assert await bus.dead_letters.replay(letter.id, b"7", "officer") == "done"

            assert await bus.dead_letters.replay(letter.id, b"7", "officer") == "settled_before"

            await eventually(lambda: _outbox_empty(loop))
            assert await bus.dead_letters.count() == 0

    await assert_exactly_once(loop, [7])


async def _buried(bus: Bus) -> bool:
    return await bus.dead_letters.count() > 0


async def test_too_many_dead_letters_in_a_row_stop_the_stage(loop: Any) -> None:
    """When nothing can be read, the code is wrong: burying a day's events would hide it."""
    await loop.publish(list(range(1, 30)), raw=b"unreadable")

    async with loop.bus() as bus:
        stage = await loop.stage(bus)
        with pytest.raises(TooManyDeadLetters):
            await asyncio.wait_for(stage.run(asyncio.Event()), 20)


async def test_a_missing_event_stops_the_stage_loudly(loop: Any) -> None:
    """A gap upstream is a loss: going on would hide it."""
    await loop.publish([1, 2, 3])
    async with loop.upstream() as bus:
        async with bus.engine.begin() as connection:
            await connection.execute(
                text(
                    "update lane set next_sequence = array(select unnest(next_sequence) + 1) where name = 'shared'"
                )
            )
        async with bus.transaction() as transaction:
            transaction.publish(
                Outgoing(loop_module.NUMBER, "k9", b"9"), Outgoing(loop_module.NUMBER, "k8", b"8")
            )
        await bus.relay.drained()

    async with loop.bus() as bus:
        stage = await loop.stage(bus)
        with pytest.raises(Gap):
            await asyncio.wait_for(stage.run(asyncio.Event()), 20)


async def test_a_lost_database_connection_puts_the_batch_off(loop: Any, postgres_admin_url: str) -> None:
    """PostgreSQL restarts under load; nothing is lost and nothing doubles."""
    await loop.publish(list(range(1, 101)))
    struck: list[int] = []

    async def strike(_numbers: Any) -> None:
        if len(struck) < 3:
            struck.append(1)
            admin = await asyncpg.connect(postgres_admin_url)
            name = loop.stage_url.rpartition("/")[2]
            await admin.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity where datname = $1 and state like 'idle in%'",
                name,
            )
            await admin.close()

    loop.before_apply = strike
    await apply_all(loop, 100)

    assert struck
    await assert_exactly_once(loop, list(range(1, 101)))
