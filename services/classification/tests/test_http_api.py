"""What staff are answered, and that nobody else is answered anything."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
import structlog
from classification_service.main import Service, bus_of
from classification_service.model.judgement import IndicatorsChanged
from classification_service.model.review import InspectionResult
from classification_service.model.risk_model import Catalogue, RiskModel
from classification_service.settings import Settings
from classification_service.store.packs import StoredModels
from classification_service.use_cases.classify import classify
from classification_service.use_cases.review import record_results
from fastapi import FastAPI
from httpapi import LocalIssuer, Role, route_accesses, undeclared_routes
from httpapi.identity import OUTSIDERS
from httpapi.tokens import IdentityOptions, verifier_from

USCC = "91510104YY000001XM"
OTHER = "91510117YY0000028G"
NOW_MS = 1_790_000_000_000


@pytest.fixture
async def app(
    migrated_database: str,
    sql_store: Any,
    tmp_path: Path,
    issuer: LocalIssuer,
    general: RiskModel,
    catalogue: Catalogue,
    change: Callable[..., IndicatorsChanged],
    result: Callable[..., InspectionResult],
):
    """The application over a database with two entities in two areas."""
    async with sql_store.open() as unit_of_work:
        first = [change(1), change(1, uscc=OTHER, area_code="510117", established_on_day=20_500)]
        await classify(first, unit_of_work, decided_at_ms=NOW_MS)
    async with sql_store.open() as unit_of_work:
        listed = [change(2, regulatory_abnormal_listed_now=1)]
        await classify(listed, unit_of_work, decided_at_ms=NOW_MS + 60_000)
        await record_results([result(1, is_problem=True), result(2)], unit_of_work, catalogue)
    bus = bus_of(Settings(database_url=migrated_database, kafka_bootstrap_servers="unused:1"))
    service = Service(bus, catalogue, StoredModels([general]), tmp_path)
    yield service.application(verifier_from(IdentityOptions(jwks_file=issuer.jwks_file)))
    await bus.engine.dispose()


@pytest.fixture
async def ask(app: FastAPI, issuer: LocalIssuer) -> AsyncIterator:
    """Asks as a role; the city's administrator when none is named."""
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://classification") as client:

        async def asked(
            path: str, role: Role = Role.CITY_ADMINISTRATOR, *, json: object = None, **claims: Any
        ) -> httpx.Response:
            headers = {"Authorization": f"Bearer {issuer.issue(role, **claims)}"}
            method = "GET" if json is None else "POST"
            return await client.request(method, path, headers=headers, json=json)

        yield asked


async def test_every_route_declares_who_may_call_it(app: FastAPI) -> None:
    """Nothing is open by default."""
    assert undeclared_routes(app) == []


async def test_no_route_with_a_class_is_open_to_outsiders(app: FastAPI) -> None:
    """A class never leaves the bureau: not to an enterprise, a platform or a source system."""
    open_to_them = [
        route.path
        for route in route_accesses(app)
        if route.access.public_reason is None and route.access.roles & OUTSIDERS
    ]
    public = {route.path for route in route_accesses(app) if route.access.public_reason}

    assert open_to_them == []
    assert public <= {"/health/live", "/health/ready", "/openapi.json", "/metrics"}


@pytest.mark.parametrize(
    ("role", "claims"),
    [
        (Role.ENTERPRISE, {"entity": USCC}),
        (Role.PLATFORM, {"platform": "shop"}),
        (Role.SOURCE_SYSTEM, {"source": "courts"}),
    ],
)
async def test_outsiders_get_nothing_of_a_class(
    role: Role, claims: dict[str, str], ask: Callable[..., Awaitable[httpx.Response]]
) -> None:
    """Even about themselves."""
    answers = [
        await ask(f"/v1/entities/{USCC}/class", role, **claims),
        await ask("/v1/classes", role, **claims),
        await ask("/v1/statistics/classes", role, **claims),
    ]

    assert [answer.status_code for answer in answers] == [403, 403, 403]
    assert not any("risk_class" in answer.text or "score" in answer.text for answer in answers)


