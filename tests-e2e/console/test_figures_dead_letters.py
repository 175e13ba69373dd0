"""Dead letters are told as the services tell them: what failed where, and how it was settled."""

import json
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from agreeing import agree, instead
from playwright.sync_api import Page, Route, expect
from reading import NOTHING, described, rows
from told_by_operations import SERVICES, letter_told

Ask = Callable[..., Any]
Told = dict[str, Any]


@pytest.fixture(scope="module")
def page(page_of: Callable[[str], Page]) -> Page:
    """The page of an auditor."""
    return page_of("auditor")


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
@pytest.mark.parametrize("service", SERVICES)
def test_dead_letters_are_those_of_the_service(service: str, page: Page, ask: Ask) -> None:
    """Of each service, open and settled; the demo has none, so that each is given one of its own."""
    for settled, letter in (("false", LETTER), ("true", SETTLED)):
        more = partial(with_letter, {**letter, "error": f"{service} cannot read it"})
        asked = f"{service}/v1/dead-letters?settled={settled}&limit=50"
        instead(page, f"**/api/{asked.replace('limit=50', '*')}", more)
        page.goto(
            f"/operations/dead-letters?service={service}{'&state=settled' if settled == 'true' else ''}"
        )
        told = partial(letters_told, ask, asked, more)
        agree(page, partial(letters_shown, page), told)
        assert told()


def with_letter(letter: Told, listed: Told) -> Told:
    """A list of dead letters with one more on top."""
    return {**listed, "items": [letter, *listed["items"]]}


def letters_shown(page: Page) -> list[list[str]]:
    """The dead letters, without the buttons that open them."""
    return [row[:-1] for row in rows(page.get_by_role("region", name="死信处理"))]


def letters_told(ask: Ask, path: str, more: Callable[[Told], Told]) -> list[list[str]]:
    """The same as the service tells it."""
    return [letter_told(each) for each in more(ask(path))["items"]]


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
