"""The loop's benchmark: floor, sustained throughput, latency at half of it, and the audit, in one run."""

import asyncio
import itertools
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import date

from creditloop_cli.bench import progress
from creditloop_cli.bench.floor_run import Floor, floor_rate
from creditloop_cli.bench.latency import percentile, probe
from creditloop_cli.bench.stream import City, city, facts, registrations
from creditloop_cli.bench.target import Target

CHUNK = 1000
IN_FLIGHT = 40_000
_WATCH_S = 1.0  # each look asks six services: oftener would cost what it measures
_TELL_EVERY = 10
_PROBES = 800
_POSTERS = 3

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """What to measure.

    Attributes:
        entities: Fictional entities, registered before the clock starts.
        seconds: How long to post at full load.
        latency_s: About how long to post at half of it.
        seed: Of the stream.
        floor_facts: How many facts the floor is measured with.
    """

    entities: int
    seconds: float
    latency_s: float
    seed: int
    floor_facts: int = 400_000


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured; rates per second, times in milliseconds unless named."""

    facts_per_s: float
    floor_per_s: float
    thin_floor_per_s: float
    ratio: float
    p50_ms: float
    p99_ms: float
    seconds: float
    entities: int
    facts: int
    half_load_per_s: float
    probes: int
    generator_us_per_fact: float
    drain_s: float
    slowest_10s_per_s: float

    def as_json(self) -> dict[str, float]:
        """For `--json`."""
        return {
            name: round(value, 2) if isinstance(value, float) else value
            for name, value in asdict(self).items()
        }


class Pace:
    """Hands out chunks of the stream to posters, half of them for HTTP and half for Kafka, within limits."""

    def __init__(self, stream: Iterator[tuple[str, bytes]], until: float, rate: float | None) -> None:
        self._stream = stream
        self._until = until
        self._rate = rate
        self._started = time.perf_counter()
        self.taken = 0
        self.open = asyncio.Event()
        self.open.set()

    async def next(self) -> list[tuple[str, bytes]]:
        """The next chunk, empty when time is up."""
        await self.open.wait()
        if self._rate is not None:
            due = self._started + self.taken / self._rate
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
        if time.perf_counter() >= self._until:
            return []
        size = CHUNK if self._rate is None else CHUNK // 4
        self.taken += size
        return list(itertools.islice(self._stream, size))


async def measure(target: Target, plan: Plan, today: date, say: Say, floor_dsn: str) -> Figures:
    """Run the whole benchmark on a running stack; nothing may be under way in it."""
    town = city(plan.entities, today)
    run = uuid.uuid4().hex[:8]
    calibration = calibrate(town, plan.seed)
    say(f"generator: {calibration:.1f} µs per fact")
    floor_per_s = await measure_floor(target, floor_dsn, town, plan, "textbook")
    say(f"floor: {floor_per_s:,.0f} facts/s through one textbook stage")
    thin_floor_per_s = await measure_floor(target, floor_dsn, town, plan, "thin")
    say(f"thin floor: {thin_floor_per_s:,.0f} facts/s through one without a profile")
    await register(target, town, run)
    say(f"warm: {plan.entities:,} entities registered and classified")
    throughput = await sustain(target, town, run, plan, say)
    say(f"throughput: {throughput.facts_per_s:,.0f} facts/s, posted and classified")
    latencies = await half_load(target, town, run, plan, throughput.facts_per_s / 2)
    return Figures(
        facts_per_s=throughput.facts_per_s,
        floor_per_s=floor_per_s,
        thin_floor_per_s=thin_floor_per_s,
        ratio=throughput.facts_per_s / floor_per_s,
        p50_ms=percentile(latencies, 0.50),
        p99_ms=percentile(latencies, 0.99),
        seconds=throughput.seconds,
        entities=plan.entities,
        facts=throughput.facts,
        half_load_per_s=throughput.facts_per_s / 2,
        probes=len(latencies),
        generator_us_per_fact=calibration,
        drain_s=throughput.drain_s,
        slowest_10s_per_s=throughput.slowest_10s_per_s,
    )


def calibrate(town: City, seed: int) -> float:
    """Microseconds of processor time the generator itself takes per fact."""
    started = time.process_time()
    for _ in itertools.islice(facts(town, "calibration", seed), 50_000):
        pass
    return (time.process_time() - started) / 50_000 * 1e6


async def measure_floor(target: Target, dsn: str, town: City, plan: Plan, kind: str) -> float:
    """The bare stage over the same events, warmed alike with every registration; only idle services run beside."""
    run = uuid.uuid4().hex[:8]
    where = Floor(target.addresses.bootstrap, target.addresses.partitions, dsn, run)
    known = zip(town.codes, registrations(town, run), strict=True)
    stream = itertools.islice(facts(town, run, plan.seed), plan.floor_facts)
    return await floor_rate(where, kind, itertools.chain(known, stream), warm=plan.entities)


async def register(target: Target, town: City, run: str) -> None:
    """Every entity is known, profiled and classified before the clock starts."""
    stream = registrations(town, run)
    while chunk := list(itertools.islice(stream, 2 * CHUNK)):
        await target.post(chunk)
    await progress.level(target, within_s=600)


@dataclass(frozen=True, slots=True)
class Throughput:
    """Facts through the whole loop, from the first post until the last was classified."""

    facts: int
    seconds: float
    drain_s: float
    facts_per_s: float
    slowest_10s_per_s: float


async def sustain(target: Target, town: City, run: str, plan: Plan, say: Say) -> Throughput:
    """Post as fast as the loop takes it for the planned time; the clock stops when all is classified."""
    started = time.perf_counter()
    pace = Pace(facts(town, run, plan.seed), started + plan.seconds, None)
    counts: list[tuple[float, int]] = []
    async with asyncio.TaskGroup() as tasks:
        watch = tasks.create_task(_hold_back(target, pace, counts, say))
        posters = [
            tasks.create_task(_poster(target, pace, number % 2 == 0)) for number in range(2 * _POSTERS)
        ]
        await asyncio.wait(posters)
        posted = time.perf_counter()
        watch.cancel()
    await progress.level(target, within_s=600)
    ended = time.perf_counter()
    return Throughput(
        facts=pace.taken,
        seconds=ended - started,
        drain_s=ended - posted,
        facts_per_s=pace.taken / (ended - started),
        slowest_10s_per_s=_slowest(counts, 10.0),
    )


async def half_load(target: Target, town: City, run: str, plan: Plan, rate: float) -> list[float]:
    """Latencies of probes while facts flow at `rate` per second."""
    until = time.perf_counter() + plan.latency_s
    probes = max(50, min(_PROBES, int(plan.latency_s * 15)))
    pace = Pace(facts(City(town.codes[probes:], town.today), f"{run}h", plan.seed + 1), until, rate)
    async with asyncio.TaskGroup() as tasks:
        for number in range(2 * _POSTERS):
            tasks.create_task(_poster(target, pace, number % 2 == 0))
        probing = tasks.create_task(
            probe(target, town.codes[:probes], run, f"{town.today.isoformat()}T00:00:00Z")
        )
    await progress.level(target, within_s=600)
    return probing.result()


async def _poster(target: Target, pace: Pace, over_http: bool) -> None:  # noqa: FBT001 - half of them each way
    while chunk := await pace.next():
        if over_http:
            await target.post([fact for _, fact in chunk])
        else:
            await target.publish(chunk)


async def _hold_back(target: Target, pace: Pace, counts: list[tuple[float, int]], say: Say) -> None:
    """Keep the facts under way within bounds, so that what is measured is the loop and not a queue."""
    base = progress.facts_accepted(await progress.standing(target))
    for tick in itertools.count():
        standing = await progress.standing(target)
        accepted = progress.facts_accepted(standing) - base
        waiting = pace.taken - accepted + progress.events_to_the_class(standing)
        counts.append((time.perf_counter(), pace.taken - waiting))
        if waiting > IN_FLIGHT:
            pace.open.clear()
        else:
            pace.open.set()
        if tick % _TELL_EVERY == 0 and len(counts) > _TELL_EVERY:
            (then, before), (now, after) = counts[-_TELL_EVERY - 1], counts[-1]
            say(f"  {(after - before) / (now - then):,.0f} facts/s, {waiting:,} under way")
        await asyncio.sleep(_WATCH_S)


def _slowest(counts: list[tuple[float, int]], window_s: float) -> float:
    """The lowest rate over any window of that length."""
    rates = []
    first = 0
    for now, done in counts:
        while now - counts[first + 1][0] >= window_s if first + 1 < len(counts) else False:
            first += 1
        if now - counts[first][0] >= window_s:
            rates.append((done - counts[first][1]) / (now - counts[first][0]))
    return min(rates, default=0.0)
