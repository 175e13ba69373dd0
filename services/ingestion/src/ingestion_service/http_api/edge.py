"""What the routes share."""

from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from httpapi.idempotency import IdempotencyStore
from httpapi.problems import Overloaded

from ingestion_service.errors import WriterBusy, WriterUnavailable
from ingestion_service.http_api.pacing import Pacer
from ingestion_service.ports import FactWriter, LedgerReads, QuarantineReads, UnitOfWork
from ingestion_service.ports.settling import BulkSettler
from ingestion_service.ports.sources import Register, Senders


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
        settler: works on bulk settlements.
        now: the time now, UTC.
        tolerance: how far in the future something may have happened.
        examples: what a fact of each type might say, by its name.
        pacer: holds sources to their rates.
        used_keys: ids of keys that facts came with since they were last noted.
    """

    writer: FactWriter
    senders: Senders
    register: Register
    open: OpenEdge
    ledger: LedgerReads
    quarantine: QuarantineReads
    settler: BulkSettler
    now: Callable[[], datetime]
    tolerance: timedelta
    examples: Mapping[str, Mapping[str, Any]]
    pacer: Pacer = field(default_factory=Pacer)
    used_keys: set[str | None] = field(default_factory=set)

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
