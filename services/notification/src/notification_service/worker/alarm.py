"""Wakes a worker: at once when work was left for it, else after a while."""

import asyncio
import contextlib


class Alarm:
    """One worker's alarm; ringing it again before it is heard changes nothing."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()

    def ring(self) -> None:
        """The worker looks for work at once."""
        self._rung.set()

    async def wait(self, stop: asyncio.Event, timeout_s: float) -> None:
        """Returns when it rings, when `stop` is set, or after `timeout_s`."""
        waiting = {asyncio.create_task(self._rung.wait()), asyncio.create_task(stop.wait())}
        try:
            await asyncio.wait(waiting, timeout=timeout_s, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in waiting:
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await task
            self._rung.clear()
