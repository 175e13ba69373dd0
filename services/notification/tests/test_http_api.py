"""The routes over real PostgreSQL: who may do what, and what they are told."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from eventbus import DeadLetters, Transaction
from httpapi.access import undeclared_routes
from httpapi.issuer import LocalIssuer
from httpapi.tokens import IdentityOptions, verifier_from
from notification_service.main import Service
from notification_service.model import Attempt
from notification_service.rules.retries import RetrySchedule
from notification_service.settings import Settings
from notification_service.store import BOOKS
from notification_service.use_cases import events, letters
from sqlalchemy import text

CITY: dict[str, Any] = {"role": "city_administrator"}
OFFICER = {"role": "area_officer", "area": "510104"}
ELSEWHERE = {"role": "area_officer", "area": "510107"}
PLATFORM = {"role": "platform", "platform": "haoshi"}
RIVAL = {"role": "platform", "platform": "rival"}

Ask = Callable[..., Any]


class PlainBus:
    """As much of a bus as the routes need, over the test's database alone."""

    def __init__(self, store: Any) -> None:
        self.engine = store.engine
        self.sent: list[Any] = []
        self.dead_letters = DeadLetters(store.engine, None)  # type: ignore[arg-type]

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        async with self.engine.begin() as connection:
            transaction = Transaction(connection)
            yield transaction
        self.sent.extend(transaction.outgoing)
        transaction.committed()

    async def ready(self) -> None:
        return None

    async def lanes(self) -> list[Any]:
        return []


@pytest.fixture
def bus(sql: Any) -> PlainBus:
    return PlainBus(sql)


@pytest.fixture
async def ask(bus: Any, sql: Any, packs: Any, tmp_path: Path) -> AsyncIterator[Ask]:
    """Calls a route as someone: `await ask(CITY, "GET", "/v1/…", json=…)`."""
    issuer = LocalIssuer(tmp_path / "identity")
    settings = Settings(database_url="postgresql+asyncpg://unused", kafka_bootstrap_servers="unused")
    verifier = verifier_from(IdentityOptions(jwks_file=issuer.jwks_file))
    async with httpx.AsyncClient() as unused:
        app = Service(settings, bus, packs, unused).application(verifier)
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:

            async def call(who: dict[str, Any], method: str, path: str, **more: Any) -> httpx.Response:
                headers = {"authorization": f"Bearer {issuer.issue(**who)}", **more.pop("headers", {})}
                return await client.request(method, path, headers=headers, **more)

            call.app = app  # type: ignore[attr-defined]
            call.client = client  # type: ignore[attr-defined]
            yield call


@pytest.fixture
async def clue_id(ask: Ask, sql: Any, packs: Any, make: Any) -> str:
    """A subscribed platform has one clue about an operator in Jinjiang."""
    body = {"code": "haoshi", "name": "好食外卖", "webhook_url": "https://haoshi.example/hooks"}
    assert (await ask(CITY, "POST", "/v1/platforms", json=body)).status_code == 201
    async with sql.open() as tx:
        await events.heed([make.contact()], tx, packs.guidance, make.now)
        await events.heed([make.signal()], tx, packs.guidance, make.now)
    pulled = (await ask(PLATFORM, "GET", "/v1/clues")).json()
    return str(pulled["items"][0]["clue_id"])


async def test_every_route_declares_who_may_call_it(ask: Ask) -> None:
    """Nothing is open by default."""
    assert undeclared_routes(ask.app) == []  # type: ignore[attr-defined]
    paths = ask.app.openapi()["paths"]  # type: ignore[attr-defined]
    assert {"/v1/clues", "/v1/notices", "/v1/platforms", "/v1/books", "/v1/daily-runs"} <= set(paths)


async def test_no_route_answers_a_stranger(ask: Ask) -> None:
    """Without credentials there is health and the contract, and nothing else."""
    for path, methods in ask.app.openapi()["paths"].items():  # type: ignore[attr-defined]
        if path.startswith("/health"):
            continue
        for method in methods:
            answer = await ask.client.request(method, path.replace("{", "").replace("}", ""))  # type: ignore[attr-defined]
            assert answer.status_code == 401, f"{method} {path}"


