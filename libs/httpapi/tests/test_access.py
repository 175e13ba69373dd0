from collections.abc import Callable
from typing import Annotated

import httpx
import pytest
from fastapi import APIRouter, FastAPI
from httpapi import (
    AreaRule,
    Caller,
    IdentityOptions,
    LocalIssuer,
    Role,
    allow,
    area_asked,
    assert_every_route_declares,
    create_app,
    public,
    undeclared_routes,
    verifier_from,
)
from httpapi.access import UndeclaredRouteError, route_accesses
from httpapi.api_key import StoredKey, key_id_of, new_key
from httpapi.problems import NotFound
from starlette.routing import Mount, Route
from structlog.testing import capture_logs

CITY, JINJIANG, WUHOU = "510100", "510104", "510107"
MINE, THEIRS = "91510104MA00000001", "91510107MA00000002"

ClientFor = Callable[..., httpx.AsyncClient]
ClientOf = Callable[[FastAPI], httpx.AsyncClient]


async def test_without_credentials_nothing_answers_but_what_is_declared_public(client_for: ClientFor) -> None:
    """Nothing is open by default."""
    client = client_for(None)

    answers = {path: (await client.get(path)).status_code for path in ("/v1/entities", "/health/live")}

    assert answers == {"/v1/entities": 401, "/health/live": 200}


async def test_a_missing_token_is_answered_with_the_scheme_to_use(client_for: ClientFor) -> None:
    """RFC 9110 section 11.6.1: a 401 names its challenge."""
    answer = await client_for(None).get("/v1/entities")

    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert answer.json()["type"] == "urn:creditloop:problem:unauthenticated"


async def test_a_role_the_route_does_not_name_is_forbidden(client_for: ClientFor) -> None:
    """An inspector sees visits, not the whole list."""
    answer = await client_for(Role.INSPECTOR, area=JINJIANG).get("/v1/entities")

    assert answer.status_code == 403


async def test_a_list_is_limited_to_the_callers_area(client_for: ClientFor) -> None:
    """An area officer lists their own area; the city lists all."""
    area = await client_for(Role.AREA_OFFICER, area=JINJIANG).get("/v1/entities")
    city = await client_for(Role.CITY_ADMINISTRATOR).get("/v1/entities")

    assert area.json()["items"] == [MINE]
    assert city.json()["items"] == [MINE, THEIRS]


async def test_an_entity_of_another_area_answers_as_one_that_does_not_exist(client_for: ClientFor) -> None:
    """Whether we know something of an entity is itself knowledge."""
    client = client_for(Role.AREA_OFFICER, area=JINJIANG)

    elsewhere = await client.get(f"/v1/entities/{THEIRS}")
    nowhere = await client.get("/v1/entities/91510104MA99999999")

    assert elsewhere.status_code == 404
    assert elsewhere.json() == nowhere.json()


async def test_an_enterprise_sees_itself_and_no_other(client_for: ClientFor) -> None:
    """An enterprise has no area: it owns exactly one entity."""
    client = client_for(Role.ENTERPRISE, entity=MINE)

    own = await client.get(f"/v1/entities/{MINE}")
    other = await client.get(f"/v1/entities/{THEIRS}")
    listing = await client.get("/v1/entities")

    assert [own.status_code, other.status_code, listing.status_code] == [200, 404, 403]


async def test_city_only_refuses_staff_of_one_area(client_for: ClientFor) -> None:
    """The role fits, the area does not."""
    body = {"name": "plan", "ratio": 0.1}

    area = await client_for(Role.AREA_OFFICER, area=JINJIANG).post("/v1/plans", json=body)
    city = await client_for(Role.AREA_OFFICER, area=CITY).post("/v1/plans", json=body)

    assert [area.status_code, city.status_code] == [403, 201]


async def test_a_handler_that_forgets_the_area_fails_instead_of_leaking(client_for: ClientFor) -> None:
    """A declaration that nobody acts on would be a comment."""
    answer = await client_for(Role.AREA_OFFICER, area=JINJIANG).get("/v1/forgetful")

    assert answer.status_code == 500
    assert MINE not in answer.text


async def test_two_requests_with_one_token_do_not_share_the_question_of_area(client_for: ClientFor) -> None:
    """The verified caller is remembered; whether a request asked their area must not be."""
    client = client_for(Role.AREA_OFFICER, area=JINJIANG)

    good = await client.get("/v1/entities")
    bad = await client.get("/v1/forgetful")

    assert [good.status_code, bad.status_code] == [200, 500]


async def test_a_refusal_is_logged_with_who_and_where(client_for: ClientFor) -> None:
    """An auditor must see who tries doors."""
    with capture_logs() as logs:
        await client_for(Role.AREA_OFFICER, area=JINJIANG).get(f"/v1/entities/{THEIRS}")

    refusals = [entry for entry in logs if entry["event"] == "outside_area"]
    assert [(entry["role"], entry["area"]) for entry in refusals] == [("area_officer", JINJIANG)]


def test_one_area_may_be_asked_for_within_the_callers_own() -> None:
    """The city's staff look at a district; a district's look at no other, and are told no more than of a wrong code."""
    city = Caller("c", Role.CITY_ADMINISTRATOR, area=CITY)
    district = Caller("d", Role.AREA_OFFICER, area=WUHOU)

    assert [area_asked(city, None), area_asked(city, JINJIANG)] == [None, JINJIANG]
    assert [area_asked(district, None), area_asked(district, WUHOU)] == [WUHOU, WUHOU]
    with pytest.raises(NotFound):
        area_asked(district, JINJIANG)


