"""A unit of work in memory, the real one, and facts to give them."""

import itertools
import sys
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest
from contracts.ingestion.v1_pb2 import FactAccepted
from contracts.repair.v1_pb2 import RecordStopped
from contracts.sampling.v1_pb2 import InspectionResultRecorded
from eventbus import Received, Transaction
from profiling_service import settings, tables, wire
from profiling_service.errors import SignalNotOpen, StaleCopy, Standing, UnknownSignal
from profiling_service.model.entities import BLANK, NO_IDENTITY, Entity, EntityStatus, Identity
from profiling_service.model.events import DomainEvent, SignalCleared, SignalRaised
from profiling_service.model.facts import Fact, Statement
from profiling_service.model.relations import COUNTS
from profiling_service.model.signals import SignalFamily, Suppression
from profiling_service.ports import NEVER_RUN, CityChunk, EntityStep, NumberedFact, RunState, SignalChanges
from profiling_service.rules.peers import bound, comparing
from profiling_service.rules.profiles import RuleBook
from profiling_service.rules.suppressing import Sensing
from profiling_service.rules.windows import as_day
from profiling_service.store import EntityCache, Profiles, Store, daily_transactions
from profiling_service.store.migrations import begin_calendar, upgrade
from sqlalchemy import event
from sqlalchemy.ext.asyncio import create_async_engine
from vocabulary.sparse_values import unpack

sys.path.append(str(Path(__file__).parent))

from profiling_asking import app, ask, issuer  # noqa: F401 - fixtures
from profiling_reference.service import Desk, DeskOn

USCC = "91510104YY000001XM"
OTHER = "91510117YY0000028G"
TODAY = date(2026, 6, 1)
DAY_MS = 86_400_000


@pytest.fixture(scope="session")
def book() -> RuleBook:
    """The rule data the service ships with."""
    return settings.rule_book()