async def test_a_class_is_explained_in_full(
    ask: Callable[..., Awaitable[httpx.Response]], general: RiskModel
) -> None:
    """Value, points, treatment, rules, model and its hash, and a sentence."""
    answer = (await ask(f"/v1/entities/{USCC}/class")).json()

    assert (answer["risk_class"], answer["score_class"], answer["previous_class"]) == ("C", "A", "A")
    assert (answer["model"], answer["model_sha256"]) == ("general@1", general.sha256)
    points = sum(line["points"] for line in answer["indicators"])
    assert answer["base"] + points + answer["cap"] == answer["score"]
    assert [rule["code"] for rule in answer["rules"] if rule["decided"]] == ["abnormal_listing"]
    assert answer["sentence_zh"].startswith("截至2026年5月27日，该主体信用风险类别为C类")
    assert (answer["cause"], answer["class_zh"]) == ("market-penalties|2", "信用风险较高")


async def test_a_class_is_told_in_parts_and_in_both_languages(
    ask: Callable[..., Awaitable[httpx.Response]],
) -> None:
    """Not everyone who reads a class reads Chinese."""
    answer = (await ask(f"/v1/entities/{USCC}/class")).json()

    assert answer["sentence_en"].startswith("As of 27 May 2026 the credit-risk class is C (elevated risk)")
    assert set(answer["parts"]) == {"dimensions", "nature", "aspects", "origin"}
    assert (answer["people"], answer["sectors"], answer["general"]) == ([], [], None)
    assert answer["indicators"][0]["sentence_en"] == "Completed years since establishment: 8, adds 10 points"


async def test_a_class_in_a_sector_is_explained_by_a_model_promoted_after_the_start(
    ask: Callable[..., Awaitable[httpx.Response]],
    sql_store: Any,
    shipped: list[RiskModel],
    change: Callable[..., IndicatorsChanged],
) -> None:
    """Models go live while the service runs."""
    await sql_store.promote(*(each for each in shipped if each.id in {"general@2", "food_production@3"}))
    async with sql_store.open() as unit_of_work:
        later = change(3, business_day=20_700, food_production_member=1, food_production_penalties_36m=2)
        await classify([later], unit_of_work, decided_at_ms=NOW_MS + 120_000)

    answer = (await ask(f"/v1/entities/{USCC}/class")).json()
    listed = (await ask("/v1/models")).json()

    assert (answer["model"], answer["number"]) == ("general@2", 3)
    (food,) = answer["sectors"]
    assert (food["sector"], food["model"], food["highest"]) == ("food_production", "food_production@3", 100)
    assert {each["code"] for each in food["parts"]["origin"]} == {"sector", "general"}
    assert [each["id"] for each in listed["items"]] == ["food_production@3", "general@1", "general@2"]


async def test_what_would_reach_the_next_better_class_is_told(
    ask: Callable[..., Awaitable[httpx.Response]],
) -> None:
    """Staff tell the entity what to do, in words that say nothing of points."""
    answer = (await ask(f"/v1/entities/{USCC}/class/counterfactual")).json()
    before = (await ask(f"/v1/entities/{USCC}/class/counterfactual?as_of=2026-09-21T14:13:30Z")).json()

    assert (answer["risk_class"], answer["target"], answer["reached"]) == ("C", "B", "A")
    assert [(each["indicator"], each["becomes"]) for each in answer["changes"]] == [
        ("regulatory.abnormal_listed_now", 0)
    ]
    assert "移出经营异常名录" in answer["sentence_zh"]
    assert (before["risk_class"], before["target"], before["changes"]) == ("A", "", [])


async def test_one_decision_is_read_by_its_number(ask: Callable[..., Awaitable[httpx.Response]]) -> None:
    """Why was it A then?"""
    first = (await ask(f"/v1/entities/{USCC}/decisions/1")).json()
    missing = await ask(f"/v1/entities/{USCC}/decisions/9")

    assert (first["number"], first["risk_class"]) == (1, "A")
    assert (missing.status_code, missing.json()["detail"]) == (404, "This entity has no decision 9.")


