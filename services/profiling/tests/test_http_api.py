"""What staff are answered, and that nobody else is answered anything."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from httpapi import LocalIssuer, Role, route_accesses, undeclared_routes
from httpapi.identity import OUTSIDERS
from httpapi.tokens import IdentityOptions, verifier_from
from profiling_service.main import Service, alone, bus_of
from profiling_service.rules.profiles import RuleBook
from profiling_service.settings import Settings
from profiling_service.use_cases.record import record_facts
from sqlalchemy import text


@pytest.fixture(scope="session")
def issuer(tmp_path_factory: pytest.TempPathFactory) -> LocalIssuer:
    """Signs tokens of any role."""
    return LocalIssuer(tmp_path_factory.mktemp("issuer"))


@pytest.fixture
async def app(
    migrated_database: str, sql_world: Any, issuer: LocalIssuer, book: RuleBook, facts: Any, sample: Any
):
    """The application over two entities in two areas; it publishes to its outbox only."""
    async with sql_world.transaction() as tx:
        there = facts.registration(uscc=sample.other, area_code="510117", name="另一家")
        await record_facts([facts.registration(), there, facts.penalty("P-1")], tx, book)
    bus = bus_of(Settings(database_url=migrated_database, kafka_bootstrap_servers="unused:1"))
    bus._relay = _SilentRelay()
    options = IdentityOptions(jwks_file=issuer.jwks_file)
    yield Service(bus, book, sql_world.profiles).application(verifier_from(options), alone)
    await bus.engine.dispose()


class _SilentRelay:
    def wake(self) -> None:
        """Events stay in the outbox."""


@pytest.fixture
async def ask(app: FastAPI, issuer: LocalIssuer) -> AsyncIterator[Any]:
    """Asks as a role; the city's administrator when none is named."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://profiling") as client:

        async def asked(
            path: str, role: Role = Role.CITY_ADMINISTRATOR, *, json: Any = None, **more: Any
        ) -> Any:
            headers = {"Authorization": f"Bearer {issuer.issue(role, **more)}"}
            if json is not None:
                headers["Idempotency-Key"] = '"one"'
            method = "GET" if json is None else "POST"
            return await client.request(method, path, headers=headers, json=json)

        yield asked


async def test_every_route_declares_who_may_call_it(app: FastAPI) -> None:
    """Nothing is open by default, and nothing here is for outsiders."""
    assert undeclared_routes(app) == []
    for route in route_accesses(app):
        assert route.access is None or not route.access.roles & OUTSIDERS


async def test_an_entity_is_shown_with_named_indicators(ask: Any, sample: Any) -> None:
    """A value without its name and unit explains nothing."""
    answer = (await ask(f"/v1/entities/{sample.uscc}")).json()

    by_code = {indicator["code"]: indicator for indicator in answer["indicators"]}
    assert by_code["regulatory.penalties_12m"]["value"] == 1
    assert by_code["regulatory.penalties_12m"]["zh"] == "近12个月行政处罚"
    assert by_code["relation.entities_of_person"]["value"] is None
    assert (answer["status"], answer["name"]) == ("active", "虚构餐饮店")


async def test_an_officer_sees_their_own_area_only(ask: Any, sample: Any) -> None:
    """An entity of another area answers as one that does not exist."""
    officer = {"role": Role.AREA_OFFICER, "area": "510117"}

    assert (await ask(f"/v1/entities/{sample.other}", **officer)).status_code == 200
    for path in (
        f"/v1/entities/{sample.uscc}",
        f"/v1/entities/{sample.uscc}/facts",
        f"/v1/trail/{sample.uscc}",
    ):
        assert (await ask(path, **officer)).status_code == 404
    listed = (await ask("/v1/entities?area=510104", **officer)).json()["items"]
    assert [item["uscc"] for item in listed] == [sample.other]
    assert (await ask("/v1/signals", **officer)).json()["items"] == []
    assert [row["area_code"] for row in (await ask("/v1/statistics", **officer)).json()] == ["510117"]


async def test_lists_are_pages_and_search_finds_by_name_and_code(ask: Any, sample: Any) -> None:
    """A cursor goes on where the page ended."""
    first = (await ask("/v1/entities?limit=1")).json()
    second = (await ask(f"/v1/entities?limit=1&cursor={first['next_cursor']}")).json()

    assert [page["items"][0]["uscc"] for page in (first, second)] == [sample.uscc, sample.other]
    assert second["next_cursor"] is None
    assert len((await ask("/v1/entities?q=另一")).json()["items"]) == 1
    assert len((await ask("/v1/entities?q=91510104")).json()["items"]) == 1
    facts = (await ask(f"/v1/entities/{sample.uscc}/facts")).json()["items"]
    assert [fact["type"] for fact in facts] == ["registration_recorded", "penalty_imposed"]


async def test_a_signal_is_cleared_once_and_told(ask: Any, sample: Any, sql_world: Any) -> None:
    """The same request again gives the same answer; another officer's is refused."""
    (signal,) = (await ask("/v1/signals?open=true&family=penalty_imposed")).json()["items"]
    path = f"/v1/signals/{signal['signal_id']}/clear"

    stranger = await ask(path, Role.AREA_OFFICER, area="510117", json={"reason": "mine"})
    done = await ask(path, json={"reason": "interviewed"})
    again = await ask(path, json={"reason": "interviewed"})
    other = await ask(path, Role.AREA_OFFICER, area="510104", json={"reason": "interviewed"})

    assert [answer.status_code for answer in (stranger, done, again, other)] == [404, 200, 200, 409]
    assert done.json() == again.json()
    async with sql_world.engine.connect() as connection:
        assert (await connection.execute(text("select count(*) from outbox"))).scalar_one() == 1


async def test_the_daily_run_goes_forward_only(ask: Any) -> None:
    """Business time is a parameter, and does not run backwards."""
    done = await ask("/v1/daily-runs", json={"day": "2026-06-02"})
    back = await ask("/v1/daily-runs", json={"day": "2026-05-01"})
    denied = await ask("/v1/daily-runs", Role.AUDITOR, json={"day": "2026-06-03"})

    assert done.json() == {"day": "2026-06-02", "complete": True, "entities": 2, "changed": 2}
    assert (back.status_code, denied.status_code) == (422, 403)
    assert back.json()["errors"][0]["expected"] == "2026-06-02 or later"
    assert (await ask("/v1/business-day")).json() == done.json()


async def test_the_catalogue_and_the_books_can_be_read(ask: Any) -> None:
    """The audit asks for the books, the console for the catalogue."""
    assert len((await ask("/v1/catalogue")).json()["indicators"]) == 24
    for book in (await ask("/v1/books")).json()["books"]:
        assert (await ask(f"/v1/books/{book}")).status_code == 200
    assert (await ask("/v1/lanes")).status_code == 200
