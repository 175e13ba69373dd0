"""`Sender` for programs on an event loop: a task instead of a thread."""

import asyncio
import logging
from types import TracebackType
from typing import Self

from creditloop_client.async_client import AsyncClient
from creditloop_client.batching import Batch
from creditloop_client.errors import Full, Unanswered
from creditloop_client.facts import Fact, write
from creditloop_client.progress import Progress
from creditloop_client.queues import Heard, Memory, Queue, unheard
from creditloop_client.sender import LINGER_S
from creditloop_client.verdicts import Verdict

_log = logging.getLogger("creditloop_client")


class AsyncSender:
    """Delivers what is put, in order, in batches. Arguments, promises and errors are those of `Sender`.

    Use it as an async context manager; made inside a running loop.
    """

    def __init__(self, client: AsyncClient, queue: Queue | None = None, heard: Heard = unheard) -> None:
        self._client = client
        self._queue: Queue = Memory() if queue is None else queue
        self._heard = heard
        self._progress = Progress(self._queue)
        self._arrived, self._full_batch = asyncio.Event(), asyncio.Event()
        self._changed = asyncio.Condition()
        self._task = asyncio.create_task(self._run(), name="creditloop-sender")

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        await self.close()

    async def put(self, fact: Fact, timeout_s: float | None = None) -> None:
        """The fact waits to be sent; waits while there is no room; see `Sender.put`."""
        line = write(fact, self._client.source)
        async with self._changed:
            self._progress.require_open()
            try:
                async with asyncio.timeout(timeout_s):
                    await self._changed.wait_for(lambda: self._ends or self._queue.has_room(line))
            except TimeoutError:
                raise Full(
                    f"no room for fact {fact.id!r} within {timeout_s} s: {self._queue.facts} wait"
                ) from None
            self._progress.require_open()
            self._queue.append(line)
            self._progress.put += 1
            self._tell()

    async def flush(self, timeout_s: float | None = None) -> None:
        """Everything put before was delivered; see `Sender.flush`."""
        await self.sync()
        async with self._changed:
            mark = self._progress.put
            try:
                async with asyncio.timeout(timeout_s):
                    await self._changed.wait_for(lambda: self._progress.reached(mark))
            except TimeoutError:
                pass  # the conclusion names what is missing
            self._progress.conclude(mark)

    async def sync(self) -> None:
        """Everything put before outlives a loss of power, where there is a spool."""
        await asyncio.to_thread(self._queue.sync)

    async def close(self, timeout_s: float | None = 60.0) -> None:
        """Everything was delivered; nothing more can be put; see `Sender.close`."""
        async with self._changed:
            if self._progress.closing:
                return
            self._progress.closing = True
            self._tell()
            self._changed.notify_all()
        await asyncio.wait({self._task}, timeout=timeout_s)
        self._task.cancel()
        await asyncio.wait({self._task})
        try:
            self._progress.conclude(self._progress.put)
        finally:
            self._queue.close()

    # -- the task -------------------------------------------------------------------------------------------

    @property
    def _ends(self) -> bool:
        return self._progress.closing or self._progress.failure is not None

    def _tell(self) -> None:
        if self._queue.facts or self._ends:
            self._arrived.set()
        if self._queue.facts >= self._client.options.limits.facts or self._ends:
            self._full_batch.set()

    async def _run(self) -> None:
        try:
            while (batch := await self._next()).lines:
                await self._settle(batch, await self._deliver(batch))
        except Exception as error:  # noqa: BLE001 - told to whoever puts, flushes or closes
            async with self._changed:
                self._progress.failure = error
                self._changed.notify_all()

    async def _next(self) -> Batch:
        """The next batch; an empty one when the sender is closed and all is sent."""
        self._arrived.clear()
        self._full_batch.clear()
        self._tell()
        await self._arrived.wait()
        try:
            async with asyncio.timeout(LINGER_S):
                await self._full_batch.wait()
        except TimeoutError:
            pass  # no more company came
        return self._queue.first(self._client.options.limits)

    async def _deliver(self, batch: Batch) -> list[Verdict]:
        while True:
            try:
                return await self._client.deliver(batch)
            except Unanswered as unanswered:
                _log.warning("still trying: %s", unanswered)

    async def _settle(self, batch: Batch, verdicts: list[Verdict]) -> None:
        async with self._changed:
            self._heard(verdicts)
            self._queue.settle(batch, verdicts)
            self._progress.note(verdicts)
            self._changed.notify_all()
