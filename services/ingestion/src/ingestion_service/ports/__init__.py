"""What the use cases need from the outside."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple, Protocol

from msgspec import Struct

from ingestion_service.model.fact import Fact
from ingestion_service.model.ledger import Figure, LedgerFact
from ingestion_service.model.quarantined import Filter, Head, Heap, Job, Quarantined, State
from ingestion_service.model.verdict import Outcome
from ingestion_service.ports.codes import Codes
from ingestion_service.ports.files import FileProgress
from ingestion_service.ports.settling import Jobs
from ingestion_service.rules.counting import Entered


class Entry(Struct, frozen=True, gc=False):
    """A fact with the encoded FactAccepted it is published as; without one it is quarantined."""

    fact: Fact
    payload: bytes | None


class Settlement(NamedTuple):
    """How a person settled a quarantined fact."""

    state: State
    by: str
    note: str | None


class Ledger(Protocol):
    """Every fact ever taken in, once."""

    async def enter(self, entries: Sequence[Entry], at_us: int) -> Sequence[Entered]:
        """Each entry is in the ledger, recorded at `at_us` (microseconds) if it was not there before.

        Called once in a transaction, with entries of different keys. One that an earlier attempt recorded at this
        very instant is OURS.
        """
        ...

    async def accept(self, entries: Sequence[Entry], at_us: int) -> None:
        """Quarantined facts stand as accepted from `at_us`."""
        ...

    async def codes_of(self, keys: Collection[tuple[int, str]]) -> Mapping[tuple[int, str], str]:
        """The codes of those of these facts, by key, that stand as accepted."""
        ...

    async def note_repeated(self, facts: Mapping[tuple[int, int], int], at_us: int) -> None:
        """How many facts of the batch were duplicates, by source and number of type, is kept; once for an instant."""
        ...


class Quarantine(Protocol):
    """Facts set aside."""

    async def set_aside(self, facts: Sequence[Fact], at_us: int) -> None:
        """These are kept whole, open."""
        ...

    async def take(self, numbers: Sequence[int]) -> Sequence[Quarantined]:
        """Those there are of these numbers, in order, locked until the transaction ends."""
        ...

    async def next(self, of: Filter, span: range, limit: int) -> Sequence[int]:
        """The first `limit` numbers in `span` of facts that match, in order; not locked."""
        ...

    async def next_known(
        self, reasons: Sequence[str], since: datetime, after: int, limit: int
    ) -> Sequence[int]:
        """Likewise of open ones above `after`, held for one of these reasons, whose subject is a known old code.

        Only where fact or code came, or the source resumed or got other types, after `since`.
        """
        ...

    async def settle(self, numbers: Sequence[int], settlement: Settlement) -> None:
        """These facts are no longer open."""
        ...


class UnitOfWork(Protocol):
    """One transaction."""

    ledger: Ledger
    quarantine: Quarantine
    jobs: Jobs
    codes: Codes
    files: FileProgress

    def encode(self, fact: Fact, recorded_at_ms: int) -> bytes:
        """The FactAccepted of this fact."""
        ...

    def publish(self, entries: Sequence[Entry]) -> None:
        """The FactAccepted of those that have one reach every service once the transaction commits."""
        ...


Along = Callable[[UnitOfWork, Sequence[Outcome]], Awaitable[None]]
"""What else is done in the transaction that records facts, given their outcomes. It may be done again at another
attempt, and must not fail but for the database."""


class FactWriter(Protocol):
    """Takes judged facts and tells what became of each, once it is durable."""

    async def submit(
        self, facts: Sequence[Fact], patience_s: float, along: Along | None = None
    ) -> Sequence[Outcome]:
        """The outcomes, in order; waits up to `patience_s` seconds for its turn.

        Raises:
            WriterBusy: The turn did not come in time.
            WriterUnavailable: The outcome could not be made durable, or is not known.
        """
        ...


class LedgerReads(Protocol):
    """What people read of the ledger."""

    async def fact(self, source: str, fact_id: str) -> LedgerFact | None:
        """One fact, or None when it never came."""
        ...

    async def figures(self, first: date, last: date) -> Sequence[Figure]:
        """Counts of the days `first` to `last`, inclusive."""
        ...


class QuarantineReads(Protocol):
    """The work list."""

    async def heads(self, of: Filter, after: int, limit: int) -> Sequence[Head]:
        """As `page`, without the originals."""
        ...

    async def page(self, of: Filter, after: int, limit: int) -> Sequence[Quarantined]:
        """Up to `limit` that match, with a number above `after`, oldest first."""
        ...

    async def counts(self, of: Filter) -> Sequence[Heap]:
        """How many match, by source and reason, most first."""
        ...

    async def job(self, number: int) -> Job | None:
        """One bulk settlement."""
        ...

    async def get(self, number: int) -> Quarantined | None:
        """One quarantined fact, settled or not."""
        ...