def test_a_caller_of_unknown_area_is_seen_by_the_city_alone() -> None:
    """An entity whose area nobody recorded belongs to no district."""
    city = Caller("c", Role.CITY_ADMINISTRATOR, area=CITY)
    district = Caller("d", Role.AREA_OFFICER, area=WUHOU)

    assert [city.may_see(None), district.may_see(None)] == [True, False]


def test_an_outsider_with_a_city_area_still_sees_nothing() -> None:
    """An area is a property of staff; a forged or misissued claim gives an outsider nothing."""
    platform = Caller("p", Role.PLATFORM, area=CITY, platform="p")

    assert not platform.may_see(JINJIANG)


def _router_with_undeclared(*, documented: bool = True) -> APIRouter:
    router = APIRouter(prefix="/v1", include_in_schema=documented)

    @router.get("/open")
    async def open_route() -> str:
        return "oops"

    return router


@pytest.mark.parametrize("documented", [True, False])
def test_a_service_with_an_undeclared_route_does_not_come_up(
    issuer: LocalIssuer, *, documented: bool
) -> None:
    """Forgetting is the common mistake; it must not be silent, nor hidden by leaving the route undocumented."""
    verifier = verifier_from(IdentityOptions(jwks_file=issuer.jwks_file))

    with pytest.raises(UndeclaredRouteError, match="GET /v1/open"):
        create_app("sample", "1", verifier=verifier, routers=[_router_with_undeclared(documented=documented)])


async def test_a_route_added_after_building_stops_the_start(app: FastAPI) -> None:
    """The check runs again when the service starts."""
    app.include_router(_router_with_undeclared())

    with pytest.raises(UndeclaredRouteError):
        async with app.router.lifespan_context(app):
            pass


def test_mounts_and_bare_routes_are_walked_too(app: FastAPI) -> None:
    """Static files and raw ASGI routes would otherwise slip past FastAPI's dependencies."""

    async def endpoint(_request: object) -> None: ...

    app.router.routes.append(Route("/raw", endpoint))  # type: ignore[arg-type]
    app.router.routes.append(Mount("/static", app=FastAPI()))

    assert sorted(undeclared_routes(app)) == ["ANY /static", "GET,HEAD /raw"]


def test_two_contradicting_declarations_count_as_none(app: FastAPI) -> None:
    """A route open to anyone and to auditors only says nothing."""
    router = APIRouter(dependencies=[public("all")])

    @router.get("/both")
    async def both(
        caller: Annotated[Caller, allow(Role.AUDITOR, area=AreaRule.NOT_APPLICABLE)],
    ) -> None: ...

    app.include_router(router)

    with pytest.raises(UndeclaredRouteError, match="GET /both"):
        assert_every_route_declares(app)


def test_a_declaration_on_a_router_holds_for_its_routes(app: FastAPI) -> None:
    """Operational routers declare once for all their routes."""
    inner = APIRouter()

    @inner.get("/inner")
    async def route() -> None: ...

    outer = APIRouter(prefix="/outer", dependencies=[allow(Role.AUDITOR, area=AreaRule.CITY_ONLY)])
    outer.include_router(inner)
    app.include_router(outer)

    found = {route.path: route.access for route in route_accesses(app)}
    assert (access := found["/outer/inner"]) is not None
    assert access.roles == {Role.AUDITOR}


def test_a_declaration_must_name_roles_and_a_public_route_its_reason() -> None:
    """An empty declaration would be no declaration."""
    with pytest.raises(ValueError, match="roles"):
        allow(area=AreaRule.FILTER)
    with pytest.raises(ValueError, match="why"):
        public("")


class MemoryKeys:
    def __init__(self, **keys: StoredKey) -> None:
        self.keys = keys

    async def find(self, key_id: str) -> StoredKey | None:
        return self.keys.get(key_id)


@pytest.fixture
def keyed(issuer: LocalIssuer) -> tuple[FastAPI, str]:
    plain, secret_hash = new_key()
    keys = MemoryKeys(**{key_id_of(plain): StoredKey("registry", secret_hash)})
    router = APIRouter()

    @router.post("/v1/facts")
    async def facts(
        caller: Annotated[Caller, allow(Role.SOURCE_SYSTEM, area=AreaRule.NOT_APPLICABLE)],
    ) -> str:
        return caller.source or ""

    verifier = verifier_from(IdentityOptions(jwks_file=issuer.jwks_file))
    return create_app("keyed", "1", verifier=verifier, routers=[router], source_keys=keys), plain


async def test_a_source_system_comes_in_by_either_header(
    keyed: tuple[FastAPI, str], client_of: ClientOf
) -> None:
    """curl users write Authorization; older senders can only set their own header."""
    app, key = keyed

    async with client_of(app) as client:
        bearer = await client.post("/v1/facts", headers={"Authorization": f"Bearer {key}"})
        header = await client.post("/v1/facts", headers={"X-API-Key": key})

    assert [bearer.json(), header.json()] == ["registry", "registry"]


@pytest.mark.parametrize(
    "change", [lambda k: k[:-1] + ("A" if k[-1] != "A" else "B"), lambda k: k[:20], str.upper]
)
async def test_a_key_with_any_change_is_refused(
    keyed: tuple[FastAPI, str], client_of: ClientOf, change: object
) -> None:
    """Wrong secret, cut key, wrong case: one answer for all."""
    app, key = keyed

    async with client_of(app) as client:
        answer = await client.post("/v1/facts", headers={"Authorization": f"Bearer {change(key)}"})  # type: ignore[operator]

    assert answer.status_code == 401


async def test_a_service_that_takes_no_keys_refuses_them(client_for: ClientFor) -> None:
    """Only ingestion knows sources."""
    client = client_for(None)

    answer = await client.post("/v1/facts", headers={"X-API-Key": new_key()[0]})

    assert answer.status_code == 401
