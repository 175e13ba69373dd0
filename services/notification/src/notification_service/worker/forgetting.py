"""Forgets, now and then, the answers kept by idempotency key: nobody asks for them again after a day."""

import asyncio
import contextlib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from notification_service.ports import OpenUnitOfWork
from notification_service.worker.patience import unless_away

KEPT: Final = timedelta(days=1)
EVERY_S: Final = 3600.0


class Forgetter:
    """Forgets old answers until stopped."""

    def __init__(self, open_unit_of_work: OpenUnitOfWork, clock: Callable[[], datetime]) -> None:
        self._open = open_unit_of_work
        self._clock = clock

    async def run(self, stop: asyncio.Event) -> None:
        """Forgets at once and then every hour, until `stop` is set."""
        while not stop.is_set():
            await unless_away(self.forget(), None)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(EVERY_S):
                    await stop.wait()

    async def forget(self) -> None:
        """Answers older than a day are gone."""
        async with self._open() as tx:
            await tx.forget_answers(self._clock() - KEPT)
