"""The composition root: settings → bus → stage and server, in one task group."""

import asyncio
import gc
import signal
import time
from dataclasses import dataclass
from datetime import UTC, datetime

import httpx
from eventbus import Bus, Stage
from fastapi import FastAPI
from httpapi.app import create_app
from httpapi.operations import operations_router
from httpapi.server import run as run_loop
from httpapi.server import serve
from httpapi.tokens import Verifier, verifier_from
from telemetry import Telemetry, setup

from classification_service import consumer, tables
from classification_service.http_api import Edge, routers
from classification_service.model.risk_model import Catalogue, RiskModel
from classification_service.rules.choosing import Scorers
from classification_service.settings import Settings
from classification_service.store import packs
from classification_service.store.books import books
from classification_service.store.heads import HeadCache
from classification_service.store.reads import ClassTrail, Reads
from classification_service.store.schema import migrate
from classification_service.store.unit_of_work import SqlUnitOfWork
from classification_service.use_cases.promote import register_models

GC_THRESHOLDS = (50_000, 20, 50)
"""A batch makes thousands of short-lived objects without cycles; the default of 700 costs a fifth of our time."""


def now_ms() -> int:
    """Milliseconds since the epoch, UTC."""
    return time.time_ns() // 1_000_000


@dataclass(frozen=True, slots=True)
class Service:
    """The parts of the process over one bus."""

    bus: Bus
    catalogue: Catalogue
    models: packs.StoredModels

    def application(self, verifier: Verifier, telemetry: Telemetry | None = None) -> FastAPI:
        """The HTTP edge."""
        reads = Reads(self.bus.engine, packs.shipped_widths())
        edge = Edge(classes=reads, reviews=reads, models=self.models, catalogue=self.catalogue)
        operations = operations_router(
            self.bus.dead_letters, books(self.bus.engine), ClassTrail(reads), self.bus.lanes
        )
        return create_app(
            "classification",
            "1.0.0",
            verifier=verifier,
            routers=[*routers(edge), operations],
            checks={"bus": self.bus.ready},
            metrics=telemetry.metrics_text if telemetry else None,
            description="Risk classes with their reasons, and the review of the model (科学分类, 结果回溯).",
        )


def bus_of(settings: Settings) -> Bus:
    """The service's bus, not yet entered."""
    return Bus(
        service="classification",
        database_url=settings.database_url,
        bootstrap_servers=settings.kafka_bootstrap_servers,
        partitions=settings.partitions,
        on_connect=[tables.STAGING],
    )


async def register(bus: Bus, models: list[RiskModel], catalogue: Catalogue) -> packs.StoredModels:
    """The shipped models are in the books; gives every version ever used.

    Raises:
        ChangedModel: A model's content changed under the same version.
    """
    async with bus.transaction() as transaction:
        unit_of_work = SqlUnitOfWork(transaction, HeadCache())
        await register_models(models, unit_of_work, now=datetime.now(UTC))
    async with bus.engine.connect() as connection:
        return await packs.StoredModels.load(connection, catalogue)


async def stage_of(bus: Bus, scorers: Scorers, catalogue: Catalogue, cache: HeadCache) -> Stage:
    """The stage that classifies and reviews."""
    handlers = consumer.handlers(
        lambda transaction: SqlUnitOfWork(transaction, cache), scorers, catalogue, now_ms=now_ms
    )
    return await bus.stage(handlers, consumer.TOPICS, on_reset=cache.clear)


async def run(settings: Settings, stop: asyncio.Event) -> None:
    """Serves until `stop` is set, then ends what is at hand and leaves."""
    gc.set_threshold(*GC_THRESHOLDS)
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
        app = Service(bus, catalogue, stored).application(
            verifier_from(settings.identity, issuer_client), telemetry
        )
        telemetry.instrument(app)
        cache = HeadCache(settings.heads_in_memory)
        stage = await stage_of(bus, Scorers(models, catalogue), catalogue, cache)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(stage.run(stop))
            tasks.create_task(bus.watch(stop))
            tasks.create_task(serve(app, settings.http_host, settings.http_port, stop))
    telemetry.shutdown()


async def _until_signalled() -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await run(Settings(), stop)  # type: ignore[call-arg]  # the environment gives them


def main() -> None:
    """Runs the service until it is told to stop."""
    run_loop(_until_signalled())


if __name__ == "__main__":
    main()
