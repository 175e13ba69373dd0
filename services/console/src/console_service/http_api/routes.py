"""All routes, in the order in which they are tried, and what surrounds them."""

from collections.abc import Callable

from fastapi import FastAPI
from httpapi import Verifier, assert_every_route_declares, create_app
from httpapi.app import Lifespan
from httpapi.health import Checks
from httpapi.problem_handlers import UnexpectedErrors

from console_service.http_api import (
    access_log,
    accounts,
    auditing,
    forwarding,
    live,
    oidc,
    page,
    report,
    session,
    vocabulary,
)
from console_service.http_api.edge import Edge
from console_service.http_api.middleware import SecurityHeaders, SessionCookie

_DESCRIPTION = (
    "The console's own routes (控制台). `/api/{service}/v1/…` passes on to the service's `/v1/…`, as its own document "
    "describes it, with the token of whoever is logged in; enterprises, platforms and source systems may ask only what "
    "is meant for them. A request that changes something and comes with the session's cookie needs the header "
    "`X-Creditloop-Console: 1`; one that the page makes by itself says so with `X-Creditloop-Background: 1`, and does "
    "not keep a session alive. With `X-Creditloop-Account`, or `account=` in its query, a request says which account "
    "it is meant for, and is refused (409) when the browser has meanwhile logged in as another; one that changes "
    "something must say it."
)


def install(
    edge: Edge,
    verifier: Verifier,
    *,
    checks: Checks | None = None,
    metrics: Callable[[], bytes] | None = None,
    lifespan: Lifespan | None = None,
) -> FastAPI:
    """The application over this edge."""
    parts = (session, oidc, accounts, access_log, vocabulary, live, auditing, report, forwarding)
    app = create_app(
        "console",
        "1.0.0",
        verifier=verifier,
        routers=[part.router(edge) for part in parts],
        checks=checks,
        metrics=metrics,
        lifespan=lifespan,
        description=_DESCRIPTION,
        unlimited=["/api/*/v1/*"],
    )
    app.include_router(page.router(edge.page))
    assert_every_route_declares(app)
    app.add_middleware(SessionCookie, edge=edge)
    app.add_middleware(UnexpectedErrors)
    app.add_middleware(SecurityHeaders, secure=edge.secure)
    return app
