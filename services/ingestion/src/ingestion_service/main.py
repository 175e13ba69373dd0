"""The composition root: settings → bus → stage, writer and server, in one task group."""

import asyncio
import gc
import signal
import uuid
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
from alembic import command
from alembic.config import Config
from eventbus import Bus, SqlBooks, Stage, Transaction, Writer, is_transient
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

from ingestion_service import consumer
from ingestion_service.http_api import Edge, FilesEdge, alerts_router, file_routers, quality_router, routers
from ingestion_service.http_api.edge import EdgeUnitOfWork
from ingestion_service.rules.judging import RELEASABLE_CODES, Bench
from ingestion_service.settings import Settings
from ingestion_service.store.alerts import SqlAlerts
from ingestion_service.store.bootstrap import load_sources
from ingestion_service.store.codes import CodeBook
from ingestion_service.store.directory import Directory
from ingestion_service.store.files.aged import SqlAgedFiles
from ingestion_service.store.files.catalogue import SqlFiles, SqlMappings
from ingestion_service.store.files.disk import Disk
from ingestion_service.store.files.jobs import SqlJobs
from ingestion_service.store.files.reader import ChildReader
from ingestion_service.store.meters import Meters
from ingestion_service.store.packs import shipped_examples
from ingestion_service.store.quality import SqlQuality
from ingestion_service.store.reading import LedgerReader, LedgerTrail
from ingestion_service.store.register import SqlRegister
from ingestion_service.store.unit_of_work import SqlUnitOfWork
from ingestion_service.store.work_list import WorkList
from ingestion_service.tables import BOOKS, IDEMPOTENT_ANSWERS, STAGING
from ingestion_service.worker import FileJobs, GroupCommit, JobOptions, JobParts, WriterOptions
from ingestion_service.worker.bulk import Settler
from ingestion_service.worker.joiner import Joiner
from ingestion_service.worker.lookout import Lookout
from ingestion_service.worker.periodic import Periodic
from ingestion_service.worker.purger import Keeping, Purger

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"
_QUALITY_EVERY_S = _PURGE_EVERY_S = 3600.0


def migrate(database_url: str) -> None:
    """The database has this version's tables; processes that start together take turns."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["database_url"] = database_url
    command.upgrade(config, "head")


def now_utc() -> datetime:
    """The time now."""
    return datetime.now(UTC)


def bus_of(settings: Settings) -> Bus:
    """The service's bus, not yet entered."""
    return Bus(
        service="ingestion",
        database_url=settings.database_url,
        bootstrap_servers=settings.kafka_bootstrap_servers,
        partitions=settings.partitions,
        on_connect=[STAGING],
        topic=settings.outgoing_topic,
    )


