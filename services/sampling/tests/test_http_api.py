"""The service as a process would have it: real bus, real tables, real routes, from events in to events out."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import honestdraw
import httpx
import pytest
from contracts.classification.v1_pb2 import ClassChanged
from contracts.profiling.v1_pb2 import EntityDescribed
from eventbus import Bus, Received
from httpapi import IdentityOptions, LocalIssuer, Role, undeclared_routes, verifier_from
from httpapi.access import route_accesses
from httpapi.identity import OUTSIDERS
from memory import AREA, NEIGHBOUR, uscc
from sampling_service import consumer
from sampling_service.main import application
from sampling_service.store.packs import shipped
from sampling_service.store.schema import migrate
from sampling_service.store.unit_of_work import SqlUnitOfWork
from sqlalchemy import text
from vocabulary.result_codes import ResultCode

CITY_WIDE = Role.CITY_ADMINISTRATOR
SEED = {"public_seed": "3401.23"}


class Service:
    """The service under test, with clients for its callers."""

    def __init__(self, bus: Bus, issuer: LocalIssuer) -> None:
        self.bus = bus
        verifier = verifier_from(IdentityOptions(jwks_file=issuer.jwks_file))
        self.ahead = timedelta()
        self.app = application(bus, shipped(), verifier, lambda: datetime.now(UTC) + self.ahead)
        self._issuer = issuer
        self.handlers = consumer.handlers(SqlUnitOfWork)

    def wish(self, **more: object) -> dict[str, object]:
        """An order to draw by the close of an index in a minute."""
        known_from = (datetime.now(UTC) + self.ahead + timedelta(minutes=1)).isoformat()
        rule = {"source": "a made-up index at its close", "known_from": known_from, "format": "decimal 2"}
        return {"plan_id": "plan-2026", "items": ["publicity"], "seed_rule": rule, **more}

    async def call(
        self,
        role: Role,
        method: str,
        path: str,
        area: str | None = None,
        subject: str | None = None,
        **more: object,
    ):
        """One request by a caller of that role."""
        who = {"entity": uscc(1)} if role is Role.ENTERPRISE else {"platform": "p", "source": "s"}
        token = self._issuer.issue(role, area=area, subject=subject, **who)
        headers = {"Authorization": f"Bearer {token}", **more.pop("headers", {})}
        transport = httpx.ASGITransport(app=self.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://sampling") as client:
            return await client.request(method, path, headers=headers, **more)

    async def hear(self, type_: str, *messages: object) -> None:
        """These events arrive in one batch."""
        handler = self.handlers[type_]
        decoded = [handler.decode(_received(type_, each.SerializeToString())) for each in messages]
        async with self.bus.transaction() as transaction:
            await handler.apply(decoded, transaction)

    async def city(self, count: int = 40, inspectors: int = 6) -> None:
        """Described and classified entities of every class in two areas, and inspectors."""
        areas = [AREA, NEIGHBOUR]
        await self.hear(
            "creditloop.profiling.v1.EntityDescribed",
            *(
                EntityDescribed(
                    uscc=uscc(n), version=1, name=f"Firm {n}", status=1, area_code=areas[n // 4 % 2]
                )
                for n in range(count)
            ),
        )
        await self.hear(
            "creditloop.classification.v1.ClassChanged",
            *(ClassChanged(uscc=uscc(n), change_number=1, current=1 + n % 4) for n in range(count)),
        )
        await self.inspectors(inspectors)

    async def inspectors(self, count: int) -> None:
        """So many of them, every second in the neighbouring area."""
        areas = [AREA, NEIGHBOUR]
        pool = [
            {"ref": f"I{n}", "area_code": areas[n % 2], "licence_valid_until": "2099-01-01"}
            for n in range(count)
        ]
        if pool:
            answer = await self.call(CITY_WIDE, "PUT", "/v1/inspectors", json={"inspectors": pool})
            assert answer.status_code == 200, answer.text

    async def drawn(self) -> str:
        """A revealed draw."""
        draw_id = await self.committed()
        self.ahead += timedelta(minutes=1)
        revealed = await self.call(CITY_WIDE, "POST", f"/v1/draws/{draw_id}/reveal", json=SEED)
        assert revealed.status_code == 200, revealed.text
        return draw_id

    async def committed(self) -> str:
        """A draw that waits for its seed."""
        committed = await self.call(CITY_WIDE, "POST", "/v1/draws", json=self.wish())
        assert committed.status_code == 201, committed.text
        return str(committed.json()["draw_id"])


def _received(type_: str, value: bytes) -> Received:
    now_ms = int(datetime.now(UTC).timestamp() * 1000)
    return Received("topic", 0, 0, type_, "test", 1, "key", value, now_ms, "")


@pytest.fixture
async def service(
    fresh_database: str, fresh_topic: Callable[..., str], kafka_bootstrap: str, tmp_path: Path
) -> AsyncIterator[Service]:
    topic = await asyncio.to_thread(fresh_topic)
    await migrate(fresh_database)
    bus = Bus(
        service="sampling",
        database_url=fresh_database,
        bootstrap_servers=kafka_bootstrap,
        partitions=1,
        topic=topic,
    )
    async with bus:
        yield Service(bus, LocalIssuer(tmp_path))


async def test_the_whole_way_from_events_to_results(service: Service) -> None:
    """What the demo does, through the front door."""
    await service.city()
    draw_id = await service.drawn()

    file = await service.call(Role.ENTERPRISE, "GET", f"/v1/draws/{draw_id}/file")
    audit = await service.call(Role.AUDITOR, "GET", f"/v1/draws/{draw_id}/audit-file")
    tasks = (await service.call(CITY_WIDE, "GET", "/v1/tasks?state=assigned&limit=1000")).json()["items"]
    now = datetime.now(UTC).isoformat()
    one = {"result_codes": ["no_problem"], "occurred_at": now}
    path = f"/v1/tasks/{tasks[0]['task_id']}/result"
    inspector = {"area": tasks[0]["area_code"], "subject": tasks[0]["inspectors"][0], "json": one}
    stranger = {**inspector, "subject": "somebody else"}
    refused = await service.call(Role.INSPECTOR, "POST", path, **stranger)
    first = await service.call(Role.INSPECTOR, "POST", path, **inspector)
    again = await service.call(Role.INSPECTOR, "POST", path, **inspector)
    many = {"results": [{**one, "task_id": task["task_id"]} for task in tasks]}
    bulk = (await service.call(CITY_WIDE, "POST", "/v1/results", json=many)).json()
    await service.bus.relay.drained()

    assert honestdraw.verify(file.content) == honestdraw.verify(audit.content) == []
    assert "class" not in file.text
    assert (refused.status_code, first.status_code, again.status_code) == (403, 201, 409), first.text
    assert bulk["counts"] == {"already_recorded": 1, "recorded": len(tasks) - 1}
    assert all(len(task["inspectors"]) == 2 and task["reason"] for task in tasks)
    books = await service.call(Role.AUDITOR, "GET", "/v1/books/results")
    assert sum(bucket["rows"] for bucket in books.json()) == len(tasks)


async def test_a_write_sent_twice_with_one_key_happens_once(service: Service) -> None:
    """A lost answer must not make a second draw."""
    await service.city(4)
    wish = service.wish()
    key = {"Idempotency-Key": '"draw-1"'}

    first = await service.call(CITY_WIDE, "POST", "/v1/draws", json=wish, headers=key)
    second = await service.call(CITY_WIDE, "POST", "/v1/draws", json=wish, headers=key)

    assert first.json() == second.json()
    assert (first.status_code, second.status_code) == (201, 201)


async def test_an_area_sees_and_draws_its_own(service: Service) -> None:
    """Scope is by area in every list and for every single thing."""
    await service.city()
    officer = {"role": Role.AREA_OFFICER, "area": AREA}
    wish = service.wish()

    own = await service.call(**officer, method="POST", path="/v1/draws", json=wish)
    other = await service.call(
        **officer, method="POST", path="/v1/draws", json={**wish, "area_code": NEIGHBOUR}
    )
    pools = (await service.call(**officer, method="GET", path="/v1/pools")).json()
    key_pool = (await service.call(**officer, method="GET", path="/v1/key-pool")).json()["items"]
    foreign = await service.call(
        Role.AREA_OFFICER, "GET", f"/v1/draws/{own.json()['draw_id']}", area=NEIGHBOUR
    )
    inspectors = (await service.call(**officer, method="GET", path="/v1/inspectors")).json()

    whole = await service.call(
        **officer, method="POST", path="/v1/draws", json={**wish, "area_code": "510100"}
    )

    assert own.json()["population"] == 20
    assert other.status_code == whole.status_code == 404
    assert {row["area_code"] for row in pools} == {row["area_code"] for row in key_pool} == {AREA}
    assert foreign.status_code == 404
    assert {each["area_code"] for each in inspectors} == {AREA}


async def test_an_inspector_is_told_what_a_visit_can_find(service: Service) -> None:
    """The results to choose from are the national ones, with which of them stand alone."""
    told = (await service.call(Role.INSPECTOR, "GET", "/v1/result-codes", area=AREA)).json()

    assert [code["code"] for code in told] == list(ResultCode)
    assert [code["code"] for code in told if code["exclusive"]] == ["no_problem", "no_such_activity"]
    assert told[0]["zh"] == "未发现问题"


async def test_problems_say_what_would_be_right(service: Service) -> None:
    """Each domain error has its own stable type."""
    await service.city(4)
    draw_id = await service.drawn()
    call = service.call

    unlisted = await call(CITY_WIDE, "POST", "/v1/draws", json=service.wish(items=["nothing"]))
    unplanned = await call(CITY_WIDE, "POST", "/v1/draws", json=service.wish(plan_id="none"))
    far_off = await call(CITY_WIDE, "POST", "/v1/draws", json=service.wish(day="9999-12-31"))
    settled = await call(CITY_WIDE, "POST", f"/v1/draws/{draw_id}/reveal", json=SEED)
    missing = await call(CITY_WIDE, "GET", "/v1/draws/none")
    no_file = await call(CITY_WIDE, "GET", "/v1/draws/none/file")

    statuses = [answer.status_code for answer in (unlisted, unplanned, far_off, settled, missing, no_file)]
    assert statuses == [422, 422, 422, 409, 404, 404]
    assert settled.json()["type"].endswith("draw-settled")


async def test_the_trail_tells_what_happened_to_an_entity(service: Service) -> None:
    """`creditloop follow` shows every step here."""
    await service.city(4)
    draw_id = await service.drawn()
    async with service.bus.engine.begin() as connection:
        await connection.execute(
            text("update task set note = 'neighbouring_area:510105,5101Z1; no_specialist'")
        )
        await connection.execute(text("update draw_entry set stratum = 'class:D'"))

    entries = (await service.call(Role.AUDITOR, "GET", f"/v1/trail/{uscc(3)}")).json()

    told = {entry["kind"]: (entry["what"], entry["says"]) for entry in entries}
    assert told == {
        "pool_described": ("", {"status": "active", "area_code": "510104", "version": 1}),
        "pool_class": ("D", {"pool_reason": "class_d", "change_number": 1}),
        "drawn": ("", {"draw_id": draw_id, "stratum": "class", "risk_class": "D"}),
        "task": (
            "",
            {
                "task_id": f"{draw_id}-{uscc(3)}",
                "draw_id": draw_id,
                "due_on": told["task"][1]["due_on"],
                "team": ["neighbouring_area", "no_specialist"],
                "helping_areas": ["510105", "5101Z1"],
            },
        ),
    }


async def test_every_route_declares_and_classes_stay_inside(service: Service) -> None:
    """Nothing is open by default; only a draw's proof is for everyone, and no outsider's role is let in."""
    accesses = [route for route in route_accesses(service.app) if route.path.startswith("/v1")]

    assert undeclared_routes(service.app) == []
    assert [route.path for route in accesses if route.access.public_reason] == [
        "/v1/draws/{draw_id}/commitment",
        "/v1/draws/{draw_id}/file",
    ]
    assert all(not (route.access.roles & OUTSIDERS) for route in accesses)
    assert json.dumps(service.app.openapi())


async def test_reads_answer(service: Service) -> None:
    """Plans, items, draws and lanes, each in its place."""
    await service.city(4)
    draw_id = await service.drawn()

    for path in (
        "/v1/items",
        "/v1/plans",
        "/v1/plans/plan-2026",
        "/v1/draws",
        f"/v1/draws/{draw_id}",
        "/v1/lanes",
    ):
        answer = await service.call(CITY_WIDE, "GET", path)
        assert answer.status_code == 200, answer.text
    task = (await service.call(CITY_WIDE, "GET", "/v1/tasks?limit=1")).json()["items"][0]
    assert (await service.call(CITY_WIDE, "GET", f"/v1/tasks/{task['task_id']}")).json() == task
    assert date.fromisoformat(task["due_on"]) > date.fromisoformat(task["drawn_on"])


async def test_a_draw_given_up_has_its_reason_and_no_file(service: Service) -> None:
    """Its number and commitment stay; there is nothing to download."""
    await service.city(4)
    draw_id = await service.committed()

    given_up = await service.call(
        CITY_WIDE, "POST", f"/v1/draws/{draw_id}/abandon", json={"reason": "the witness fell ill"}
    )

    draw = (await service.call(CITY_WIDE, "GET", f"/v1/draws/{draw_id}")).json()
    audit = await service.call(Role.AUDITOR, "GET", f"/v1/draws/{draw_id}/audit-file")
    assert (given_up.status_code, given_up.content) == (204, b"")
    assert (draw["state"], draw["settle_reason"]) == ("abandoned", "the witness fell ill")
    assert (await service.call(CITY_WIDE, "GET", f"/v1/draws/{draw_id}/file")).status_code == 404
    assert audit.status_code == 409


async def test_visits_that_wait_are_assigned_on_request(service: Service) -> None:
    """After the pool grew; and again nothing is left to do."""
    await service.city(4, inspectors=0)
    await service.drawn()
    waiting = (await service.call(CITY_WIDE, "GET", "/v1/tasks?state=waiting")).json()["items"]

    without = await service.call(CITY_WIDE, "POST", "/v1/assignments")
    await service.inspectors(2)
    grown = await service.call(CITY_WIDE, "POST", "/v1/assignments")
    again = await service.call(CITY_WIDE, "POST", "/v1/assignments")

    assert len(waiting) > 0
    assert without.json() == {"assigned": 0, "still_waiting": len(waiting)}
    assert grown.json() == {"assigned": len(waiting), "still_waiting": 0}
    assert again.json() == {"assigned": 0, "still_waiting": 0}


async def test_anyone_reads_the_commitment_before_the_seed_and_holds_the_draw_to_it(service: Service) -> None:
    """A promise that nobody saw before the event binds nobody."""
    await service.city()
    draw_id = await service.committed()

    before = (await service.call(Role.ENTERPRISE, "GET", f"/v1/draws/{draw_id}/commitment")).json()
    too_early = await service.call(CITY_WIDE, "POST", f"/v1/draws/{draw_id}/reveal", json=SEED)
    service.ahead += timedelta(minutes=1)
    misspelt = {"public_seed": "3401.230"}
    unfit = await service.call(CITY_WIDE, "POST", f"/v1/draws/{draw_id}/reveal", json=misspelt)
    revealed = await service.call(CITY_WIDE, "POST", f"/v1/draws/{draw_id}/reveal", json=SEED)
    file = (await service.call(Role.ENTERPRISE, "GET", f"/v1/draws/{draw_id}/file")).content
    after = (await service.call(Role.ENTERPRISE, "GET", f"/v1/draws/{draw_id}/commitment")).json()

    assert (too_early.status_code, unfit.status_code, revealed.status_code) == (409, 422, 200)
    assert too_early.json()["type"].endswith("seed-not-known")
    assert (before["state"], after["state"]) == ("committed", "revealed")
    assert before["commitment"] == after["commitment"] == json.loads(file)["commitment"]
    assert honestdraw.verify(file, before["commitment_sha256"]) == []
    assert "class" not in json.dumps(before)


async def test_a_seed_that_may_be_known_is_no_seed(service: Service) -> None:
    """The event must be still to come when the draw is committed to."""
    await service.city(4)
    wish = service.wish()
    service.ahead += timedelta(minutes=2)

    answer = await service.call(CITY_WIDE, "POST", "/v1/draws", json=wish)

    assert answer.status_code == 422
    assert "known_from" in answer.text


async def test_inspectors_see_their_own_visits_wherever_they_were_sent(service: Service) -> None:
    """On a phone, in front of a door of the neighbouring area, 404 helps nobody."""
    await service.city(inspectors=0)
    pool = [{"ref": f"I{n}", "area_code": AREA, "licence_valid_until": "2099-01-01"} for n in range(3)]
    await service.call(CITY_WIDE, "PUT", "/v1/inspectors", json={"inspectors": pool})
    await service.drawn()
    every = (await service.call(CITY_WIDE, "GET", "/v1/tasks?state=assigned&limit=1000")).json()["items"]
    inspector = {"area": AREA, "subject": "I1"}

    mine = (await service.call(Role.INSPECTOR, "GET", "/v1/tasks?mine=true&limit=1000", **inspector)).json()
    around = (await service.call(Role.INSPECTOR, "GET", "/v1/tasks?limit=1000", **inspector)).json()
    abroad = next(task for task in every if task["area_code"] == NEIGHBOUR and "I1" in task["inspectors"])
    path = f"/v1/tasks/{abroad['task_id']}"
    own = await service.call(Role.INSPECTOR, "GET", path, **inspector)
    stranger = await service.call(Role.INSPECTOR, "GET", path, area=AREA, subject="I9")

    assert [task["task_id"] for task in mine["items"]] == [
        task["task_id"] for task in every if "I1" in task["inspectors"]
    ]
    assert {task["area_code"] for task in around["items"]} == {AREA}
    assert (own.json()["name"], stranger.status_code) == (abroad["name"], 404)


async def test_visits_are_counted_by_state_and_what_is_late_apart(service: Service) -> None:
    """The first number an inspector looks at in the morning."""
    await service.city()
    await service.drawn()
    tasks = (await service.call(CITY_WIDE, "GET", "/v1/tasks?state=assigned&limit=1000")).json()["items"]
    result = {"result_codes": ["no_problem"], "occurred_at": datetime.now(UTC).isoformat()}
    await service.call(CITY_WIDE, "POST", f"/v1/tasks/{tasks[0]['task_id']}/result", json=result)

    now = (await service.call(CITY_WIDE, "GET", "/v1/tasks/counts")).json()
    service.ahead = timedelta(days=60)
    late = (await service.call(CITY_WIDE, "GET", "/v1/tasks/counts?state=assigned")).json()
    mine = (await service.call(Role.INSPECTOR, "GET", "/v1/tasks/counts?mine=true", AREA, "nobody")).json()

    assert [(row["state"], row["tasks"], row["overdue"]) for row in now] == [
        ("assigned", len(tasks) - 1, 0),
        ("done", 1, 0),
    ]
    assert [(row["state"], row["overdue"]) for row in late] == [("assigned", len(tasks) - 1)]
    assert mine == []
