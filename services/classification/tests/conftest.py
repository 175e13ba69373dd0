"""Builders and fakes of this service's tests."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Callable, Collection, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime
from math import nan
from typing import Any

import numpy as np
import pytest
from classification_service.main import bus_of
from classification_service.model.judgement import ClassChanged, Head, IndicatorsChanged, Judgement
from classification_service.model.review import InspectionResult
from classification_service.model.risk_model import Catalogue, RiskModel
from classification_service.rules.scoring import Scorer
from classification_service.settings import Settings
from classification_service.store import packs
from classification_service.store.heads import HeadCache
from classification_service.store.schema import migrate
from classification_service.store.unit_of_work import SqlUnitOfWork
from classification_service.use_cases.classify import classify
from eventbus import Transaction, Transient
from localstack.postgres import databases
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from vocabulary.sparse_values import pack

USCC = "91510104YY000001XM"
DAY = 20_600
HONEST = {"base.age_years": 8.0, "base.capital_wan": 100.0, "relation.entities_of_person": 1.0}


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    """The shipped catalogue."""
    return packs.shipped_catalogue()


@pytest.fixture(scope="session")
def general(catalogue: Catalogue) -> RiskModel:
    """The shipped general model."""
    return packs.shipped_models(catalogue)[-1]


@pytest.fixture(scope="session")
def scorer(general: RiskModel, catalogue: Catalogue) -> Scorer:
    """The scorer of the general model."""
    return Scorer(general, catalogue)


@pytest.fixture(scope="session")
def change(catalogue: Catalogue) -> Callable[..., IndicatorsChanged]:
    """Builds an event about an honest eight-year-old firm; indicators by code, `_` for the dot."""
    codes = {indicator.code.replace(".", "_"): indicator.code for indicator in catalogue.indicators}

    def build(version: int = 1, *, uscc: str = USCC, **given: object) -> IndicatorsChanged:
        fields = {
            "business_day": DAY,
            "recorded_at_ms": 1_780_000_000_000,
            "cause": f"market-penalties|{version}",
            "status": "active",
            "area_code": "510104",
            "industry": "H62",
            "entity_type": "1100",
            "established_on_day": DAY - 2920,
        }
        known = {indicator.code: 0.0 for indicator in catalogue.indicators} | HONEST
        for name, value in given.items():
            if name in codes:
                known[codes[name]] = nan if value is None else float(value)
            else:
                fields[name] = value
        return IndicatorsChanged(
            uscc=uscc,
            profile_version=version,
            values=pack(np.array([list(known.values())], np.float32))[0],
            **fields,
        )

    return build


@pytest.fixture(scope="session")
def result() -> Callable[..., InspectionResult]:
    """Builds an inspection result."""

    def build(number: int = 1, **given: object) -> InspectionResult:
        fields = {
            "result_id": f"r-{number}",
            "uscc": USCC,
            "class_at_draw": "A",
            "stratum": "uniform",
            "probability": 0.03,
            "item": "annual_report_publicity",
            "is_problem": False,
            "in_denominator": True,
            "area_code": "510104",
            "industry": "H62",
            "occurred_on_day": DAY,
        }
        return InspectionResult(**fields | given)

    return build


class Stale(Exception):
    """Raised by the fake where the real one raises Transient."""


@dataclass
class Books:
    """Everything the fake keeps."""

    heads: dict[str, Head] = field(default_factory=dict)
    decisions: list[tuple[str, int, float, str]] = field(default_factory=list)
    results: dict[str, InspectionResult] = field(default_factory=dict)
    models: dict[str, tuple[RiskModel, datetime]] = field(default_factory=dict)


class MemoryUnitOfWork:
    """A unit of work over `Books`."""

    def __init__(self, books: Books | None = None) -> None:
        self.books = books or Books()
        self.published: list[ClassChanged] = []
        self.promoted: list[RiskModel] = []

    async def heads(self, usccs: Collection[str]) -> Mapping[str, Head]:
        return {uscc: self.books.heads[uscc] for uscc in usccs if uscc in self.books.heads}

    async def save(self, judgement: Judgement) -> None:
        for (uscc, head), expected in zip(judgement.heads.items(), judgement.previous_versions, strict=True):
            known = self.books.heads.get(uscc)
            if known is not None and known.profile_version != expected:
                raise Stale(uscc)
            self.books.heads[uscc] = head
        self.books.decisions += [
            (
                judgement.changes[each.row].uscc,
                each.head.decision_number,
                each.head.score,
                each.head.override_code,
            )
            for each in judgement.decided
        ]

    async def add_results(self, results: Sequence[InspectionResult]) -> None:
        for each in results:
            self.books.results.setdefault(each.result_id, each)

    async def lock_models(self) -> Mapping[str, str]:
        return {model.id: model.sha256 for model, _ in self.books.models.values()}

    async def add_model(self, model: RiskModel, promoted_at: datetime) -> None:
        self.books.models[model.id] = (model, promoted_at)

    def publish_changes(self, changes: Sequence[ClassChanged]) -> None:
        self.published += changes

    def publish_promotion(self, model: RiskModel) -> None:
        self.promoted.append(model)


class MemoryStore:
    """Transactions over `Books`: what raises leaves nothing behind."""

    stale: type[Exception] = Stale

    def __init__(self) -> None:
        self.books = Books()

    @asynccontextmanager
    async def open(self) -> AsyncIterator[MemoryUnitOfWork]:
        unit_of_work = MemoryUnitOfWork(deepcopy(self.books))
        yield unit_of_work
        self.books = unit_of_work.books

    async def decisions(self) -> list[tuple[str, int, float, str]]:
        return sorted(self.books.decisions)

    async def result_ids(self) -> list[str]:
        return sorted(self.books.results)


@pytest.fixture
def tx() -> MemoryUnitOfWork:
    """An empty unit of work in memory."""
    return MemoryUnitOfWork()


@pytest.fixture
def memory_store() -> MemoryStore:
    """An empty store in memory."""
    return MemoryStore()


class SqlStore:
    """Transactions on a real database, as the bus makes them."""

    stale = Transient

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine
        self.cache = HeadCache()

    @asynccontextmanager
    async def open(self) -> AsyncIterator[SqlUnitOfWork]:
        async with self.engine.begin() as connection:
            transaction = Transaction(connection)
            yield SqlUnitOfWork(transaction, self.cache)
        transaction.committed()

    async def decisions(self) -> list[tuple[str, int, float, str]]:
        return await self.rows(
            "select uscc, number, score, override_code from decision order by uscc, number"
        )

    async def result_ids(self) -> list[str]:
        return [row[0] for row in await self.rows("select result_id from review_result order by 1")]

    async def rows(self, query: str) -> list[tuple]:
        async with self.engine.connect() as connection:
            return [tuple(row) for row in await connection.execute(text(query))]


@pytest.fixture(scope="session")
def migrated_database(postgres_admin_url: str) -> Iterator[str]:
    """A database with the service's schema, for all tests of the run."""
    name = f"classification_{uuid.uuid4().hex[:12]}"
    url = databases.url_of(postgres_admin_url, name)
    asyncio.run(databases.create(postgres_admin_url, name))
    asyncio.run(migrate(url))
    yield url
    asyncio.run(databases.drop(postgres_admin_url, name))


@pytest.fixture
async def sql_store(migrated_database: str) -> AsyncIterator[SqlStore]:
    """An empty store on PostgreSQL."""
    engine = bus_of(settings_for(migrated_database)).engine
    async with engine.begin() as connection:
        await connection.execute(text("truncate state, decision, review_result, model, outbox, lane cascade"))
    yield SqlStore(engine)
    await engine.dispose()


def settings_for(database_url: str, kafka: str = "") -> Settings:
    """Settings for these addresses."""
    return Settings(database_url=database_url, kafka_bootstrap_servers=kafka)


@pytest.fixture
def run(scorer: Scorer):
    """Classifies a batch in a transaction of its own."""

    async def classified(store: Any, *changes: IndicatorsChanged, at_ms: int = 1_790_000_000_000) -> None:
        async with store.open() as unit_of_work:
            await classify(changes, unit_of_work, scorer, decided_at_ms=at_ms)

    return classified
