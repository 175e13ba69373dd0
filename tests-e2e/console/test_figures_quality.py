"""The measures of data quality, and how much was accepted, as ingestion tells them."""

from collections.abc import Callable
from typing import Any

import pytest
from agreeing import agree, heads, instead
from playwright.sync_api import Page
from reading import NOTHING, as_table, counted, rows, share

pytestmark = pytest.mark.page("/collection/quality")

Ask = Callable[..., Any]
Told = dict[str, Any]

MEASURES = ["completeness", "validity", "timeliness", "uniqueness", "consistency"]


@pytest.fixture(scope="module")
def page(page_of: Callable[[str], Page]) -> Page:
    """The page of an auditor."""
    return page_of("auditor")


def test_accepted_facts_are_counted_by_day_and_source(page: Page, ask: Ask) -> None:
    """One column for each source, whatever types it sends."""
    today = ask("profiling/v1/business-day")["day"]
    page.goto(f"/collection/quality?first={today}&last={today}")

    shown = as_table(page.locator("#content"))

    accepted: dict[str, int] = {}
    for each in ask(f"ingestion/v1/figures?first={today}&last={today}"):
        if each["verdict"] == "accepted":
            accepted[each["source"]] = accepted.get(each["source"], 0) + each["facts"]
    assert heads(page.locator("figure")) == ["日期", *sorted(accepted)]
    assert shown == [[today, *(counted(accepted[name]) for name in sorted(accepted))]]


def test_the_measures_of_a_day_are_told_in_their_units(page: Page) -> None:
    """A new city has none yet: here no two are alike, and one source was silent."""
    silent: Told = {"day": "2026-03-01", "source": "a", "received": 0, "accepted": 0, "lag_median_s": None}
    lags = {"b": (119, "119 秒"), "c": (7_199, "120 分钟"), "d": (172_799, "48 小时"), "e": (432_000, "5 天")}
    told = [silent | dict.fromkeys(MEASURES)] + [
        {
            "day": "2026-03-02",
            "source": source,
            "received": 1_200 + at,
            "accepted": 1_100 + at,
            "lag_median_s": lag,
        }
        | {measure: 0.5 + at / 10 + place / 1000 for place, measure in enumerate(MEASURES)}
        for at, (source, (lag, _)) in enumerate(lags.items())
    ]
    instead(page, "**/ingestion/v1/quality?*", lambda _: told)

    page.goto("/collection/quality")

    table = page.locator("#content .ant-table").last
    agree(
        page,
        lambda: rows(table),
        lambda: [
            [
                each["day"],
                each["source"],
                counted(each["received"]),
                counted(each["accepted"]),
                *(share(each[measure]) for measure in MEASURES),
                lags[each["source"]][1] if each["received"] else NOTHING,
            ]
            for each in told
        ],
    )
    assert heads(table)[2:] == [
        "收到",
        "接受",
        "完整性",
        "有效性",
        "及时性",
        "唯一性",
        "一致性",
        "时滞中位数",
    ]
