"""The service's ports in memory; they pass the same suite as the real ones."""

from collections import Counter
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from copy import copy
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any

from httpapi.api_key import StoredKey
from httpapi.idempotency import StoredAnswer
from ingestion_service import wire
from ingestion_service.errors import NameTaken, UnknownKey, UnknownSource
from ingestion_service.model.code import Alias
from ingestion_service.model.fact import Fact
from ingestion_service.model.ledger import Figure, LedgerFact
from ingestion_service.model.quarantined import BulkOrder, Filter, Head, Heap, Job, Quarantined
from ingestion_service.model.source import (
    ApiKey,
    Change,
    Freshness,
    LastFact,
    NewSource,
    Rate,
    Signature,
    Source,
)
from ingestion_service.model.verdict import Standing
from ingestion_service.ports import Entry, Settlement
from ingestion_service.rules.counting import Entered
from ingestion_service.rules.recoding import end_of, learned

Key = tuple[int, str]


@dataclass
class Contents:
    """What is stored."""

    facts: dict[Key, tuple[Fact, bytes | None, int]] = field(default_factory=dict)
    quarantine: dict[int, Quarantined] = field(default_factory=dict)
    published: list[tuple[str, str]] = field(default_factory=list)
    answers: dict[tuple[str, str], StoredAnswer] = field(default_factory=dict)
    jobs: dict[int, Job] = field(default_factory=dict)
    aliases: dict[str, Alias] = field(default_factory=dict)
    contested: list[Alias] = field(default_factory=list)
    sent: dict[Key, str] = field(default_factory=dict)
    repeated: dict[tuple[int, int, int], int] = field(default_factory=dict)

    def copy(self) -> "Contents":
        """What a transaction works on until it commits."""
        return Contents(**{name: copy(part) for name, part in vars(self).items()})


class MemoryUnitOfWork:
    """A `UnitOfWork` over contents; its own ledger, quarantine and answers at once."""

    def __init__(self, contents: Contents) -> None:
        self.contents = contents
        self.ledger = self
        self.quarantine = self
        self.jobs = MemoryJobs(contents)
        self.codes = MemoryCodes(contents)
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

    async def accept(self, entries: Sequence[Entry], at_us: int) -> None:
        for entry in entries:
            self.contents.facts[entry.fact.key] = (entry.fact, entry.payload, at_us)

    async def codes_of(self, keys: Collection[Key]) -> Mapping[Key, str]:
        found = {key: self.contents.facts[key] for key in keys if key in self.contents.facts}
        return {key: fact.uscc for key, (fact, payload, _) in found.items() if payload is not None}

    async def note_repeated(self, facts: Mapping[tuple[int, int], int], at_us: int) -> None:
        for (source_id, type_number), count in facts.items():
            self.contents.repeated.setdefault((at_us, source_id, type_number), count)

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
                type=fact.type,
                subject=fact.uscc,
            )

    async def take(self, numbers: Sequence[int]) -> Sequence[Quarantined]:
        return [self.contents.quarantine[n] for n in sorted(set(numbers)) if n in self.contents.quarantine]

    async def next(self, of: Filter, span: range, limit: int) -> Sequence[int]:
        return [row.id for row in matching(self.contents, of) if row.id in span][:limit]

    async def next_known(
        self,
        reasons: Sequence[str],
        since: datetime,  # noqa: ARG002 - only spares work
        after: int,
        limit: int,
    ) -> Sequence[int]:
        found = [row for row in matching(self.contents, Filter()) if row.id > after and row.reason in reasons]
        return [row.id for row in found if row.subject in self.contents.aliases][:limit]

    async def settle(self, numbers: Sequence[int], settlement: Settlement) -> None:
        for number in numbers:
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