async def test_subscribing_shows_the_secret_once(ask: Ask) -> None:
    """Sent twice with one key it is one subscription; neither repeated answers nor lists show the secret."""
    body = {"code": "haoshi", "name": "好食外卖", "webhook_url": "https://haoshi.example/hooks"}
    once = {"idempotency-key": '"k-1"'}

    first = await ask(CITY, "POST", "/v1/platforms", json=body, headers=once)
    again = await ask(CITY, "POST", "/v1/platforms", json=body, headers=once)
    other = await ask(CITY, "POST", "/v1/platforms", json=body)
    listed = await ask(CITY, "GET", "/v1/platforms")

    assert first.status_code == again.status_code == 201
    assert first.json()["secret"].startswith("whsec_")
    assert again.json() == {**first.json(), "secret": None}
    assert other.status_code == 409
    assert "secret" not in listed.text
    assert listed.json()[0]["state"] == "active"


async def test_no_secret_is_kept_with_an_answer(ask: Ask, sql: Any) -> None:
    """Answers are kept a day for repetition; whoever reads them must not be able to sign."""
    body = {"code": "haoshi", "name": "好食外卖"}
    await ask(CITY, "POST", "/v1/platforms", json=body, headers={"idempotency-key": "k-1"})
    await ask(CITY, "POST", "/v1/platforms/haoshi/secrets", headers={"idempotency-key": "k-2"})

    async with sql.engine.connect() as connection:
        kept = list((await connection.execute(text("select body from idempotent_answer"))).scalars())

    assert len(kept) == 2
    assert not [answer for answer in kept if b"whsec_" in answer]


async def test_a_withdrawn_clue_is_shown_and_takes_no_answer(
    ask: Ask, clue_id: str, sql: Any, packs: Any, make: Any
) -> None:
    """The platform that pulls sees it; one that answers is told why it cannot."""
    async with sql.open() as tx:
        await events.heed([make.signal_end()], tx, packs.guidance, make.now)

    pulled = (await ask(PLATFORM, "GET", "/v1/clues")).json()["items"]
    refused = await ask(PLATFORM, "POST", f"/v1/clues/{clue_id}/answer", json={"action": "warned"})

    assert [(clue["clue_id"], clue["state"]) for clue in pulled] == [(clue_id, "withdrawn")]
    assert refused.status_code == 409
    assert refused.json()["type"].endswith("clue-withdrawn")


async def test_the_key_of_the_evidence_is_for_staff(ask: Ask, clue_id: str) -> None:
    """A platform that had it could try out which facts a clue rests on."""
    theirs = (await ask(PLATFORM, "GET", "/v1/clues")).json()["items"][0]
    ours = (await ask(OFFICER, "GET", f"/v1/clue-register/{clue_id}")).json()

    assert "evidence_salt" not in theirs
    assert theirs["evidence_digest"] == ours["evidence_digest"]
    assert len(ours["evidence_salt"]) == 32


async def test_an_address_inside_our_network_is_refused_with_its_field(ask: Ask) -> None:
    """The administrator is told which field, and what would be right."""
    body = {"code": "haoshi", "name": "x", "webhook_url": "http://169.254.169.254/latest"}

    refused = await ask(CITY, "POST", "/v1/platforms", json=body)

    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"] == "body.webhook_url"


async def test_only_the_city_keeps_subscriptions(ask: Ask) -> None:
    """A subscription reaches every area's operators."""
    body = {"code": "haoshi", "name": "x"}

    for who in (OFFICER, PLATFORM, {"role": "enterprise", "entity": "U"}):
        assert (await ask(who, "POST", "/v1/platforms", json=body)).status_code == 403


async def test_a_platform_pulls_its_own_clues_in_order(
    ask: Ask, clue_id: str, sql: Any, packs: Any, make: Any
) -> None:
    """`next_after` continues where the last pull ended, also when nothing new came."""
    first = (await ask(PLATFORM, "GET", "/v1/clues?limit=1")).json()
    async with sql.open() as tx:
        signal = make.signal("G-2")
        await events.heed([signal], tx, packs.guidance, make.now)

    second = (await ask(PLATFORM, "GET", f"/v1/clues?after={first['next_after']}")).json()
    third = (await ask(PLATFORM, "GET", f"/v1/clues?after={second['next_after']}")).json()
    rival = (await ask(RIVAL, "GET", "/v1/clues")).json()

    assert first["items"][0]["clue_id"] == clue_id
    assert len(second["items"]) == 1
    assert third == {"items": [], "next_after": second["next_after"]}
    assert rival == {"items": [], "next_after": 0}


