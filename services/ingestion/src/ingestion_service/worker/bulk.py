"""Works on bulk settlements: at once while someone waits, and on by itself, also after a crash."""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager

import structlog

from ingestion_service.model.quarantined import Job
from ingestion_service.ports import UnitOfWork
from ingestion_service.rules.judging import Bench
from ingestion_service.use_cases.settle_many import settle_chunk

_log = structlog.get_logger(log="bulk")
_LOOKED_FOR_EVERY_S = 30.0


class Settler:
    """A `BulkSettler`.

    Args:
        open_transaction: Commits on leaving, rolls back on an exception.
        bench: What released facts are judged by now; read before a transaction is begun.
        may_pass: Whether an error may be gone at the next attempt.
        clock_us: Microseconds since the epoch.
        patience_s: How long someone who asked waits for the end.
    """

    def __init__(
        self,
        open_transaction: Callable[[], AbstractAsyncContextManager[UnitOfWork]],
        bench: Callable[[], Awaitable[Bench]],
        may_pass: Callable[[BaseException], bool],
        clock_us: Callable[[], int] = lambda: time.time_ns() // 1000,
        patience_s: float = 10.0,
    ) -> None:
        self._open_transaction = open_transaction
        self._bench = bench
        self._may_pass = may_pass
        self._clock_us = clock_us
        self._patience_s = patience_s
        self._asked = asyncio.Event()

    async def work(self, number: int) -> Job:
        """See `BulkSettler`."""
        until_s = time.monotonic() + self._patience_s
        job = await self._chunk(number)
        while job.ended_at is None and time.monotonic() < until_s:
            job = await self._chunk(number)
        if job.ended_at is None:
            self._asked.set()
        return job

    async def run(self, stop: asyncio.Event) -> None:
        """Bring every job to its end until `stop` is set; a database that is away is waited for."""
        stopping = asyncio.create_task(stop.wait())
        try:
            while not stop.is_set():
                self._asked.clear()
                try:
                    await self.finish(stop)
                except Exception as error:
                    if not self._may_pass(error):
                        raise
                    _log.warning("bulk settlements put off", error=repr(error))
                await self._wait(stopping)
        finally:
            stopping.cancel()

    async def finish(self, stop: asyncio.Event) -> None:
        """Every job that is known now has ended, or `stop` is set."""
        async with self._open_transaction() as tx:
            numbers = await tx.jobs.unfinished()
        for number in numbers:
            while not stop.is_set() and (await self._chunk(number)).ended_at is None:
                pass

    async def _wait(self, stopping: "asyncio.Task[bool]") -> None:
        asked = asyncio.create_task(self._asked.wait())
        await asyncio.wait(
            {stopping, asked}, timeout=_LOOKED_FOR_EVERY_S, return_when=asyncio.FIRST_COMPLETED
        )
        asked.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await asked

    async def _chunk(self, number: int) -> Job:
        bench = await self._bench()
        async with self._open_transaction() as tx:
            job = await settle_chunk(number, bench, self._clock_us(), tx)
        if job.ended_at is not None:
            _log.info(
                "bulk settled",
                job=job.id,
                released=job.released,
                discarded=job.discarded,
                unusable=job.unusable,
            )
        return job
