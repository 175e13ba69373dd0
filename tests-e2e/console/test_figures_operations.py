"""The pages of 系统运行 tell what the services and the console tell: flow, dead letters, books, accesses, accounts."""

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from agreeing import agree, described, heads, instead, statistics
from playwright.sync_api import Page, Route, expect
from reading import NOTHING, counted, moment, rows
from told_by_operations import ROLES, SERVICES, access_told, flow_told, lane_told

Api = Callable[[str], httpx.Client]
Ask = Callable[..., Any]
Told = dict[str, Any]


@pytest.fixture(scope="module")
def page(page_of: Callable[[str], Page]) -> Page:
    """The page of an auditor."""
    return page_of("auditor")


# Lag and outbox


def flows_shown(page: Page) -> list[list[str]]:
    """The services, one row each."""
    table = page.locator("#content .ant-table").first
    return [[*row[1:4], *row[5:]] for row in rows(table) if row[1] in SERVICES.values()]


@pytest.mark.page("/operations")
def test_every_service_has_read_and_published_what_it_says(page: Page, ask: Ask) -> None:
    """Lanes are added up; each can be looked at."""
    page.goto("/operations")

    agree(
        page,
        lambda: flows_shown(page),
        lambda: [flow_told(service, ask(f"{service}/v1/flow")) for service in SERVICES],
    )
    page.get_by_role("row").filter(has_text="信用修复").get_by_role("button").click()
    lanes = page.locator(".ant-table-expanded-row")
    agree(page, lambda: rows(lanes), lambda: [lane_told(each) for each in ask("repair/v1/flow")["lanes"]])


@pytest.mark.page("/operations")
def test_what_lags_and_what_waits_is_told_with_its_speed(page: Page) -> None:
    """In a quiet city nothing waits: here two lanes do, one cannot tell, and a third only publishes."""
    lane = {
        "topic": "t",
        "lag": 0,
        "read": 0,
        "published": 0,
        "pending_batches": 0,
        "oldest_pending_at": None,
    }
    late = ["2026-03-01T16:31:00Z", "2026-03-01T16:30:00Z"]
    lanes = [
        {**lane, "name": "a", "lag": 1_200, "read": 50_000, "published": 7_000},
        {**lane, "name": "b", "lag": 34, "read": 600, "pending_batches": 3, "oldest_pending_at": late[0]},
        {**lane, "name": "c", "topic": None, "lag": None, "pending_batches": 9, "oldest_pending_at": late[1]},
    ]
    unknown = {"at": "2026-03-02T01:00:00Z", "lanes": [{**lanes[0], "lag": None}], "open_dead_letters": 5}
    readings = iter(range(1_000))

    def told() -> Told:
        at = next(readings)
        faster = {**lanes[0], "read": 50_000 + 9 * at}
        now = f"2026-03-02T01:{at:02}:04Z"
        return {"at": now, "lanes": [faster, *lanes[1:]], "open_dead_letters": 1_002}

    instead(page, "**/repair/v1/flow", lambda _: told())
    instead(page, "**/sampling/v1/flow", lambda _: unknown)

    page.goto("/operations")

    speed = page.get_by_role("row").filter(has_text="信用修复").get_by_role("cell").nth(4)
    expect(speed).to_have_text("0.15 条/秒")
    read = 50_600 + 9 * (next(readings) - 1)
    shown = {row[0]: row for row in flows_shown(page)}
    assert shown["信用修复"][1] == "有积压"
    assert shown["信用修复"][2] in {counted(read), counted(read - 9)}
    assert shown["信用修复"][3:] == ["1,234", "7,000", "12", "2026-03-02 00:30", "1,002"]
    assert shown["双随机抽查"] == flow_told("sampling", unknown)
    assert heads(page.locator("#content .ant-table").first)[3:9] == [
        "已读（条）",
        "读取速度",
        "未读（条）",
        "已发布（条）",
        "待发布批次",
        "最早待发布",
    ]
    page.unroute_all()


# Dead letters

