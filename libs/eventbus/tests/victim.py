"""A process that kills itself at the point it is told: `python victim.py <point> <addresses as JSON>`.

SIGKILL leaves no room for any clean-up: what is there afterwards is what a crash leaves.
"""

import asyncio
import json
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from typing import Any

from eventbus import Bus, Outgoing, dead_letter, outbox
from eventbus.relay import Relay
from loop import NUMBER, Loop, eventually

Plant = Callable[[], None]


def die(*_: object) -> Any:
    """No finally block, no atexit, no goodbye to the broker."""
    os.kill(os.getpid(), signal.SIGKILL)


def after(function: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    """The function, and death when it has done its work."""

    async def deadly(*arguments: Any, **named: Any) -> Any:
        await function(*arguments, **named)
        die()

    return deadly


def before_commit() -> None:
    outbox.advance = after(outbox.advance)


def after_commit() -> None:
    Relay.submit = die


def half_way_through_publishing() -> None:
    send, first_is_sent = Relay._send, asyncio.Event()
    calls: list[int] = []

    async def deadly(self: Relay, partition: int, events: Any) -> None:
        calls.append(partition)
        if len(calls) > 1:
            await first_is_sent.wait()
            die()
        await send(self, partition, events)
        first_is_sent.set()

    Relay._send = deadly


def between_two_record_sets() -> None:
    Relay._send_set = after(Relay._send_set)


def before_forgetting_what_is_published() -> None:
    outbox.delete = die


def while_burying() -> None:
    dead_letter.bury = after(dead_letter.bury)


def while_replaying() -> None:
    dead_letter.Settling.run = after(dead_letter.Settling.run)


def after_the_shared_lanes_commit() -> None:
    Relay.wake = die


async def consume(loop: Loop, plant: Plant) -> None:
    plant()
    async with loop.bus() as bus:
        stage = await loop.stage(bus)
        await asyncio.gather(stage.run(asyncio.Event()), bus.watch(asyncio.Event()))


async def replay(loop: Loop, plant: Plant) -> None:
    plant()
    async with loop.bus() as bus:
        stage = await loop.stage(bus)
        running = asyncio.create_task(stage.run(asyncio.Event()))
        await eventually(lambda: _buried(bus))
        await bus.dead_letters.replay(1, b"7", "officer")
        await running


async def _buried(bus: Bus) -> bool:
    return await bus.dead_letters.count() > 0


async def answer_a_request(loop: Loop, plant: Plant) -> None:
    async with loop.upstream() as bus:
        plant()
        async with bus.transaction() as transaction:
            transaction.publish(*(Outgoing(NUMBER, f"k{n}", str(n).encode()) for n in range(1, 11)))


async def write(loop: Loop, plant: Plant) -> None:
    async with loop.upstream() as bus:
        writer = await bus.claim_writer("http")
        plant()
        async with writer.transaction({}) as transaction:
            transaction.publish(*(Outgoing(NUMBER, f"k{n}", str(n).encode()) for n in range(1, 11)))


POINTS: dict[str, tuple[Callable[[Loop, Plant], Awaitable[None]], Plant]] = {
    "before commit": (consume, before_commit),
    "after commit": (consume, after_commit),
    "half way through publishing": (consume, half_way_through_publishing),
    "between two record sets": (consume, between_two_record_sets),
    "before forgetting what is published": (consume, before_forgetting_what_is_published),
    "while burying": (consume, while_burying),
    "after burying": (consume, after_commit),
    "while replaying": (replay, while_replaying),
    "after the shared lane's commit": (answer_a_request, after_the_shared_lanes_commit),
    "after the writer's commit": (write, after_commit),
}


async def main() -> None:
    """Never returns."""
    work, plant = POINTS[sys.argv[1]]
    await work(Loop(**json.loads(sys.argv[2])), plant)


if __name__ == "__main__":
    asyncio.run(main())
