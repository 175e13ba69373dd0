"""What the benchmark does to a running stack: registers a city, loads it fully, loads it by half with probes."""

import asyncio
import itertools
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from booksaudit.lanes import Standing

from creditloop_cli.bench import progress
from creditloop_cli.bench.latency import probe
from creditloop_cli.bench.pace import Pace, Throttle
from creditloop_cli.bench.stream import City, facts, registrations, spread
from creditloop_cli.bench.target import Addressed, Target

Say = Callable[[str], None]

CHUNK = 1000
_FIRST_RATE = 5_000.0  # of each way, until the loop has shown its own
_LOOK_S = 1.0  # each look asks three services: oftener would cost what it measures
_TELL_EVERY = 10
_SLOWEST_S = 10.0
_POSTERS = 3
_LIMIT_S = 600


@dataclass(frozen=True, slots=True)
class Throughput:
    """Facts through the whole loop, from the first post until nothing was under way.

    Attributes:
        posted: Facts acknowledged.
        accepted: Facts that ingestion took into its ledger.
        over_http: Of those posted; the others went over Kafka.
        seconds: From the first post until the end.
        drain_s: Of these, after the last post.
        slowest_10s_per_s: The lowest rate over ten seconds.
    """

    posted: int
    accepted: int
    over_http: int
    seconds: float
    drain_s: float
    slowest_10s_per_s: float

    @property
    def facts_per_s(self) -> float:
        """Accepted and arrived everywhere, draining included."""
        return self.accepted / self.seconds


@dataclass(frozen=True, slots=True)
class HalfLoad:
    """Latencies of the probes in milliseconds; facts posted beside them, and how many of these a second."""

    latencies_ms: list[float]
    posted: int
    per_s: float


@dataclass(frozen=True, slots=True)
class Load:
    """One run's load on a stack to which nobody else posts.

    Attributes:
        probes: The first so many entities are kept for probes: nothing else is posted about them.
        run: Makes the identifiers of this run's facts its own.
    """

    target: Target
    town: City
    probes: int
    run: str
    seed: int

    @property
    def busy(self) -> City:
        """The entities that facts are about."""
        return City(self.town.codes[self.probes :], self.town.today)

    @property
    def probed(self) -> City:
        """The entities whose class only a probe can move."""
        return City(self.town.codes[: self.probes], self.town.today)

    async def register(self) -> int:
        """Every entity is known, profiled and classified; how many facts that took."""
        stream = zip(self.town.codes, registrations(self.town, self.run), strict=True)
        while chunk := list(itertools.islice(stream, 2 * CHUNK)):
            await self.target.post(chunk)
        await progress.level(self.target, within_s=_LIMIT_S)
        return len(self.town.codes)

    async def sustain(self, seconds: float, say: Say) -> Throughput:
        """Post as fast as the loop takes it for so long; the clock stops when nothing is under way."""
        before = progress.facts_accepted(await progress.on_the_way_to_the_class(self.target))
        started = time.perf_counter()
        stream = facts(self.busy, self.run, self.seed, lambda _: (time.perf_counter() - started) / seconds)
        http, kafka = ways = _ways(stream, started + seconds, _FIRST_RATE, CHUNK)
        throttle = Throttle(ways, before)
        async with asyncio.TaskGroup() as tasks:
            watching = tasks.create_task(self._hold_back(throttle, say))
            await self._post(ways)
            watching.cancel()
        posted_at = time.perf_counter()
        accepted = progress.facts_accepted(await progress.level(self.target, within_s=_LIMIT_S)) - before
        ended = time.perf_counter()
        return Throughput(
            posted=http.taken + kafka.taken,
            accepted=accepted,
            over_http=http.taken,
            seconds=ended - started,
            drain_s=ended - posted_at,
            slowest_10s_per_s=throttle.slowest(_SLOWEST_S),
        )

    async def half(self, seconds: float, rate: float) -> HalfLoad:
        """Latencies of probes while facts flow at `rate` per second."""
        started = time.perf_counter()
        stream = facts(self.busy, f"{self.run}h", self.seed + 1, spread(int(rate * seconds) + 1))
        http, kafka = ways = _ways(stream, started + seconds, rate / 2, CHUNK // 4)
        async with asyncio.TaskGroup() as tasks:
            probing = tasks.create_task(probe(self.target, self.probed, self.run))
            await self._post(ways)
            elapsed = time.perf_counter() - started
        await progress.level(self.target, within_s=_LIMIT_S)
        posted = http.taken + kafka.taken
        return HalfLoad(probing.result(), posted, posted / elapsed)

    async def _post(self, ways: tuple[Pace, Pace]) -> None:
        """Three posters over HTTP, three over Kafka, until their time is up."""
        http, kafka = ways
        async with asyncio.TaskGroup() as posters:
            for _ in range(_POSTERS):
                posters.create_task(http.post(self.target.post))
                posters.create_task(kafka.post(self.target.publish))

    async def _hold_back(self, throttle: Throttle, say: Say) -> None:
        """Look every second, so that what is measured is the loop and not a queue."""
        for number in itertools.count(1):
            await asyncio.sleep(_LOOK_S)
            standing: Standing = await progress.on_the_way_to_the_class(self.target)
            throttle.look(standing, time.perf_counter())
            if number % _TELL_EVERY == 0:
                say(f"  {throttle.rate(_TELL_EVERY):,.0f} facts/s, {throttle.under_way:,} under way")


def _ways(stream: Iterator[Addressed], until: float, rate: float, size: int) -> tuple[Pace, Pace]:
    """HTTP and Kafka, each at this rate, from one stream."""
    return Pace(stream, until, rate, size), Pace(stream, until, rate, size)
