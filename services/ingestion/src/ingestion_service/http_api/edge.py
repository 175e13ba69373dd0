"""What the routes share."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from httpapi.idempotency import IdempotencyStore
from httpapi.problems import Overloaded

from ingestion_service.errors import WriterBusy, WriterUnavailable
from ingestion_service.ports import (
    FactWriter,
    LedgerReads,
    QuarantineReads,
    Register,
    Senders,
    UnitOfWork,
)


class EdgeUnitOfWork(UnitOfWork, Protocol):
    """A unit of work that also keeps answers by idempotency key."""

    @property
    def idempotency(self) -> IdempotencyStore:
        """Answers kept in this transaction."""
        ...


class OpenEdge(Protocol):
    """Begins a transaction of an HTTP edge."""

    def __call__(self) -> AbstractAsyncContextManager[EdgeUnitOfWork]:
        """Commits when its block ends well, rolls back when it raises."""
        ...


@dataclass(frozen=True, slots=True)
class Edge:
    """What the routes are given.

    Attributes:
        writer: makes judged facts durable.
        senders: who may send, from memory.
        register: sources and keys.
        open: begins a transaction for one write by a person.
        ledger: looks facts up.
        quarantine: looks quarantined facts up.
        now: the time now, UTC.
        tolerance: how far in the future something may have happened.
    """

    writer: FactWriter
    senders: Senders
    register: Register
    open: OpenEdge
    ledger: LedgerReads
    quarantine: QuarantineReads
    now: Callable[[], datetime]
    tolerance: timedelta

    def latest_ms(self) -> int:
        """The last instant at which something may already have happened, milliseconds since the epoch."""
        return int((self.now() + self.tolerance).timestamp() * 1000)

    def now_us(self) -> int:
        """Microseconds since the epoch."""
        return int(self.now().timestamp() * 1_000_000)


def overloaded(error: WriterBusy | WriterUnavailable) -> Overloaded:
    """The problem a sender is told; it is safe to send the same facts again."""
    wait_s = 1 if isinstance(error, WriterBusy) else 5
    return Overloaded("The facts were not recorded for sure: send them again.", retry_after_s=wait_s)
