"""Builders and fakes of this service's tests."""

import asyncio
import sys
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from math import nan
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from classification_service.http_api import Edge, routers
from classification_service.http_api.desk import Desk
from classification_service.main import bus_of
from classification_service.model.explanation import Decision
from classification_service.model.governing import Stored
from classification_service.model.intervention import Intervention
from classification_service.model.judgement import ClassChanged, Head, IndicatorsChanged, Judgement
from classification_service.model.review import InspectionResult, KnownBefore, Outcome, Withdrawal
from classification_service.model.risk_model import Catalogue, PromotedAt, Promotion, RiskModel
from classification_service.rules.cases import Case
from classification_service.rules.choosing import Scorers, ScorerSet
from classification_service.rules.judging import NO_INTERVENTIONS, Given, InForce, judge
from classification_service.rules.reading import judging_hash, model_of
from classification_service.rules.scoring import Scorer
from classification_service.rules.shadowing import Shadow, ShadowVerdict
from classification_service.settings import Settings
from classification_service.store import packs
from classification_service.store.alarms import SqlAlarms
from classification_service.store.heads import HeadCache
from classification_service.store.in_force import RulesInForce
from classification_service.store.mix import SqlMixes
from classification_service.store.people import PeopleReads
from classification_service.store.reads import Reads
from classification_service.store.replays import ReplayReads
from classification_service.store.review_reads import ReviewReads
from classification_service.store.schema import migrate
from classification_service.store.sector_reads import SectorReads
from classification_service.store.shelf import ModelShelf
from classification_service.store.unit_of_work import SqlUnitOfWork
from classification_service.use_cases.classify import classify
from classification_service.use_cases.promote import register_models
from eventbus import Outgoing, Transaction, Transient
from fastapi import FastAPI
from httpapi import LocalIssuer, Role
from httpapi.app import create_app
from httpapi.tokens import IdentityOptions, verifier_from
from localstack.postgres import databases
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from vocabulary.sparse_values import pack

sys.path.append(str(Path(__file__).parent))

from city_of_twelve import CODES, City, Silent

USCC = "91510104YY000001XM"
DAY = 20_600
EMPTIED = (
    *(
        "state",
        "class_count",
        "sector_count",
        "decision",
        "review_result",
        "review_withdrawal",
        "review_run",
        "review_alarm",
    ),
    *("model", "model_set", "intervention", "objection", "idempotent_answer"),
    *("snapshot", "monthly_run", "monthly_block", "outbox", "lane"),
)
HONEST = {"base.age_years": 8.0, "base.capital_wan": 100.0, "relation.entities_of_person": 1.0}


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    """The shipped catalogue."""
    return packs.shipped_catalogue()


@pytest.fixture(scope="session")
def general(catalogue: Catalogue) -> RiskModel:
    """The shipped general model."""
    return next(model for model in packs.shipped_models(catalogue) if model.id == "general@1")


@pytest.fixture(scope="session")
def shipped(catalogue: Catalogue) -> list[RiskModel]:
    """Every shipped model."""
    return packs.shipped_models(catalogue)


@pytest.fixture(scope="session")
def shipped_set(shipped: list[RiskModel], catalogue: Catalogue) -> ScorerSet:
    """The scorers of the newest version of each shipped model."""
    newest = {model.code: model for model in shipped}
    return ScorerSet([Scorer(model, catalogue) for model in newest.values()])


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
            "occurred_at_ms": (DAY * 24 + 4) * 3_600_000,
            "codes": ("no_problem",),
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
    results: dict[str, Outcome] = field(default_factory=dict)
    withdrawals: dict[str, Withdrawal] = field(default_factory=dict)
    known: dict[str, KnownBefore] = field(default_factory=dict)
    models: dict[str, tuple[RiskModel, datetime]] = field(default_factory=dict)
    promotions: list[tuple[str, int]] = field(default_factory=list)
    named: int = 0


