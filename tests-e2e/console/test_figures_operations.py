"""The pages of 系统运行 tell what the services tell: flow and books."""

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from agreeing import agree, heads, instead, statistics
from playwright.sync_api import Page, expect
from reading import counted, on_lines, rows
from told_by_operations import SERVICES, flow_told, lane_told

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
    expect(page.get_by_role("status")).to_contain_text("账目相符", timeout=90_000)

    told = audit_told(api)

    content = page.locator("#content")
    assert statistics(content) == [
        ["已接收信息", counted(told["accepted"])],
        ["画像已记录", counted(told["recorded"])],
        ["分类决定", counted(told["decided"])],
        ["丢失", "0"],
        ["重复", "0"],
        ["死信", counted(told["dead_letters"])],
    ]
    assert on_lines(rows(content)) == [
        [
            f"{pair['zh']} {pair['books']}",
            counted(pair["left_rows"]),
            counted(pair["right_rows"]),
            "0",
            "0",
            "相符",
        ]
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
    found = {
        **figures,
        "whole": False,
        "compared": [{**pair, "zh": "甲与乙相符", "en": "", "books": "a = b"}],
        "unread": [],
    }
    event = f"event: audit\ndata: {json.dumps(found)}\n\n"
    page.route(
        "**/api/live/audit?*", lambda route: route.fulfill(content_type="text/event-stream", body=event)
    )

    page.goto("/operations/audit")
    page.get_by_role("button", name="开始核对").click()

    expect(page.get_by_role("status")).to_contain_text("账目不符")
    content = page.locator("#content")
    assert [value for _, value in statistics(content)] == [counted(each) for each in figures.values()]
    assert on_lines(rows(content)) == [["甲与乙相符 a = b", "2,001", "2,002", "4", "5", "不符k1、k2"]]
