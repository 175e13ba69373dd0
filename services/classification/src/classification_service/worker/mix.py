"""The class mix of each day, kept while the day lasts."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

import structlog
from eventbus import is_transient
from vocabulary.calendar import business_date

from classification_service.ports.mix import Mixes

_log = structlog.get_logger(log="class mix")
_EVERY_S = 60.0


class MixKeeper:
    """Looks at the city now and every minute; a process that looks again leaves what is so now."""

    def __init__(self, mixes: Mixes, clock: Callable[[], datetime], every_s: float = _EVERY_S) -> None:
        self._mixes = mixes
        self._clock = clock
        self._every_s = every_s

    async def run(self, stop: asyncio.Event) -> None:
        """Until `stop` is set; what may pass, such as a database that is away, waits for the next time."""
        while not stop.is_set():
            try:
                await self._mixes.keep(business_date(self._clock()))
            except Exception as error:
                if not is_transient(error):
                    raise
                _log.warning("put off", exc_info=error)
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), self._every_s)
