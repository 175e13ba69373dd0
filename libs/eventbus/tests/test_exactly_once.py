"""Every crash point between the steps of a stage, on real PostgreSQL and Kafka.

Each test kills a process at one point, starts another one, and asks the same three questions: is every effect
there once, is every event published, and are its sequence numbers gapless for whoever reads them?
"""

import asyncio
from typing import Any

import asyncpg
import pytest
from eventbus import Gap, Handler, Outgoing
from loop import (
    NUMBER,
    ONLOOKER,
    Loop,
    apply_all,
    assert_exactly_once,
    buried,
    done,
    eventually,
    outbox_empty,
    read_number,
    running,
)
from sqlalchemy import text


async def test_without_a_crash_each_event_counts_once(loop: Loop) -> None:
    """The plain way, in several batches and both partitions."""
    numbers = list(range(1, 501))
    await loop.publish(numbers)

    await apply_all(loop, 500)

    await assert_exactly_once(loop, numbers)


STAGE_POINTS = [
    "before commit",
    "after commit",
    "half way through publishing",
    "before forgetting what is published",
]


@pytest.mark.parametrize("point", STAGE_POINTS)
async def test_a_process_killed_between_two_steps_leaves_each_event_counted_once(
    loop: Loop, point: str
) -> None:
    """Effects, outbox and position go together or not at all, and what is published twice tells by its sequence."""
    await loop.publish(list(range(1, 51)))

    await loop.kill(point)
    left = len(await loop.effects()), len(await loop.published())
    await apply_all(loop, 50)

    assert (left[0] > 0) == (point != "before commit")
    assert (left[1] > 0) == (point not in {"before commit", "after commit"})
    await assert_exactly_once(loop, range(1, 51))


async def test_a_process_killed_between_two_record_sets_leaves_no_gap(loop: Loop) -> None:
    """Sets of two kinds are sent one after the other; the next process sends both again, as one or as two."""
    numbers = range(1, 601)
    loop.batch_size = 1000
    await loop.publish(numbers)

    await loop.kill("between two record sets")
    published = len(await loop.published())
    await apply_all(loop, 600)

    assert 0 < published < 600
    await assert_exactly_once(loop, numbers)


@pytest.mark.parametrize("point", ["before commit", "after commit"])
async def test_a_process_killed_with_sets_passed_over_in_its_batch_goes_on_behind_them(
    loop: Loop, point: str
) -> None:
    """The position behind a set that nobody reads is stored with the next effect, or not at all."""
    async with loop.upstream() as bus:
        for first in (1, 301):
            async with bus.transaction() as transaction:
                numbers = range(first, first + 300)
                transaction.publish(
                    *(Outgoing(NUMBER, f"k{n}", str(n).encode(), "mine") for n in numbers[:10])
                )
                transaction.publish(
                    *(Outgoing(NUMBER, f"k{n}", str(n).encode(), "other") for n in numbers[10:])
                )
            await bus.relay.drained()
    loop.batch_size, loop.about = 1000, ["mine"]

    await loop.kill(point)
    await apply_all(loop, 20)

    await assert_exactly_once(loop, [*range(1, 11), *range(301, 311)])


@pytest.mark.parametrize("point", ["while burying", "after burying"])
async def test_a_process_killed_at_a_burial_leaves_one_letter(loop: Loop, point: str) -> None:
    """The letter and the step past its event are one transaction."""
    await loop.publish([1, 2, 3])
    await loop.publish([4], raw=b"four")

    await loop.kill(point)
    await apply_all(loop, 3)

    await assert_exactly_once(loop, [1, 2, 3])
    assert await loop.scalar("select count(*) from dead_letter") == 1


async def test_a_process_killed_during_a_replay_leaves_the_letter_open(loop: Loop) -> None:
    """Effects and settling are one transaction: the officer may try again."""
    await loop.publish([7], raw=b"seven")

    await loop.kill("while replaying")

    assert await loop.effects() == []
    async with loop.bus() as bus:
        stage = await loop.stage(bus)
        async with running(stage, bus):
            assert await bus.dead_letters.replay(1, b"7", "officer") == "done"
            await eventually(lambda: outbox_empty(loop))
    await assert_exactly_once(loop, [7])


async def test_a_process_killed_after_an_answer_publishes_at_the_next_start(loop: Loop) -> None:
    """A person was told that it is done; the lane is shared, so any process of the service may publish it."""
    await loop.kill("after the shared lane's commit")
    async with loop.upstream() as bus:
        await bus.relay.drained()

    await apply_all(loop, 10)

    await assert_exactly_once(loop, range(1, 11))


async def test_a_writer_killed_after_its_commit_is_published_by_the_next_holder(loop: Loop) -> None:
    """Its lock ends with its connection: the lane is free for whoever comes."""
    await loop.kill("after the writer's commit")
    async with loop.upstream() as bus:
        await eventually(lambda: _claims_first(bus))
        await bus.relay.drained()

    await apply_all(loop, 10)

    await assert_exactly_once(loop, range(1, 11))


