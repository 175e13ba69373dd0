"""Does the jobs over files, one at a time: claims one, goes through its file, writes its report."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import NamedTuple

import structlog

from ingestion_service.errors import FileRefused
from ingestion_service.model.file import Job, JobState, ReportOrder
from ingestion_service.model.verdict import Problem
from ingestion_service.rules.report import reason_rows, summary
from ingestion_service.worker.file_run import FileRun, JobParts, Lost, Stopped

_log = structlog.get_logger(log="files")


_GRACE_S = 5.0
_OUR_FAULT = Problem(
    "file", "could not be gone through, for a fault of ours", "nothing of you; tell who runs this"
)
"""One file must not stop the service, and again at each start."""


class JobOptions(NamedTuple):
    """Tuning.

    Attributes:
        lease_s: How long an owner may be silent before another takes its job over, seconds.
        poll_s: How often a process without a job looks for one, seconds.
    """

    lease_s: float = 15.0
    poll_s: float = 1.0


class FileJobs:
    """Does jobs until told to stop.

    Args:
        parts: What they are done with.
        owner: A name that no other process has.
        may_pass: Whether an error may be gone at the next attempt.
        options: Tuning.
    """

    def __init__(
        self,
        parts: JobParts,
        owner: str,
        may_pass: Callable[[BaseException], bool],
        options: JobOptions | None = None,
    ) -> None:
        self._parts = parts
        self._owner = owner
        self._may_pass = may_pass
        self._options = options or JobOptions()
        self._ordered = asyncio.Event()
        self.stopped = False

    def wake(self) -> None:
        """A job was ordered: look for it at once."""
        self._ordered.set()

    async def run(self, stop: asyncio.Event) -> None:
        """Jobs are done until `stop` is set; the one at hand is left for whoever comes next.

        No job, and no fault in taking one, ends the process: it would end again at each start.
        """
        while not stop.is_set():
            try:
                await self._next(stop)
            except Exception as error:  # noqa: BLE001 - whatever it is, other jobs go on
                if self._may_pass(error):
                    _log.warning("job put off", error=repr(error))
                else:
                    _log.exception("job put off for a fault of ours")
                await self._wait(stop)
        self.stopped = True

    async def _next(self, stop: asyncio.Event) -> None:
        job = await self._parts.jobs.claim(self._owner, self._options.lease_s)
        if job is None:
            await self._wait(stop)
        else:
            await self._do(job, stop)

    async def _wait(self, stop: asyncio.Event) -> None:
        waits = [asyncio.create_task(each.wait()) for each in (stop, self._ordered)]
        await asyncio.wait(waits, timeout=self._options.poll_s, return_when=asyncio.FIRST_COMPLETED)
        for each in waits:
            each.cancel()
        self._ordered.clear()

    async def _do(self, job: Job, stop: asyncio.Event) -> None:
        async with self._alive(job) as silenced:
            run = FileRun(self._parts, self._owner, job, lambda: stop.is_set() or silenced.is_set())
            try:
                await _until_ended(run, stop, silenced)
                await self._report(run.job, JobState.DONE)
                await self._finish(job, JobState.DONE)
            except FileRefused as refused:
                await self._refused(run.job, refused)
            except Lost:
                _log.warning("job lost to another process", job=job.id)
            except Stopped:
                await self._given_up(run.job, stop)
            except Exception as error:
                if self._may_pass(error):
                    raise
                _log.exception("job failed for a fault of ours", job=job.id)
                await self._finish(job, JobState.FAILED, _OUR_FAULT)

    async def _given_up(self, job: Job, stop: asyncio.Event) -> None:
        if stop.is_set():
            await self._parts.jobs.release(job.id, self._owner)
            return
        now = await self._parts.jobs.get(job.id)  # what was in hand may have been recorded since
        if now.cancel_asked:
            await self._report(now, JobState.CANCELLED)
            await self._finish(now, JobState.CANCELLED)

    async def _refused(self, job: Job, refused: FileRefused) -> None:
        """What was read before the fault is reported all the same."""
        problem = Problem(refused.field, refused.problem, refused.expected)
        with contextlib.suppress(FileRefused):
            await self._report(job, JobState.FAILED, problem)
        await self._finish(job, JobState.FAILED, problem)

    async def _finish(self, job: Job, state: JobState, problem: Problem | None = None) -> None:
        await self._parts.jobs.finish(job.id, self._owner, state, problem)
        _log.info("job ended", job=job.id, kind=job.kind.value, state=state.value)

    async def _report(self, job: Job, state: JobState, problem: Problem | None = None) -> None:
        disk = self._parts.disk
        order = ReportOrder(
            disk.listing(job),
            job.listing_bytes,
            disk.report(job),
            summary(job, state, problem),
            reason_rows(job.reasons),
        )
        await self._parts.reader.report(order)

    @asynccontextmanager
    async def _alive(self, job: Job) -> AsyncIterator[asyncio.Event]:
        """Tells the others that the job is at work; the event is set once it is not to go on."""
        silenced = asyncio.Event()
        beating = asyncio.create_task(self._beat(job, silenced))
        try:
            yield silenced
        finally:
            beating.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await beating

    async def _beat(self, job: Job, silenced: asyncio.Event) -> None:
        while not silenced.is_set():
            await asyncio.sleep(self._options.lease_s / 5)
            try:
                if not await self._parts.jobs.alive(job.id, self._owner):
                    silenced.set()
            except Exception as error:
                if not self._may_pass(error):
                    raise
                _log.warning("job could not tell that it is at work", job=job.id, error=repr(error))


async def _until_ended(run: FileRun, stop: asyncio.Event, silenced: asyncio.Event) -> None:
    """The run is through its file, or stopped: behind the piece at hand, or where that does not come, at once."""
    going = asyncio.create_task(run.to_the_end())
    enders = [asyncio.create_task(each.wait()) for each in (stop, silenced)]
    try:
        await asyncio.wait([going, *enders], return_when=asyncio.FIRST_COMPLETED)
        if not going.done():
            await asyncio.wait([going], timeout=_GRACE_S)
        if not going.done():
            raise Stopped(str(run.job.id))
        await going
    finally:
        for each in (going, *enders):
            each.cancel()
        await asyncio.wait([going, *enders])
