"""What the use cases need from the outside."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple, Protocol

from msgspec import Struct

from ingestion_service.model.fact import Fact
from ingestion_service.model.ledger import Figure, LedgerFact
from ingestion_service.model.quarantined import Quarantined, State
from ingestion_service.model.source import ApiKey, NewSource, Source
from ingestion_service.model.verdict import Outcome
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

    async def accept(self, entry: Entry, at_us: int) -> None:
        """A quarantined fact stands as accepted from `at_us`."""
        ...


class Quarantine(Protocol):
    """Facts set aside."""

    async def set_aside(self, facts: Sequence[Fact], at_us: int) -> None:
        """These are kept whole, open."""
        ...

    async def take(self, number: int) -> Quarantined:
        """The fact, locked until the transaction ends.

        Raises:
            UnknownQuarantined: There is none of that number.
        """
        ...

    async def settle(self, number: int, settlement: Settlement) -> None:
        """The fact is no longer open."""
        ...


class UnitOfWork(Protocol):
    """One transaction."""

    ledger: Ledger
    quarantine: Quarantine

    def encode(self, fact: Fact, recorded_at_ms: int) -> bytes:
        """The FactAccepted of this fact."""
        ...

    def publish(self, entries: Sequence[Entry]) -> None:
        """The FactAccepted of those that have one reach every service once the transaction commits."""
        ...


class FactWriter(Protocol):
    """Takes judged facts and tells what became of each, once it is durable."""

    async def submit(self, facts: Sequence[Fact], patience_s: float) -> Sequence[Outcome]:
        """The outcomes, in order; waits up to `patience_s` seconds for its turn.

        Raises:
            WriterBusy: The turn did not come in time.
            WriterUnavailable: The outcome could not be made durable, or is not known.
        """
        ...


class Register(Protocol):
    """The registered sources and their keys."""

    async def add(self, source: NewSource) -> Source:
        """The source is registered.

        Raises:
            NameTaken: One of that name is.
        """
        ...

    async def add_key(self, key: ApiKey) -> None:
        """The key is known.

        Raises:
            UnknownSource: Its source is not registered.
        """
        ...

    async def revoke_key(self, source: str, key_id: str, at: datetime) -> None:
        """The source's key is no longer valid.

        Raises:
            UnknownKey: The source has none of that id, or it was revoked before.
        """
        ...

    async def suspend(self, name: str, *, suspended: bool) -> None:
        """Nothing is taken from the source, or everything again.

        Raises:
            UnknownSource: It is not registered.
        """
        ...

    async def sources(self) -> Mapping[str, Source]:
        """All sources by name."""
        ...

    async def keys(self) -> Mapping[str, ApiKey]:
        """All keys that are not revoked, by id."""
        ...


class Senders(Protocol):
    """The register as it stood a moment ago."""

    async def sender(self, name: str) -> Mapping[str, Source]:
        """The one source of that name, by name; empty when it may not send."""
        ...

    async def refresh(self) -> None:
        """The register changed: read it again."""
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

    async def page(
        self, *, state: State, source: str | None, reason: str | None, after: int, limit: int
    ) -> Sequence[Quarantined]:
        """Up to `limit` of that state with a number above `after`, oldest first."""
        ...

    async def get(self, number: int) -> Quarantined | None:
        """One quarantined fact, settled or not."""
        ...