class MemoryUnitOfWork:
    """A unit of work over `Books`."""

    def __init__(self, rules: InForce, books: Books | None = None) -> None:
        self.rules = rules
        self.books = books or Books()
        self.published: list[ClassChanged] = []
        self.promoted: list[RiskModel] = []

    async def in_force(self) -> InForce:
        return self.rules

    async def heads(self, usccs: Collection[str]) -> Mapping[str, Head]:
        return {uscc: self.books.heads[uscc] for uscc in usccs if uscc in self.books.heads}

    async def shadows(self) -> Sequence[Shadow]:
        return ()

    async def add_shadow_verdicts(
        self, shadow: Shadow, verdicts: Sequence[ShadowVerdict], decided_at_ms: int
    ) -> None:
        raise NotImplementedError("no draft runs beside the models in memory")

    async def save(self, judgement: Judgement) -> None:
        for (uscc, head), expected in zip(judgement.heads.items(), judgement.previous, strict=True):
            known = self.books.heads.get(uscc)
            if known is not None and (known.profile_version, known.decision_number) != expected:
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

    async def known_before(self, results: Sequence[InspectionResult]) -> Mapping[str, KnownBefore]:
        return {
            each.result_id: self.books.known[each.uscc] for each in results if each.uscc in self.books.known
        }

    async def add_outcomes(self, joined: Sequence[Outcome]) -> None:
        for each in joined:
            self.books.results.setdefault(each.result.result_id, each)

    async def add_withdrawals(self, withdrawals: Sequence[Withdrawal]) -> None:
        for each in withdrawals:
            self.books.withdrawals.setdefault(each.result_id, each)

    async def lock_models(self) -> Mapping[str, Stored]:
        return {
            model.id: Stored(model.sha256, judging_hash(model.definition), own=False)
            for model, _ in self.books.models.values()
        }

    async def add_model(self, model: RiskModel, promoted_at: datetime) -> None:
        self.books.models[model.id] = (model, promoted_at)

    async def promote(self, model: RiskModel, at: PromotedAt) -> None:
        self.books.promotions.append((model.id, at.from_day))

    async def name_sets(self) -> None:
        self.books.named += 1

    def publish_changes(self, changes: Sequence[ClassChanged]) -> None:
        self.published += changes

    def publish_promotion(self, model: RiskModel) -> None:
        self.promoted.append(model)


class MemoryStore:
    """Transactions over `Books`: what raises leaves nothing behind."""

    stale: type[Exception] = Stale

    def __init__(self, rules: InForce) -> None:
        self.rules = rules
        self.books = Books()

    @asynccontextmanager
    async def open(self) -> AsyncIterator[MemoryUnitOfWork]:
        unit_of_work = MemoryUnitOfWork(self.rules, deepcopy(self.books))
        yield unit_of_work
        self.books = unit_of_work.books

    async def decisions(self) -> list[tuple[str, int, float, str]]:
        return sorted(self.books.decisions)

    async def result_ids(self) -> list[str]:
        return sorted(self.books.results)


@pytest.fixture
def in_force(general: RiskModel, catalogue: Catalogue) -> InForce:
    """The shipped general model since the beginning of days, and nothing that people decided."""
    return InForce(Scorers([general], [Promotion(1, general.id, 0)], catalogue), NO_INTERVENTIONS)


@pytest.fixture
def scorer_set(in_force: InForce) -> ScorerSet:
    """The scorers of the day."""
    return in_force.scorers.on(DAY)


