"""What staff are told of the model's outcomes: figures with intervals, or that there are too few."""

import asyncio
import io
import re
import zipfile
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from classification_service.main import Service, bus_of
from classification_service.model.evidence import Evidence
from classification_service.model.judgement import IndicatorsChanged
from classification_service.model.review import InspectionResult, ReviewScope
from classification_service.model.risk_model import Catalogue, Kind, RiskModel
from classification_service.settings import Settings
from classification_service.store import packs
from classification_service.store.alarms import SqlAlarms
from classification_service.store.reads import Reads
from classification_service.store.review_reads import PatientReviewReads, ReviewReads
from classification_service.use_cases.classify import classify
from classification_service.use_cases.promote import register_models
from classification_service.use_cases.review import record_results
from classification_service.worker import ReviewWorker
from eventbus import Transient
from httpapi import LocalIssuer, Role
from httpapi.tokens import IdentityOptions, verifier_from
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine
from structlog.testing import capture_logs

DAY = 20_600
"""2026-05-27."""
DAY_MS = DAY * 86_400_000
PERIOD = "since=2026-01-01&until=2026-12-31"
OF_SECTORS = [
    {"food_production_member": 1, "regulatory_serious_listed_now": 1, "social_complaints_12m": 3},
    {"food_production_member": 1, "drug_distribution_member": 1},
    {"drug_distribution_member": 1, "regulatory_abnormal_listed_now": 1, "social_complaints_12m": 3},
    {"price_member": 1},
    {},
]
RESTING = text("""
    with filed as (
        insert into objection (uscc, record, indicators, ground, evidence, filed_by, filed_on, filed_at, due_on)
        values (:uscc, 'r', '{social.complaints_12m}', 'wrong', '{}', 'li', '2026-05-27', now(), '2026-06-27')
        returning number
    )
    insert into intervention (uscc, kind, indicator, objection, reason, evidence, expires_on, state, proposed_by,
        proposed_at, moved_in)
    select :uscc, 'resting', 'social.complaints_12m', number, 'objected to', '{}', '2026-06-27', 'in_force', 'li',
        now(), (select generation + 1 from standing) from filed
""")
Ask = Callable[..., Awaitable[httpx.Response]]


def uscc_of(number: int) -> str:
    return f"91510104YY{number:08d}"


@pytest.fixture
async def service(
    migrated_database: str,
    sql_store: Any,
    tmp_path: Path,
    general: RiskModel,
    catalogue: Catalogue,
    change: Callable[..., IndicatorsChanged],
    result: Callable[..., InspectionResult],
) -> AsyncIterator[Service]:
    """A city of five entities in two areas, graded in their sectors too, and 160 visits to them."""
    graded = [model for model in packs.shipped_models(catalogue) if model.kind is Kind.SECTOR]
    async with sql_store.open() as unit_of_work:
        await register_models(graded, unit_of_work, now=datetime.now(UTC))
    async with sql_store.open() as unit_of_work:
        changes = [
            change(1, uscc=uscc_of(number), business_day=DAY - 90, recorded_at_ms=1, area_code=area, **values)
            for number, (area, values) in enumerate(
                zip(["510104"] * 3 + ["510117"] * 2, OF_SECTORS, strict=True)
            )
        ]
        await classify(changes, unit_of_work, decided_at_ms=DAY_MS - 86_400_000)
    drawn = [
        *(result(n, uscc=uscc_of(1), is_problem=n % 20 == 0) for n in range(80)),
        *(result(n, uscc=uscc_of(0), class_at_draw="D", is_problem=n % 2 == 0) for n in range(80, 160)),
    ]
    reported = result(900, stratum="reported", probability=None, uscc=uscc_of(0), item="fire_exits")
    async with sql_store.open() as unit_of_work:
        await record_results([*drawn, reported], unit_of_work, catalogue)
    bus = bus_of(Settings(database_url=migrated_database, kafka_bootstrap_servers="unused:1"))
    yield Service(bus, catalogue, packs.StoredModels([general]), tmp_path)
    await bus.engine.dispose()


@pytest.fixture
async def ask(service: Service, issuer: LocalIssuer) -> AsyncIterator[Ask]:
    """Asks as a role; the city's administrator when none is named."""
    app = service.application(verifier_from(IdentityOptions(jwks_file=issuer.jwks_file)))
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://classification"
    ) as client:

        async def asked(
            path: str, role: Role = Role.CITY_ADMINISTRATOR, *, json: object = None, **claims: Any
        ) -> httpx.Response:
            headers = {"Authorization": f"Bearer {issuer.issue(role, **claims)}"}
            return await client.request("GET" if json is None else "POST", path, headers=headers, json=json)

        yield asked


