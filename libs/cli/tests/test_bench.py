"""The benchmark's own arithmetic: a figure can only be believed if what makes it is right."""

import asyncio
import itertools
import os
import subprocess
import sys
import time
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import pytest
from booksaudit.compare import Compared, Difference
from booksaudit.lanes import Lane, Standing
from booksaudit.pairs import ACCEPTED, DECIDED, RECORDED, Pair
from booksaudit.report import Audit
from creditloop_cli.bench import floor, floor_run, progress
from creditloop_cli.bench.books import books
from creditloop_cli.bench.cpu import processor_s, us_per_fact
from creditloop_cli.bench.load import Load
from creditloop_cli.bench.pace import IN_FLIGHT, Pace, Throttle, aim
from creditloop_cli.bench.stream import city, facts, spread, turning
from creditloop_cli.errors import TooSlow

TODAY = date(2026, 11, 24)
MIDNIGHT = datetime(2026, 11, 24, tzinfo=UTC)


def _audit(accepted: int) -> Audit:
    """An audit of books that agree."""
    compared = [
        Compared(Pair(ACCEPTED, RECORDED, "", ""), accepted, accepted, Difference()),
        Compared(Pair(DECIDED, DECIDED, "", ""), 7, 7, Difference()),
    ]
    return Audit(compared, [], 0, 0, {})


def test_a_fact_acknowledged_and_never_accepted_is_lost() -> None:
    """The edge is where a source is told that its fact is safe; books that begin behind it cannot see this loss."""
    found = books(_audit(accepted=99), posted=100)

    assert (found["posted"], found["accepted"], found["lost"], found["doubled"]) == (100, 99, 1, 0)


def test_a_fact_accepted_that_nobody_posted_is_one_too_many() -> None:
    """Accepted twice under two identifiers would show here and nowhere else."""
    found = books(_audit(accepted=101), posted=100)

    assert (found["lost"], found["doubled"]) == (0, 1)


