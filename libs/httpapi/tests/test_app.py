import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import httpx
from fastapi import FastAPI
from httpapi import Role
from httpapi.health import health_router
from httpapi.problem_handlers import install
from httpapi.problems import MEDIA_TYPE
from structlog.testing import capture_logs

ClientFor = Callable[..., httpx.AsyncClient]
ClientOf = Callable[..., httpx.AsyncClient]


async def test_the_contract_says_who_may_call_what_and_how_errors_look(client_for: ClientFor) -> None:
    """The console and integrators read this document, not our code."""
    document = (await client_for(None).get("/openapi.json")).json()

    operation = document["paths"]["/v1/entities"]["get"]
    assert document["openapi"].startswith("3.1")
    assert operation["x-roles"] == ["area_officer", "city_administrator", "enterprise"]
    assert (operation["x-area"], operation["security"]) == ("filter", [{"token": []}])
    assert MEDIA_TYPE in operation["responses"]["default"]["content"]
    assert document["paths"]["/health/live"]["get"]["security"] == []
    assert {"token": []} in document["paths"]["/v1/facts"]["post"]["security"]
    assert "HTTPValidationError" not in str(document)


async def test_no_page_is_served_that_loads_from_a_cdn(client_for: ClientFor) -> None:
    """Offices are offline."""
    client = client_for(None)

    assert [(await client.get(path)).status_code for path in ("/docs", "/redoc")] == [404, 404]


async def test_ready_names_what_was_checked(build: Callable[..., FastAPI], client_of: ClientOf) -> None:
    """A supervisor waits for this answer."""

    async def database() -> None: ...

    async with client_of(build(checks={"database": database})) as client:
        answer = await client.get("/health/ready")

    assert answer.json() == {"status": "ok", "checks": ["database"]}


async def test_not_ready_names_the_failing_part_without_its_inner_text(
    build: Callable[..., FastAPI], client_of: ClientOf
) -> None:
    """Health is public: a connection string in an error must not be."""

    async def database() -> None:
        raise ConnectionError("password=secret")

    async def broker() -> None: ...

    async with client_of(build(checks={"database": database, "broker": broker})) as client:
        answer = await client.get("/health/ready")
        live = await client.get("/health/live")

    assert (answer.status_code, live.status_code) == (503, 200)
    assert [error["field"] for error in answer.json()["errors"]] == ["database"]
    assert "secret" not in answer.text


async def test_a_check_that_hangs_is_not_waited_for(client_of: ClientOf) -> None:
    """A hanging database must not hang the supervisor too."""
    app = FastAPI()
    install(app)
    app.include_router(health_router({"database": asyncio.Event().wait}, timeout_s=0.01))

    async with client_of(app) as client:
        answer = await client.get("/health/ready")

    assert answer.json()["errors"][0]["problem"] == "did not answer in time"


async def test_figures_are_served_when_there_are_any(
    build: Callable[..., FastAPI], client_of: ClientOf
) -> None:
    """Prometheus reads this path by default."""
    async with client_of(build(metrics=lambda: b"facts_total 3\n")) as client:
        answer = await client.get("/metrics")

    assert (answer.text, answer.headers["content-type"][:10]) == ("facts_total 3\n", "text/plain")


async def test_a_services_own_start_and_end_run_around_serving(build: Callable[..., FastAPI]) -> None:
    """Engines and consumers are opened and closed there."""
    seen: list[str] = []

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        seen.append("start")
        yield
        seen.append("end")

    app = build(lifespan=lifespan)
    async with app.router.lifespan_context(app):
        seen.append("serve")

    assert seen == ["start", "serve", "end"]


async def test_a_request_is_logged_at_debug_and_a_failure_as_a_warning(client_for: ClientFor) -> None:
    """Ten thousand lines a second would hide the one that matters."""
    with capture_logs() as logs:
        await client_for(Role.CITY_ADMINISTRATOR).get("/v1/entities")
        await client_for(None).get("/v1/broken")

    requests = [(e["path"], e["status"], e["log_level"]) for e in logs if e["event"] == "request"]
    assert requests == [("/v1/entities", 200, "debug"), ("/v1/broken", 500, "warning")]


def test_the_framework_adds_no_spans_of_its_own(build: Callable[..., FastAPI]) -> None:
    """Telemetry makes one span a request; a second set would double the cost and break the trace's edges."""
    assert not build()._native_telemetry.enabled()