async def test_the_summary_says_everything_with_its_interval(ask: Ask) -> None:
    """A document an official can read from the top: counts, intervals, tests, sentences."""
    answer = (await ask(f"/v1/reviews/summary?{PERIOD}")).json()

    assert (answer["drawn"], answer["control"], answer["reported_results"]) == (160, 160, 1)
    by_class = {rate["group"]: rate for rate in answer["rates"]["class"]}
    assert (by_class["A"]["rate"]["value"], by_class["D"]["rate"]["value"]) == (0.05, 0.5)
    assert by_class["A"]["rate"]["low"] < 0.05 < by_class["A"]["rate"]["high"]
    assert by_class["D"]["lift"] == pytest.approx(0.5 / 0.275)
    assert by_class["B"]["rate"]["value"] is None
    assert answer["lift"]["value"] == pytest.approx(10.0)
    assert answer["trend"]["p"] < 1e-6
    assert answer["auc"]["value"] > 0.7
    assert {rate["group"] for rate in answer["rates"]["sector"] if rate["valid"]} == {
        "food_production",
        "drug_distribution",
    }


async def test_each_finding_is_a_sentence_in_two_languages(ask: Ask) -> None:
    """Too few is said in words; no figure stands in for it."""
    answer = (await ask(f"/v1/reviews/summary?{PERIOD}")).json()

    said = {finding["code"]: finding for finding in answer["findings"]}
    assert said["class_D"]["zh"].startswith("D类主体的问题发现率约为50.0%（95%置信区间")
    assert said["class_D"]["en"].startswith("Some 50.0% of the entities of class D have a problem")
    assert not said["class_B"]["enough"]
    assert "太少" in said["class_B"]["zh"]
    assert said["class_B"]["en"].startswith(
        "Too few: 0 valid visits do not tell how many entities of class B"
    )
    assert "从A到D显著递增" in said["order"]["zh"]
    assert "另报送1次" in said["reported"]["zh"]
    assert "依据44个问题" in said["capture"]["zh"]
    assert "A类少查16次" in said["capacity"]["zh"]
    assert not said["calibration"]["enough"]


async def test_a_period_without_outcomes_is_too_few_throughout(ask: Ask) -> None:
    """An empty year breaks nothing, and claims nothing."""
    for what in ("summary", "calibration", "fairness", "capacity"):
        answer = await ask(f"/v1/reviews/{what}?since=2030-01-01&until=2030-12-31")
        assert answer.status_code == 200

    summary = (await ask("/v1/reviews/summary?since=2030-01-01")).json()
    assert (summary["drawn"], summary["overall"]["rate"]["value"], summary["auc"]["value"]) == (0, None, None)


async def test_the_summary_is_a_workbook_too(ask: Ask) -> None:
    """For a meeting without a screen."""
    answer = await ask(f"/v1/reviews/summary.xlsx?{PERIOD}")

    names, rows = sheet_of(answer.content, 3)
    rates = {(row[0], row[1]): row for row in rows}
    assert names == ["结论 findings", "指标 figures", "发现率 rates", "公平性 fairness"]
    assert rates["class", "D"][2:6] == ["80", "80", "40", "0.5"]
    assert rates["class", "B"][5] == "样本不足 too few"