class MemoryCodes:
    """`Codes` over contents."""

    def __init__(self, contents: Contents) -> None:
        self._contents = contents

    @property
    def recoded(self) -> Mapping[str, str]:
        return {old: code for old, code in self._links.items() if len(old) == 18}

    @property
    def _links(self) -> dict[str, str]:
        return {old: alias.uscc for old, alias in self._contents.aliases.items()}

    def latest_ms(self, at_ms: int) -> int:
        return at_ms + 86_400_000

    async def current(self, codes: Collection[str]) -> Mapping[str, str]:
        return {code: end_of(code, self._links) for code in codes if code in self._contents.aliases}

    async def learn(self, told: Sequence[Alias]) -> None:
        new = learned(told, self._links)
        for code in new.gone:
            self._contents.aliases.pop(code, None)
        self._contents.aliases |= {alias.old_code: alias for alias in new.links}
        self._contents.contested += new.contested

    async def forget(self, facts: Collection[Key]) -> None:
        kept = {old: alias for old, alias in self._contents.aliases.items() if alias[2:] not in facts}
        self._contents.aliases = kept

    async def sent_under(self, codes: Mapping[Key, str]) -> None:
        self._contents.sent |= codes

    async def joined_until(self) -> datetime:
        return datetime.fromtimestamp(0, UTC)

    async def note_joined(self, until: datetime) -> None:
        """It only spares work."""


class MemoryJobs:
    """`Jobs` over contents."""

    def __init__(self, contents: Contents) -> None:
        self._contents = contents

    async def begin(self, order: BulkOrder) -> Job:
        found = matching(self._contents, order.filter)
        highest = max([row.id for row in found], default=0)
        job = Job(len(self._contents.jobs) + 1, order, highest, 0, len(found))
        self._contents.jobs[job.id] = job
        return job

    async def take(self, number: int) -> Job | None:
        return self._contents.jobs.get(number)

    async def save(self, job: Job) -> None:
        self._contents.jobs[job.id] = job

    async def unfinished(self) -> Sequence[int]:
        return [number for number, job in self._contents.jobs.items() if job.ended_at is None]


def matching(contents: Contents, of: Filter) -> list[Quarantined]:
    """The quarantined facts that a filter means, in order."""
    return [
        row
        for row in contents.quarantine.values()
        if of.state in {None, row.state}
        and of.source in {None, row.source}
        and of.reason in {None, row.reason}
        and of.type in {None, row.type}
        and (of.received_from is None or row.received_at >= of.received_from)
        and (of.received_to is None or row.received_at < of.received_to)
        and (of.subject or "").upper() in row.subject.upper()
        and (of.ids is None or row.id in of.ids)
    ]


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
                sent = self.contents.sent.get(fact.key)
                return LedgerFact(
                    fact.type, fact.standing, fact.uscc, at, at, contents, None, None, None, sent
                )
        return None

    async def figures(self, first: date, last: date) -> Sequence[Figure]:  # noqa: ARG002
        return [Figure(first, "penalties", "creditloop.penalty.imposed.v1", Standing.ACCEPTED, 1)]

    async def heads(self, of: Filter, after: int, limit: int) -> Sequence[Head]:
        return [
            Head(
                row.id,
                row.source,
                row.fact_id,
                row.type,
                row.subject,
                row.reason,
                row.state,
                row.received_at,
                row.settled_by,
                row.settled_at,
                row.note,
                len(row.original),
            )
            for row in await self.page(of, after, limit)
        ]

    async def page(self, of: Filter, after: int, limit: int) -> Sequence[Quarantined]:
        return [row for row in matching(self.contents, of) if row.id > after][:limit]

    async def counts(self, of: Filter) -> Sequence[Heap]:
        found = Counter((row.source, row.reason) for row in matching(self.contents, of))
        return [Heap(*key, facts) for key, facts in sorted(found.items(), key=lambda one: (-one[1], one[0]))]

    async def job(self, number: int) -> Job | None:
        return self.contents.jobs.get(number)

    async def get(self, number: int) -> Quarantined | None:
        return self.contents.quarantine.get(number)


