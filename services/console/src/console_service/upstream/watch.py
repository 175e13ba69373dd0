"""One poller for all who watch the loop: it reads the services while somebody looks, and not at all else."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping

import structlog

from console_service.model import Reading, StageFigures
from console_service.rules.stages import stages

_log = structlog.get_logger(log="watch")
Read = Callable[[], Awaitable[Mapping[str, Reading]]]


class LoopWatch:
    """The stages as they turn, told to everybody who looks."""

    def __init__(self, read: Read, every_s: float = 2.0) -> None:
        self._read = read
        self._every_s = every_s
        self._lookers = 0
        self._wanted = asyncio.Event()
        self._told = asyncio.Condition()
        self._newest: list[StageFigures] | None = None
        self._round = 0
        self._ended = False

    async def run(self, stop: asyncio.Event) -> None:
        """Reads while somebody looks; when `stop` is set, whoever looks is told that it is over."""
        stopping = asyncio.create_task(stop.wait())
        before: Mapping[str, Reading] = {}
        try:
            while not stop.is_set():
                if not self._wanted.is_set():
                    before, self._newest = {}, None
                wanted = asyncio.create_task(self._wanted.wait())
                await asyncio.wait({wanted, stopping}, return_when=asyncio.FIRST_COMPLETED)
                wanted.cancel()
                if not stop.is_set():
                    before = await self._turn(before)
                    await asyncio.wait({stopping}, timeout=self._every_s)
        finally:
            stopping.cancel()
            await self._tell(None)

    async def _turn(self, before: Mapping[str, Reading]) -> Mapping[str, Reading]:
        try:
            now = await self._read()
            await self._tell(stages(before, now))
        except (KeyError, TypeError, ValueError) as error:
            _log.warning("stages not read", error=repr(error))
            return before
        return now

    async def _tell(self, figures: list[StageFigures] | None) -> None:
        async with self._told:
            self._newest, self._ended = figures, figures is None
            self._round += 1
            self._told.notify_all()

    async def look(self) -> AsyncGenerator[list[StageFigures], None]:
        """The stages now and after every reading, until the watch ends."""
        self._lookers += 1
        self._wanted.set()
        try:
            seen = -1
            while not self._ended:
                if self._newest is not None and self._round != seen:
                    seen = self._round
                    yield self._newest
                    continue
                async with self._told:
                    current = self._round
                    while self._round == current and not self._ended:
                        await self._told.wait()
        finally:
            self._lookers -= 1
            if not self._lookers:
                self._wanted.clear()
