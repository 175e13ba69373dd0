"""The composition root: settings → bus → stage and server, in one task group."""

import asyncio
import gc
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path

import httpx
from eventbus import PATIENT, Bus, Stage, is_transient
from fastapi import FastAPI
from httpapi.app import create_app
from httpapi.idempotency_store import keep_purging
from httpapi.operations import operations_router
from httpapi.server import run as run_loop
from httpapi.server import serve
from httpapi.tokens import Verifier, verifier_from
from opentelemetry import metrics
from opentelemetry.metrics import CallbackOptions, Observation
from telemetry import Telemetry, setup

from classification_service import consumer, tables
from classification_service.http_api import CityEdge, Edge, city_routers, routers
from classification_service.http_api.desk import Desk
from classification_service.model.city import MonthlyRun
from classification_service.model.risk_model import Catalogue, RiskModel
from classification_service.rules.cadence import Cadence
from classification_service.settings import Settings
from classification_service.store import packs
from classification_service.store.alarms import SqlAlarms
from classification_service.store.books import books
from classification_service.store.city.files import SnapshotFiles
from classification_service.store.city.runs import SqlRuns
from classification_service.store.city.snapshots import Snapshots
from classification_service.store.city.what_ifs import SqlWhatIfs
from classification_service.store.heads import HeadCache
from classification_service.store.in_force import RulesInForce
from classification_service.store.mix import SqlMixes
from classification_service.store.model_sets import ModelSets
from classification_service.store.people import PeopleReads
from classification_service.store.points import DerivedPoints
from classification_service.store.reads import ClassTrail, Reads
from classification_service.store.replays import ReplayReads
from classification_service.store.review_reads import PatientReviewReads, ReviewReads
from classification_service.store.schema import migrate
from classification_service.store.sector_reads import SectorReads
from classification_service.store.shelf import ModelShelf
from classification_service.store.unit_of_work import SqlUnitOfWork
from classification_service.use_cases.monthly_run import Exclusively, MonthlyRunner
from classification_service.use_cases.promote import offer_models, register_models
from classification_service.worker import Calendar, MixKeeper, MonthlyWorker, ReviewWorker

GC_THRESHOLDS = (50_000, 20, 50)
"""A batch makes thousands of short-lived objects without cycles; the default of 700 costs a fifth of our time."""


def now_ms() -> int:
    """Milliseconds since the epoch, UTC."""
    return time.time_ns() // 1_000_000


def now_utc() -> datetime:
    """The time now, UTC."""
    return datetime.now(UTC)


async def alone(work: Callable[[], Awaitable[None]]) -> None:
    """Runs the work as it is: for a process that applies no events."""
    await work()


@dataclass(frozen=True)
class Service:
    """The parts of the process over one bus."""

    bus: Bus
    catalogue: Catalogue
    models: packs.StoredModels
    snapshots_dir: Path
    cache: HeadCache = field(default_factory=HeadCache)

    @cached_property
    def rules(self) -> RulesInForce:
        """What judges, read once for all that judge in this process."""
        return RulesInForce(self.catalogue)

    def transactions(self) -> Callable[[], AbstractAsyncContextManager[SqlUnitOfWork]]:
        """Begins transactions that know the rules in force; each commits when its block ends well."""

        @asynccontextmanager
        async def begin() -> AsyncIterator[SqlUnitOfWork]:
            async with self.bus.transaction() as transaction:
                yield SqlUnitOfWork(transaction, self.cache, self.rules)

        return begin

    def desk(self) -> Desk:
        """What the routes need where people decide."""
        widths = packs.shipped_widths()
        return Desk(
            begin=self.transactions(),
            people=PeopleReads(self.bus.engine),
            replays=ReplayReads(self.bus.engine, self.catalogue, widths),
            classes=Reads(self.bus.engine, widths),
            catalogue=self.catalogue,
            terms=packs.shipped_terms(),
            clock=now_utc,
        )

    def calendar(self) -> Calendar:
        """Ends what is over."""
        return Calendar(self.transactions(), PeopleReads(self.bus.engine), now_utc)

    def application(
        self, verifier: Verifier, telemetry: Telemetry | None = None, monthly: MonthlyWorker | None = None
    ) -> FastAPI:
        """The HTTP edge; `monthly` does what is begun there."""
        widths = packs.shipped_widths()
        reads = Reads(self.bus.engine, widths, DerivedPoints(ModelSets(self.catalogue)))
        edge = Edge(
            classes=reads,
            reviews=ReviewReads(self.bus.engine),
            models=ModelShelf(self.bus.engine, self.catalogue, self.models.all()),
            catalogue=self.catalogue,
            alarms=SqlAlarms(self.bus.engine),
            sectors=SectorReads(self.bus.engine, widths),
            mixes=SqlMixes(self.bus.engine),
            clock=now_utc,
            mends=packs.shipped_mends(self.catalogue),
            desk=self.desk(),
        )
        operations = operations_router(self.bus, books(self.bus.engine), ClassTrail(reads))
        return create_app(
            "classification",
            "1.0.0",
            verifier=verifier,
            routers=[*routers(edge), *city_routers(self._city(reads, monthly)), operations],
            checks={"bus": self.bus.ready},
            metrics=telemetry.metrics_text if telemetry else None,
            description="Risk classes with their reasons, and the review of the model (科学分类, 结果回溯).",
            passes=is_transient,
        )

    def monthly(self, cadences: Sequence[Cadence], exclusively: Exclusively = alone) -> MonthlyWorker:
        """Does monthly runs; `exclusively` runs work while this process applies no event."""
        runs = SqlRuns(self.bus.transaction, self.rules, self._snapshots)
        return MonthlyWorker(runs, MonthlyRunner(runs, exclusively, now_ms), cadences, now_utc)

    @cached_property
    def _snapshots(self) -> Snapshots:
        files = SnapshotFiles(self.snapshots_dir, self.catalogue)
        return Snapshots(self.bus.engine, files, len(self.catalogue.indicators))

    def _city(self, reads: Reads, monthly: MonthlyWorker | None) -> CityEdge:
        engine, catalogue, rules = self.bus.engine, self.catalogue, self.rules
        snapshots = self._snapshots
        runs = SqlRuns(self.bus.transaction, rules, snapshots)

        async def begin(day: date) -> MonthlyRun:
            begun = await runs.begin(day)
            if monthly is not None:
                monthly.wake()
            return begun

        return CityEdge(
            classes=reads,
            models=ModelShelf(engine, catalogue, self.models.all()),
            catalogue=catalogue,
            snapshots=snapshots,
            runs=runs,
            what_ifs=SqlWhatIfs(engine, snapshots, rules, catalogue),
            begin=begin,
            ratios=packs.shipped_ratios(),
            desk=self.desk(),
        )