@dataclass
class Service:
    """The parts of the process over one bus."""

    settings: Settings
    bus: Bus
    _lane: Writer | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        settings = self.settings
        self.register = SqlRegister(self.bus.engine)
        self.directory = Directory(self.register)
        self.tolerance = timedelta(days=settings.future_tolerance_days)
        self.codes = CodeBook(self.tolerance)
        options = WriterOptions(
            settings.writer_batch,
            settings.writer_queue,
            settings.writer_queue_bytes,
            settings.writer_linger_ms / 1000,
            settings.writer_patience_s,
        )
        self.writer = GroupCommit(self._open_lane, is_transient, options, Meters("http").recorded)
        self.settler = Settler(self._open_edge, self._release_bench, is_transient)
        self.edge = Edge(
            writer=self.writer,
            senders=self.directory,
            register=self.register,
            open=self._open_edge,
            ledger=LedgerReader(self.bus.engine),
            quarantine=WorkList(self.bus.engine),
            settler=self.settler,
            now=now_utc,
            tolerance=self.tolerance,
            examples=shipped_examples(),
        )
        self.file_jobs, self.files_edge = self._files()
        keeping = Keeping(settings.files_unfinished_days, settings.files_kept_days)
        self.purger = Purger(SqlAgedFiles(self.bus.engine), self.files_edge.disk, keeping)
        self.alerts = SqlAlerts(self.bus.engine)
        self.quality = SqlQuality(self.bus.engine, timedelta(days=self.settings.quality_timely_days))
        self.lookout = Lookout(self.alerts.look, self.register.used, self.edge.used_keys, now_utc)

    def _files(self) -> tuple[FileJobs, FilesEdge]:
        """What goes through files, and the routes' way to it."""
        engine, settings = self.bus.engine, self.settings
        jobs, mappings = SqlJobs(engine), SqlMappings(engine)
        disk, reader = Disk(settings.files_dir), ChildReader()
        parts = JobParts(jobs, mappings, disk, reader, self.writer, self.directory, jobs, self.edge.latest_ms)
        options = JobOptions(lease_s=settings.file_job_lease_s)
        file_jobs = FileJobs(parts, uuid.uuid4().hex, is_transient, options)
        edge = FilesEdge(
            senders=self.directory,
            mappings=mappings,
            files=SqlFiles(engine),
            jobs=jobs,
            disk=disk,
            reader=reader,
            wake=file_jobs.wake,
            now=now_utc,
            new_id=uuid.uuid4,
            quota_bytes=settings.files_quota_bytes,
            stopping=lambda: file_jobs.stopped,
        )
        return file_jobs, edge

    async def prepare(self) -> None:
        """The lane of the HTTP writer is this process's, and the register is in memory."""
        if self.settings.bootstrap_sources_file is not None:
            await load_sources(self.settings.bootstrap_sources_file, self.register)
        await self.directory.refresh()
        await self.codes.refresh(self.bus.engine)
        self._lane = await self.bus.claim_writer("http")

    async def stage(self) -> Stage:
        """The consumer of the inbound topic."""
        topic = self.settings.inbound_topic
        handlers = consumer.handlers(
            self.directory.kafka_senders, self.edge.latest_ms, self._unit_of_work, Meters("kafka").recorded
        )
        options = consumer.stage_options(topic)
        return await self.bus.stage(handlers, [topic], options=options, group=self.settings.consumer_group)

    def application(self, verifier: Verifier, telemetry: Telemetry | None = None) -> FastAPI:
        """The HTTP edge."""
        engine = self.bus.engine
        operations = operations_router(self.bus, SqlBooks(engine, BOOKS), LedgerTrail(engine))
        return create_app(
            "ingestion",
            "1.0.0",
            verifier=verifier,
            routers=[
                *routers(self.edge),
                *file_routers(self.files_edge),
                alerts_router(self.alerts, now_utc),
                quality_router(self.quality, now_utc),
                operations,
            ],
            checks={"bus": self.bus.ready},
            source_keys=self.directory,
            metrics=telemetry.metrics_text if telemetry else None,
            description="Facts from every source: accepted, quarantined or rejected, never lost (信息归集).",
            unlimited=["/v1/facts", "/v1/files/*/content"],
            passes=is_transient,
        )

    def now_and_then(self) -> list[Periodic]:
        """What is done beside the requests, every so often."""
        joiner = Joiner(
            lambda: self.codes.refresh(self.bus.engine), self._open_edge, self._release_bench, now_utc
        )
        return [
            Periodic(self.lookout.look, self.settings.lookout_interval_s, is_transient),
            Periodic(joiner.join, self.settings.join_interval_s, is_transient),
            Periodic(self.purger.purge, _PURGE_EVERY_S, is_transient),
            Periodic(lambda: self.quality.catch_up(now_utc()), _QUALITY_EVERY_S, is_transient),
        ]

    def _unit_of_work(self, transaction: Transaction) -> SqlUnitOfWork:
        return SqlUnitOfWork(transaction, self.codes)

    async def _release_bench(self) -> Bench:
        return Bench(await self.directory.everyone(), self.edge.latest_ms(), RELEASABLE_CODES)

    @asynccontextmanager
    async def _open_lane(self, traceparents: dict[str, str]) -> AsyncIterator[SqlUnitOfWork]:
        if self._lane is None:
            raise RuntimeError("prepare first")
        async with self._lane.transaction(traceparents) as transaction:
            yield self._unit_of_work(transaction)

    @asynccontextmanager
    async def _open_edge(self) -> AsyncIterator[EdgeUnitOfWork]:
        async with self.bus.transaction() as transaction:
            yield self._unit_of_work(transaction)


async def run(settings: Settings, stop: asyncio.Event) -> None:
    """Serves until `stop` is set; facts taken by then are written, and their senders told, before it ends."""
    await asyncio.to_thread(migrate, settings.database_url)
    telemetry = setup(
        "ingestion",
        spans_file=settings.telemetry_spans_file,
        otlp_endpoint=settings.otel_exporter_otlp_endpoint,
        sample_ratio=settings.telemetry_sample_ratio,
    )
    async with httpx.AsyncClient() as issuer_client, bus_of(settings) as bus:
        service = Service(settings, bus)
        await service.prepare()
        app = service.application(verifier_from(settings.identity, issuer_client), telemetry)
        telemetry.instrument(app)
        stage = await service.stage()
        _observe(service)
        _tune_collector()
        written = asyncio.Event()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(stage.run(stop))
            tasks.create_task(bus.watch(stop))
            tasks.create_task(service.directory.keep_fresh(stop))
            tasks.create_task(service.settler.run(stop))
            for work in service.now_and_then():
                tasks.create_task(work.run(stop))
            tasks.create_task(keep_purging(bus.engine, IDEMPOTENT_ANSWERS, stop))
            tasks.create_task(service.writer.run(written))
            tasks.create_task(service.file_jobs.run(stop))
            tasks.create_task(_serve_then(app, settings, stop, written))
    telemetry.shutdown()


async def _serve_then(app: FastAPI, settings: Settings, stop: asyncio.Event, served: asyncio.Event) -> None:
    """Requests at work need the writer until they are answered."""
    try:
        await serve(app, settings.http_host, settings.http_port, stop)
    finally:
        served.set()


def _observe(service: Service) -> None:
    meter = metrics.get_meter("ingestion")
    gauges = {
        "ingestion.writer.waiting": ("facts that wait for the writer", lambda: service.writer.depth),
        "ingestion.sources.silent": ("sources silent for too long", lambda: service.lookout.silent),
        "ingestion.inbound.lag": ("records of the inbound topic not yet applied", service.bus.lag),
    }
    for name, (description, read) in gauges.items():
        meter.create_observable_gauge(name, [_observed(read)], description=description)


def _observed(read: Callable[[], int]) -> Callable[[CallbackOptions], Iterable[Observation]]:
    return lambda _options: [Observation(read())]


def _tune_collector() -> None:
    """Facts hold no cycles: looking for some every few hundred objects is a tenth of the CPU for nothing."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)


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
