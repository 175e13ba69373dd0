"""A unit of work in memory, the real one, and facts to give them."""

import itertools
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import date
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest
from contracts.ingestion.v1_pb2 import FactAccepted
from contracts.repair.v1_pb2 import RecordStopped
from contracts.sampling.v1_pb2 import InspectionResultRecorded
from eventbus import Received, Transaction
from profiling_service import settings, tables, wire
from profiling_service.errors import SignalAlreadyCleared, StaleCopy, UnknownSignal
from profiling_service.model.catalogue import Aggregate
from profiling_service.model.entities import BLANK, NO_IDENTITY, Entity, EntityStatus, Identity
from profiling_service.model.events import DomainEvent, SignalCleared, SignalRaised
from profiling_service.model.facts import Fact
from profiling_service.ports import CityChunk, EntityStep, NumberedFact, RunState
from profiling_service.rules.profiles import RuleBook
from profiling_service.rules.windows import as_day
from profiling_service.store import EntityCache, Profiles, Store, daily_transactions
from profiling_service.store.migrations import begin_calendar, upgrade
from sqlalchemy import event
from sqlalchemy.ext.asyncio import create_async_engine

USCC = "91510104YY000001XM"
OTHER = "91510117YY0000028G"
TODAY = date(2026, 6, 1)
DAY_MS = 86_400_000


@pytest.fixture(scope="session")
def book() -> RuleBook:
    """The rule data the service ships with."""
    return settings.rule_book()


class Facts:
    """Makes facts as the wire reads them; `on` is days before the business day."""

    def __init__(self, book: RuleBook) -> None:
        self._read = wire.FactReader(book.catalogue.heavy_penalty)
        self._numbers = itertools.count(1)

    def __call__(self, kind: str, *, uscc: str = USCC, on: int = 1, fact_id: str = "", **data: Any) -> Fact:
        accepted = FactAccepted(
            source="bureau",
            fact_id=fact_id or f"F-{next(self._numbers)}",
            uscc=uscc,
            occurred_at_ms=(as_day(TODAY) - on) * DAY_MS,
            recorded_at_ms=(as_day(TODAY) - on) * DAY_MS + 5,
            **{kind: data},
        )
        return self._read(received(accepted))

    def registration(self, *, uscc: str = USCC, on: int = 900, **data: Any) -> Fact:
        known = {
            "name": "虚构餐饮店",
            "entity_type": "1130",
            "established_on_day": as_day(date(2023, 3, 5)),
            "registered_capital_fen": 50_000_000,
            "area_code": "510104",
            "industry": "H62",
            "address": "虚构路1号",
            "legal_person_ref": "p-1",
            "platforms": ["meals"],
        }
        return self("registration_recorded", uscc=uscc, on=on, **(known | data))

    def penalty(self, fact_id: str = "", *, on: int = 10, uscc: str = USCC, **data: Any) -> Fact:
        known = {"kinds": ["fine"], "fine_fen": 3_000_000, "severity": "ordinary"}
        return self("penalty_imposed", fact_id=fact_id, on=on, uscc=uscc, **(known | data))

    def stopped(self, record_id: str, *, on: int = 0, uscc: str = USCC) -> Fact:
        stop = RecordStopped(
            stop_id=f"S-{record_id}", record_id=record_id, uscc=uscc, stopped_on_day=as_day(TODAY) - on
        )
        return wire.record_stopped(received(stop))

    def inspected(self, result_id: str, *codes: str, uscc: str = USCC) -> Fact:
        at = (as_day(TODAY) - 3) * DAY_MS
        result = InspectionResultRecorded(
            result_id=result_id, uscc=uscc, result_codes=codes, occurred_at_ms=at
        )
        return wire.inspection_result(received(result))


def received(message: Any) -> Received:
    return Received(
        "t", 0, 0, message.DESCRIPTOR.full_name, "s", 1, message.uscc, message.SerializeToString(), 0, ""
    )


@pytest.fixture
def facts(book: RuleBook) -> Facts:
    """Makes facts."""
    return Facts(book)