def test_the_stream_fills_the_two_years_that_end_yesterday() -> None:
    """Facts of two weeks long ago would leave every window of 90 days and 12 months at 0: nothing would change."""
    count = 20_000
    stream = itertools.islice(facts(city(100, TODAY), "x", 1, spread(count)), count)

    times = [datetime.fromisoformat(msgspec.json.decode(fact)["time"]) for _, fact in stream]

    by_quarter = Counter((MIDNIGHT - each).days * 8 // 732 for each in times)
    assert set(by_quarter) == set(range(8))
    assert max(by_quarter.values()) < 1.1 * min(by_quarter.values())
    assert times == sorted(times)
    assert max(times) <= MIDNIGHT - timedelta(days=1)


def test_no_fact_lies_in_the_future_however_many_there_are() -> None:
    """Ingestion sets aside what has not happened yet; the benchmark would then measure quarantine."""
    for calendar in (spread(100), turning):
        stream = itertools.islice(facts(city(100, TODAY), "x", 1, calendar), 200_000)
        latest = max(fact.partition(b'"time":"')[2][:10] for _, fact in stream)

        assert latest <= b"2026-11-23"


def test_only_the_probe_is_about_a_probed_entity() -> None:
    """An entity that the load made class D would answer a probe before it was posted."""
    load = Load(None, city(200, TODAY), 50, "x", 1)  # type: ignore[arg-type] - nothing is posted here

    about = {code for code, _ in itertools.islice(facts(load.busy, "x", 1), 5_000)}

    assert about.isdisjoint(load.probed.codes)
    assert len(load.probed.codes) + len(load.busy.codes) == 200


async def test_a_pace_is_kept_however_fast_the_posters_are() -> None:
    """Kafka acknowledges at once: without a pace its posters overshoot every bound between two looks."""
    began = time.perf_counter()
    pace = Pace(itertools.repeat(("code", b"fact")), began + 0.5, 10_000, 100)
    sent: list[float] = []

    async def send(chunk: Any) -> None:
        sent.append(time.perf_counter() - began)

    await asyncio.gather(*(pace.post(send) for _ in range(3)))

    assert pace.taken <= 5_100
    assert len(sent) * 100 == pace.taken
    assert sum(1 for at in sent if at < 0.25) <= 26


def test_the_rate_aims_at_a_queue_that_neither_grows_nor_runs_dry() -> None:
    """Posting at just the measured rate would leave processors idle and measure itself."""
    assert aim(10_000, under_way=IN_FLIGHT) == 10_000
    assert aim(10_000, under_way=0) == 20_000
    assert aim(10_000, under_way=3 * IN_FLIGHT) == 500
    assert aim(0, under_way=10 * IN_FLIGHT) > 0


def _standing(accepted: int, classified: int) -> Standing:
    """Ingestion accepted so many facts of one partition, and profiling has read so many of them."""
    source = "creditloop/ingestion/http-0"
    return {
        "ingestion": [Lane("http-0", {}, [accepted + 1], 0)],
        "profiling": [Lane("ingestion-0", {source: classified}, [1], 0)],
        "classification": [],
    }


def test_what_is_under_way_is_all_that_was_posted_and_has_no_class() -> None:
    """Records that ingestion has not read count as well: they are the ones that used to pile up."""
    pace = Pace(iter(()), 0.0, 1.0, 1)
    throttle = Throttle([pace], accepted=1_000)
    pace.taken = 5_000

    throttle.look(_standing(accepted=4_000, classified=3_500), now=1.0)
    pace.taken = 9_000
    throttle.look(_standing(accepted=8_000, classified=7_500), now=2.0)

    assert throttle.under_way == 9_000 - 7_000 + 500
    assert throttle.rate(5) == 4_000
    assert pace.rate == aim(4_000, throttle.under_way)


class _Target:
    """A stack whose ingestion has read so far of one inbound partition, and reads on with each look."""

    def __init__(self, read: list[int]) -> None:
        self._read = read
        self.services = self
        self.looks = 0

    async def inbound_ends(self) -> dict[int, int]:
        return {0: 10}

    async def get(self, service: str, _path: str) -> list[dict[str, object]]:
        if service != "ingestion":
            return []
        self.looks += 1
        read = self._read.pop(0) if len(self._read) > 1 else self._read[0]
        return [
            {"name": "inbound-0", "next_offset": read, "seen": {}, "next_sequence": [1], "pending_batches": 0}
        ]


async def test_level_waits_for_what_ingestion_has_not_read_yet() -> None:
    """A record acknowledged by Kafka and not yet read is under way, though no service has published it."""
    target: Any = _Target([8, 9, 10])

    await progress.level(target, within_s=5)

    assert target.looks >= 5  # three until all is read, two alike


async def test_what_is_never_read_is_told() -> None:
    """A benchmark that ends in silence with records unread would call them fast."""
    target: Any = _Target([8])

    with pytest.raises(TooSlow, match="inbound"):
        await progress.level(target, within_s=0.2)


async def test_no_password_is_on_a_command_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """Anyone on the machine may list its processes with their arguments."""
    seen: dict[str, Any] = {}

    async def start(*arguments: str, env: dict[str, str]) -> None:
        seen.update(arguments=arguments, env=env)

    monkeypatch.setattr(asyncio, "create_subprocess_exec", start)

    await floor_run._start("postgresql://postgres:secret@host/floor", "stage", "kafka:9092")

    assert not any("secret" in each for each in seen["arguments"])
    assert "secret" in seen["env"][floor.DATABASE]


def test_processor_time_is_that_of_a_process_and_of_children_that_ended() -> None:
    """PostgreSQL's work is done by its children, and some of them have ended when we look."""
    before = processor_s({"it": os.getpid()})
    subprocess.run([sys.executable, "-c", "sum(range(40_000_000))"], check=True)
    after = processor_s({"it": os.getpid()})

    assert us_per_fact(before, after, 1000)["it"] > 100
