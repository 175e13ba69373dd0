"""Composition root: settings → schema → bus → application; one task group until told to stop."""

import asyncio
import secrets
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import httpx
from eventbus import PATIENT, Bus, SqlBooks, is_transient
from fastapi import FastAPI
from httpapi import Verifier, create_app, serve, server, verifier_from
from httpapi.idempotency_store import keep_purging
from httpapi.operations import operations_router
from telemetry import setup

from sampling_service import consumer
from sampling_service.http_api import draws, inspectors, pools, tasks
from sampling_service.http_api.edge import Edge
from sampling_service.model.plans import Packs
from sampling_service.settings import Settings
from sampling_service.store.books import BOOKS
from sampling_service.store.packs import shipped
from sampling_service.store.reads import Reads
from sampling_service.store.schema import migrate
from sampling_service.store.trail import EntityTrail
from sampling_service.store.unit_of_work import SqlUnitOfWork
from sampling_service.tables import idempotent_answer
from sampling_service.use_cases.draws import Secrets

SERVICE = "sampling"
VERSION = "1"


def new_secrets() -> Secrets:
    """32 bytes each from the operating system."""
    return Secrets(secrets.token_bytes(32), secrets.token_bytes(32))


def now() -> datetime:
    """The time by this machine's clock."""
    return datetime.now(UTC)


def application(
    bus: Bus, packs: Packs, verifier: Verifier, clock: Callable[[], datetime] = now, **more: object
) -> FastAPI:
    """The service's routes over a bus."""
    edge = Edge(
        open_transaction=bus.transaction,
        over=SqlUnitOfWork,
        reads=Reads(bus.engine),
        packs=packs,
        clock=clock,
        secrets=new_secrets,
    )
    operations = operations_router(bus, SqlBooks(bus.engine, BOOKS), EntityTrail(bus.engine))
    parts = (pools.router(edge), draws.router(edge), inspectors.router(edge), tasks.router(edge))
    return create_app(
        SERVICE,
        VERSION,
        verifier=verifier,
        routers=[*parts, operations],
        checks={"bus": bus.ready},
        description="Pools, plans, verifiable draws, visits and results (双随机、一公开).",
        passes=is_transient,
        **more,  # type: ignore[arg-type]  # metrics, lifespan: passed through
    )


async def run(settings: Settings) -> None:
    """Serve and consume until SIGTERM or SIGINT."""
    stop = _stop_on_signals()
    telemetry = setup(
        SERVICE,
        spans_file=settings.telemetry_spans_file,
        otlp_endpoint=settings.otel_exporter_otlp_endpoint,
        sample_ratio=settings.telemetry_sample_ratio,
    )
    await migrate(settings.database_url)
    async with _bus(settings) as bus, _verifier(settings) as verifier:
        app = application(bus, shipped(), verifier, metrics=telemetry.metrics_text)
        telemetry.instrument(app)
        stage = await bus.stage(consumer.handlers(SqlUnitOfWork), consumer.TOPICS, options=PATIENT)
        async with asyncio.TaskGroup() as group:
            group.create_task(stage.run(stop))
            group.create_task(bus.watch(stop))
            group.create_task(keep_purging(bus.engine, idempotent_answer, stop))
            group.create_task(serve(app, settings.http_host, settings.http_port, stop))
    telemetry.shutdown()


def main() -> None:
    """The process."""
    server.run(run(Settings()))  # type: ignore[call-arg]  # the environment gives the rest


def _bus(settings: Settings) -> Bus:
    return Bus(
        service=SERVICE,
        database_url=settings.database_url,
        bootstrap_servers=settings.kafka_bootstrap_servers,
        partitions=settings.partitions,
    )


@asynccontextmanager
async def _verifier(settings: Settings) -> AsyncIterator[Verifier]:
    async with httpx.AsyncClient() as client:
        yield verifier_from(settings.identity, client)


def _stop_on_signals() -> asyncio.Event:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return stop


if __name__ == "__main__":
    main()