class MemoryUnitOfWork:
    """The service's state in dictionaries."""

    def __init__(self, day: date = TODAY) -> None:
        self.run = RunState(as_day(day), None, 0, 0)
        self.known: dict[str, Entity] = {}
        self.particulars: dict[str, Identity] = {}
        self.facts: dict[tuple[str, int], Fact] = {}
        self.signals: dict[str, SignalRaised] = {}
        self.open: set[str] = set()
        self.events: list[DomainEvent] = []
        self.counted: dict[Aggregate, dict[str, int]] = {}

    async def business_day(self) -> int:
        return self.run.business_day

    async def entities(self, usccs: Sequence[str]) -> list[Entity]:
        return [self.known.get(uscc, BLANK) for uscc in usccs]

    async def identities(self, usccs: Collection[str]) -> dict[str, Identity]:
        return {uscc: self.particulars[uscc] for uscc in usccs if uscc in self.particulars}

    async def fact_names(self, wanted: Collection[tuple[str, int]]) -> dict[tuple[str, int], str]:
        return {key: f"{self.facts[key].source}|{self.facts[key].fact_id}" for key in wanted}

    async def add_facts(self, facts: Sequence[NumberedFact]) -> None:
        self.facts |= {(item.fact.uscc, item.number): item.fact for item in facts}

    async def save(self, steps: Sequence[EntityStep]) -> None:
        for step in steps:
            if self.known.get(step.uscc, BLANK) != step.before:
                raise StaleCopy(step.uscc)
            self.known[step.uscc] = step.after
            self.particulars[step.uscc] = step.identity or self.particulars.get(step.uscc, NO_IDENTITY)

    async def save_signals(self, raised: Sequence[SignalRaised], over: Mapping[str, bool], day: int) -> None:  # noqa: ARG002
        for signal in raised:
            assert signal.signal_id not in self.signals
            self.signals[signal.signal_id] = signal
            self.open.add(signal.signal_id)
        for signal_id, was_open in over.items():
            if (signal_id in self.open) != was_open:
                raise StaleCopy(signal_id)
            self.open.discard(signal_id)

    def publish(self, events: Sequence[DomainEvent]) -> None:
        self.events += events

    async def run_state(self) -> RunState:
        return self.run

    async def save_run_state(self, state: RunState) -> None:
        self.run = state

    async def has_entities(self) -> bool:
        return bool(self.known)

    async def count_relations(self) -> None:
        for aggregate, field in (
            (Aggregate.SAME_PERSON, "legal_person_ref"),
            (Aggregate.SAME_ADDRESS, "address"),
        ):
            there = [uscc for uscc, entity in self.known.items() if entity.status != EntityStatus.CANCELLED]
            refs = [getattr(self.particulars[uscc], field) for uscc in there]
            all_refs = {getattr(identity, field) for identity in self.particulars.values()}
            self.counted[aggregate] = {ref: max(refs.count(ref), 1) for ref in all_refs if ref}

    async def chunk(self, after_uscc: str, limit: int) -> CityChunk:
        usccs = [uscc for uscc in sorted(self.known) if uscc > after_uscc][:limit]
        identities = [self.particulars[uscc] for uscc in usccs]
        nan = float("nan")
        persons, places = self.counted[Aggregate.SAME_PERSON], self.counted[Aggregate.SAME_ADDRESS]
        return CityChunk(
            {uscc: self.known[uscc] for uscc in usccs},
            [
                max(fact.recorded_at_ms for (of, _), fact in self.facts.items() if of == uscc)
                for uscc in usccs
            ],
            {
                Aggregate.SAME_PERSON: [persons.get(who.legal_person_ref, nan) for who in identities],
                Aggregate.SAME_ADDRESS: [places.get(who.address, nan) for who in identities],
            },
        )

    async def close_signal(self, signal_id: str, reason: str, by: str, day: int) -> SignalCleared:  # noqa: ARG002
        if signal_id not in self.signals:
            raise UnknownSignal(signal_id)
        if signal_id not in self.open:
            raise SignalAlreadyCleared(signal_id)
        self.open.discard(signal_id)
        signal = self.signals[signal_id]
        entity = self.known[signal.uscc]
        settled = tuple(
            known._replace(is_open=False)
            if (known.family, known.episode) == (signal.family, signal.episode)
            else known
            for known in entity.signals
        )
        self.known[signal.uscc] = msgspec.structs.replace(entity, signals=settled)
        return SignalCleared(signal_id, signal.uscc, signal.family, reason, day)


@pytest.fixture
def tx() -> MemoryUnitOfWork:
    """A unit of work in memory."""
    return MemoryUnitOfWork()


@pytest.fixture
def fresh_tx() -> type[MemoryUnitOfWork]:
    """Makes units of work in memory, for tests that need many."""
    return MemoryUnitOfWork


class MemoryWorld:
    """Opens the unit of work in memory, as the real world opens transactions."""

    def __init__(self) -> None:
        self.tx = MemoryUnitOfWork()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[MemoryUnitOfWork]:
        yield self.tx

    daily = transaction

    def reset(self) -> None:
        """Nothing is cached here."""

    @property
    def events(self) -> list[Any]:
        return [wire.encode(event) for event in self.tx.events]


@pytest.fixture
def memory_world() -> MemoryWorld:
    """The world in memory."""
    return MemoryWorld()


class SqlWorld:
    """Opens units of work on PostgreSQL; keeps what was published."""

    def __init__(self, engine: Any) -> None:
        self.engine = engine
        self.profiles = Profiles(EntityCache(1000), now_ms=lambda: as_day(TODAY) * DAY_MS)
        self.events: list[Any] = []
        self._daily = daily_transactions(self.bus_transaction, self.profiles)

    @asynccontextmanager
    async def bus_transaction(self) -> AsyncIterator[Transaction]:
        async with self.engine.begin() as connection:
            transaction = Transaction(connection)
            yield transaction
        transaction.committed()
        self.events += transaction.outgoing

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Store]:
        async with self.bus_transaction() as transaction:
            yield self.profiles.over(transaction)

    @asynccontextmanager
    async def daily(self) -> AsyncIterator[Any]:
        async with self._daily() as unit_of_work:
            yield unit_of_work
        self.profiles.reset()


@pytest.fixture
async def migrated_database(fresh_database: str) -> str:
    """The URL of a database with the service's tables and no entity."""
    await upgrade(fresh_database, settings.MIGRATIONS)
    return fresh_database


@pytest.fixture
async def sql_world(migrated_database: str) -> AsyncIterator[SqlWorld]:
    """The real store."""
    engine = create_async_engine(migrated_database)

    @event.listens_for(engine.sync_engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        for statement in tables.ON_CONNECT:
            cursor.execute(statement)
        cursor.close()
        connection.commit()

    await begin_calendar(engine, TODAY)
    yield SqlWorld(engine)
    await engine.dispose()


@pytest.fixture
def indicator(book: RuleBook) -> Callable[[Entity, str], float]:
    """The value of an indicator of an entity."""
    codes = [indicator.code for indicator in book.catalogue.indicators]
    return lambda entity, code: memoryview(entity.values).cast("f")[codes.index(code)]


@pytest.fixture
def sample() -> SimpleNamespace:
    """The entities and the day the tests speak of."""
    return SimpleNamespace(uscc=USCC, other=OTHER, today=TODAY, day=as_day(TODAY))
