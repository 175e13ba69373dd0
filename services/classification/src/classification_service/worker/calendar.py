"""What the calendar ends by itself, looked at now and then."""

import asyncio
import contextlib
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import datetime

import structlog
from eventbus import is_transient
from vocabulary.calendar import business_date

from classification_service.model.governing import Who
from classification_service.ports.governing import GovernedUnitOfWork, People
from classification_service.use_cases.expiry import end_all_that_is_over

_log = structlog.get_logger(log="calendar")
_EVERY_S = 300.0
SYSTEM = "creditloop"
"""Who ends what is over by itself."""


class Calendar:
    """Ends what is over, and counts the objections that should have been decided.

    Args:
        begin: begins a transaction.
        people: counts objections.
        clock: the time now, UTC.
    """

    def __init__(
        self,
        begin: Callable[[], AbstractAsyncContextManager[GovernedUnitOfWork]],
        people: People,
        clock: Callable[[], datetime],
    ) -> None:
        self._begin = begin
        self._people = people
        self._clock = clock
        self.overdue = 0

    async def look(self) -> None:
        """What is over by now is ended."""
        now = self._clock()
        today = business_date(now)
        await end_all_that_is_over(today, Who(SYSTEM, now), self._begin)
        self.overdue = await self._people.overdue(today)

    async def run(self, stop: asyncio.Event) -> None:
        """Looks now and every five minutes until `stop` is set; a failure that may pass waits for the next time."""
        while not stop.is_set():
            try:
                await self.look()
            except Exception as error:
                if not is_transient(error):
                    raise
                _log.warning("put off", exc_info=error)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_EVERY_S):
                    await stop.wait()
