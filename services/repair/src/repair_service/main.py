"""The composition root: settings → bus → stage and server, in one task group."""

import asyncio
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import httpx
from alembic import command
from alembic.config import Config
from eventbus import PATIENT, Bus, SqlBooks, is_transient
from fastapi import FastAPI
from httpapi.app import create_app
from httpapi.idempotency_store import keep_purging
from httpapi.operations import operations_router
from httpapi.server import run as run_loop
from httpapi.server import serve
from httpapi.tokens import Verifier, verifier_from
from telemetry import Telemetry, setup

from repair_service import consumer, tables
from repair_service.consumer import Desk
from repair_service.http_api import Edge, EdgeUnitOfWork, routers
from repair_service.settings import MIGRATIONS, Settings, load_law, load_phrases
from repair_service.store import BOOKS, EntityTrail, Reads, SqlUnitOfWork


def migrate(database_url: str) -> None:
    """The database has this version's tables; processes that start together take turns."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["database_url"] = database_url
    command.upgrade(config, "head")


def now_utc() -> datetime:
    """The time now."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Service:
    """The parts of the process over one bus."""

    bus: Bus
    clock: Callable[[], datetime] = now_utc

    @asynccontextmanager
    async def open(self) -> AsyncIterator[EdgeUnitOfWork]:
        """A transaction of its own."""
        async with self.bus.transaction() as transaction:
            yield SqlUnitOfWork(transaction)

    def application(self, verifier: Verifier, telemetry: Telemetry | None = None) -> FastAPI:
        """The HTTP edge."""
        engine = self.bus.engine
        edge = Edge(self.open, Reads(engine), load_phrases(), self.clock)
        operations = operations_router(self.bus, SqlBooks(engine, BOOKS), EntityTrail(engine))
        return create_app(
            "repair",
            "1.0.0",
            verifier=verifier,
            routers=[*routers(edge), operations],
            checks={"bus": self.bus.ready},
            metrics=telemetry.metrics_text if telemetry else None,
            description="Records of dishonesty, their publicity and its end (信用修复).",
            passes=is_transient,
        )


def bus_of(settings: Settings) -> Bus:
    """The service's bus, not yet entered."""
    return Bus(
        service="repair",
        database_url=settings.database_url,
        bootstrap_servers=settings.kafka_bootstrap_servers,
        partitions=settings.partitions,
    )


async def run(settings: Settings, stop: asyncio.Event) -> None:
    """Serves until `stop` is set, then ends what is at hand and leaves."""
    law = load_law()
    await asyncio.to_thread(migrate, settings.database_url)
    telemetry = setup(
        "repair",
        spans_file=settings.telemetry_spans_file,
        otlp_endpoint=settings.otel_exporter_otlp_endpoint,
        sample_ratio=settings.telemetry_sample_ratio,
    )
    async with httpx.AsyncClient() as issuer_client, bus_of(settings) as bus:
        app = Service(bus).application(verifier_from(settings.identity, issuer_client), telemetry)
        telemetry.instrument(app)
        stage = await bus.stage(consumer.handlers(Desk(SqlUnitOfWork, law)), consumer.TOPICS, options=PATIENT)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(stage.run(stop))
            tasks.create_task(bus.watch(stop))
            tasks.create_task(keep_purging(bus.engine, tables.idempotent_answer, stop))
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
