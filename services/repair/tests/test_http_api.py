"""The routes: who may call what, how far an area reaches, and what an enterprise reads of itself."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, date, datetime
from pathlib import Path

import httpx
import pytest
from eventbus import Bus, Transaction
from httpapi import LocalIssuer, Role, assert_every_route_declares, verifier_from
from httpapi.tokens import IdentityOptions
from repair_builders import FIRM, LIGHT, OTHER_FIRM, WAN_FEN, WARNING, annulment, listing, penalty, serious
from repair_service import use_cases
from repair_service.http_api import EdgeUnitOfWork
from repair_service.main import Service
from repair_service.model import Description
from repair_service.rules import Law
from repair_service.store import BOOKS, SqlUnitOfWork

MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 1)
CITY, JINJIANG, WUHOU = "510100", "510104", "510107"

Client = Callable[..., httpx.AsyncClient]


NOW = datetime(2026, 6, 1, 17, tzinfo=UTC)
"""Already 2 June in China."""


class OfflineService(Service):
    """The service without a broker: what it publishes is dropped."""

    @asynccontextmanager
    async def open(self) -> AsyncIterator[EdgeUnitOfWork]:
        async with self.bus.engine.begin() as connection:
            yield SqlUnitOfWork(Transaction(connection))


@pytest.fixture
async def client(empty_database: str, tmp_path: Path, law: Law) -> AsyncIterator[Client]:
    bus = Bus(service="repair", database_url=empty_database, bootstrap_servers="")
    service = OfflineService(bus, clock=lambda: NOW)
    issuer = LocalIssuer(tmp_path)
    app = service.application(verifier_from(IdentityOptions(jwks_file=issuer.jwks_file)))
    assert_every_route_declares(app)
    async with service.open() as tx:
        await _fill(tx, law)
    async with AsyncExitStack() as opened:

        def make(role: Role, **claims: str) -> httpx.AsyncClient:
            headers = {"Authorization": "Bearer " + issuer.issue(role, **claims)}  # type: ignore[arg-type]
            made = httpx.AsyncClient(
                transport=httpx.ASGITransport(app), base_url="http://repair", headers=headers
            )
            opened.push_async_callback(made.aclose)
            return made

        yield make
    await service.bus.engine.dispose()


async def _fill(tx: EdgeUnitOfWork, law: Law) -> None:
    facts = [
        penalty("P-1", MARCH, fine_fen=WAN_FEN, grade=LIGHT),
        penalty("P-2", MARCH, WARNING),
        listing("L-1", APRIL),
        serious("S-1", MARCH, uscc=OTHER_FIRM),
    ]
    await use_cases.record_facts([*facts, annulment(APRIL, "P-2")], tx, law)
    described = [
        Description(uscc=FIRM, version=1, name="甲店", area_code=JINJIANG),
        Description(uscc=OTHER_FIRM, version=1, name="乙厂", area_code=WUHOU),
    ]
    await use_cases.describe_entities(described, tx)


def _ids(response: httpx.Response) -> list[str]:
    assert response.status_code == 200, response.text
    return [item["record_id"] for item in response.json()["items"]]


async def test_an_area_officer_sees_the_records_of_the_area(client: Client) -> None:
    """The area of the entity decides, also where another is asked for."""
    officer = client(Role.AREA_OFFICER, area=JINJIANG)

    mine = await officer.get("/v1/records")
    elsewhere = await officer.get("/v1/records", params={"area": WUHOU})

    assert _ids(mine) == ["lists|L-1", "penalties|P-2", "penalties|P-1"]
    assert _ids(elsewhere) == []


async def test_a_list_is_read_page_by_page_to_its_end(client: Client) -> None:
    """The cursor goes on where the page before ended."""
    city = client(Role.CITY_ADMINISTRATOR)
    seen: list[str] = []
    cursor: str | None = None

    for _ in range(4):
        answer = await city.get("/v1/records", params={"limit": 1, **({"cursor": cursor} if cursor else {})})
        seen += _ids(answer)
        cursor = answer.json()["next_cursor"]

    assert seen == ["lists|L-1", "penalties|P-2", "penalties|P-1", "lists|S-1"]
    assert cursor is None


async def test_filters_narrow_the_list(client: Client) -> None:
    """By kind, tier and state."""
    city = client(Role.CITY_ADMINISTRATOR)

    minor = await city.get("/v1/records", params={"tier": "minor", "state": "open", "kind": "penalty"})
    nonsense = await city.get("/v1/records", params={"tier": "dreadful"})

    assert _ids(minor) == ["penalties|P-1"]
    assert nonsense.status_code == 422


async def test_one_record_shows_its_rule_and_another_area_finds_nothing(client: Client) -> None:
    """Whether something is known of an entity is itself knowledge of its area."""
    record = await client(Role.REPAIR_OFFICER, area=JINJIANG).get("/v1/records/penalties|P-1")
    hidden = await client(Role.REPAIR_OFFICER, area=WUHOU).get("/v1/records/penalties|P-1")
    missing = await client(Role.REPAIR_OFFICER, area=WUHOU).get("/v1/records/penalties|P-9")

    assert record.json()["rule"] == "2025-12-25 §7"
    assert record.json()["stops_on"] == "2026-06-01"
    assert (hidden.status_code, hidden.json()) == (missing.status_code, missing.json())
    assert hidden.status_code == 404


async def test_an_enterprise_reads_its_own_records_and_what_to_do(client: Client) -> None:
    """What to do and by when, whether it ever was public, in both languages; nothing of how it is supervised."""
    enterprise = client(Role.ENTERPRISE, entity=FIRM)

    own = await enterprise.get("/v1/my/records")
    others = await enterprise.get("/v1/records")

    by_id = {item["record_id"]: item for item in own.json()["items"]}
    assert set(by_id) == {"lists|L-1", "penalties|P-1", "penalties|P-2"}
    assert "自2026-04-01起可以申请信用修复" in by_id["lists|L-1"]["what_to_do_zh"]
    assert "补报未报年度的年度报告" in by_id["lists|L-1"]["what_to_do_zh"]
    assert by_id["penalties|P-2"]["state"] == "stopped"
    assert by_id["penalties|P-2"]["what_to_do_zh"] == "该处罚不予公示，无需申请信用修复。"
    assert "stops by itself on 2026-06-01" in by_id["penalties|P-1"]["what_to_do_en"]
    assert {key: item["published_on"] is not None for key, item in by_id.items()} == {
        "lists|L-1": True,
        "penalties|P-1": True,
        "penalties|P-2": False,
    }
    assert not {"tier", "class", "score"} & set(by_id["lists|L-1"])
    assert others.status_code == 403


@pytest.mark.parametrize("role", [Role.PLATFORM, Role.SOURCE_SYSTEM])
async def test_outsiders_see_no_records(role: Role, client: Client) -> None:
    """A platform learns of an operator by a clue, never from here."""
    outsider = client(role, platform="p", source="s")

    answers = [await outsider.get(path) for path in ("/v1/records", "/v1/my/records", "/v1/statistics")]

    assert {answer.status_code for answer in answers} == {403}


async def test_the_daily_run_stops_what_is_due_and_says_so_when_sent_again(client: Client) -> None:
    """Runs are replayed over years; a second run of a day must change nothing."""
    city = client(Role.CITY_ADMINISTRATOR)

    first = await city.post("/v1/daily-runs", json={"day": "2026-06-01"})
    again = await city.post("/v1/daily-runs", json={"day": "2026-06-01"})

    assert (first.json()["stopped"], again.json()["stopped"]) == (1, 0)
    assert again.json()["stopped_on_day"] == {"penalty": 1, "abnormal_listing": 0, "serious_listing": 0}


async def test_a_run_sent_twice_with_one_key_gets_its_first_answer(client: Client) -> None:
    """The answer may be lost on its way; the caller asks again."""
    city = client(Role.CITY_ADMINISTRATOR)
    headers = {"Idempotency-Key": '"run-1"'}

    answers = [
        await city.post("/v1/daily-runs", json={"day": "2026-06-01"}, headers=headers) for _ in range(2)
    ]

    assert answers[0].json() == answers[1].json()
    assert answers[1].headers["Idempotency-Replayed"] == "true"


async def test_a_day_that_has_not_come_is_refused(client: Client) -> None:
    """What a run stops stays stopped: a slip in the year would end the publicity of everything."""
    city = client(Role.CITY_ADMINISTRATOR)

    slip = await city.post("/v1/daily-runs", json={"day": "2206-06-01"})
    today = await city.post("/v1/daily-runs", json={"day": "2026-06-02"})

    assert (slip.status_code, today.status_code) == (422, 200)
    assert slip.json()["errors"][0]["expected"] == "2026-06-02 or earlier"


async def test_runs_asked_for_at_once_take_turns(client: Client) -> None:
    """Each needs two connections; side by side they would take the pool and wait for each other."""
    city = client(Role.CITY_ADMINISTRATOR)

    async with asyncio.timeout(15):
        answers = await asyncio.gather(
            *(city.post("/v1/daily-runs", json={"day": "2026-06-01"}) for _ in range(10))
        )

    assert sorted(answer.json()["stopped"] for answer in answers) == [0] * 9 + [1]


async def test_only_the_city_runs_the_day(client: Client) -> None:
    """An area must not move the clock of the city."""
    officer = client(Role.AREA_OFFICER, area=JINJIANG)

    answer = await officer.post("/v1/daily-runs", json={"day": "2026-06-01"})

    assert answer.status_code == 403


async def test_figures_books_lanes_and_trail_answer(client: Client) -> None:
    """What staff and the audit read."""
    city = client(Role.CITY_ADMINISTRATOR)

    figures = await client(Role.AREA_OFFICER, area=WUHOU).get("/v1/statistics")
    books = await city.get("/v1/books")
    lanes = await city.get("/v1/lanes")
    trail = await city.get(f"/v1/trail/{FIRM}")

    assert [(row["kind"], row["records"]) for row in figures.json()] == [("serious_listing", 1)]
    assert set(books.json()["books"]) == set(BOOKS)
    assert lanes.json() == []
    assert "record_stopped" in {entry["kind"] for entry in trail.json()}


async def test_the_contract_names_the_field_s_terms_in_chinese(client: Client) -> None:
    """People who read the contract know the terms of the trade."""
    document = (await client(Role.AUDITOR).get("/openapi.json")).json()

    assert document["openapi"].startswith("3.1")
    assert "公示届满日期" in json.dumps(document, ensure_ascii=False)
