"""The service's ports in memory; they pass the same suite as the real ones."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

from httpapi.api_key import StoredKey
from httpapi.idempotency import StoredAnswer
from ingestion_service import wire
from ingestion_service.errors import NameTaken, UnknownKey, UnknownQuarantined, UnknownSource
from ingestion_service.model.fact import Fact
from ingestion_service.model.ledger import Figure, LedgerFact
from ingestion_service.model.quarantined import Quarantined, State
from ingestion_service.model.source import ApiKey, NewSource, Source
from ingestion_service.model.verdict import Standing
from ingestion_service.ports import Entry, Settlement
from ingestion_service.rules.counting import Entered

Key = tuple[int, str]


@dataclass
class Contents:
    """What is stored."""

    facts: dict[Key, tuple[Fact, bytes | None, int]] = field(default_factory=dict)
    quarantine: dict[int, Quarantined] = field(default_factory=dict)
    published: list[tuple[str, str]] = field(default_factory=list)
    answers: dict[tuple[str, str], StoredAnswer] = field(default_factory=dict)

    def copy(self) -> "Contents":
        """What a transaction works on until it commits."""
        return Contents(dict(self.facts), dict(self.quarantine), list(self.published), dict(self.answers))


class MemoryUnitOfWork:
    """A `UnitOfWork` over contents; its own ledger, quarantine and answers at once."""

    def __init__(self, contents: Contents) -> None:
        self.contents = contents
        self.ledger = self
        self.quarantine = self
        self.idempotency = self

    async def enter(self, entries: Sequence[Entry], at_us: int) -> Sequence[Entered]:
        told = []
        for entry in entries:
            fact, payload = entry.fact, entry.payload
            known = self.contents.facts.get(fact.key)
            if known is None:
                self.contents.facts[fact.key] = (fact, payload, at_us)
                told.append(Entered.NEW)
            else:
                told.append(Entered.OURS if known[2] == at_us else Entered.KNOWN)
        return told

    async def accept(self, entry: Entry, at_us: int) -> None:
        self.contents.facts[entry.fact.key] = (entry.fact, entry.payload, at_us)

    async def set_aside(self, facts: Sequence[Fact], at_us: int) -> None:
        for fact in facts:
            number = len(self.contents.quarantine) + 1
            self.contents.quarantine[number] = Quarantined(
                number,
                fact.source_id,
                fact.source,
                fact.id,
                str(fact.reason),
                fact.original,
                datetime.fromtimestamp(at_us / 1_000_000, UTC),
                fact.traceparent,
            )

    async def take(self, number: int) -> Quarantined:
        if number not in self.contents.quarantine:
            raise UnknownQuarantined(str(number))
        return self.contents.quarantine[number]

    async def settle(self, number: int, settlement: Settlement) -> None:
        held = self.contents.quarantine[number]
        self.contents.quarantine[number] = replace(
            held,
            state=settlement.state,
            settled_by=settlement.by,
            note=settlement.note,
            settled_at=held.received_at,
        )

    def encode(self, fact: Fact, recorded_at_ms: int) -> bytes:
        return wire.fact_accepted(fact, recorded_at_ms)

    def publish(self, entries: Sequence[Entry]) -> None:
        self.contents.published.extend(
            (entry.fact.source, entry.fact.id) for entry in entries if entry.payload is not None
        )

    async def begin(self, key: str, caller: str) -> StoredAnswer | None:
        return self.contents.answers.get((caller, key))

    async def finish(self, key: str, caller: str, answer: StoredAnswer) -> None:
        self.contents.answers[caller, key] = answer


class MemoryDatabase:
    """Transactions one after another; `fail` may raise before or after a commit, as a broken connection does."""

    def __init__(self) -> None:
        self.contents = Contents()
        self.transactions = 0
        self.before_commit: Callable[[], None] = lambda: None
        self.after_commit: Callable[[], None] = lambda: None

    @asynccontextmanager
    async def open(self, _traceparents: dict[str, str] | None = None) -> AsyncIterator[MemoryUnitOfWork]:
        tx = MemoryUnitOfWork(self.contents.copy())
        yield tx
        self.before_commit()
        self.contents = tx.contents
        self.transactions += 1
        self.after_commit()

    async def fact(self, source: str, fact_id: str) -> LedgerFact | None:
        for fact, payload, at_us in self.contents.facts.values():
            if (fact.source, fact.id) == (source, fact_id):
                at = datetime.fromtimestamp(at_us / 1_000_000, UTC)
                contents = None if payload is None else wire.as_json(payload)
                return LedgerFact(fact.type, fact.standing, fact.uscc, at, at, contents, None, None, None)
        return None

    async def figures(self, first: date, last: date) -> Sequence[Figure]:  # noqa: ARG002
        return [Figure(first, "penalties", "creditloop.penalty.imposed.v1", Standing.ACCEPTED, 1)]

    async def page(
        self, *, state: State, source: str | None, reason: str | None, after: int, limit: int
    ) -> Sequence[Quarantined]:
        return [
            row
            for row in self.contents.quarantine.values()
            if row.id > after
            and row.state == state
            and source in {None, row.source}
            and reason in {None, row.reason}
        ][:limit]

    async def get(self, number: int) -> Quarantined | None:
        return self.contents.quarantine.get(number)


class MemoryRegister:
    """A `Register`, the senders in front of it, and httpapi's `SourceKeys`."""

    def __init__(self, *sources: Source) -> None:
        self.by_name = {source.name: source for source in sources}
        self.by_key: dict[str, ApiKey] = {}

    async def add(self, source: NewSource) -> Source:
        if source.name in self.by_name:
            raise NameTaken(source.name)
        made = Source(
            len(self.by_name) + 1, source.name, source.owner, source.fact_types, source.kafka_enabled
        )
        self.by_name[source.name] = made
        return made

    async def add_key(self, key: ApiKey) -> None:
        if key.source not in self.by_name:
            raise UnknownSource(key.source)
        self.by_key[key.key_id] = key

    async def revoke_key(self, source: str, key_id: str, at: datetime) -> None:  # noqa: ARG002
        if key_id not in self.by_key or self.by_key[key_id].source != source:
            raise UnknownKey(key_id)
        del self.by_key[key_id]

    async def suspend(self, name: str, *, suspended: bool) -> None:
        if name not in self.by_name:
            raise UnknownSource(name)
        self.by_name[name] = replace(self.by_name[name], suspended=suspended)

    async def sources(self) -> Mapping[str, Source]:
        return dict(self.by_name)

    async def keys(self) -> Mapping[str, ApiKey]:
        return dict(self.by_key)

    async def sender(self, name: str) -> Mapping[str, Source]:
        source = self.by_name.get(name)
        return {} if source is None or source.suspended else {name: source}

    async def refresh(self) -> None:
        return None

    async def find(self, key_id: str) -> StoredKey | None:
        key = self.by_key.get(key_id)
        if key is None or self.by_name[key.source].suspended:
            return None
        return StoredKey(key.source, key.secret_hash, key.expires_at)