async def test_a_platform_answers_and_the_answer_is_told(ask: Ask, clue_id: str, bus: PlainBus) -> None:
    """The same answer twice is one event; a contradiction is refused; a rival finds nothing."""
    body = {"action": "warned", "remark": "已警示经营者"}

    rival = await ask(RIVAL, "POST", f"/v1/clues/{clue_id}/answer", json=body)
    first = await ask(PLATFORM, "POST", f"/v1/clues/{clue_id}/answer", json=body)
    again = await ask(PLATFORM, "POST", f"/v1/clues/{clue_id}/answer", json=body)
    other = await ask(PLATFORM, "POST", f"/v1/clues/{clue_id}/answer", json={"action": "delisted"})

    assert [rival.status_code, first.status_code, again.status_code, other.status_code] == [
        404,
        200,
        200,
        409,
    ]
    assert first.json()["state"] == "answered"
    assert other.json()["type"].endswith("clue-already-answered")
    assert "warned" in other.json()["detail"]
    assert [event.type for event in bus.sent] == ["creditloop.notification.v1.ClueAnswered"]


async def test_staff_see_the_clues_of_their_area(ask: Ask, clue_id: str) -> None:
    """Another area's officer is told there is no such thing."""
    mine = (await ask(OFFICER, "GET", "/v1/clue-register?platform=haoshi")).json()
    theirs = (await ask(ELSEWHERE, "GET", "/v1/clue-register")).json()
    counts = await ask(OFFICER, "GET", "/v1/clue-register/counts")
    none = await ask(ELSEWHERE, "GET", "/v1/clue-register/counts")
    one = await ask(OFFICER, "GET", f"/v1/clue-register/{clue_id}")
    hidden = await ask(ELSEWHERE, "GET", f"/v1/clue-register/{clue_id}")

    assert [item["clue_id"] for item in mine["items"]] == [clue_id]
    assert theirs["items"] == []
    assert (counts.json()["by_state"]["created"], sum(counts.json()["by_state"].values())) == (1, 1)
    assert sum(none.json()["by_state"].values()) == 0
    assert one.json()["attempts"] == []
    assert one.json()["webhook"] == "pending"
    assert hidden.status_code == 404


async def test_a_clue_is_sent_again_by_hand(ask: Ask, clue_id: str) -> None:
    """By an officer whose area it is, and by no other."""
    mine = await ask(OFFICER, "POST", f"/v1/clues/{clue_id}/redeliveries")
    theirs = await ask(ELSEWHERE, "POST", f"/v1/clues/{clue_id}/redeliveries")

    assert (mine.status_code, theirs.status_code) == (202, 404)


async def test_the_daily_run_marks_what_is_overdue(ask: Ask, clue_id: str) -> None:
    """The day is a parameter, so that years can be replayed."""
    early = await ask(CITY, "POST", "/v1/daily-runs", json={"day": "2026-03-05"})
    late = await ask(CITY, "POST", "/v1/daily-runs", json={"day": "2026-03-06"})
    figures = (await ask(OFFICER, "GET", "/v1/statistics")).json()

    assert early.json()["clues_overdue"] == 0
    assert late.json()["clues_overdue"] == 1
    assert {"what": "clue", "group": "haoshi", "state": "overdue", "count": 1} in figures


async def test_operators_and_secrets_are_kept_by_the_city(ask: Ask, clue_id: str, make: Any) -> None:
    """A rotation needs a key, because done twice it would lose the secret in use."""
    added = await ask(CITY, "POST", "/v1/platforms/haoshi/operators", json={"usccs": [make.uscc.lower()]})
    unsafe = await ask(CITY, "POST", "/v1/platforms/haoshi/secrets")
    rotated = await ask(CITY, "POST", "/v1/platforms/haoshi/secrets", headers={"idempotency-key": "k2"})
    changed = await ask(CITY, "PUT", "/v1/platforms/haoshi", json={"name": "好食"})
    unknown = await ask(CITY, "PUT", "/v1/platforms/none", json={"name": "x"})

    assert added.json() == {"added": 1}
    assert unsafe.status_code == 400
    assert rotated.json()["secret"].startswith("whsec_")
    assert (changed.status_code, unknown.status_code) == (204, 404)