@pytest.fixture
def case_of(scorer_set: ScorerSet) -> Callable[..., Case]:
    """Builds the case of the decision that follows one event, by the general model alone or by a set."""

    def build(
        change: IndicatorsChanged, scorers: ScorerSet | None = None, *, people: Sequence[Intervention] = ()
    ) -> Case:
        scorers = scorers or scorer_set
        judgement = judge(Given([change], {}, scorers, {change.uscc: people}), decided_at_ms=0)
        head, made = judgement.heads[change.uscc], judgement.verdicts
        established = change.established_on_day
        decision = Decision(
            uscc=change.uscc,
            number=change.profile_version,
            decided_at=datetime(2026, 5, 28, tzinfo=UTC),
            business_day=date(1970, 1, 1) + timedelta(days=change.business_day),
            recorded_at=datetime(2026, 5, 27, tzinfo=UTC),
            profile_version=change.profile_version,
            model_id=head.model_id,
            values=tuple(judgement.values[0].tolist()),
            points=tuple(next(points for rows, points in made.points if len(rows))[0].tolist()),
            score=head.score,
            risk_class=" ABCD"[head.risk_class],
            score_class=" ABCD"[int(made.score_class[0])],
            override_code=head.override_code,
            flags=head.flags,
            cause=change.cause,
            previous_class="",
            sectors=head.sectors,
            set_code=judgement.set_code,
            established_on=None if established is None else date(1970, 1, 1) + timedelta(days=established),
            status=change.status,
            interventions=",".join(str(each.id) for each in people),
        )
        return Case.of(decision, scorers, people)

    return build


@pytest.fixture
def tx(in_force: InForce) -> MemoryUnitOfWork:
    """An empty unit of work in memory."""
    return MemoryUnitOfWork(in_force)


@pytest.fixture
def memory_store(in_force: InForce) -> MemoryStore:
    """An empty store in memory."""
    return MemoryStore(in_force)


class SqlStore:
    """Transactions on a real database, as the bus makes them."""

    stale = Transient

    def __init__(self, engine: AsyncEngine, catalogue: Catalogue) -> None:
        self.engine = engine
        self.cache = HeadCache()
        self.rules = RulesInForce(catalogue)
        self.published: list[Outgoing] = []

    @asynccontextmanager
    async def open(self) -> AsyncIterator[SqlUnitOfWork]:
        async with self.engine.begin() as connection:
            transaction = Transaction(connection)
            yield SqlUnitOfWork(transaction, self.cache, self.rules)
        self.published += transaction.outgoing
        transaction.committed()

    async def promote(self, *models: RiskModel) -> None:
        """These versions are in force, each from its day on."""
        async with self.open() as unit_of_work:
            for model in models:
                now, day = datetime.now(UTC), (model.valid_from - date(1970, 1, 1)).days
                await unit_of_work.add_model(model, now)
                await unit_of_work.promote(model, PromotedAt(day, now, model.author))
            await unit_of_work.name_sets()

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
async def sql_store(
    migrated_database: str, general: RiskModel, catalogue: Catalogue
) -> AsyncIterator[SqlStore]:
    """A store on PostgreSQL with the shipped general model and nothing else."""
    engine = bus_of(settings_for(migrated_database)).engine
    async with engine.begin() as connection:
        await connection.execute(text(f"truncate {', '.join(EMPTIED)} cascade"))
    store = SqlStore(engine, catalogue)
    async with store.open() as unit_of_work:
        await register_models([general], unit_of_work, now=datetime.now(UTC))
    yield store
    await engine.dispose()


def settings_for(database_url: str, kafka: str = "") -> Settings:
    """Settings for these addresses."""
    return Settings(database_url=database_url, kafka_bootstrap_servers=kafka)


@pytest.fixture
def run() -> Callable[..., Awaitable[None]]:
    """Classifies a batch in a transaction of its own."""

    async def classified(store: Any, *changes: IndicatorsChanged, at_ms: int = 1_790_000_000_000) -> None:
        async with store.open() as unit_of_work:
            await classify(changes, unit_of_work, decided_at_ms=at_ms)

    return classified


@pytest.fixture(scope="session")
def issuer(tmp_path_factory: pytest.TempPathFactory) -> LocalIssuer:
    """Signs tokens of any role."""
    return LocalIssuer(tmp_path_factory.mktemp("issuer"))


