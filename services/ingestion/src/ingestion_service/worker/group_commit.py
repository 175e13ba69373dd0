"""Group commit: requests bring their facts, one writer takes all that wait, and one transaction makes them durable.

The more requests come at once the larger the transactions, so the cost of a fact falls as load rises. Room is
bounded: who finds none waits a while and is then told to come back.

A batch keeps its instant over all attempts. When a connection breaks during commit nobody knows whether it
committed; the next attempt finds the batch's facts in the ledger under that very instant, and tells their senders
`accepted`, not `duplicate`.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import NamedTuple, Protocol

import structlog

from ingestion_service.errors import WriterBusy, WriterUnavailable
from ingestion_service.model.fact import Fact
from ingestion_service.model.verdict import Outcome
from ingestion_service.ports import Along, UnitOfWork
from ingestion_service.use_cases.record import record_facts

_log = structlog.get_logger(log="writer")
_BACKOFF_S = (0.05, 0.1, 0.2, 0.4, 0.8, 1.0)


class OpenTransaction(Protocol):
    """Opens a transaction of the writer's lane; trace contexts are by key of what is published."""

    def __call__(self, traceparents: dict[str, str]) -> AbstractAsyncContextManager[UnitOfWork]:
        """Commits on leaving, rolls back on an exception."""
        ...


class WriterOptions(NamedTuple):
    """Tuning of the group commit.

    Attributes:
        batch: Most facts of one transaction.
        queue: Most facts that wait; `queue_bytes` is the most bytes they may have come as.
        linger_s: How long a small batch waits for company, seconds.
        patience_s: How long one batch is tried again, seconds.
    """

    batch: int = 2000
    queue: int = 20_000
    queue_bytes: int = 64 * 1024 * 1024
    linger_s: float = 0.003
    patience_s: float = 15.0


class _Waiting(NamedTuple):
    facts: Sequence[Fact]
    size: int
    answer: "asyncio.Future[Sequence[Outcome]]"
    along: Along | None = None


class GroupCommit:
    """A `FactWriter` whose facts are written by `run`, in the order they came.

    Args:
        open_transaction: The writer's own lane.
        may_pass: Whether an error may be gone at the next attempt.
        options: Tuning.
        on_recorded: Told of each committed batch: what became of its facts, and in how many seconds.
        clock_us: Microseconds since the epoch.
    """

    def __init__(
        self,
        open_transaction: OpenTransaction,
        may_pass: Callable[[BaseException], bool],
        options: WriterOptions | None = None,
        on_recorded: Callable[[Sequence[Outcome], float], None] = lambda _told, _took_s: None,
        clock_us: Callable[[], int] = lambda: time.time_ns() // 1000,
    ) -> None:
        self._open_transaction = open_transaction
        self._may_pass = may_pass
        self._options = options or WriterOptions()
        self._on_recorded = on_recorded
        self._clock_us = clock_us
        self._waiting: deque[_Waiting] = deque()
        self._room = asyncio.Condition()
        self._arrived = asyncio.Event()
        self._held = 0
        self._held_bytes = 0
        self._last_us = 0

    @property
    def depth(self) -> int:
        """Facts that wait or are being written."""
        return self._held

    async def submit(
        self, facts: Sequence[Fact], patience_s: float, along: Along | None = None
    ) -> Sequence[Outcome]:
        """See `FactWriter`."""
        if not facts and along is None:
            return []
        size = sum([len(fact.original) for fact in facts])
        await self._reserve(len(facts), size, patience_s)
        answer: asyncio.Future[Sequence[Outcome]] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Waiting(facts, size, answer, along))
        self._arrived.set()
        return await answer

    async def run(self, stop: asyncio.Event) -> None:
        """Write until `stop` is set and nothing waits any more."""
        stopper = asyncio.create_task(self._wake_when(stop))
        try:
            while not (stop.is_set() and not self._waiting):
                await self._arrived.wait()
                await self._linger(stop)
                if taken := self._take():
                    await self._write(taken)
        finally:
            stopper.cancel()

    async def _wake_when(self, stop: asyncio.Event) -> None:
        await stop.wait()
        self._arrived.set()

    async def _linger(self, stop: asyncio.Event) -> None:
        few = self._held < self._options.batch // 4
        if few and self._options.linger_s and not stop.is_set():
            await asyncio.sleep(self._options.linger_s)

    async def _reserve(self, count: int, size: int, patience_s: float) -> None:
        """Room for `count` facts of `size` bytes is this request's; one alone may be larger than the whole queue."""
        try:
            async with asyncio.timeout(patience_s), self._room:
                await self._room.wait_for(lambda: self._held == 0 or self._fits(count, size))
                self._held += count
                self._held_bytes += size
        except TimeoutError as error:
            raise WriterBusy(f"{self._held} facts are waiting") from error

    def _fits(self, count: int, size: int) -> bool:
        options = self._options
        return self._held + count <= options.queue and self._held_bytes + size <= options.queue_bytes

    def _take(self) -> list[_Waiting]:
        taken: list[_Waiting] = []
        room = self._options.batch
        while self._waiting and (not taken or len(self._waiting[0].facts) <= room):
            taken.append(self._waiting.popleft())
            room -= len(taken[-1].facts)
        if not self._waiting:
            self._arrived.clear()
        return taken

    async def _write(self, taken: Sequence[_Waiting]) -> None:
        facts = [fact for waiting in taken for fact in waiting.facts]
        try:
            told = await self._record_with_patience(facts, taken)
        except WriterUnavailable as error:
            for waiting in taken:
                if not waiting.answer.done():
                    waiting.answer.set_exception(WriterUnavailable(*error.args))
        else:
            self._answer(taken, told)
        async with self._room:
            self._held -= len(facts)
            self._held_bytes -= sum([waiting.size for waiting in taken])
            self._room.notify_all()

    def _answer(self, taken: Sequence[_Waiting], told: Sequence[Outcome]) -> None:
        start = 0
        for waiting in taken:
            end = start + len(waiting.facts)
            if not waiting.answer.done():  # the client may have gone
                waiting.answer.set_result(told[start:end])
            start = end

    async def _record_with_patience(
        self, facts: Sequence[Fact], taken: Sequence[_Waiting]
    ) -> Sequence[Outcome]:
        at_us = self._instant()
        began_s = time.monotonic()
        attempt = 0
        while True:
            try:
                told = await self._record(facts, at_us, taken)
            except Exception as error:
                if not self._may_pass(error):
                    raise
                if time.monotonic() - began_s > self._options.patience_s:
                    raise WriterUnavailable("the ledger cannot be written for now") from error
                _log.warning("batch put off", facts=len(facts), attempt=attempt, error=repr(error))
            else:
                self._on_recorded(told, time.monotonic() - began_s)
                return told
            await asyncio.sleep(_BACKOFF_S[min(attempt, len(_BACKOFF_S) - 1)])
            attempt += 1

    async def _record(
        self, facts: Sequence[Fact], at_us: int, taken: Sequence[_Waiting]
    ) -> Sequence[Outcome]:
        traceparents = {fact.uscc: fact.traceparent for fact in facts}
        async with self._open_transaction(traceparents) as tx:
            told = await record_facts(facts, at_us, tx)
            start = 0
            for waiting in taken:
                end = start + len(waiting.facts)
                if waiting.along is not None:
                    await waiting.along(tx, told[start:end])
                start = end
            return told

    def _instant(self) -> int:
        """Never the same microsecond twice, even when the clock is set back."""
        self._last_us = max(self._clock_us(), self._last_us + 1)
        return self._last_us