def bus_of(settings: Settings, topic: str = "") -> Bus:
    """The service's bus, not yet entered; its events go to another topic where one is named."""
    return Bus(
        service="classification",
        database_url=settings.database_url,
        bootstrap_servers=settings.kafka_bootstrap_servers,
        partitions=settings.partitions,
        on_connect=[tables.STAGING, tables.CITY_STAGING],
        topic=topic,
    )


async def register(bus: Bus, models: list[RiskModel], catalogue: Catalogue) -> packs.StoredModels:
    """The shipped models are in the books or offered there; gives every version ever used.

    Raises:
        ChangedModel: A model's content changed under the same version.
    """
    async with bus.transaction() as transaction:
        unit_of_work = SqlUnitOfWork(transaction, HeadCache(), RulesInForce(catalogue))
        newer = await register_models(models, unit_of_work, now=now_utc())
        texts = {model.id: packs.shipped_text(model.id) for model in newer}
        await offer_models(newer, texts, unit_of_work, now=now_utc())
    async with bus.engine.connect() as connection:
        return await packs.StoredModels.load(connection, catalogue)


async def stage_of(bus: Bus, rules: RulesInForce, cache: HeadCache) -> Stage:
    """The stage that classifies and reviews."""
    handlers = consumer.handlers(
        lambda transaction: SqlUnitOfWork(transaction, cache, rules), rules.catalogue, now_ms=now_ms
    )
    return await bus.stage(handlers, consumer.TOPICS, on_reset=cache.clear)


async def report_stage_of(bus: Bus, rules: RulesInForce) -> Stage:
    """The stage that takes in what other departments found."""
    handlers = consumer.report_handlers(
        lambda transaction: SqlUnitOfWork(transaction, HeadCache(1), rules), rules.catalogue
    )
    return await bus.stage(
        handlers, consumer.REPORT_TOPICS, options=PATIENT, group="creditloop.classification.reports"
    )


def review_worker_of(bus: Bus, settings: Settings) -> ReviewWorker:
    """Looks once a day whether the model should be reviewed."""
    return ReviewWorker(
        Reads(bus.engine, packs.shipped_widths()),
        PatientReviewReads(bus.engine),
        SqlAlarms(bus.engine),
        clock=now_utc,
        poll_s=settings.review_poll_s,
    )


async def run(settings: Settings, stop: asyncio.Event) -> None:
    """Serves until `stop` is set, then ends what is at hand and leaves."""
    catalogue = packs.shipped_catalogue()
    models = packs.shipped_models(catalogue)
    await migrate(settings.database_url)
    telemetry = setup(
        "classification",
        spans_file=settings.telemetry_spans_file,
        otlp_endpoint=settings.otel_exporter_otlp_endpoint,
        sample_ratio=settings.telemetry_sample_ratio,
    )
    async with httpx.AsyncClient() as issuer_client, bus_of(settings) as bus:
        stored = await register(bus, models, catalogue)
        cache = HeadCache(settings.heads_in_memory)
        service = Service(bus, catalogue, stored, settings.snapshots_dir, cache)
        stage = await stage_of(bus, service.rules, cache)
        cadences = packs.shipped_cadences() if settings.runs_each_month else ()
        monthly = service.monthly(cadences, stage.exclusively)
        app = service.application(verifier_from(settings.identity, issuer_client), telemetry, monthly)
        telemetry.instrument(app)
        calendar = service.calendar()
        _observe(calendar)
        reports = await report_stage_of(bus, service.rules)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(stage.run(stop))
            tasks.create_task(reports.run(stop))
            tasks.create_task(review_worker_of(bus, settings).run(stop))
            tasks.create_task(bus.watch(stop))
            tasks.create_task(calendar.run(stop))
            tasks.create_task(monthly.run(stop))
            tasks.create_task(MixKeeper(SqlMixes(bus.engine), now_utc).run(stop))
            tasks.create_task(keep_purging(bus.engine, tables.idempotent_answer, stop))
            tasks.create_task(serve(app, settings.http_host, settings.http_port, stop))
    telemetry.shutdown()


def _observe(calendar: Calendar) -> None:
    def overdue(_options: CallbackOptions) -> Iterable[Observation]:
        return [Observation(calendar.overdue)]

    metrics.get_meter("classification").create_observable_gauge(
        "classification.objections.overdue",
        [overdue],
        description="open objections that should have been decided",
    )


async def _until_signalled() -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await run(Settings(), stop)  # type: ignore[call-arg]  # the environment gives them


def main() -> None:
    """Runs the service until it is told to stop."""
    gc.set_threshold(*GC_THRESHOLDS)
    run_loop(_until_signalled())


if __name__ == "__main__":
    main()