def sheet_of(workbook: bytes, number: int) -> tuple[list[str], list[list[str]]]:
    """The names of the sheets, and the cells of one, read as the format defines them: texts are shared."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
        texts = re.findall(r"<t[^>]*>([^<]*)</t>", archive.read("xl/sharedStrings.xml").decode())
        names = re.findall(r'<sheet name="([^"]*)"', archive.read("xl/workbook.xml").decode())
        page = archive.read(f"xl/worksheets/sheet{number}.xml").decode()
    cells = [re.findall(r"<c ([^>]*)><v>([^<]*)</v>", row) for row in re.findall(r"<row .*?</row>", page)]
    return names, [[texts[int(value)] if 't="s"' in kind else value for kind, value in row] for row in cells]


async def test_discovery_is_asked_by_item_sector_and_stratum(ask: Ask) -> None:
    """What others reported stands apart, whatever it is asked by."""
    by = {
        grouping: (await ask(f"/v1/reviews/discovery?by={grouping}&stratum=all")).json()
        for grouping in ("item", "sector", "stratum")
    }

    assert {rate["group"]: rate["valid"] for rate in by["sector"]["rates"]} == {
        "food_production": 160,
        "drug_distribution": 80,
    }
    assert [(rate["group"], rate["results"]) for rate in by["stratum"]["rates"]] == [("uniform", 160)]
    assert [(rate["group"], rate["weighted_rate"]) for rate in by["item"]["reported"]] == [
        ("fire_exits", None)
    ]


async def test_areas_are_kept_apart(ask: Ask) -> None:
    """An area's staff count their own; another's outcomes are no matter of theirs."""
    own = (await ask("/v1/reviews/summary", Role.AREA_OFFICER, area="510117")).json()
    other = await ask("/v1/reviews/summary?area=510104", Role.AREA_OFFICER, area="510117")
    asked = (await ask("/v1/reviews/summary?area=510104")).json()

    assert (own["drawn"], other.status_code, asked["drawn"]) == (0, 404, 160)


@pytest.mark.parametrize(
    "path", ["summary", "summary.xlsx", "calibration", "fairness", "capacity", "alarms", "discovery"]
)
async def test_outsiders_learn_nothing_of_the_model(path: str, ask: Ask) -> None:
    """Not even how often D is right."""
    answer = await ask(f"/v1/reviews/{path}", Role.PLATFORM, platform="shop")

    assert answer.status_code == 403


async def test_what_contradicts_itself_names_its_field(ask: Ask) -> None:
    """A period that ends before it begins."""
    until = await ask("/v1/reviews/summary?since=2026-02-01&until=2026-01-01")
    to = await ask("/v1/reviews/migration?from=2026-02-01&to=2026-01-01")
    sector = await ask("/v1/reviews/summary?sector=gold")

    assert [answer.status_code for answer in (until, to, sector)] == [422, 422, 422]
    assert until.json()["errors"][0]["field"] == "query.until"
    assert to.json()["errors"][0]["field"] == "query.to"


async def test_migration_compares_two_days(
    ask: Ask, sql_store: Any, change: Callable[..., IndicatorsChanged]
) -> None:
    """Who moved, who came and who is gone; five are too few for an index."""
    later = [
        change(2, uscc=uscc_of(0), business_day=DAY, recorded_at_ms=2),
        change(2, uscc=uscc_of(4), business_day=DAY, recorded_at_ms=2, status="cancelled"),
        change(1, uscc=uscc_of(9), business_day=DAY, recorded_at_ms=2),
    ]
    async with sql_store.open() as unit_of_work:
        await classify(later, unit_of_work, decided_at_ms=DAY_MS)

    answer = (await ask("/v1/reviews/migration?from=2026-03-01&to=2026-06-01")).json()
    nowhere = (await ask("/v1/reviews/migration?from=2026-03-01&to=2026-06-01&area=510185")).json()

    moves = {(move["before"], move["after"]): move["entities"] for move in answer["moves"]}
    assert moves == {("", "A"): 1, ("A", ""): 1, ("A", "A"): 2, ("C", "C"): 1, ("D", "A"): 1}
    assert (answer["stayed"], answer["psi"], answer["verdict"]) == (0.75, None, "too_few")
    assert nowhere["moves"] == []


async def test_stability_counts_who_left_d_within_a_month(
    ask: Ask, sql_store: Any, change: Callable[..., IndicatorsChanged]
) -> None:
    """Of forty that came into D ten left it in time and five too late."""
    listed = {"regulatory_serious_listed_now": 1, "recorded_at_ms": 3}
    usccs = [uscc_of(100 + number) for number in range(40)]
    came = [change(1, uscc=uscc, business_day=DAY - 80, **listed) for uscc in usccs]
    left = [change(2, uscc=uscc, business_day=DAY - 60, recorded_at_ms=4) for uscc in usccs[:10]]
    late = [change(2, uscc=uscc, business_day=DAY - 20, recorded_at_ms=4) for uscc in usccs[10:15]]
    async with sql_store.open() as unit_of_work:
        for batch in (came, [*left, *late]):
            await classify(batch, unit_of_work, decided_at_ms=DAY_MS)

    answer = (await ask("/v1/reviews/stability?from=2026-03-05&to=2026-05-27")).json()

    assert (answer["entered"], answer["left"]["value"]) == (40, 0.25)
    assert answer["left"]["low"] < 0.25 < answer["left"]["high"]


async def test_the_five_sectors_have_their_statistics(ask: Ask) -> None:
    """Class mix, discovery rate, overrides in force and what gives points, with names to be read aloud."""
    answer = (await ask("/v1/statistics/sectors")).json()

    found = {sector["sector"]: sector for sector in answer["sectors"]}
    assert [sector["zh"] for sector in answer["sectors"]] == [
        *("食品生产", "药品流通", "医疗器械", "特种设备", "重点工业产品")
    ]
    food, drugs = found["food_production"], found["drug_distribution"]
    assert food["total"]["entities"] == sum(food["total"]["counts"].values()) == 2
    assert (food["total"]["general"]["D"], sum(food["total"]["shares"].values())) == (1, 1.0)
    assert (food["total"]["discovery"]["valid"], drugs["total"]["discovery"]["problems"]) == (160, 4)
    assert [(each["code"], each["entities"]) for each in drugs["overrides"]] == [("abnormal_listing", 1)]
    assert all(
        each["zh"] and each["en"] for each in (*food["overrides"], *food["matters"], *drugs["matters"])
    )
    assert {"indicator", "zh", "en", "entities", "points"} == drugs["matters"][0].keys()
    assert drugs["matters"][0]["indicator"] == "social.complaints_12m"
    assert found["special_equipment"]["total"]["discovery"] is None


async def test_what_only_the_sector_scores_is_a_matter_of_the_sector(
    ask: Ask, sql_store: Any, change: Callable[..., IndicatorsChanged], run: Callable[..., Awaitable[None]]
) -> None:
    """A producer whose tests failed is A by the general model and D among producers; nobody knows its area."""
    failed = {"food_production_tests_failed_24m": 9, "food_production_failure_share_24m": 1}
    bad = change(
        1, uscc=uscc_of(7), area_code="", food_production_member=1, food_production_penalties_36m=9, **failed
    )
    await run(sql_store, bad)

    food = (await ask("/v1/statistics/sectors/food_production?by=area")).json()

    scored = {each["indicator"]: each["entities"] for each in food["sector_matters"]}
    assert scored["food_production.tests_failed_24m"] == 1
    assert "food_production.tests_failed_24m" not in {each["indicator"] for each in food["matters"]}
    assert [(group["group"], group["entities"]) for group in food["groups"]] == [("", 1), ("510104", 2)]
    assert sum(group["entities"] for group in food["groups"]) == food["total"]["entities"]


async def test_an_item_that_rests_is_no_matter(
    ask: Ask, sql_store: Any, change: Callable[..., IndicatorsChanged], run: Callable[..., Awaitable[None]]
) -> None:
    """While it is objected to it gives nobody points, here as in the class."""
    bad = change(
        1,
        uscc=uscc_of(8),
        drug_distribution_member=1,
        regulatory_serious_listed_now=1,
        social_complaints_12m=9,
    )
    await run(sql_store, bad)
    before = (await ask("/v1/statistics/sectors/drug_distribution")).json()["matters"]
    async with sql_store.engine.begin() as connection:
        await connection.execute(RESTING, {"uscc": uscc_of(8)})

    after = (await ask("/v1/statistics/sectors/drug_distribution")).json()["matters"]

    complaints = [
        next(each["entities"] for each in matters if each["indicator"] == "social.complaints_12m")
        for matters in (before, after)
    ]
    assert complaints == [2, 1]


async def test_a_sector_is_shown_by_area_within_the_callers(ask: Ask) -> None:
    """区域分布: each area with its own rate."""
    city = (await ask("/v1/statistics/sectors/food_production?by=area")).json()
    elsewhere = (
        await ask("/v1/statistics/sectors/food_production?by=area", Role.AREA_OFFICER, area="510117")
    ).json()
    unknown = await ask("/v1/statistics/sectors/price")

    assert [(group["group"], group["entities"]) for group in city["groups"]] == [("510104", 2)]
    assert city["groups"][0]["discovery"]["valid"] == 160
    assert (elsewhere["total"]["entities"], elsewhere["groups"]) == (0, [])
    assert unknown.status_code == 422


async def test_a_broken_order_opens_one_alarm_until_it_is_over(
    ask: Ask, sql_store: Any, result: Callable[..., InspectionResult], catalogue: Catalogue
) -> None:
    """A better than C: opened once, noted by a person, closed when the visits of a year no longer say so."""
    rows = [result(n, class_at_draw="B", is_problem=n % 3 == 0) for n in range(200, 320)]
    rows += [result(n, class_at_draw="C", is_problem=n % 40 == 0) for n in range(320, 440)]
    async with sql_store.open() as unit_of_work:
        await record_results(rows, unit_of_work, catalogue)

    first = (await ask("/v1/reviews/runs", json={"business_date": "2026-06-01"})).json()
    again = (await ask("/v1/reviews/runs", json={"business_date": "2026-06-02"})).json()
    number = first["open"][0]["id"]
    noted = await ask(f"/v1/reviews/alarms/{number}/acknowledge", json={"note": "重新评估"})
    repeated = await ask(f"/v1/reviews/alarms/{number}/acknowledge", json={"note": "重新评估"})
    second = await ask(f"/v1/reviews/alarms/{number}/acknowledge", json={"note": "other"})
    missing = await ask("/v1/reviews/alarms/999999/acknowledge", json={"note": "x"})
    async with sql_store.engine.begin() as connection:
        await connection.exec_driver_sql(
            "update review_result set is_problem = false where class_at_draw = 'B'"
        )
    over = (await ask("/v1/reviews/runs", json={"business_date": "2026-06-03"})).json()
    back = (await ask("/v1/reviews/runs", json={"business_date": "2026-06-01"})).json()
    listed = (await ask("/v1/reviews/alarms")).json()["items"]

    assert [(alarm["kind"], alarm["model_id"]) for alarm in first["open"]] == [("order", "general@1")]
    assert "B>C" in first["open"][0]["en"]
    assert [alarm["id"] for alarm in again["open"]] == [number]
    assert [answer.status_code for answer in (noted, repeated, second, missing)] == [200, 200, 409, 404]
    assert (over["open"], back["open"]) == ([], [])
    assert [(a["opened_on"], a["last_seen_on"], a["closed_on"], a["note"]) for a in listed] == [
        ("2026-06-01", "2026-06-02", "2026-06-03", "重新评估")
    ]


async def test_only_those_who_keep_the_model_run_a_review(ask: Ask) -> None:
    """And nobody for a day that has not come."""
    officer = await ask(
        "/v1/reviews/runs", Role.AREA_OFFICER, area="510104", json={"business_date": "2026-06-01"}
    )
    ahead = await ask("/v1/reviews/runs", json={"business_date": "2199-01-01"})

    assert (officer.status_code, ahead.status_code) == (403, 422)
    assert ahead.json()["errors"][0]["field"] == "body.business_date"


async def test_the_worker_runs_each_day_once(service: Service) -> None:
    """Whoever is first: a person or the clock."""
    engine = service.bus.engine
    alarms, clock = SqlAlarms(engine), datetime(2026, 6, 1, 18, tzinfo=UTC)
    reads = Reads(engine, packs.shipped_widths())
    worker = ReviewWorker(reads, ReviewReads(engine), alarms, clock=lambda: clock, poll_s=1)

    await worker.once()
    await worker.once()

    assert await alarms.last_run() == datetime(2026, 6, 2, tzinfo=UTC).date()


class Away(PatientReviewReads):
    """A database that cancels every statement."""

    async def evidence(self, scope: ReviewScope) -> Evidence:
        raise Transient(f"no outcomes of {scope}: statement timeout")


async def test_a_look_that_is_put_off_is_told(service: Service) -> None:
    """Silence would read as a model that holds."""
    engine, stop = service.bus.engine, asyncio.Event()
    reads = Reads(engine, packs.shipped_widths())

    def now() -> datetime:
        stop.set()
        return datetime(2026, 6, 1, 18, tzinfo=UTC)

    worker = ReviewWorker(reads, Away(engine), SqlAlarms(engine), clock=now, poll_s=60)

    with capture_logs() as logs:
        await worker.run(stop)

    assert [(each["event"], each["log_level"]) for each in logs] == [("put off", "warning")]


async def test_the_daily_look_waits_where_a_request_would_give_up(service: Service) -> None:
    """It reads every decision; of millions that takes longer than a request may."""
    limit = {"server_settings": {"statement_timeout": "50ms"}}
    engine = create_async_engine(service.bus.engine.url, connect_args=limit)
    day = datetime(2026, 5, 27, tzinfo=UTC).date()

    async with service.bus.engine.begin() as blocking:
        await blocking.execute(text("lock table decision, state in access exclusive mode"))
        patient = asyncio.create_task(PatientReviewReads(engine).scores_on(day, None))
        with pytest.raises(DBAPIError):
            await ReviewReads(engine).scores_on(day, None)

    assert sum(sum(counts.values()) for counts in (await patient).values()) == 5
    await engine.dispose()