async def test_two_decisions_are_compared(ask: Callable[..., Awaitable[httpx.Response]]) -> None:
    """What changed, and why."""
    answer = (await ask(f"/v1/entities/{USCC}/decisions/compare?from=1&to=2")).json()
    turned = await ask(f"/v1/entities/{USCC}/decisions/compare?from=2&to=1")

    assert (answer["before"]["risk_class"], answer["after"]["risk_class"]) == ("A", "C")
    assert [(each["code"], each["change"]) for each in answer["rules"]] == [("abnormal_listing", "began")]
    assert answer["sentence_en"].startswith("From decision 1 (27 May 2026) to decision 2 (27 May 2026)")
    assert turned.status_code == 422


@pytest.mark.parametrize("path", ["class/counterfactual", "decisions/1", "decisions/compare?from=1&to=2"])
async def test_reasons_are_for_staff_of_the_area_and_logged(
    path: str, ask: Callable[..., Awaitable[httpx.Response]]
) -> None:
    """Like the class itself."""
    with structlog.testing.capture_logs() as logs:
        mine = await ask(f"/v1/entities/{USCC}/{path}", Role.AREA_OFFICER, area="510104")
    others = await ask(f"/v1/entities/{USCC}/{path}", Role.AREA_OFFICER, area="510117")
    outside = await ask(f"/v1/entities/{USCC}/{path}", Role.ENTERPRISE, entity=USCC)

    assert (mine.status_code, others.status_code, outside.status_code) == (200, 404, 403)
    assert [log["uscc"] for log in logs if log["event"] == "read"] == [USCC]


async def test_the_class_of_a_past_moment_is_the_one_then_in_force(
    ask: Callable[..., Awaitable[httpx.Response]],
) -> None:
    """What did we know then, and why was it A?"""
    instants = ("14:13:19Z", "14:13:30Z", "22:14:20%2B08:00", "14:14:00")

    answers = [await ask(f"/v1/entities/{USCC}/class?as_of=2026-09-21T{instant}") for instant in instants]

    assert [answer.status_code for answer in answers] == [404, 200, 200, 422]
    assert [answer.json()["risk_class"] for answer in answers[1:3]] == ["A", "C"]


async def test_an_entity_outside_the_area_is_as_unknown(
    ask: Callable[..., Awaitable[httpx.Response]],
) -> None:
    """Whether we know something of an entity is itself knowledge."""
    mine = await ask(f"/v1/entities/{USCC}/class", Role.AREA_OFFICER, area="510104")
    others = await ask(f"/v1/entities/{OTHER}/class", Role.AREA_OFFICER, area="510104")
    unknown = await ask("/v1/entities/91510104YY00000A3L/class", Role.AREA_OFFICER, area="510104")

    assert mine.status_code == 200
    assert (others.status_code, unknown.status_code) == (404, 404)
    assert others.json()["detail"] == unknown.json()["detail"]


async def test_decisions_come_in_pages_newest_first(ask: Callable[..., Awaitable[httpx.Response]]) -> None:
    """A busy entity has more decisions than fit one answer."""
    first = (await ask(f"/v1/entities/{USCC}/decisions?limit=1")).json()

    second = (await ask(f"/v1/entities/{USCC}/decisions?limit=1&cursor={first['next_cursor']}")).json()

    assert [page["items"][0]["number"] for page in (first, second)] == [2, 1]
    assert second["next_cursor"] is None


