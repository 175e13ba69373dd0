"""What flows: lag against the broker's ends, and what waits to be published."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from aiokafka import AIOKafkaConsumer
from eventbus import LaneFlow, Outgoing, Stage
from loop import NUMBER, Loop, done, eventually, outbox_empty, running


def by_topic(lanes: Sequence[LaneFlow], topic: str) -> dict[int, LaneFlow]:
    return {lane.partition: lane for lane in lanes if lane.topic == topic and lane.partition is not None}


async def test_what_is_not_yet_read_is_counted_while_a_batch_is_held_up_and_gone_after(loop: Loop) -> None:
    """Whoever keeps the service must see a backlog that no process has even fetched."""
    await loop.publish(list(range(1, 501)))
    entered, go_on = asyncio.Event(), asyncio.Event()

    async def held_up(_numbers: Sequence[int]) -> None:
        entered.set()
        await go_on.wait()

    loop.before_apply = held_up
    async with loop.bus() as bus:
        stage = await loop.stage(bus, batch_size=10)
        async with running(stage, bus):
            await asyncio.wait_for(entered.wait(), 20)
            during = await bus.flow()
            go_on.set()
            await eventually(lambda: done(loop, 500))
            await eventually(lambda: outbox_empty(loop))
            after = await bus.flow()

    before, now = by_topic(during.lanes, loop.numbers), by_topic(after.lanes, loop.numbers)
    assert sum(lane.end_offset or 0 for lane in before.values()) == 500
    assert sum(lane.lag or 0 for lane in before.values()) == 500
    assert [(lane.lag, lane.read) for lane in now.values()] == [(0, lane.end_offset) for lane in now.values()]
    assert sum(lane.published for lane in now.values()) == 500


async def test_the_oldest_batch_that_waits_is_told_with_its_moment(loop: Loop) -> None:
    """An outbox of one batch is nothing, unless the batch is an hour old."""
    started = datetime.now(UTC)
    async with loop.upstream() as bus:
        bus.running.cancel()  # nobody publishes any more
        await asyncio.gather(bus.running, return_exceptions=True)
        for _ in range(2):
            async with bus.transaction() as transaction:
                transaction.publish(Outgoing(NUMBER, "k", b"1"))
        flow = await bus.flow()

    (shared,) = flow.lanes
    assert (shared.topic, shared.lag, shared.pending_batches, shared.published) == (None, None, 2, 2)
    assert shared.oldest_pending_at is not None
    assert started - timedelta(seconds=1) < shared.oldest_pending_at <= flow.at


async def test_without_a_broker_all_else_is_told(loop: Loop, monkeypatch: pytest.MonkeyPatch) -> None:
    """In an outage somebody looks here first: how much waits must not hang on who does not answer."""

    async def silent(*_: object) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr("eventbus.consumer._ENDS_PATIENCE_S", 0.05)
    async with loop.bus() as bus:
        stage = await loop.stage(bus)
        async with running(stage, bus):
            await eventually(lambda: assigned(stage))
            monkeypatch.setattr(AIOKafkaConsumer, "end_offsets", silent)
            flow = await bus.flow()

    reading = by_topic(flow.lanes, loop.numbers)
    assert [(lane.read, lane.end_offset, lane.lag) for lane in reading.values()] == [(0, None, None)] * 2


async def assigned(stage: Stage) -> bool:
    return stage.assigned()
