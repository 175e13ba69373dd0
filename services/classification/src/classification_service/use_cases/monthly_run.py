"""Judges the whole city anew for a business day (月度全量分类), stretch by stretch, while events go on."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from datetime import date
from typing import NamedTuple

import numpy as np

from classification_service.errors import MovedMeanwhile
from classification_service.model.city import Booleans, JudgedAnew, MonthlyRun, Standing, Stretch, Tally
from classification_service.ports.city import Runs, StretchWork
from classification_service.rules.columns import ByIndicator
from classification_service.rules.judging import Given, judge_again
from classification_service.rules.judging_city import Run, announced, judged_anew, one_by_one, values_of

_EPOCH = date(1970, 1, 1)
_ATTEMPTS = 3
WORKERS = 2
Work = Callable[[], Awaitable[None]]
Exclusively = Callable[[Work], Awaitable[None]]


class Judged(NamedTuple):
    """A stretch, judged and not yet written; `by_people` are those about whom people decided something."""

    stretch: Stretch
    standing: Standing
    values: ByIndicator
    anew: JudgedAnew
    run: Run
    by_people: Sequence[int]


class MonthlyRunner:
    """Runs the city; one that was cut short goes on where it stopped when it is asked for again.

    A stretch is read, judged, and written in one transaction: its states, decisions, events, block and file. What an
    event judged between the reading and the writing is not overwritten: the stretch is read anew.

    Args:
        runs: the books.
        exclusively: Runs a piece of work while no event is applied.
        now_ms: the clock, milliseconds since the epoch.
    """

    def __init__(
        self, runs: Runs, exclusively: Exclusively, now_ms: Callable[[], int], workers: int = WORKERS
    ) -> None:
        self._runs = runs
        self._exclusively = exclusively
        self._now_ms = now_ms
        self._workers = workers

    async def __call__(self, day: date) -> MonthlyRun:
        """Every entity is judged for `day` and the snapshot is complete; nothing is done where it was before."""
        run = await self._runs.begin(day)
        if run.ended_at is None:
            async with asyncio.TaskGroup() as group:
                for _ in range(self._workers):
                    group.create_task(self._stretches(run))
        return await self._runs.end(day)

    async def _stretches(self, run: MonthlyRun) -> None:
        while await self._next(run):
            pass

    async def _next(self, run: MonthlyRun) -> bool:
        for _ in range(_ATTEMPTS):
            try:
                return await self._stretch(run, self._exclusively)
            except MovedMeanwhile:
                continue
        done: list[bool] = []

        async def alone(work: Work) -> None:
            await work()

        async def whole() -> None:
            done.append(await self._stretch(run, alone))

        await self._exclusively(whole)
        return done[0]

    async def _stretch(self, run: MonthlyRun, exclusively: Exclusively) -> bool:
        """The next stretch is done; false when there is none left."""
        async with AsyncExitStack() as transaction:
            work = await transaction.enter_async_context(self._runs.work(run))
            stretch = await work.claim()
            if stretch is None:
                return False
            judged = await self._judged(run, stretch, work)
            file = await work.file(stretch, (judged.standing, judged.anew), judged.values)
            mine = _others(judged)
            await work.keep(judged.standing, judged.anew, judged.anew.decided & mine)
            await work.done(stretch, _tally(judged), file)

            async def written() -> None:
                await work.write(judged.standing, judged.anew, mine)
                await _decide_one_by_one(judged, work)
                await work.announce(announced(judged.standing, judged.anew, judged.anew.announced & mine))
                await transaction.aclose()

            await exclusively(written)
        return True

    async def _judged(self, run: MonthlyRun, stretch: Stretch, work: StretchWork) -> Judged:
        scorers, interventions = await work.in_force()
        day = (run.business_day - _EPOCH).days
        judging = Run(day, self._now_ms(), scorers.on(day), interventions)
        standing = await work.read(stretch)

        def judged() -> Judged:
            values = values_of(standing, judging.scorers.width)
            anew = judged_anew(standing, values, judging)
            return Judged(stretch, standing, values, anew, judging, list(anew.verdicts.interventions))

        return await asyncio.to_thread(judged)


def _others(judged: Judged) -> Booleans:
    """All but those about whom people decided something: their decisions name it, and are kept row by row."""
    others = np.ones(len(judged.standing.usccs), bool)
    others[list(judged.by_people)] = False
    return others


async def _decide_one_by_one(judged: Judged, work: StretchWork) -> None:
    if judged.by_people:
        changes, heads = one_by_one(judged.standing, judged.by_people, judged.run.business_day)
        given = Given(changes, heads, judged.run.scorers, judged.run.interventions)
        judgement = judge_again(given, decided_at_ms=judged.run.decided_at_ms)
        if judgement.heads:
            await work.save(judgement)
            await work.announce(judgement.announced)


def _tally(judged: Judged) -> Tally:
    anew = judged.anew
    counts = np.bincount(anew.risk_class, minlength=5)[1:]
    return Tally(
        entities=len(anew.moved),
        moved=int(anew.moved.sum()),
        decided=int(anew.decided.sum()),
        announced=int(anew.announced.sum()),
        counts=tuple(int(each) for each in counts),
    )
