"""How many signals there are, kept beside them, is always what one would count."""

import asyncio
from collections import Counter
from contextlib import suppress
from datetime import date
from random import Random
from typing import Any

import pytest
from profiling_service.errors import NotReopened, SignalNotOpen
from profiling_service.model.entities import SECTORS
from profiling_service.model.work import StepKind
from profiling_service.ports.signal_work import WorkStep
from profiling_service.ports.signals import SignalFilter
from profiling_service.rules.profiles import RuleBook
from profiling_service.store.reads import SqlReads
from profiling_service.store.signal_counts import fold
from profiling_service.store.signal_reads import SqlSignalReads
from profiling_service.use_cases import signal_work
from profiling_service.use_cases.daily_run import DailyRun
from profiling_service.use_cases.record import record_facts
from profiling_service.use_cases.signals import clear_signals
from profiling_signal_steps import alone, complaints, counted_anew, quieten, record, until_waiting
from vocabulary.industries import Sector

LONG_AGO = date(2000, 1, 1)
FOOD = SECTORS[Sector.FOOD_PRODUCTION]
FILTERS = (
    SignalFilter(),
    SignalFilter(area_code="510104"),
    SignalFilter(area_code="510117", family="penalty_imposed"),
    SignalFilter(sector=FOOD),
    SignalFilter(sector=FOOD, sector_families=["penalty_imposed"]),
    SignalFilter(assignee=""),
    SignalFilter(assignee="chen"),
)


class Doing:
    """What facts and people do to two entities, one thing after the other."""

    def __init__(self, world: Any, book: RuleBook, facts: Any, sample: Any, random: Random) -> None:
        self.world, self.book, self.facts, self.random = world, book, facts, random
        self.usccs, self.day, self.on = (sample.uscc, sample.other), sample.day, 900
        self.reads = SqlSignalReads(world.engine, SqlReads(world.engine, book))

    async def next(self) -> None:
        """One of them, whichever comes."""
        settled = (self.shut, self.hush, self.pass_time, self.it_moves)
        await self.random.choice((self.facts_come, self.facts_come, self.work, self.work, *settled))()

    async def some(self) -> str:
        listed = await self.reads.signals(SignalFilter(), None, 100)
        return self.random.choice([row.signal_id for row in listed])

    async def facts_come(self) -> None:
        uscc = self.random.choice(self.usccs)
        one = [self.facts.penalty(uscc=uscc)]
        news = self.random.choice((one, complaints(self.facts, 1, 2, 3, uscc=uscc)))
        with suppress(RuntimeError):
            async with self.world.transaction() as tx:
                await record_and_perhaps_fail(news, tx, self.book, fails=self.random.random() < 0.2)
        await record(self.world, self.book, *news)

    async def it_moves(self) -> None:
        area, industry = self.random.choice(("510104", "510117")), self.random.choice(("C14", "F52", "H62"))
        uscc = self.random.choice(self.usccs)
        self.on -= 1
        await record(
            self.world,
            self.book,
            self.facts.registration(uscc=uscc, on=self.on, area_code=area, industry=industry),
        )

    async def work(self) -> None:
        step = signal_work.assignment(self.random.choice((None, "chen", "wang")), "chen", "", only_own=False)
        signal = await self.some()
        with suppress(SignalNotOpen):
            async with self.world.transaction() as tx:
                if self.random.random() < 0.5:
                    await signal_work.take_one(signal, step, tx)
                else:
                    await signal_work.snooze(signal, await tx.business_day() + 2, "chen", "fair", tx)

    async def shut(self) -> None:
        signal = await self.some()
        async with self.world.transaction() as tx:
            await clear_signals([signal], None, "seen", "chen", tx)
        if self.random.random() < 0.5:
            with suppress(NotReopened):
                async with self.world.transaction() as tx:
                    await signal_work.reopen(signal, "slip", "chen", tx)

    async def hush(self) -> None:
        scope = self.random.choice(({"area": "510104"}, {"uscc": self.usccs[0]}, {"area": "510100"}))
        family = self.random.choice(("penalty_imposed", "complaints_rising"))
        await quieten(self.world, family, until=self.day + self.random.choice((1, 20)), **scope)

    async def pass_time(self) -> None:
        self.day += self.random.choice((1, 8))
        await DailyRun(self.world.daily, alone, self.book)(self.day)
        await fold(self.world.engine)


async def record_and_perhaps_fail(news: list[Any], tx: Any, book: RuleBook, *, fails: bool) -> None:
    await record_facts(news, tx, book)
    if fails:
        raise RuntimeError


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_what_is_kept_is_what_one_would_count_whatever_happens(
    sql_world: Any, book: RuleBook, facts: Any, sample: Any, seed: int
) -> None:
    """Facts, redelivery, people, moves to other areas, suppressions and days: no step may lose or double one."""
    doing = Doing(sql_world, book, facts, sample, Random(seed))
    for uscc in doing.usccs:
        await record(sql_world, book, facts.registration(uscc=uscc), facts.penalty(f"P-{uscc}", uscc=uscc))

    for _ in range(25):
        await doing.next()

        assert await counted_anew(sql_world) == 0
    for wanted in FILTERS:
        assert await counted(doing.reads, wanted) == await listed(doing.reads, wanted)


async def counted(reads: SqlSignalReads, wanted: SignalFilter) -> dict[tuple[str, int], tuple[int, int, int]]:
    rows = await reads.counts(wanted, "chen", LONG_AGO)
    return {(row.state, row.severity): (row.signals, row.mine, row.unassigned) for row in rows}


async def listed(reads: SqlSignalReads, wanted: SignalFilter) -> dict[tuple[str, int], tuple[int, int, int]]:
    found: dict[tuple[str, int], Counter[str]] = {}
    for row in await reads.signals(wanted, None, 1000):
        over = row.cleared_on is not None
        waits = "snoozed" if row.snoozed_until else "open"
        state = "cleared" if over else "suppressed" if row.silent or row.suppressed else waits
        sums = found.setdefault((state, row.severity), Counter())
        sums.update(all=1, mine=row.assignee == "chen", nobody=row.assignee is None)
    return {key: (sums["all"], sums["mine"], sums["nobody"]) for key, sums in found.items()}


async def test_of_two_officers_the_slower_one_is_told_who_was_faster(
    sql_world: Any, book: RuleBook, facts: Any, sample: Any
) -> None:
    """A step written after the end of a signal would be a visit to nobody."""
    await record(sql_world, book, facts.registration(), facts.penalty("P-1"))
    signal = f"penalty_imposed|{sample.uscc}|2"

    async def act() -> None:
        async with sql_world.transaction() as slower:
            await signal_work.take_one(signal, WorkStep(StepKind.ASSIGNED, "wang", "", "wang"), slower)

    async with sql_world.transaction() as faster:
        await clear_signals([signal], None, "seen", "chen", faster)
        waiting = asyncio.create_task(act())
        await until_waiting(sql_world, 1)

    with pytest.raises(SignalNotOpen) as refused:
        await waiting
    standing = refused.value.standing
    assert (standing.is_open, standing.cleared_by, standing.by, standing.at is not None) == (
        False,
        "chen",
        "chen",
        True,
    )
