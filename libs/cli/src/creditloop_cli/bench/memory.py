"""Memory of processes and their children, as the operating system shares it out among them."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from typing import Any

import psutil

from creditloop_cli.errors import Refused

_psutil: Any = psutil  # it has no types of its own
_EVERY_S = 1.0


class Peak:
    """The most that some processes held together; pages that several share are counted once."""

    def __init__(self) -> None:
        self.bytes = 0

    @contextlib.asynccontextmanager
    async def watched(self, pids: Sequence[int]) -> AsyncIterator[None]:
        """Looked at every second until this ends.

        Raises:
            Refused: Nothing was seen of them.
        """
        watching = asyncio.create_task(self._watch(pids))
        try:
            yield
        finally:
            watching.cancel()
            await asyncio.wait([watching])
        if not watching.cancelled():
            watching.result()
        if not self.bytes:
            raise Refused("nothing was seen of the memory of the processes that were measured")

    async def _watch(self, pids: Sequence[int]) -> None:
        while True:
            self.bytes = max(self.bytes, await asyncio.to_thread(held, pids))
            await asyncio.sleep(_EVERY_S)


def held(pids: Sequence[int]) -> int:
    """Bytes that these processes and their children hold now."""
    total = 0
    for pid in pids:
        with contextlib.suppress(psutil.NoSuchProcess):
            parent = _psutil.Process(pid)
            total += sum(_own(each) for each in (parent, *parent.children(recursive=True)))
    return total


def _own(process: Any) -> int:
    try:
        return int(process.memory_full_info().pss)
    except psutil.NoSuchProcess:  # it ended just now
        return 0
