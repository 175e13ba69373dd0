"""The composition root: settings → bus → stage, workers and server, in one task group."""

import asyncio
import base64
import random
import secrets
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

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

from notification_service import consumer, tables
from notification_service.http_api import Edge, routers
from notification_service.rules.clues import SALT_BYTES
from notification_service.settings import Settings
from notification_service.store import BOOKS, EntityTrail, Packs, Reads, SqlUnitOfWork, read_packs
from notification_service.use_cases.events import Guidance
from notification_service.worker.alarm import Alarm
from notification_service.worker.letters import LetterWorker, Pace, Surroundings
from notification_service.worker.outbox_folder import OutboxFolder
from notification_service.worker.webhook_sender import HttpWebhookSender, webhook_client
from notification_service.worker.webhooks import WebhookWorker

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"


def migrate(database_url: str) -> None:
    """The database has this version's tables; processes that start together take turns."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["database_url"] = database_url
    command.upgrade(config, "head")


def new_secret() -> str:
    """A webhook secret of 32 random bytes. Source: Standard Webhooks, "Secret generation": 24 to 64 bytes."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()


def new_salt() -> bytes:
    """Random bytes for the digest of one clue's evidence."""
    return secrets.token_bytes(SALT_BYTES)


def now_utc() -> datetime:
    """The time now."""
    return datetime.now(UTC)


class Alarms:
    """The workers' alarms; implements `store.Wakes`."""

    def __init__(self) -> None:
        self.of_letters = Alarm()
        self.of_webhooks = Alarm()

    def letters(self) -> None:
        """See `store.Wakes`."""
        self.of_letters.ring()

    def webhooks(self) -> None:
        """See `store.Wakes`."""
        self.of_webhooks.ring()


class Service:
    """The parts of the process over one bus."""

    def __init__(self, settings: Settings, bus: Bus, packs: Packs, client: httpx.AsyncClient) -> None:
        self._settings = settings
        self._bus = bus
        self._packs = packs
        self._client = client
        self._alarms = Alarms()

    @asynccontextmanager
    async def open(self) -> AsyncIterator[SqlUnitOfWork]:
        """A transaction of its own."""
        async with self._bus.transaction() as transaction:
            yield SqlUnitOfWork(transaction, self._alarms)

    def notifier(self) -> consumer.Notifier:
        """What the stage's handlers call."""
        unit_of_work = partial(SqlUnitOfWork, wakes=self._alarms)
        guidance = Guidance(self._packs.catalogue, self._packs.kinds, new_salt)
        return consumer.Notifier(unit_of_work, guidance, now_utc)

    def letter_worker(self) -> LetterWorker:
        """Delivers letters into the outbox folder."""
        settings = self._settings
        pace = Pace(settings.letter_batch, settings.lease_s, settings.poll_s, settings.letter_gather_s)
        around = Surroundings(self.open, now_utc, random.random, self._packs.schedules.letter, pace)
        channel = OutboxFolder(settings.notification_outbox_dir)
        return LetterWorker(around, self._packs.renderer, channel, self._alarms.of_letters)

    def webhook_worker(self) -> WebhookWorker:
        """Delivers clues to platforms."""
        settings = self._settings
        lease_s = settings.lease_s + settings.webhook_timeout_s
        pace = Pace(settings.webhook_concurrency, lease_s, settings.poll_s)
        around = Surroundings(self.open, now_utc, random.random, self._packs.schedules.webhook, pace)
        sender = HttpWebhookSender(
            self._client,
            now_utc,
            private_allowed=settings.allow_private_webhooks,
            timeout_s=settings.webhook_timeout_s,
        )
        return WebhookWorker(around, sender, self._alarms.of_webhooks)

    def application(self, verifier: Verifier, telemetry: Telemetry | None = None) -> FastAPI:
        """The HTTP edge."""
        engine = self._bus.engine
        private_allowed = self._settings.allow_private_webhooks
        packs, reads = self._packs, Reads(engine)
        edge = Edge(self.open, reads, packs.catalogue, packs.renderer, now_utc, new_secret, private_allowed)
        operations = operations_router(self._bus, SqlBooks(engine, BOOKS), EntityTrail(engine))
        return create_app(
            "notification",
            "1.0.0",
            verifier=verifier,
            routers=[*routers(edge), operations],
            checks={"bus": self._bus.ready},
            metrics=telemetry.metrics_text if telemetry else None,
            description="Notices to entities, clues to platforms and their answers (提示提醒, 信用沙盒).",
            passes=is_transient,
        )


async def run(settings: Settings, stop: asyncio.Event) -> None:
    """Serves until `stop` is set, then ends what is at hand and leaves."""
    packs = read_packs(settings.retry_time_scale)
    await asyncio.to_thread(migrate, settings.database_url)
    telemetry = setup(
        "notification",
        spans_file=settings.telemetry_spans_file,
        otlp_endpoint=settings.otel_exporter_otlp_endpoint,
        sample_ratio=settings.telemetry_sample_ratio,
    )
    bus = _bus(settings)
    async with webhook_client() as client, httpx.AsyncClient() as issuer_client, bus:
        service = Service(settings, bus, packs, client)
        app = service.application(verifier_from(settings.identity, issuer_client), telemetry)
        telemetry.instrument(app)
        stage = await bus.stage(consumer.handlers(service.notifier()), consumer.TOPICS, options=PATIENT)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(stage.run(stop))
            tasks.create_task(bus.watch(stop))
            tasks.create_task(service.letter_worker().run(stop))
            tasks.create_task(service.webhook_worker().run(stop))
            tasks.create_task(keep_purging(bus.engine, tables.idempotent_answer, stop))
            tasks.create_task(serve(app, settings.http_host, settings.http_port, stop))
    telemetry.shutdown()


def _bus(settings: Settings) -> Bus:
    return Bus(
        service="notification",
        database_url=settings.database_url,
        bootstrap_servers=settings.kafka_bootstrap_servers,
        partitions=settings.partitions,
    )


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