class Facts:
    """Makes facts as the wire reads them; `on` is days before the business day.

    They were recorded when they occurred, or at `recorded_at_ms` once that is set.
    """

    def __init__(self, book: RuleBook) -> None:
        self._read = wire.FactReader(book.forms)
        self._numbers = itertools.count(1)
        self.recorded_at_ms: int | None = None

    def __call__(
        self,
        kind: str,
        /,
        *,
        uscc: str = USCC,
        on: int = 1,
        fact_id: str = "",
        supersedes: str = "",
        **data: Any,
    ) -> Fact:
        if kind == "fact_retracted":
            data["fact_id"] = data.pop("retracted")
        accepted = FactAccepted(
            supersedes=supersedes,
            source="bureau",
            fact_id=fact_id or f"F-{next(self._numbers)}",
            uscc=uscc,
            occurred_at_ms=(as_day(TODAY) - on) * DAY_MS,
            recorded_at_ms=self.recorded_at_ms or (as_day(TODAY) - on) * DAY_MS + 5,
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
            stop_id=f"S-{record_id}",
            record_id=record_id,
            uscc=uscc,
            stopped_on_day=as_day(TODAY) - on,
            recorded_at_ms=self.recorded_at_ms or 0,
        )
        return wire.record_stopped(received(stop))

    def retracted(self, target: str, *, on: int = 0, uscc: str = USCC) -> Fact:
        at = (as_day(TODAY) - on) * DAY_MS
        said = FactAccepted(
            source="bureau",
            fact_id=f"T-{next(self._numbers)}",
            uscc=uscc,
            occurred_at_ms=at,
            recorded_at_ms=at + 5,
            fact_retracted={"fact_id": target},
        )
        return self._read(received(said))

    def inspected(self, result_id: str, *codes: str, uscc: str = USCC) -> Fact:
        at = (as_day(TODAY) - 3) * DAY_MS
        result = InspectionResultRecorded(
            result_id=result_id, uscc=uscc, result_codes=codes, occurred_at_ms=at
        )
        return self._read.inspection_result(received(result))


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
        self.run = RunState(as_day(day), None, NEVER_RUN, 0)
        self.known: dict[str, Entity] = {}
        self.particulars: dict[str, Identity] = {}
        self.facts: dict[tuple[str, int], Fact] = {}
        self.signals: dict[str, SignalRaised] = {}
        self.open: set[str] = set()
        self.silent: set[str] = set()
        self.suppressions: list[Suppression] = []
        self.bounds: dict[tuple[str, str, str], float] = {}
        self.events: list[DomainEvent] = []
        self.counted: dict[str, dict[str, int]] = {}
        self.due: list[str] = []
        self.stakes: dict[str, Sequence[int]] = {}

    async def business_day(self) -> int:
        return self.run.business_day

    async def entities(self, usccs: Sequence[str]) -> list[Entity]:
        return [self.known.get(uscc, BLANK) for uscc in usccs]

    async def identities(self, usccs: Collection[str]) -> dict[str, Identity]:
        return {uscc: self.particulars[uscc] for uscc in usccs if uscc in self.particulars}

    async def statements(self, usccs: Collection[str]) -> dict[str, list[Statement]]:
        found: dict[str, list[Statement]] = {uscc: [] for uscc in usccs}
        for (uscc, _), fact in self.facts.items():
            if uscc in found and fact.statement is not None:
                found[uscc].append(fact.statement)
        return found

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

    async def save_holdings(self, stakes: Mapping[str, Sequence[int]]) -> None:
        self.stakes |= stakes

    async def save_signals(self, changes: SignalChanges, day: int) -> None:  # noqa: ARG002
        for signal in (*changes.raised, *changes.silent):
            assert signal.signal_id not in self.signals
            self.signals[signal.signal_id] = signal
        for signal in (*changes.again, *changes.silent_again):
            assert signal.signal_id in self.signals
            assert signal.signal_id not in self.open
        self.open |= {signal.signal_id for signal in (*changes.raised, *changes.again)}
        self.silent |= {signal.signal_id for signal in changes.silent}
        self.silent -= {signal.signal_id for signal in changes.again}
        for grown in changes.grown:
            known = self.signals[grown.signal_id]
            if grown.signal_id not in self.open or known.measure != grown.was:
                raise StaleCopy(grown.signal_id)
            grows = {"severity": grown.severity, "measure": grown.measure}
            self.signals[grown.signal_id] = msgspec.structs.replace(known, **grows)
        for signal_id, was_open in changes.over.items():
            if (signal_id in self.open) != was_open:
                raise StaleCopy(signal_id)
            self.open.discard(signal_id)

    async def sensing(self) -> Sensing:
        return Sensing(self.suppressions, self.bounds)

    async def prepare_signals(self, day: int, book: RuleBook) -> None:  # noqa: ARG002
        there = {
            uscc: entity
            for uscc, entity in self.known.items()
            if entity.status in (EntityStatus.ACTIVE, EntityStatus.SUSPENDED)
        }
        self.bounds = {}
        for family in comparing(book.families):
            self._compare(family, there, book.catalogue.width)
        self.due += [
            uscc for uscc, entity in self.known.items() if any(said.silent for said in entity.signals)
        ]

    def _compare(self, family: SignalFamily, there: Mapping[str, Entity], width: int) -> None:
        groups: dict[tuple[str, str], list[str]] = {}
        for uscc, entity in there.items():
            if entity.industry and entity.area_code:
                groups.setdefault((entity.industry[:1], entity.area_code), []).append(uscc)
        for group, usccs in groups.items():
            values = unpack([there[uscc].values for uscc in usccs], width)[:, family.rule.reaches[0].position]
            found = bound(values, 0, family.rule.alpha)
            if found is not None and len(usccs) >= family.rule.peers:
                self.bounds[family.code, *group] = found
                self.due += [uscc for uscc, value in zip(usccs, values, strict=True) if value > found]

    def publish(self, events: Sequence[DomainEvent]) -> None:
        self.events += events

    async def run_state(self) -> RunState:
        return self.run

    async def save_run_state(self, state: RunState) -> None:
        self.run = state

    async def has_entities(self) -> bool:
        return bool(self.known)

    async def count_relations(self) -> None:
        for name, field in (("person", "legal_person_ref"), ("address", "address")):
            there = [uscc for uscc, entity in self.known.items() if entity.status != EntityStatus.CANCELLED]
            refs = [getattr(self.particulars[uscc], field) for uscc in there]
            now = {
                uscc: refs.count(ref) for uscc, ref in zip(there, refs, strict=True) if refs.count(ref) > 1
            }
            before = self.counted.get(name, {})
            self.due += [uscc for uscc in {*now, *before} if now.get(uscc) != before.get(uscc)]
            self.counted[name] = now

    async def collect_due(self, day: int, catalogue_version: int) -> int:
        self.due += [
            uscc
            for uscc, entity in self.known.items()
            if entity.next_look <= day or entity.catalogue_version != catalogue_version
        ]
        return len(set(self.due))

    async def looked_at(self, up_to: str) -> None:
        self.due = [uscc for uscc in self.due if uscc > up_to]

    async def chunk(self, after_uscc: str, limit: int) -> CityChunk:
        usccs = [uscc for uscc in sorted(set(self.due)) if uscc > after_uscc][:limit]
        nan = float("nan")
        return CityChunk(
            {uscc: self.known[uscc] for uscc in usccs},
            [self.particulars[uscc] for uscc in usccs],
            [
                max(fact.recorded_at_ms for (of, _), fact in self.facts.items() if of == uscc)
                for uscc in usccs
            ],
            {name: [float(self.counted.get(name, {}).get(uscc, nan)) for uscc in usccs] for name in COUNTS},
        )

    async def close_signal(self, signal_id: str, reason: str, by: str, day: int) -> SignalCleared:  # noqa: ARG002
        if signal_id not in self.signals:
            raise UnknownSignal(signal_id)
        if signal_id not in self.open:
            raise SignalNotOpen(Standing(False, None, None, None, None, None))
        self.open.discard(signal_id)
        signal = self.signals[signal_id]
        entity = self.known[signal.uscc]
        settled = tuple(
            known._replace(is_open=False, settled=True)
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


@pytest.fixture
def desk_on(book: RuleBook) -> DeskOn:
    """Makes desks that begin on a day."""
    return lambda day: Desk(MemoryUnitOfWork(day), book)


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
async def world_over() -> AsyncIterator[Callable[[str], SqlWorld]]:
    """The real store over a database."""
    engines = []

    def over(url: str) -> SqlWorld:
        engine = create_async_engine(url)
        engines.append(engine)

        @event.listens_for(engine.sync_engine, "connect")
        def prepare(connection: Any, _record: Any) -> None:
            cursor = connection.cursor()
            for statement in tables.ON_CONNECT:
                cursor.execute(statement)
            cursor.close()
            connection.commit()

        return SqlWorld(engine)

    yield over
    for engine in engines:
        await engine.dispose()


@pytest.fixture
async def sql_world(migrated_database: str, world_over: Callable[[str], SqlWorld]) -> SqlWorld:
    """The real store."""
    world = world_over(migrated_database)
    await begin_calendar(world.engine, TODAY)
    return world


@pytest.fixture
def indicator(book: RuleBook) -> Callable[[Entity, str], float]:
    """The value of an indicator of an entity."""
    codes = [indicator.code for indicator in book.catalogue.indicators]
    return lambda entity, code: float(unpack([entity.values], len(codes))[0, codes.index(code)])


@pytest.fixture
def sample() -> SimpleNamespace:
    """The entities and the day the tests speak of."""
    return SimpleNamespace(uscc=USCC, other=OTHER, today=TODAY, day=as_day(TODAY))