@pytest.fixture
async def notice_id(sql: Any, packs: Any, make: Any) -> str:
    """A delivered repair notice to an entity in Jinjiang."""
    async with sql.open() as tx:
        await events.heed([make.contact()], tx, packs.guidance, make.now)
        await events.heed([make.repair_notice()], tx, packs.guidance, make.now)
    async with sql.open() as tx:
        claimed = await tx.notices.claim(1, make.now, make.now)
        written, _ = letters.render_letters(claimed, packs.renderer)
        once = RetrySchedule((), 0.0)
        await letters.record_attempts([Attempt(written[0])], tx, once, make.now, lambda: 0.0)
    return written[0].notice_id


async def test_staff_read_the_notices_of_their_area(ask: Ask, notice_id: str, make: Any) -> None:
    """The letter as it went out, and an English rendering."""
    listed = (await ask(OFFICER, "GET", f"/v1/notices?uscc={make.uscc}&state=delivered")).json()
    one = await ask(OFFICER, "GET", f"/v1/notices/{notice_id}")
    theirs = (await ask(ELSEWHERE, "GET", "/v1/notices")).json()
    hidden = await ask(ELSEWHERE, "GET", f"/v1/notices/{notice_id}")

    assert [item["notice_id"] for item in listed["items"]] == [notice_id]
    assert "信用修复告知书" in one.json()["text"]
    assert "Notice on credit repair" in one.json()["text_en"]
    assert theirs["items"] == []
    assert hidden.status_code == 404


async def test_an_enterprise_reads_its_own_notices_only(ask: Ask, notice_id: str, make: Any) -> None:
    """And the answer holds nothing but the letter and its state."""
    own = (await ask({"role": "enterprise", "entity": make.uscc}, "GET", "/v1/my/notices")).json()
    other = (await ask({"role": "enterprise", "entity": "U2"}, "GET", "/v1/my/notices")).json()

    assert [item["notice_id"] for item in own["items"]] == [notice_id]
    assert set(own["items"][0]) == {
        "notice_id",
        "template",
        "title_zh",
        "title_en",
        "issued_on",
        "state",
        "text",
    }
    assert other["items"] == []


async def test_pages_of_notices_follow_each_other(ask: Ask, sql: Any, packs: Any, make: Any) -> None:
    """A cursor continues after the last one shown, newest first."""
    async with sql.open() as tx:
        dues = [make.repair_notice(f"R-{number}") for number in range(3)]
        await events.heed(dues, tx, packs.guidance, make.now)

    first = (await ask(CITY, "GET", "/v1/notices?limit=2")).json()
    second = (await ask(CITY, "GET", f"/v1/notices?limit=2&cursor={first['next_cursor']}")).json()

    assert [item["origin_id"] for item in first["items"] + second["items"]] == ["R-2", "R-1", "R-0"]
    assert second["next_cursor"] is None


async def test_a_delivered_notice_is_not_sent_twice(ask: Ask, notice_id: str) -> None:
    """Only what failed can be sent again."""
    refused = await ask(OFFICER, "POST", f"/v1/notices/{notice_id}/redeliveries")

    assert refused.status_code == 409


async def test_books_are_open_to_the_audit(ask: Ask, notice_id: str) -> None:
    """Digests and keys as the audit asks for them."""
    names = (await ask({"role": "auditor"}, "GET", "/v1/books")).json()
    digest = (await ask({"role": "auditor"}, "GET", "/v1/books/repair_notices")).json()
    trail = await ask(OFFICER, "GET", "/v1/trail/91510104YY000001XM")

    assert names == {"books": sorted(BOOKS)}
    assert [bucket["rows"] for bucket in digest] == [1]
    assert [(entry["kind"], entry["what"], entry["says"]) for entry in trail.json()] == [
        ("notice_planned", "repair_notice", {"notice_id": notice_id, "issued_on": "2026-03-02"}),
        ("notice_delivered", "repair_notice", {"notice_id": notice_id, "channel": "outbox_folder"}),
    ]