LETTER = {
    "id": 7,
    "topic": "creditloop.profiling.v1",
    "partition": 2,
    "record_offset": 12_345,
    "key": "91510104YY000001XM",
    "type": "creditloop.profiling.SignalRaised.v1",
    "source": "profiling",
    "error": "entity is unknown",
    "created_at": "2026-03-01T16:30:00Z",
    "settled_at": None,
    "settled_as": None,
    "settled_by": None,
    "reason": None,
    "value": "",
    "json": {"signal": "listed"},
}
SETTLED = {
    **LETTER,
    "id": 8,
    "key": "",
    "settled_at": "2026-03-02T01:05:00Z",
    "settled_as": "discarded",
    "settled_by": "city-administrator",
    "reason": "来源已更正",
}
OUTCOME = "已作废 · city-administrator · 2026-03-02 09:05"


def answering(told: Told) -> Callable[[Route], None]:
    """What is asked is answered so."""
    return lambda route: route.fulfill(json=told)


@pytest.mark.page("/operations/dead-letters")
def test_dead_letters_are_those_of_the_service(page: Page, ask: Ask) -> None:
    """Of each service, open and settled, as it has them; the count stands beside its flow."""
    for service in SERVICES:
        for settled in ("false", "true"):
            told = ask(f"{service}/v1/dead-letters?settled={settled}&limit=50")["items"]
            state = "&state=settled" if settled == "true" else ""
            page.goto(f"/operations/dead-letters?service={service}{state}")
            table = page.get_by_role("region", name="死信处理")
            expect(table).to_have_attribute("aria-busy", "false")
            assert [[row[0], row[1]] for row in rows(table)] == [
                [moment(each["created_at"]), each["type"]] for each in told
            ]


@pytest.mark.page("/operations/dead-letters")
def test_a_dead_letter_says_what_failed_where_and_how_it_was_settled(page: Page) -> None:
    """One that waits, and one that was discarded."""
    for settled, letter in (("false", LETTER), ("true", SETTLED)):
        listed = {"items": [letter], "next_cursor": None}
        page.route(f"**/repair/v1/dead-letters?settled={settled}*", answering(listed))
        page.route(f"**/repair/v1/dead-letters/{letter['id']}", answering(letter))
    table, drawer = page.get_by_role("region", name="死信处理"), page.get_by_role("dialog")

    page.goto("/operations/dead-letters?service=repair&letter=7")
    expect(drawer.locator("textarea")).to_have_value(json.dumps(LETTER["json"], indent=2))
    assert rows(table) == [["2026-03-02 00:30", LETTER["type"], LETTER["key"], LETTER["error"], "查看"]]
    where = ["主题", "creditloop.profiling.v1 / 2 / 12345"]
    assert described(drawer) == [
        ["事件", LETTER["type"]],
        ["主体", LETTER["key"]],
        where,
        ["时间", "2026-03-02 00:30"],
    ]

    page.goto("/operations/dead-letters?service=repair&state=settled&letter=8")
    expect(drawer.get_by_text("来源已更正")).to_be_visible()
    assert rows(table) == [["2026-03-02 00:30", SETTLED["type"], NOTHING, SETTLED["error"], OUTCOME, "查看"]]
    assert described(drawer)[3:] == [
        ["时间", "2026-03-02 00:30"],
        ["处理结果", OUTCOME],
        ["理由", "来源已更正"],
    ]
    page.unroute_all()


# The books


def audit_told(api: Api) -> Told:
    """What a comparison of the books finds."""
    with api("auditor").stream("GET", "/api/live/audit", timeout=120) as answer:
        event = ""
        for line in answer.iter_lines():
            if event == "event: audit" and line.startswith("data: "):
                return dict(json.loads(line.removeprefix("data: ")))
            event = line
    raise AssertionError("the audit did not come to its end")


