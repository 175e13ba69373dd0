"""Dead letters: how many, of what, and how they are replayed."""

import asyncio
from collections.abc import Sequence

import pytest
from aiokafka import AIOKafkaProducer
from eventbus import Bus, Handler, Poison, Received, Stage, StageOptions, TooManyDeadLetters, Transaction
from loop import Loop, buried, done, eventually, outbox_empty, running
from sqlalchemy import text

HEADERS = [("ce_id", b"1"), ("ce_source", b"stranger"), ("raw", b"\xff\x00")]


async def dies_of_too_many(loop: Loop) -> None:
    async with loop.bus() as bus:
        stage = await loop.stage(bus)
        with pytest.raises(TooManyDeadLetters):
            await asyncio.wait_for(stage.run(asyncio.Event()), 20)


async def test_a_run_of_unreadable_events_is_refused_and_none_of_it_buried(loop: Loop) -> None:
    """When nothing can be read, the code is wrong: every restart would bury thousands more."""
    await loop.publish(list(range(1, 30)), raw=b"unreadable")

    await dies_of_too_many(loop)
    await dies_of_too_many(loop)

    assert await loop.scalar("select count(*) from dead_letter") == 0


async def test_a_run_that_trickles_in_stops_at_the_limit_whatever_is_restarted(loop: Loop) -> None:
    """The count is part of the lane's position: a restart does not forget it."""
    for number in range(3):
        await loop.publish([7], raw=b"unreadable")
        async with loop.bus() as bus:
            stage = await loop.stage(bus)
            async with running(stage, bus):
                await eventually(lambda wanted=number + 1: buried(bus, wanted))
    await loop.publish([7], raw=b"unreadable")

    await dies_of_too_many(loop)
    await dies_of_too_many(loop)

    assert await loop.scalar("select count(*) from dead_letter") == 3


async def test_scattered_rubbish_does_not_stop_the_stage(loop: Loop) -> None:
    """Some bad events among many good ones are the events' fault, not the code's."""
    for number in range(1, 6):
        await loop.publish([7], raw=b"unreadable")
        await loop.publish([7], raw=str(number).encode())

    async with loop.bus() as bus:
        stage = await loop.stage(bus)
        async with running(stage, bus):
            await eventually(lambda: done(loop, 5))
            await eventually(lambda: buried(bus, 5))

    assert await loop.effects() == [1, 2, 3, 4, 5]


async def test_a_refusal_that_comes_of_a_stale_copy_is_tried_once_more(loop: Loop) -> None:
    """A copy in memory that missed a row makes a good event violate a constraint: forgetting it is enough."""
    await loop.publish([1])

    async def stale(_numbers: Sequence[int]) -> None:
        if not loop.resets[1:]:  # the first is that of the assignment
            raise Poison("duplicate key value")

    loop.before_apply = stale
    async with loop.bus() as bus:
        stage = await loop.stage(bus)
        async with running(stage, bus):
            await eventually(lambda: done(loop, 1))

            assert await bus.dead_letters.count() == 0


async def test_a_replay_that_the_database_refuses_says_so_and_forgets_the_copies(loop: Loop) -> None:
    """The officer is to be told, not to meet a fault; what the attempt left in memory must go."""
    await loop.publish([7], raw=b"seven")
    async with loop.bus() as bus:
        stage = await loop.stage(bus)
        async with running(stage, bus):
            await eventually(lambda: buried(bus))
            letter = (await bus.dead_letters.page(0, 1))[0]
            before = len(loop.resets)

            why = await bus.dead_letters.replay(letter.id, b"777", "officer")

            assert "effect_number_check" in why
            assert len(loop.resets) == before + 1
            assert await bus.dead_letters.count() == 1


async def test_a_replay_during_an_outage_asks_to_come_back(loop: Loop) -> None:
    """Nobody can tell then whether it was applied."""
    await loop.publish([7], raw=b"seven")

    async def outage(_numbers: Sequence[int]) -> None:
        raise ConnectionResetError

    async with loop.bus() as bus:
        stage = await loop.stage(bus)
        async with running(stage, bus):
            await eventually(lambda: buried(bus))
            loop.before_apply = outage

            why = await bus.dead_letters.replay(1, b"7", "officer")

            assert "try again" in why
            assert await bus.dead_letters.count() == 1


async def publish_foreign(loop: Loop, value: bytes) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=loop.bootstrap)
    await producer.start()
    await producer.send_and_wait(loop.numbers, value, key=b"k", headers=HEADERS, partition=0)
    await producer.stop()


async def foreign_stage(loop: Loop, bus: Bus, enabled: list[int]) -> Stage:
    def decode(received: Received) -> int:
        if not enabled or list(received.headers) != HEADERS:
            raise Poison("its source is not enabled")
        return int(received.value)

    async def apply(numbers: Sequence[int], transaction: Transaction) -> None:
        await transaction.connection.execute(
            text("insert into effect select unnest(cast(:n as bigint[]))"), {"n": list(numbers)}
        )

    options = StageOptions(foreign={loop.numbers}, linger_s=0.05)
    return await bus.stage({"foreign": Handler(decode, apply)}, [loop.numbers], options=options, group="f")


async def test_a_strangers_event_is_replayed_with_its_headers(loop: Loop) -> None:
    """In binary mode the event's attributes are headers: without them it could never be read."""
    await publish_foreign(loop, b"5")
    enabled: list[int] = []
    async with loop.bus() as bus:
        stage = await foreign_stage(loop, bus, enabled)
        async with running(stage, bus):
            await eventually(lambda: buried(bus))
            letter = (await bus.dead_letters.page(0, 1))[0]
            enabled.append(1)

            assert await bus.dead_letters.replay(letter.id, None, "officer") == "done"

            await eventually(lambda: outbox_empty(loop))
    assert letter.headers == HEADERS
    assert await loop.effects() == [5]


async def test_a_trial_tells_what_a_replay_would_and_leaves_no_trace(loop: Loop) -> None:
    """Nothing may be stored or published by a trial, whichever way it goes."""
    await loop.publish([7], raw=b"seven")
    async with loop.bus() as bus:
        stage = await loop.stage(bus)
        async with running(stage, bus):
            await eventually(lambda: buried(bus))

            assert await bus.dead_letters.check(1, b"7") == "done"
            assert "effect_number_check" in await bus.dead_letters.check(1, b"777")
            assert await bus.dead_letters.check(1, None) == "not a number"
            assert await bus.dead_letters.check(9, None) == "unknown"
            assert (await loop.effects(), await bus.dead_letters.count()) == ([], 1)
            assert await loop.scalar("select count(*) from outbox") == 0

            assert await bus.dead_letters.replay(1, b"7", "officer") == "done"
            assert await bus.dead_letters.check(1, b"7") == "settled_before"
            (settled,) = await bus.dead_letters.settled(2**63 - 1, 10)

    assert (settled.id, settled.settled_by, settled.reason) == (1, "officer", "payload corrected")
    assert await loop.effects() == [7]


async def test_an_event_that_came_as_json_is_read_and_corrected_as_json(loop: Loop) -> None:
    """What strangers send is JSON to begin with."""
    await loop.publish([7], raw=b'{"n": "seven"}')
    async with loop.bus() as bus:
        stage = await loop.stage(bus)
        async with running(stage, bus):
            await eventually(lambda: buried(bus))

    letter = await bus.dead_letters.get(1)
    assert letter is not None
    assert letter.document == {"n": "seven"}
    assert await bus.dead_letters.encoded(1, {"n": 7}) == b'{"n":7}'
    assert await bus.dead_letters.encoded(9, {}) is None
