"""The loop's benchmark: floor, sustained throughput and latency at half of it, in one run."""

import itertools
import time
import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from creditloop_cli.bench.cpu import processor_s, us_per_fact
from creditloop_cli.bench.floor_run import Floor, floor_rate
from creditloop_cli.bench.latency import percentile
from creditloop_cli.bench.load import HalfLoad, Load, Say, Throughput
from creditloop_cli.bench.profiles import profiles_told
from creditloop_cli.bench.stream import City, facts, registrations, spread
from creditloop_cli.bench.target import Target

_CALIBRATED_WITH = 50_000
_MOST_PROBES = 800
_FEWEST_PROBES = 50
_PROBES_PER_S = 15


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
    floor_facts: int

    @property
    def probes(self) -> int:
        """How many of the entities are kept for probes of the latency."""
        return max(_FEWEST_PROBES, min(_MOST_PROBES, int(self.latency_s * _PROBES_PER_S)))


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured; rates per second, times in milliseconds unless named.

    Attributes:
        floor_per_s: Over both runs of the textbook floor, one before the loop's load and one after it: the machine
            moves by a quarter between minutes.
        facts: Accepted at full load.
        over_http: Share of these that were posted over HTTP; the others went over Kafka.
        changed_share: Profiles told anew (`IndicatorsChanged`) per fact accepted at full load.
        half_load_per_s: Facts posted per second beside the probes, as measured.
        cpu_us: Processor time per fact at full load, by process, in microseconds; of what runs elsewhere, nothing.
    """

    facts_per_s: float
    floor_per_s: float
    floor_before_per_s: float
    floor_after_per_s: float
    thin_floor_per_s: float
    ratio: float
    p50_ms: float
    p99_ms: float
    seconds: float
    entities: int
    facts: int
    over_http: float
    changed_share: float
    half_load_per_s: float
    probes: int
    generator_us_per_fact: float
    drain_s: float
    slowest_10s_per_s: float
    cpu_us: Mapping[str, float]

    def as_json(self) -> dict[str, float]:
        """For `--json`: `cpu_us_postgres` and the like for each process."""
        figures = asdict(self)
        figures |= {f"cpu_us_{name}": value for name, value in figures.pop("cpu_us").items()}
        return {
            name: round(value, 2) if isinstance(value, float) else value for name, value in figures.items()
        }


@dataclass(frozen=True, slots=True)
class Floors:
    """What to compare with: the generator's own microseconds per fact, and facts per second of the bare stages."""

    generator_us: float
    thin: float
    before: float
    after: float

    @property
    def textbook(self) -> float:
        """Facts per second over both runs, which are of as many facts."""
        return 2 / (1 / self.before + 1 / self.after)


@dataclass(frozen=True, slots=True)
class Bench:
    """One run of the benchmark on a running stack in which nothing is under way.

    Attributes:
        admin_dsn: A superuser's connection to the stack's PostgreSQL.
        pids: The stack's processes on this machine, by name.
    """

    target: Target
    plan: Plan
    town: City
    admin_dsn: str
    pids: Mapping[str, int]
    say: Say

    async def run(self) -> tuple[Figures, int]:
        """The figures, and how many facts were posted and acknowledged."""
        generator_us = calibrate(self.town, self.plan.seed)
        self.say(f"generator: {generator_us:.1f} µs per fact")
        thin, before = await self._floor("thin"), await self._floor("textbook")
        run = uuid.uuid4().hex[:8]
        load = Load(self.target, self.town, self.plan.probes, run, self.plan.seed)
        registered = await load.register()
        self.say(f"warm: {registered:,} entities registered and classified")
        told, used = await profiles_told(self.admin_dsn), processor_s(self.pids)
        full = await load.sustain(self.plan.seconds, self.say)
        cpu_us = us_per_fact(used, processor_s(self.pids), full.accepted)
        changed = (await profiles_told(self.admin_dsn) - told) / full.accepted
        self.say(f"throughput: {full.facts_per_s:,.0f} facts/s, posted and classified")
        half = await load.half(self.plan.latency_s, full.facts_per_s / 2)
        floors = Floors(generator_us, thin, before, await self._floor("textbook"))
        posted = registered + full.posted + half.posted + len(half.latencies_ms)
        return self._figures(floors, full, half, changed, cpu_us), posted

    async def _floor(self, kind: str) -> float:
        """The bare stage over the same events, warmed alike with every registration; only idle services run beside."""
        run, count = uuid.uuid4().hex[:8], self.plan.floor_facts
        where = Floor(self.target.addresses.bootstrap, self.target.addresses.partitions, self.admin_dsn, run)
        known = zip(self.town.codes, registrations(self.town, run), strict=True)
        stream = itertools.islice(facts(self.town, run, self.plan.seed, spread(count)), count)
        rate = await floor_rate(where, kind, itertools.chain(known, stream), warm=self.plan.entities)
        self.say(f"{kind} floor: {rate:,.0f} facts/s through one stage")
        return rate

    def _figures(
        self, floors: Floors, full: Throughput, half: HalfLoad, changed: float, cpu_us: Mapping[str, float]
    ) -> Figures:
        return Figures(
            facts_per_s=full.facts_per_s,
            floor_per_s=floors.textbook,
            floor_before_per_s=floors.before,
            floor_after_per_s=floors.after,
            thin_floor_per_s=floors.thin,
            ratio=full.facts_per_s / floors.textbook,
            p50_ms=percentile(half.latencies_ms, 0.50),
            p99_ms=percentile(half.latencies_ms, 0.99),
            seconds=full.seconds,
            entities=self.plan.entities,
            facts=full.accepted,
            over_http=full.over_http / full.posted,
            changed_share=changed,
            half_load_per_s=half.per_s,
            probes=len(half.latencies_ms),
            generator_us_per_fact=floors.generator_us,
            drain_s=full.drain_s,
            slowest_10s_per_s=full.slowest_10s_per_s,
            cpu_us=cpu_us,
        )


def calibrate(town: City, seed: int) -> float:
    """Microseconds of processor time the generator itself takes per fact."""
    started = time.process_time()
    for _ in itertools.islice(facts(town, "calibration", seed), _CALIBRATED_WITH):
        pass
    return (time.process_time() - started) / _CALIBRATED_WITH * 1e6
