"""Does the monthly runs that were begun, and begins the one that is due."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import date, datetime

import structlog
from eventbus import is_transient
from vocabulary.calendar import business_date

from classification_service.errors import DayNotFree
from classification_service.model.city import MonthlyRun
from classification_service.ports.city import Runs
from classification_service.rules.cadence import Cadence, due

_log = structlog.get_logger(log="monthly")
_EVERY_S = 60.0


class MonthlyWorker:
    """Every process has one: a stretch of a run is somebody's or nobody's, so that they share the work.

    Args:
        runs: the books.
        run: does a run that was begun, or what is left of it.
        cadences: when one begins by itself; none where it is always asked for.
        clock: the time now, UTC.
    """

    def __init__(
        self,
        runs: Runs,
        run: Callable[[date], Awaitable[MonthlyRun]],
        cadences: Sequence[Cadence],
        clock: Callable[[], datetime],
    ) -> None:
        self._runs = runs
        self._run = run
        self._cadences = cadences
        self._clock = clock
        self._asked = asyncio.Event()

    def wake(self) -> None:
        """A run was begun: it is done now, and not at the next look."""
        self._asked.set()

    async def look(self) -> None:
        """The run that is due is begun, and what is left of any run is done."""
        runs = await self._runs.runs()
        ran = [run.business_day for run in runs]
        day = due(business_date(self._clock()), self._cadences, ran)
        if day is not None and await self._runs.judged_until() is not None:
            await self._begin(day)
            runs = await self._runs.runs()
        for run in sorted(runs, key=lambda each: each.business_day):
            if run.ended_at is None:
                await self._run(run.business_day)

    async def _begin(self, day: date) -> None:
        try:
            await self._runs.begin(day)
        except DayNotFree as error:
            _log.warning("not begun", business_day=str(day), reason=error.reason)

    async def run(self, stop: asyncio.Event) -> None:
        """Looks when woken, and every minute, until `stop` is set; a run that it cuts short goes on later."""
        stopped = asyncio.create_task(stop.wait())
        while not stopped.done():
            self._asked.clear()
            await _unless(stopped, self._looked())
            await _unless(stopped, self._waited())
        stopped.cancel()

    async def _looked(self) -> None:
        try:
            await self.look()
        except Exception as error:
            if not is_transient(error):
                raise
            _log.warning("put off", exc_info=error)

    async def _waited(self) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._asked.wait(), _EVERY_S)


async def _unless(stopped: "asyncio.Task[bool]", work: Awaitable[None]) -> None:
    """The work is done, or cut short because the process ends."""
    task = asyncio.ensure_future(work)
    await asyncio.wait({task, stopped}, return_when=asyncio.FIRST_COMPLETED)
    if not task.done():
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    else:
        task.result()