async def _claims_first(bus: Any) -> bool:
    writer = await bus.claim_writer("http")
    if writer.name != "http-0":
        await writer.release()
    return bool(writer.name == "http-0")


async def test_the_stored_position_wins_over_the_groups_offset(loop: Loop) -> None:
    """Kafka's offsets are for lag figures; losing them must not matter."""
    await loop.publish(list(range(1, 51)))
    await apply_all(loop, 50)
    await loop.publish([51])

    async with loop.bus() as bus:
        stage = await bus.stage(
            {NUMBER: Handler(read_number, loop._store)},
            [loop.numbers],
            group="another-group-with-no-offsets",
        )
        async with running(stage, bus):
            await eventually(lambda: done(loop, 51))
            await eventually(lambda: outbox_empty(loop))

    await assert_exactly_once(loop, list(range(1, 52)))


async def test_a_stale_writer_loses(loop: Loop) -> None:
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


async def test_two_members_share_the_partitions_and_nothing_doubles(loop: Loop) -> None:
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
            await eventually(lambda: done(loop, 500))
            await eventually(lambda: outbox_empty(loop))

    await assert_exactly_once(loop, list(range(1, 501)))


async def _assigned(stage: Any) -> bool:
    return bool(stage.assigned())


async def test_poison_is_buried_and_its_neighbours_are_applied(loop: Loop) -> None:
    """One bad event among thousands must neither stop the loop nor vanish."""
    await loop.publish([1, 2, 3, 666, 4, 5])

    await apply_all(loop, 5)

    await assert_exactly_once(loop, [1, 2, 3, 4, 5])
    assert await loop.scalar("select count(*) from dead_letter where settled_at is null") == 1


async def test_data_the_database_refuses_is_buried_too(loop: Loop) -> None:
    """A character PostgreSQL cannot store must not crash the service for ever."""
    await loop.publish([1, 777, 2])

    await apply_all(loop, 2)

    await assert_exactly_once(loop, [1, 2])
    assert await loop.scalar("select count(*) from dead_letter where settled_at is null") == 1


async def test_a_dead_letter_can_be_fixed_and_replayed(loop: Loop) -> None:
    """A person corrects the payload; it is then applied exactly like any other event, once."""
    await loop.publish([7], raw=b"seven")
    async with loop.bus() as bus:
        stage = await loop.stage(bus)
        async with running(stage, bus):
            await eventually(lambda: buried(bus))
            letter = (await bus.dead_letters.page(0, 10))[0]
            assert await bus.dead_letters.replay(letter.id, None, "officer") == "not a number"

            assert await bus.dead_letters.replay(letter.id, b"7", "officer") == "done"

            assert await bus.dead_letters.replay(letter.id, b"7", "officer") == "settled_before"

            await eventually(lambda: outbox_empty(loop))
            assert await bus.dead_letters.count() == 0

    await assert_exactly_once(loop, [7])


async def test_a_missing_event_stops_the_stage_loudly(loop: Loop) -> None:
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
            transaction.publish(Outgoing(NUMBER, "k9", b"9"), Outgoing(NUMBER, "k8", b"8"))
        await bus.relay.drained()

    async with loop.bus() as bus:
        stage = await loop.stage(bus)
        with pytest.raises(Gap):
            await asyncio.wait_for(stage.run(asyncio.Event()), 20)


async def test_a_lost_database_connection_puts_the_batch_off(loop: Loop, postgres_admin_url: str) -> None:
    """PostgreSQL restarts under load; nothing is lost and nothing doubles."""
    await loop.publish(list(range(1, 101)))
    struck: list[int] = []

    async def strike(_numbers: Any) -> None:
        if len(struck) < 3:
            struck.append(1)
            admin = await asyncpg.connect(postgres_admin_url)
            name = loop.stage_url.rpartition("/")[2]
            await admin.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity"
                " where datname = $1 and state like 'idle in%' and application_name <> $2",
                name,
                ONLOOKER,
            )
            await admin.close()

    loop.before_apply = strike
    await apply_all(loop, 100)

    assert struck
    await assert_exactly_once(loop, list(range(1, 101)))


async def test_what_others_are_told_of_is_passed_over_unread_and_accounted_for(loop: Loop) -> None:
    """A reader of one kind in many stands, in the end, where a reader of all of them would."""
    async with loop.upstream() as bus:
        async with bus.transaction() as transaction:
            for number in range(1, 601):
                about = "other" if number <= 300 else "mine"
                transaction.publish(Outgoing(NUMBER, f"k{number}", str(number).encode(), about))
        await bus.relay.drained()
        (upstream,) = await bus.lanes()

    async with loop.bus() as bus:
        stage = await loop.stage(bus, about={"mine"})
        async with running(stage, bus):
            await eventually(lambda: done(loop, 300))
            await eventually(lambda: outbox_empty(loop))
        lanes = await bus.lanes()

    await assert_exactly_once(loop, range(301, 601))
    seen = [last for lane in lanes for last in lane.seen.values()]
    assert sorted(seen) == sorted(number - 1 for number in upstream.next_sequence)