async def test_lists_and_counts_are_limited_to_the_area(
    ask: Callable[..., Awaitable[httpx.Response]],
) -> None:
    """An area's staff plan for their own area."""
    city = (await ask("/v1/classes?limit=1")).json()
    rest = (await ask(f"/v1/classes?cursor={city['next_cursor']}")).json()
    area = (await ask("/v1/classes", Role.INSPECTOR, area="510117")).json()
    looked_up = (
        await ask("/v1/classes/lookup", Role.AREA_OFFICER, area="510104", json={"usccs": [USCC, OTHER]})
    ).json()
    counts = (await ask("/v1/statistics/classes?by=area", Role.AREA_OFFICER, area="510117")).json()
    asked = (await ask("/v1/classes?area=510117&risk_class=B&status=active")).json()
    elsewhere = await ask("/v1/classes?area=510104", Role.INSPECTOR, area="510117")
    of_no_class = (await ask("/v1/classes?area=510117&risk_class=D")).json()

    assert asked == area
    assert elsewhere.status_code == 404
    assert of_no_class["items"] == []
    assert {row["model"] for row in city["items"]} == {"general@1"}
    assert [group["models"] for group in counts["groups"]] == [{"general@1": 1}]
    assert [row["uscc"] for row in (*city["items"], *rest["items"])] == [USCC, OTHER]
    assert [(row["uscc"], row["flags"]) for row in area["items"]] == [(OTHER, ["observed"])]
    assert [row["uscc"] for row in looked_up["items"]] == [USCC]
    assert [(group["group"], group["counts"]["B"]) for group in counts["groups"]] == [("510117", 1)]


async def test_the_discovery_rate_says_what_it_counts(ask: Callable[..., Awaitable[httpx.Response]]) -> None:
    """A rate without its denominator and interval is not one."""
    answer = (await ask("/v1/reviews/discovery?by=class&stratum=uniform")).json()
    later = (await ask("/v1/reviews/discovery?since=2030-01-01")).json()

    rate = answer["rates"][0]
    assert (rate["group"], rate["valid"], rate["problems"], rate["rate"]) == ("A", 2, 1, 0.5)
    assert rate["low"] < 0.5 < rate["high"]
    assert "A result counts unless" in answer["denominator"]
    assert later["rates"] == []


async def test_models_are_listed_and_shown_whole(
    ask: Callable[..., Awaitable[httpx.Response]], general: RiskModel
) -> None:
    """Whoever doubts a class can read the model that gave it."""
    listed = (await ask("/v1/models")).json()
    shown = (await ask("/v1/models/general@1")).json()
    missing = await ask("/v1/models/general@9")

    assert [model["id"] for model in listed["items"]] == ["general@1"]
    assert (shown["sha256"], shown["definition"]["weights"]["confidence"]) == (
        general.sha256,
        "project-chosen",
    )
    assert missing.status_code == 404


async def test_each_read_of_a_class_is_logged(ask: Callable[..., Awaitable[httpx.Response]]) -> None:
    """Who looked at whose class can be answered."""
    with structlog.testing.capture_logs() as logs:
        await ask(f"/v1/entities/{USCC}/class", Role.AUDITOR, subject="li")
        await ask("/v1/classes", Role.AUDITOR, subject="li")

    reads = [(log["subject"], log["what"], log["uscc"]) for log in logs if log["event"] == "read"]
    assert reads == [("li", "class", USCC), ("li", "classes", None)]


async def test_the_audit_reads_books_trail_and_lanes(ask: Callable[..., Awaitable[httpx.Response]]) -> None:
    """The audit works over HTTP alone."""
    names = (await ask("/v1/books", Role.AUDITOR)).json()["books"]
    states = (await ask("/v1/books/states", Role.AUDITOR)).json()
    trail = (await ask(f"/v1/trail/{USCC}", Role.AUDITOR)).json()
    lanes = await ask("/v1/lanes", Role.AUDITOR)

    assert names == [
        "class_heads",
        "decisions",
        "decisions_expected",
        "models_kept",
        "models_used",
        "reported",
        "reviewed",
        "states",
    ]
    assert sum(bucket["rows"] for bucket in states) == 2
    assert [entry["kind"] for entry in trail] == ["decision", "decision"]
    assert lanes.status_code == 200


async def test_the_openapi_document_names_roles_and_never_an_outsider(
    ask: Callable[..., Awaitable[httpx.Response]],
) -> None:
    """The contract itself shows who may ask."""
    document = (await ask("/openapi.json")).json()

    operation = document["paths"]["/v1/entities/{uscc}/class"]["get"]
    assert "inspector" in operation["x-roles"]
    assert "enterprise" not in str(document["paths"]["/v1/classes"]["get"]["x-roles"])