class MemoryRegister:
    """A `Register`, the senders in front of it, and httpapi's `SourceKeys`."""

    def __init__(self, *sources: Source) -> None:
        self.by_name = {source.name: source for source in sources}
        self.by_key: dict[str, ApiKey] = {}
        self.noted: list[tuple[str, Change]] = []

    def _note(self, source: str, by: Signature, field_: str, before: Any, after: Any) -> None:
        change = Change(len(self.noted) + 1, by.at, by.by, field_, before, after)
        self.noted.append((source, change))

    async def add(self, source: NewSource, by: Signature) -> Source:
        if source.name in self.by_name:
            raise NameTaken(source.name)
        made = Source(id=len(self.by_name) + 1, **asdict(source) | {"rate": source.rate})
        self.by_name[source.name] = made
        self._note(source.name, by, "registered", None, source.name)
        return made

    async def change(self, name: str, changes: Mapping[str, Any], by: Signature) -> Source:
        if name not in self.by_name:
            raise UnknownSource(name)
        before = self.by_name[name]
        self.by_name[name] = replace(before, **changes)
        for each, value in changes.items():
            if getattr(before, each) != value:
                plain = [_plain(getattr(before, each)), _plain(value)]
                self._note(name, by, each, *plain)
        return self.by_name[name]

    async def changes(self, name: str, after: int, limit: int) -> Sequence[Change]:
        return [change for of, change in self.noted if of == name and change.id > after][:limit]

    async def add_key(self, key: ApiKey, by: Signature) -> None:
        if key.source not in self.by_name:
            raise UnknownSource(key.source)
        if key.key_id not in self.by_key:
            self.by_key[key.key_id] = key
            self._note(key.source, by, "key_issued", None, key.key_id)

    async def rotate_key(self, key_id: str, new: ApiKey, until: datetime, by: Signature) -> datetime:
        old = self._held(new.source, key_id)
        if old.expires_at is not None and old.expires_at <= by.at:
            raise UnknownKey(key_id)
        ends = until if old.expires_at is None else min(old.expires_at, until)
        self.by_key |= {key_id: replace(old, expires_at=ends), new.key_id: new}
        self._note(new.source, by, "key_rotated", key_id, new.key_id)
        return ends

    async def revoke_key(self, source: str, key_id: str, by: Signature) -> None:
        self.by_key[key_id] = replace(self._held(source, key_id), revoked_at=by.at)
        self._note(source, by, "key_revoked", key_id, None)

    def _held(self, source: str, key_id: str) -> ApiKey:
        key = self.by_key.get(key_id)
        if key is None or key.source != source or key.revoked_at is not None:
            raise UnknownKey(key_id)
        return key

    async def sources(self) -> Mapping[str, Source]:
        return dict(self.by_name)

    async def keys(self) -> Mapping[str, ApiKey]:
        return {key_id: key for key_id, key in self.by_key.items() if key.revoked_at is None}

    async def keys_of(self, source: str) -> Sequence[ApiKey]:
        return [key for key in self.by_key.values() if key.source == source]

    async def last_facts(self, name: str) -> Sequence[LastFact]:  # noqa: ARG002
        return []

    async def freshness(self) -> Mapping[str, Freshness]:
        return {name: Freshness(None, None) for name in self.by_name}

    async def sender(self, name: str) -> Mapping[str, Source]:
        source = self.by_name.get(name)
        return {} if source is None or source.suspended else {name: source}

    async def everyone(self) -> Mapping[str, Source]:
        return {name: source for name, source in self.by_name.items() if not source.suspended}

    async def refresh(self) -> None:
        return None

    async def find(self, key_id: str) -> StoredKey | None:
        key = (await self.keys()).get(key_id)
        if key is None or self.by_name[key.source].suspended:
            return None
        return StoredKey(key.source, key.secret_hash, key.expires_at)


def _plain(value: Any) -> Any:
    """As JSON gives it back."""
    if isinstance(value, Rate):
        return value._asdict()
    return sorted(value) if isinstance(value, frozenset) else value
