"""Judges the whole city anew for a business day (月度全量分类), stretch by stretch, while events go on."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from datetime import date
from itertools import count
from typing import NamedTuple

import numpy as np

from classification_service.errors import MovedMeanwhile
from classification_service.model.city import Booleans, JudgedAnew, MonthlyRun, Standing, Stretch, Tally
from classification_service.ports.city import Made, Runs, StretchWork
from classification_service.rules.columns import ByIndicator
from classification_service.rules.judging import Given, judge_again
from classification_service.rules.judging_city import Run, announced, judged_anew, one_by_one, values_of
from classification_service.rules.splicing import spliced

_EPOCH = date(1970, 1, 1)
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.02, 1.0
WORKERS = 2
Work = Callable[[], Awaitable[None]]
Exclusively = Callable[[Work], Awaitable[None]]


class Judged(NamedTuple):
    """A stretch, judged and not yet written; `by_people` are those about whom people decided something."""

    standing: Standing
    values: ByIndicator
    anew: JudgedAnew
    run: Run
    by_people: Sequence[int]

    @classmethod
    def of(cls, standing: Standing, run: Run) -> "Judged":
        """The entities judged for the business day of the run."""
        values = values_of(standing, run.scorers.width)
        anew = judged_anew(standing, values, run)
        return cls(
            standing, values, anew, run, [row for row in anew.verdicts.interventions if anew.judged[row]]
        )

    @property
    def others(self) -> Booleans:
        """All but those about whom people decided something: their decisions name it, and are kept row by row."""
        others = np.ones(len(self.standing.usccs), bool)
        others[list(self.by_people)] = False
        return others


class MonthlyRunner:
    """Runs the city; one that was cut short goes on where it stopped when it is asked for again.

    A stretch is read and judged without any lock, and then written in one go with its states, decisions, events, block
    and file, while the rules are held. Who was judged by an event meanwhile is judged again by what holds now; where
    the rules moved, or another transaction is at work on such an entity, the stretch is done anew.

    Args:
        runs: the books.
        exclusively: Runs a piece of work while this process applies no event.
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
        """Every entity is judged for `day` and the snapshot is complete; nothing is done where it was before.

        Where other processes are still at work on the last stretches, they complete it.
        """
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
        for attempt in count():
            try:
                return await self._stretch(run)
            except MovedMeanwhile:
                await asyncio.sleep(min(_FIRST_PAUSE_S * 2 ** min(attempt, 6), _LONGEST_PAUSE_S))
        return False

    async def _stretch(self, run: MonthlyRun) -> bool:
        """The next stretch is done; false when there is none left."""
        async with AsyncExitStack() as transaction:
            work = await transaction.enter_async_context(self._runs.work(run))
            stretch = await work.claim()
            if stretch is None:
                return False
            generation, judging = await self._judging(run, work)
            judged = await asyncio.to_thread(Judged.of, await work.read(stretch), judging)
            made = await _made(stretch, judged, work)

            async def written() -> None:
                await work.hold(generation)
                await _write(stretch, judged, made, work)
                await transaction.aclose()

            await self._exclusively(written)
        return True

    async def _judging(self, run: MonthlyRun, work: StretchWork) -> tuple[int, Run]:
        rules = await work.rules()
        day = (run.business_day - _EPOCH).days
        return rules.generation, Run(day, self._now_ms(), rules.scorers, rules.interventions)


async def _made(stretch: Stretch, judged: Judged, work: StretchWork) -> Made:
    decided = judged.anew.decided & judged.others
    return await work.make(stretch, (judged.standing, judged.anew, decided), judged.values)


async def _write(stretch: Stretch, judged: Judged, made: Made, work: StretchWork) -> None:
    missed = await work.write(judged.standing, judged.anew, judged.others)
    if missed:
        judged = await _judged_again(judged, missed, work)
        made = await _made(stretch, judged, work)
    await _decide_one_by_one(judged, work)
    await work.announce(announced(judged.standing, judged.anew, judged.anew.announced & judged.others))
    await work.done(stretch, _tally(judged.anew), made)


async def _judged_again(judged: Judged, missed: Sequence[str], work: StretchWork) -> Judged:
    """The stretch with those who moved judged by what holds of them now, and their states written."""
    standing, fresh = spliced(judged.standing, await work.anew(missed))
    again = await asyncio.to_thread(Judged.of, standing, judged.run)
    if await work.write(standing, again.anew, again.others & fresh):
        raise MovedMeanwhile(len(missed))
    return again


async def _decide_one_by_one(judged: Judged, work: StretchWork) -> None:
    if judged.by_people:
        changes, heads = one_by_one(judged.standing, judged.by_people, judged.run.business_day)
        given = Given(changes, heads, judged.run.scorers, judged.run.interventions)
        judgement = judge_again(given, decided_at_ms=judged.run.decided_at_ms)
        if judgement.heads:
            await work.save(judgement)
            await work.announce(judgement.announced)


def _tally(anew: JudgedAnew) -> Tally:
    counts = np.bincount(anew.risk_class, minlength=5)[1:]
    return Tally(
        entities=len(anew.moved),
        left=len(anew.moved) - int(anew.judged.sum()),
        moved=int(anew.moved.sum()),
        decided=int(anew.decided.sum()),
        announced=int(anew.announced.sum()),
        counts=tuple(int(each) for each in counts),
    )
