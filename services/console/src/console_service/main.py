"""The composition root: settings → database → edge and server, in one task group."""

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from http.cookiejar import CookieJar, DefaultCookiePolicy
from ipaddress import ip_network

import httpx
import structlog
from fastapi import FastAPI
from httpapi import LocalIssuer, Verifier, serve, verifier_from
from httpapi.server import run as run_loop
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine
from telemetry import Telemetry, setup

from console_service.http_api import Edge, install
from console_service.settings import Settings
from console_service.signing_in import (
    Issuer,
    IssuerClient,
    IssuerTokens,
    LocalTokens,
    LoginDesk,
    Passwords,
    TokenSource,
)
from console_service.store import AccessLog, Accounts, Logins, Sessions, migrate, open_engine
from console_service.upstream import Forwarder, LoopReader, LoopWatch, Services

_log = structlog.get_logger(log="console")
_PURGED_EVERY = timedelta(hours=1)
_LIMITS = httpx.Limits(max_connections=400, max_keepalive_connections=40)


def now_utc() -> datetime:
    """The time now."""
    return datetime.now(UTC)


class Console:
    """The parts of the process over one database; `client` speaks to services and issuer."""

    def __init__(self, settings: Settings, engine: AsyncEngine, client: httpx.AsyncClient) -> None:
        self._settings = settings
        self._engine = engine
        self._client = client
        self._sessions = Sessions(engine)
        self._logins = Logins(engine)
        self.access_log = AccessLog(engine)
        signer = None if settings.identity_issuer else LocalIssuer(settings.key_folder)
        self._verifier = verifier_from(settings.trusted, client)
        self._issuer = self._issuer_client(self._verifier)
        self._tokens: TokenSource
        if self._issuer is not None:
            self._tokens, own = IssuerTokens(self._issuer, self._sessions, now_utc), self._issuer.own_token
        elif signer is not None:
            local = LocalTokens(signer, now_utc)
            self._tokens, own = local, local.own_token
        self.watch = LoopWatch(LoopReader(client, settings.service_urls, own))

    def _issuer_client(self, verifier: Verifier) -> IssuerClient | None:
        settings = self._settings
        if settings.identity_issuer is None:
            return None
        secret = settings.oidc_client_secret
        base = settings.oidc_redirect_base.rstrip("/")
        issuer = Issuer(
            settings.identity_issuer,
            settings.oidc_client_id,
            secret.get_secret_value() if secret else None,
            f"{base}/api/oidc/callback",
            f"{base}/login",
            settings.oidc_scopes,
        )
        return IssuerClient(issuer, self._client, verifier, now_utc)

    def application(self, telemetry: Telemetry | None = None) -> FastAPI:
        """The HTTP edge."""
        settings = self._settings
        accounts = Accounts(self._engine)
        passwords = Passwords()
        edge = Edge(
            desk=LoginDesk(self._sessions, accounts, self._logins, passwords, now_utc),
            tokens=self._tokens,
            accounts=None if self._issuer else accounts,
            passwords=passwords,
            issuer=self._issuer,
            issuer_name=settings.oidc_name,
            access_log=self.access_log,
            forwarder=Forwarder(self._client, settings.service_urls),
            services=Services(self._client, settings.service_urls),
            watch=self.watch,
            page=settings.page_dir,
            proxies=[ip_network(network) for network in settings.trusted_proxies],
            secure=settings.secure_cookies,
            clock=now_utc,
        )
        metrics = telemetry.metrics_text if telemetry else None
        return install(edge, self._verifier, checks={"database": self.ready}, metrics=metrics)

    async def ready(self) -> None:
        """The database answers."""
        async with self._engine.connect() as connection:
            await connection.execute(text("select 1"))

    async def keep_purging(self, stop: asyncio.Event) -> None:
        """Sessions, failures and browsers that are of no use any more are forgotten, every hour until `stop`."""
        while not stop.is_set():
            try:
                await self._sessions.purge(now_utc())
                await self._logins.purge(now_utc())
            except (SQLAlchemyError, OSError) as error:
                _log.warning("not purged", error=repr(error))
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_PURGED_EVERY.total_seconds()):
                    await stop.wait()


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Console]:
    """The console's parts, its database up to date; closed afterwards."""
    await asyncio.to_thread(migrate, settings.database_url)
    engine = open_engine(settings.database_url)
    try:
        async with httpx.AsyncClient(limits=_LIMITS, cookies=_no_cookies()) as client:
            yield Console(settings, engine, client)
    finally:
        await engine.dispose()


def _no_cookies() -> CookieJar:
    """A jar that keeps nothing: one client asks for everybody, and what it was given for one is nobody else's."""
    return CookieJar(DefaultCookiePolicy(allowed_domains=[]))


async def run(settings: Settings, stop: asyncio.Event) -> None:
    """Serves until `stop` is set; what is to be logged is written before it returns."""
    telemetry = setup(
        "console",
        spans_file=settings.telemetry_spans_file,
        otlp_endpoint=settings.otel_exporter_otlp_endpoint,
        sample_ratio=settings.telemetry_sample_ratio,
    )
    served = asyncio.Event()
    async with opened(settings) as console:
        app = console.application(telemetry)
        telemetry.instrument(app)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(console.access_log.run(served))
            tasks.create_task(console.watch.run(stop))
            tasks.create_task(console.keep_purging(stop))
            tasks.create_task(_serve_then(app, settings, stop, served))
    telemetry.shutdown()


async def _serve_then(app: FastAPI, settings: Settings, stop: asyncio.Event, served: asyncio.Event) -> None:
    """Requests at work still write to the access log until they are answered."""
    try:
        await serve(app, settings.http_host, settings.http_port, stop)
    finally:
        served.set()


async def _until_signalled() -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await run(Settings(), stop)  # type: ignore[call-arg]  # the environment gives them


def main() -> None:
    """Runs the console until it is told to stop."""
    run_loop(_until_signalled())


if __name__ == "__main__":
    main()