@pytest.mark.page("/operations/audit")
def test_the_books_are_compared_pair_by_pair(page: Page, api: Api) -> None:
    """What the page had compared is what anybody else finds."""
    page.goto("/operations/audit")
    page.get_by_role("button", name="开始核对").click()
    expect(page.get_by_role("status")).to_contain_text("账目相符", timeout=120_000)

    told = audit_told(api)

    content = page.locator("#content")
    assert statistics(content) == [
        ["已接收事实", counted(told["accepted"])],
        ["画像已记录", counted(told["recorded"])],
        ["分类决定", counted(told["decided"])],
        ["丢失", "0"],
        ["重复", "0"],
        ["死信", counted(told["dead_letters"])],
    ]
    assert rows(content) == [
        [pair["books"], counted(pair["left_rows"]), counted(pair["right_rows"]), "0", "0", "相符"]
        for pair in told["compared"]
    ]


@pytest.mark.page("/operations/audit")
def test_what_is_lost_or_doubled_is_told_with_examples(page: Page) -> None:
    """The demo's books agree: here they do not."""
    figures = {
        "accepted": 1_001,
        "recorded": 1_002,
        "decided": 1_003,
        "lost": 4,
        "doubled": 5,
        "dead_letters": 6,
    }
    pair = {"left_rows": 2_001, "right_rows": 2_002, "lost": 4, "doubled": 5, "examples": ["k1", "k2"]}
    found = {**figures, "whole": False, "compared": [{**pair, "books": "a = b"}], "unread": []}
    event = f"event: audit\ndata: {json.dumps(found)}\n\n"
    page.route("**/api/live/audit", lambda route: route.fulfill(content_type="text/event-stream", body=event))

    page.goto("/operations/audit")
    page.get_by_role("button", name="开始核对").click()

    expect(page.get_by_role("status")).to_contain_text("账目不符")
    content = page.locator("#content")
    assert [value for _, value in statistics(content)] == [counted(each) for each in figures.values()]
    assert rows(content) == [["a = b", "2,001", "2,002", "4", "5", "不符k1、k2"]]
    page.unroute_all()


# Who saw what


@pytest.mark.page("/operations/access-log")
def test_the_access_log_has_every_entry_in_full(page: Page, api: Api, ask: Ask) -> None:
    """A read that was answered, with what it asked for, and one that was refused."""
    listed = ask("classification/v1/classes?risk_class=B&limit=200")["items"]
    uscc = next(each["uscc"] for each in listed if each["area_code"] != "510104")
    api("model_manager").get(f"/api/profiling/v1/entities/{uscc}/facts?limit=7").raise_for_status()
    assert api("area_officer").get(f"/api/classification/v1/entities/{uscc}/class").status_code in {403, 404}

    def told() -> list[list[str]]:
        return [access_told(each) for each in ask(f"access-log?entity={uscc}&limit=100")["items"]]

    agree(page, lambda: len(told()) >= 2, lambda: True)
    page.goto(f"/operations/access-log?entity={uscc}")

    table = page.get_by_role("region", name="访问日志")
    agree(page, lambda: [[" ".join(cell.split()) for cell in row] for row in rows(table)], told)
    assert {tuple(row[1:4]) for row in told()} >= {
        ("model-manager", "模型管理员", "查看"),
        ("area-officer", "辖区监管人员", "查看"),
    }


# Accounts


@pytest.mark.page("/operations/accounts")
def test_the_accounts_are_those_the_console_keeps(page_of: Callable[[str], Page], ask: Ask) -> None:
    """Who, as what, of where, since when."""
    areas = {each["code"]: each["zh"] for each in ask("vocabulary")["areas"]} | {"510100": "全市"}

    def told(account: Told) -> list[str]:
        where = next(filter(None, (account[name] for name in ("entity", "platform", "source"))), None)
        return [
            account["username"],
            account["display_name"],
            ROLES[account["role"]],
            where or areas[account["area"]],
            "已停用" if account["disabled"] else "启用",
            moment(account["created_at"])[:10],
            moment(account["password_set_at"])[:10],
        ]

    page = page_of("city_administrator")
    page.goto("/operations/accounts")

    agree(
        page,
        lambda: [row[:-1] for row in rows(page.get_by_role("region", name="账号管理"))],
        lambda: [told(each) for each in ask("accounts?limit=100")["items"]],
    )