class Office:
    """The service's HTTP edge over a real database, at a time that the test moves."""

    def __init__(self, store: SqlStore, issuer: LocalIssuer, catalogue: Catalogue) -> None:
        self.store = store
        self.now = datetime(2026, 5, 27, 2, tzinfo=UTC)
        self._issuer = issuer
        self.replays = ReplayReads(store.engine, catalogue, packs.shipped_widths())
        self.app = self._application(catalogue)
        self._client = httpx.AsyncClient(
            transport=httpx.ASGITransport(self.app), base_url="http://classification"
        )

    def _application(self, catalogue: Catalogue) -> FastAPI:
        reads = Reads(self.store.engine, packs.shipped_widths())
        desk = Desk(
            begin=self.store.open,
            people=PeopleReads(self.store.engine),
            replays=self.replays,
            classes=reads,
            catalogue=catalogue,
            terms=packs.shipped_terms(),
            clock=lambda: self.now,
        )
        edge = Edge(
            classes=reads,
            reviews=ReviewReads(self.store.engine),
            models=ModelShelf(self.store.engine, catalogue, []),
            catalogue=catalogue,
            alarms=SqlAlarms(self.store.engine),
            sectors=SectorReads(self.store.engine, packs.shipped_widths()),
            mixes=SqlMixes(self.store.engine),
            clock=lambda: self.now,
            desk=desk,
        )
        verifier = verifier_from(IdentityOptions(jwks_file=self._issuer.jwks_file))
        return create_app("classification", "1.0.0", verifier=verifier, routers=routers(edge))

    async def ask(
        self, person: str, role: Role, call: str, body: object = None, **more: Any
    ) -> httpx.Response:
        """What this person of this role is answered to a call such as `POST /v1/drafts`."""
        method, path = call.split(" ")
        area, headers = more.pop("area", None), dict(more.pop("headers", {}))
        claims = {"area": area} if area else {}
        headers["Authorization"] = f"Bearer {self._issuer.issue(role, subject=person, **claims, **more)}"
        return await self._client.request(method, path, headers=headers, json=body)

    async def approve(self, draft: int, person: str = "li", role: Role = Role.APPROVER) -> httpx.Response:
        """What this person is answered who approves the draft as it is now."""
        read = (await self.ask(person, role, f"GET /v1/drafts/{draft}")).json()
        body = {"sha256": read["sha256"] or "0" * 64}
        return await self.ask(person, role, f"POST /v1/drafts/{draft}/approve", body)

    async def close(self) -> None:
        """No connection is left."""
        await self._client.aclose()


@pytest.fixture
async def office(sql_store: SqlStore, issuer: LocalIssuer, catalogue: Catalogue) -> AsyncIterator[Office]:
    """The edge over an empty database with the shipped general model."""
    made = Office(sql_store, issuer, catalogue)
    yield made
    await made.close()


@pytest.fixture
async def city(
    migrated_database: str,
    sql_store: Any,
    general: RiskModel,
    catalogue: Catalogue,
    change: Callable[..., IndicatorsChanged],
    run: Callable[..., Awaitable[None]],
    tmp_path: Path,
) -> AsyncIterator[City]:
    changes = [
        change(number + 1, uscc=uscc, regulatory_penalties_12m=number % 4, social_complaints_12m=number // 4)
        for number, uscc in enumerate(CODES)
    ]
    changes[3] = change(4, uscc=CODES[3], status="cancelled", established_on_day=None)
    await run(sql_store, *changes)
    document = {**general.definition, "version": 2, "base": 200}
    bus = bus_of(Settings(database_url=migrated_database, kafka_bootstrap_servers="unused:1"))
    bus._relay = Silent()
    yield City(sql_store, bus, tmp_path, catalogue, model_of(document, catalogue))
    await bus.engine.dispose()
