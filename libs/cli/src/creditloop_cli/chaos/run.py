"""Kills every process of a stack at random under load, and times its recovery."""

import asyncio
import itertools
import random
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date

from aiokafka.errors import KafkaError
from localstack.stack import Stack

from creditloop_cli.bench import progress
from creditloop_cli.bench.stream import city, facts, registrations
from creditloop_cli.bench.target import Target

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
    """What happened: kills by process, seconds from each kill until everything was healthy again, facts posted."""

    kills: dict[str, int] = field(default_factory=dict)
    recoveries_s: list[float] = field(default_factory=list)
    posted: int = 0


async def disturb(
    stack: Stack, target: Target, plan: Plan, today: date, say: Callable[[str], None]
) -> Outcome:
    """Post facts at a steady rate and kill processes one after another, each as often as planned.

    Returns once everything posted is accepted and nothing is under way.

    Raises:
        TimeoutError: The stack did not recover from a kill within two minutes.
        PostingFailed: A fact was refused.
    """
    outcome = Outcome()
    town = city(plan.entities, today)
    run = uuid.uuid4().hex[:8]
    stream = itertools.chain(
        ((c, f) for c, f in zip(town.codes, registrations(town, run), strict=True)),
        facts(town, run, plan.seed),
    )
    done = asyncio.Event()
    supervising = asyncio.create_task(stack.supervise())
    try:
        async with asyncio.TaskGroup() as tasks:
            posters = [
                tasks.create_task(_post(target, stream, plan.rate / 2, over_http, done, outcome))
                for over_http in (True, False)
            ]
            await _kill_all(stack, plan, outcome, say)
            done.set()
            await asyncio.wait(posters)
        await progress.level(target, within_s=600)
    finally:
        supervising.cancel()
        await asyncio.gather(supervising, return_exceptions=True)
    return outcome


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


async def _post(  # noqa: PLR0913, PLR0917 - one poster's whole task
    target: Target,
    stream: Iterator[tuple[str, bytes]],
    rate: float,
    over_http: bool,  # noqa: FBT001
    done: asyncio.Event,
    outcome: Outcome,
) -> None:
    """Post until done, each chunk again and again until it is acknowledged: a source never gives up a fact."""
    while not done.is_set():
        started = time.perf_counter()
        chunk = list(itertools.islice(stream, _CHUNK))
        if over_http:
            await target.post([fact for _, fact in chunk])
        else:
            await _published(target, chunk)
        outcome.posted += len(chunk)
        await asyncio.sleep(max(0.0, _CHUNK / rate - (time.perf_counter() - started)))


async def _published(target: Target, chunk: list[tuple[str, bytes]]) -> None:
    async with asyncio.timeout(_RECOVERY_LIMIT_S):
        while True:
            try:
                await target.publish(chunk)
            except KafkaError:
                await asyncio.sleep(0.2)
            else:
                return
