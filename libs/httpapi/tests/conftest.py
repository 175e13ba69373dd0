"""A small service with every kind of route, its issuer, and clients of each role."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Annotated

import httpx
import pytest
from fastapi import APIRouter, FastAPI
from httpapi import (
    AreaRule,
    Caller,
    IdentityOptions,
    LocalIssuer,
    Page,
    PageRequest,
    Role,
    allow,
    create_app,
    public,
    require_entity,
    verifier_from,
)
from pydantic import BaseModel, Field

JINJIANG, WUHOU, CITY = "510104", "510107", "510100"
AREAS = {"91510104MA00000001": JINJIANG, "91510107MA00000002": WUHOU}

ClientFor = Callable[..., httpx.AsyncClient]


class Plan(BaseModel):
    name: str = Field(min_length=1)
    ratio: float = Field(ge=0, le=1)


def sample_router() -> APIRouter:
    router = APIRouter()
    reader = allow(Role.AREA_OFFICER, Role.CITY_ADMINISTRATOR, Role.ENTERPRISE, area=AreaRule.ENTITY)
    lister = allow(Role.AREA_OFFICER, Role.CITY_ADMINISTRATOR, Role.ENTERPRISE, area=AreaRule.FILTER)
    planner = allow(Role.CITY_ADMINISTRATOR, Role.AREA_OFFICER, area=AreaRule.CITY_ONLY)

    @router.get("/v1/entities")
    async def entities(caller: Annotated[Caller, lister], page: PageRequest) -> Page[str]:
        area, after = caller.area_filter(), page.after(str)
        found = [
            u for u, a in sorted(AREAS.items()) if area in {None, a} and (not after or u > str(after[0]))
        ]
        return page.page(found[: page.limit + 1], key=lambda uscc: (uscc,), item=str)

    @router.get("/v1/entities/{uscc}")
    async def entity(uscc: str, caller: Annotated[Caller, reader]) -> str:
        require_entity(caller, uscc, AREAS.get(uscc))
        return uscc

    @router.get("/v1/forgetful", dependencies=[lister])
    async def forgetful() -> list[str]:
        return list(AREAS)

    @router.post("/v1/plans", status_code=201, dependencies=[planner])
    async def plan(body: Plan) -> Plan:
        return body

    @router.get("/v1/broken", dependencies=[public("a test")])
    async def broken() -> None:
        raise RuntimeError("secret inner text")

    @router.post("/v1/facts")
    async def facts(
        caller: Annotated[Caller, allow(Role.SOURCE_SYSTEM, area=AreaRule.NOT_APPLICABLE)],
    ) -> str:
        return caller.source or ""

    return router


@pytest.fixture
def issuer(tmp_path: Path) -> LocalIssuer:
    return LocalIssuer(tmp_path / "identity")


@pytest.fixture
def build(issuer: LocalIssuer) -> Callable[..., FastAPI]:
    verifier = verifier_from(IdentityOptions(jwks_file=issuer.jwks_file))
    return lambda **parts: create_app("sample", "1", verifier=verifier, **parts)


@pytest.fixture
def routers() -> list[APIRouter]:
    return [sample_router()]


@pytest.fixture
def app(build: Callable[..., FastAPI], routers: list[APIRouter]) -> FastAPI:
    return build(routers=routers)


def open_client(app: FastAPI, **headers: str) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://sample", headers=headers)


@pytest.fixture
def client_of() -> Callable[..., httpx.AsyncClient]:
    return open_client


@pytest.fixture
async def client_for(app: FastAPI, issuer: LocalIssuer) -> AsyncIterator[ClientFor]:
    opened: list[httpx.AsyncClient] = []

    def make(role: Role | None, **claims: str) -> httpx.AsyncClient:
        headers = {} if role is None else {"Authorization": "Bearer " + issuer.issue(role, **claims)}  # type: ignore[arg-type]
        opened.append(open_client(app, **headers))
        return opened[-1]

    yield make
    for client in opened:
        await client.aclose()
