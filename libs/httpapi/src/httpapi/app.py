"""Builds a service's application: guarded routes, problem details, health, OpenAPI 3.1, no CDN."""

import time
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import structlog
from fastapi import APIRouter, FastAPI
from fastapi.telemetry import TelemetryConfig
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from httpapi import problem_handlers
from httpapi.access import Identity, assert_every_route_declares, public
from httpapi.api_key import SourceKeys
from httpapi.body_limit import BodyLimit
from httpapi.health import Checks, health_router
from httpapi.openapi import documented
from httpapi.tokens import Verifier

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]
_log = structlog.get_logger(log="http")

_NO_SECOND_TELEMETRY: TelemetryConfig = {
    "tracing": False,
    "metrics": False,
    "logs": False,
    "operation_spans": False,
    "auto_configure": False,
}
"""FastAPI would otherwise add spans of its own, inner steps and health included, once a provider is set."""


class Application(FastAPI):
    """A FastAPI application whose OpenAPI document also says who may call what, and how errors look."""

    def openapi(self) -> dict[str, Any]:
        """The OpenAPI 3.1 document, with security, roles, area rule and problem details on each operation."""
        if not self.openapi_schema:
            self.openapi_schema = documented(super().openapi(), self)
        return self.openapi_schema


def create_app(  # noqa: PLR0913 - one keyword for each part a service brings
    title: str,
    version: str,
    *,
    verifier: Verifier,
    routers: Sequence[APIRouter] = (),
    checks: Checks | None = None,
    source_keys: SourceKeys | None = None,
    lifespan: Lifespan | None = None,
    metrics: Callable[[], bytes] | None = None,
    description: str = "",
    unlimited: Collection[str] = (),
    passes: problem_handlers.Passes = problem_handlers.never,
) -> FastAPI:
    """A service's application, ready to serve.

    Args:
        title: the service's name.
        version: the API's version.
        verifier: tells who a token speaks for.
        routers: the service's routes; each declares its access.
        checks: what `/health/ready` checks, by name.
        source_keys: keys of source systems, where the service takes them.
        lifespan: what the service sets up before and takes down after serving.
        metrics: the figures in Prometheus' text format, served at `/metrics`.
        description: what the service does, for the OpenAPI document.
        unlimited: paths that bound the bodies they read themselves; elsewhere `LONGEST_BODY` is the most.
        passes: whether an error may pass, such as an outage of the database: 503 and not 500.

    Raises:
        UndeclaredRouteError: a route does not declare who may call it; checked again when the service starts.
    """
    app = _bare(title, version, description, lifespan)
    app.state.identity = Identity(verifier, source_keys)
    app.add_middleware(BodyLimit, unlimited=unlimited)
    problem_handlers.install(app, passes)
    app.add_middleware(AccessLog)
    for router in (*routers, health_router(checks or {}), _own_routes(app, metrics)):
        app.include_router(router)
    assert_every_route_declares(app)
    return app


def _bare(title: str, version: str, description: str, lifespan: Lifespan | None) -> FastAPI:
    return Application(
        title=title,
        version=version,
        description=description,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        lifespan=_guarded(lifespan),
        telemetry=_NO_SECOND_TELEMETRY,
    )


class AccessLog:
    """Logs each request at debug, and each answer of 500 and above as a warning, with its duration in ms."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on and logs how it was answered."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began_s = time.perf_counter()
        status = 0

        async def watch(message: Message) -> None:
            nonlocal status
            status = message.get("status", status)
            await send(message)

        try:
            await self._app(scope, receive, watch)
        finally:
            say = _log.warning if status >= 500 else _log.debug
            duration_ms = round((time.perf_counter() - began_s) * 1000, 1)
            say("request", method=scope["method"], path=scope["path"], status=status, ms=duration_ms)


def _guarded(lifespan: Lifespan | None) -> Lifespan:
    @asynccontextmanager
    async def guarded(app: FastAPI) -> AsyncIterator[None]:
        assert_every_route_declares(app)
        if lifespan is None:
            yield
        else:
            async with lifespan(app):
                yield

    return guarded


def _own_routes(app: FastAPI, metrics: Callable[[], bytes] | None) -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.get("/openapi.json", dependencies=[public("the contract is not a secret")])
    async def openapi() -> JSONResponse:
        document: Mapping[str, Any] = app.openapi()
        return JSONResponse(document)

    if metrics is not None:

        @router.get("/metrics", dependencies=[public("figures without entity data, for Prometheus")])
        async def figures() -> Response:
            return Response(metrics(), media_type="text/plain; version=0.0.4; charset=utf-8")

    return router
