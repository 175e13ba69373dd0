"""Sends in the background while the source goes on working: a thread, with a bounded queue."""

import logging
import threading
from types import TracebackType
from typing import Self

from creditloop_client.batching import Batch
from creditloop_client.client import Client
from creditloop_client.errors import Full, Unanswered
from creditloop_client.facts import Fact, write
from creditloop_client.progress import Progress
from creditloop_client.queues import Heard, Memory, Queue, unheard
from creditloop_client.verdicts import Verdict

_log = logging.getLogger("creditloop_client")
LINGER_S = 0.02
"""How long a small batch waits for company."""


class _Stopped(Exception):
    """The sender gave up: what is under way is not waited for."""


class Sender:
    """Delivers what is put, in order, in batches; while the service is away it tries for ever.

    Use it as a context manager; many threads may put.

    Args:
        client: Used by this sender alone, and not closed by it.
        queue: Where facts wait; in memory when None, on disk with a `Spool`, whose facts of before are sent first.
        heard: Told of verdicts, in the sender's thread; what it raises stops the sender.
    """

    def __init__(self, client: Client, queue: Queue | None = None, heard: Heard = unheard) -> None:
        self._client = client
        self._queue: Queue = Memory() if queue is None else queue
        self._heard = heard
        self._progress = Progress(self._queue)
        lock = threading.RLock()
        self._arrived, self._changed = threading.Condition(lock), threading.Condition(lock)
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="creditloop-sender", daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self.close()

    def put(self, fact: Fact, timeout_s: float | None = None) -> None:
        """The fact waits to be sent; blocks while there is no room, for ever when `timeout_s` is None.

        Raises:
            Full: There was no room in time.
            UnusableFact: It cannot be written as it is.
            Closed: The sender was closed, or stopped because the service refuses its requests.
            SpoolError: The spool could not be written.
        """
        line = write(fact, self._client.source)
        with self._changed:
            self._progress.require_open()
            if not self._changed.wait_for(lambda: self._ends or self._queue.has_room(line), timeout_s):
                raise Full(f"no room for fact {fact.id!r} within {timeout_s} s: {self._queue.facts} wait")
            self._progress.require_open()
            self._queue.append(line)
            self._progress.put += 1
            if self._queue.facts in {1, self._client.options.limits.facts}:
                self._arrived.notify()

    def flush(self, timeout_s: float | None = None) -> None:
        """Everything put before was delivered; a spool has it safely on disk meanwhile.

        Raises:
            NotDelivered: It was not, in time or at all; or some facts were rejected since the last flush.
        """
        self._queue.sync()
        with self._changed:
            mark = self._progress.put
            self._changed.wait_for(lambda: self._progress.reached(mark), timeout_s)
            self._progress.conclude(mark)

    def sync(self) -> None:
        """Everything put before outlives a loss of power, where there is a spool; delivery is not waited for."""
        self._queue.sync()

    def close(self, timeout_s: float | None = 60.0) -> None:
        """Everything was delivered; nothing more can be put. A second call does nothing.

        Raises:
            NotDelivered: It was not, in time or at all; or some facts were rejected since the last flush.
        """
        with self._changed:
            if self._progress.closing:
                return
            self._progress.closing = True
            self._arrived.notify()
            self._changed.notify_all()
        self._thread.join(timeout_s)
        with self._changed:
            self._stopped.set()
            try:
                self._progress.conclude(self._progress.put)
            finally:
                self._queue.close()

    # -- the thread -----------------------------------------------------------------------------------------

    @property
    def _ends(self) -> bool:
        return self._progress.closing or self._progress.failure is not None

    def _run(self) -> None:
        try:
            while (batch := self._next()).lines:
                self._settle(batch, self._deliver(batch))
        except _Stopped:
            return
        except Exception as error:  # noqa: BLE001 - told to whoever puts, flushes or closes
            with self._changed:
                self._progress.failure = error
                self._changed.notify_all()

    def _next(self) -> Batch:
        """The next batch; an empty one when the sender is closed and all is sent."""
        limits = self._client.options.limits
        with self._arrived:
            self._arrived.wait_for(lambda: self._queue.facts or self._ends)
            self._arrived.wait_for(lambda: self._queue.facts >= limits.facts or self._ends, LINGER_S)
            return self._queue.first(limits)

    def _deliver(self, batch: Batch) -> list[Verdict]:
        while True:
            try:
                return self._client.deliver(batch, self._pause)
            except Unanswered as unanswered:
                _log.warning("still trying: %s", unanswered)

    def _pause(self, wait_s: float) -> None:
        if self._stopped.wait(wait_s):
            raise _Stopped

    def _settle(self, batch: Batch, verdicts: list[Verdict]) -> None:
        with self._changed:
            if self._stopped.is_set():
                raise _Stopped
            self._heard(verdicts)
            self._queue.settle(batch, verdicts)
            self._progress.note(verdicts)
            self._changed.notify_all()
