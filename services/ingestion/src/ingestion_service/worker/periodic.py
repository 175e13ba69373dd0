"""Work that is done now and then, until the process ends."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

import structlog

_log = structlog.get_logger(log="periodic")


class Periodic:
    """Does its work at once, then again after each interval, and at once again when asked.

    Args:
        work: What is done.
        every_s: The interval, seconds.
        may_pass: Whether an error may be gone next time; such a one is logged and waited out, any other raised.
    """

    def __init__(
        self, work: Callable[[], Awaitable[object]], every_s: float, may_pass: Callable[[BaseException], bool]
    ) -> None:
        self._work = work
        self._every_s = every_s
        self._may_pass = may_pass
        self._asked = asyncio.Event()

    def ask(self) -> None:
        """Do it soon."""
        self._asked.set()

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop` is set."""
        stopper = asyncio.create_task(self._wake_when(stop))
        try:
            while not stop.is_set():
                self._asked.clear()
                try:
                    await self._work()
                except Exception as error:
                    if not self._may_pass(error):
                        raise
                    _log.warning("put off", error=repr(error))
                if not stop.is_set():
                    with contextlib.suppress(TimeoutError):
                        async with asyncio.timeout(self._every_s):
                            await self._asked.wait()
        finally:
            stopper.cancel()

    async def _wake_when(self, stop: asyncio.Event) -> None:
        await stop.wait()
        self._asked.set()
