"""The composition root: settings → bus → stage and server, in one task group."""

import asyncio
import gc
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial

import httpx
from eventbus import Bus, StageOptions, is_transient
from fastapi import FastAPI
from httpapi import Verifier, create_app, serve, verifier_from
from httpapi.idempotency_store import keep_purging
from httpapi.operations import operations_router
from httpapi.server import run as run_loop
from telemetry import Telemetry, setup

from profiling_service import consumer, tables
from profiling_service.http_api import Edge, routers
from profiling_service.rules.profiles import RuleBook
from profiling_service.settings import MIGRATIONS, Settings, rule_book
from profiling_service.store import EntityCache, Profiles, Store, daily_transactions
from profiling_service.store.books import books
from profiling_service.store.history import SqlHistory
from profiling_service.store.migrations import begin_calendar, upgrade
from profiling_service.store.reads import ProfileTrail, SqlReads
from profiling_service.store.rebuilding import rebuild
from profiling_service.store.related import SqlRelations
from profiling_service.store.searching import SqlSearch, refresh
from profiling_service.store.signal_counts import FOLDED_EVERY_S, fold
from profiling_service.store.signal_reads import SqlSignalReads
from profiling_service.use_cases.daily_run import DailyRun, Exclusively
from profiling_service.worker import keep_up

_GC_THRESHOLDS = (100_000, 20, 50)
"""A batch makes thousands of short-lived objects without cycles, and copies of entities are not tracked at all."""

_SHANGHAI = timedelta(hours=8)


@dataclass(frozen=True, slots=True)
class Service:
    """The parts of the process over one bus."""

    bus: Bus
    book: RuleBook
    profiles: Profiles

    def application(
        self, verifier: Verifier, exclusively: Exclusively, telemetry: Telemetry | None = None
    ) -> FastAPI:
        """The HTTP edge; `exclusively` runs work while no batch of facts is applied."""
        reads = SqlReads(self.bus.engine, self.book)
        daily = daily_transactions(self.bus.transaction, self.profiles)
        edge = Edge(
            reads=reads,
            history=SqlHistory(self.bus.engine, self.book),
            relations=SqlRelations(self.bus.engine),
            search=SqlSearch(self.bus.engine),
            signals=SqlSignalReads(self.bus.engine, reads),
            book=self.book,
            transactions=self._transaction,
            run=DailyRun(daily, exclusively, self.book),
        )
        kept = books(self.bus.engine, self.book.families)
        operations = operations_router(self.bus, kept, ProfileTrail(reads))
        return create_app(
            "profiling",
            "1.0.0",
            verifier=verifier,
            routers=[*routers(edge), operations],
            checks={"bus": self.bus.ready},
            metrics=telemetry.metrics_text if telemetry else None,
            description="Profiles of market entities and signals about them (精准画像, 智能感知).",
            passes=is_transient,
        )

    @asynccontextmanager
    async def _transaction(self) -> AsyncIterator[Store]:
        async with self.bus.transaction() as transaction:
            yield Store(transaction, self.profiles.cache, self.profiles.now_ms)


async def alone(work: Callable[[], Awaitable[None]]) -> None:
    """Runs the work as it is: for a process that applies no facts."""
    await work()


def bus_of(settings: Settings) -> Bus:
    """The service's bus, not yet entered."""
    return Bus(
        service="profiling",
        database_url=settings.database_url,
        bootstrap_servers=settings.kafka_bootstrap_servers,
        partitions=settings.partitions,
        on_connect=tables.ON_CONNECT,
    )


def today() -> date:
    """The date in Shanghai."""
    return (datetime.now(UTC) + _SHANGHAI).date()


async def run(settings: Settings, stop: asyncio.Event) -> None:
    """Serves until `stop` is set, then ends what is at hand and leaves."""
    gc.set_threshold(*_GC_THRESHOLDS)
    book = rule_book()
    await upgrade(settings.database_url, MIGRATIONS)
    telemetry = setup(
        "profiling",
        spans_file=settings.telemetry_spans_file,
        otlp_endpoint=settings.otel_exporter_otlp_endpoint or None,
        sample_ratio=settings.telemetry_sample_ratio,
    )
    async with httpx.AsyncClient() as issuer_client, bus_of(settings) as bus:
        await begin_calendar(bus.engine, settings.business_day or today())
        await rebuild(bus.engine, book)
        await _work(
            settings,
            stop,
            Service(bus, book, Profiles(EntityCache(settings.cache_entities))),
            telemetry,
            issuer_client,
        )
    telemetry.shutdown()


async def _work(
    settings: Settings,
    stop: asyncio.Event,
    service: Service,
    telemetry: Telemetry,
    issuer_client: httpx.AsyncClient,
) -> None:
    stage = await service.bus.stage(
        consumer.handlers(service.profiles.over, service.book),
        consumer.TOPICS,
        on_reset=service.profiles.reset,
        options=StageOptions(batch_size=settings.batch_size),
    )
    app = service.application(verifier_from(settings.identity, issuer_client), stage.exclusively, telemetry)
    telemetry.instrument(app)
    gc.freeze()
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(stage.run(stop))
        tasks.create_task(service.bus.watch(stop))
        tasks.create_task(keep_up(partial(refresh, service.bus.engine), stop, waiting=service.bus.lag))
        tasks.create_task(keep_up(partial(fold, service.bus.engine), stop, FOLDED_EVERY_S))
        tasks.create_task(keep_purging(service.bus.engine, tables.ANSWERS, stop))
        tasks.create_task(serve(app, settings.http_host, settings.http_port, stop))


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
