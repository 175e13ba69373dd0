"""Kills every process of a stack at random under load, and times its recovery."""

import asyncio
import itertools
import random
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from aiokafka.errors import KafkaError
from localstack.stack import Stack

from creditloop_cli.bench import progress
from creditloop_cli.bench.stream import city, facts, registrations
from creditloop_cli.bench.target import Addressed, Send, Target

VICTIMS = (
    "ingestion",
    "profiling",
    "classification",
    "sampling",
    "repair",
    "notification",
    "kafka",
    "postgres",
)
_CHUNK = 500
_POLL_S = 0.05
_RECOVERY_LIMIT_S = 120.0


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do to the stack.

    Attributes:
        rounds: How often each process is killed.
        rate: Facts posted per second meanwhile.
        entities: Fictional entities the facts are about.
        seed: Of the order of the kills and of the stream.
    """

    rounds: int
    rate: float
    entities: int
    seed: int


@dataclass(slots=True)
class Outcome:
    """What happened: kills by process, seconds from each kill until all was healthy again, facts acknowledged."""

    kills: dict[str, int] = field(default_factory=dict)
    recoveries_s: list[float] = field(default_factory=list)
    posted: int = 0


async def disturb(
    stack: Stack, target: Target, plan: Plan, today: date, say: Callable[[str], None]
) -> Outcome:
    """Post facts at a steady rate and kill processes one after another, each as often as planned.

    Returns once everything posted has been read by ingestion and nothing is under way.

    Raises:
        TimeoutError: The stack did not recover from a kill within two minutes.
        PostingFailed: A fact was refused.
        TooSlow: Something was still under way after ten minutes.
    """
    outcome = Outcome()
    supervising = asyncio.create_task(stack.supervise())
    try:
        async with asyncio.TaskGroup() as tasks:
            posting = Posting(_stream(plan, today), _CHUNK / (plan.rate / 2), outcome)
            tasks.create_task(posting.keep(target.post))
            tasks.create_task(posting.keep(_again_and_again(target.publish)))
            await _kill_all(stack, plan, outcome, say)
            posting.done.set()
        await progress.level(target, within_s=600)
    finally:
        supervising.cancel()
        await asyncio.gather(supervising, return_exceptions=True)
    return outcome


def _stream(plan: Plan, today: date) -> Iterator[Addressed]:
    """Every entity's registration, then facts about them without end."""
    town = city(plan.entities, today)
    run = uuid.uuid4().hex[:8]
    known = zip(town.codes, registrations(town, run), strict=True)
    return itertools.chain(known, facts(town, run, plan.seed))


@dataclass(slots=True)
class Posting:
    """Chunks of one stream posted in several ways, each every `every_s` seconds, until `done`."""

    stream: Iterator[Addressed]
    every_s: float
    outcome: Outcome
    done: asyncio.Event = field(default_factory=asyncio.Event)

    async def keep(self, send: Send) -> None:
        """Post until done; `send` returns once a chunk is acknowledged: a source never gives up a fact."""
        while not self.done.is_set():
            started = time.perf_counter()
            chunk = list(itertools.islice(self.stream, _CHUNK))
            await send(chunk)
            self.outcome.posted += len(chunk)
            await asyncio.sleep(max(0.0, self.every_s - (time.perf_counter() - started)))


async def _kill_all(stack: Stack, plan: Plan, outcome: Outcome, say: Callable[[str], None]) -> None:
    chance = random.Random(plan.seed)
    order = list(VICTIMS) * plan.rounds
    chance.shuffle(order)
    for number, victim in enumerate(order, start=1):
        await asyncio.sleep(chance.uniform(0.2, 2.0))
        started = time.perf_counter()
        await stack.kill(victim)
        await _healthy(stack)
        seconds = time.perf_counter() - started
        outcome.kills[victim] = outcome.kills.get(victim, 0) + 1
        outcome.recoveries_s.append(seconds)
        say(
            f"{number}/{len(order)}: killed {victim}, healthy after {seconds:.1f} s, {outcome.posted:,} facts posted"
        )


async def _healthy(stack: Stack) -> None:
    await asyncio.sleep(_POLL_S)
    async with asyncio.timeout(_RECOVERY_LIMIT_S):
        while not all(each.health == "ready" for each in await stack.status()):
            await asyncio.sleep(_POLL_S)


def _again_and_again(send: Send) -> Send:
    """The same way of posting, tried until it is acknowledged, for two minutes at most."""

    async def persistently(chunk: Sequence[Addressed]) -> None:
        async with asyncio.timeout(_RECOVERY_LIMIT_S):
            while True:
                try:
                    return await send(chunk)
                except KafkaError:
                    await asyncio.sleep(0.2)

    return persistently
