"""The queue of warnings tells what profiling tells: counts and rows."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Any

import httpx
import pytest
from agreeing import agree
from playwright.sync_api import Page, expect
from reading import NOTHING, counted, due, every, items, on_lines, rows
from signals import ELSEWHERE, ME, REASON, SEVERITIES, STEPS, Signal, do, families_of, happened, names_of

PageAs = Callable[..., Page]
Api = Callable[[str], httpx.Client]
Ask = Callable[..., Any]

SIGNALS = "profiling/v1/signals?"
TABS = ("open", "mine", "snoozed", "suppressed", "cleared")


@pytest.fixture(scope="module", autouse=True)
def _worked(api: Api, ask: Ask, today: str) -> None:
    """Some of the queue is worked, so that no two tabs are alike."""
    until = (date.fromisoformat(today) + timedelta(days=20)).isoformat()
    mine, waiting, again, hidden, settled = every(ask, f"{SIGNALS}state=open&area={ELSEWHERE}")[:5]
    do(api, mine, "assign", assignee="city-administrator", note=REASON)
    do(api, waiting, "snooze", until=until, reason=REASON)
    do(api, again, "snooze", until=until, reason=REASON)
    do(api, hidden, "suppress", until=until, reason=REASON)
    do(api, settled, "clear", reason=REASON)


@pytest.fixture(scope="module")
def families(ask: Ask) -> dict[str, Any]:
    """The families of signals by code."""
    return families_of(ask)


@pytest.fixture(scope="module")
def names(ask: Ask) -> dict[str | None, str]:
    """Areas by code, and people by the subject of their token."""
    return names_of(ask)


def row_told(signal: Signal, families: dict[str, Any], names: dict[str | None, str]) -> list[str]:
    """What every row of the queue begins with."""
    family = families[signal["family"]]
    evidence = len(signal["evidence"])
    return [
        SEVERITIES[signal["severity"]],
        f"{family['zh']} {happened(signal, family)}",
        f"{signal['entity_name']} {signal['uscc']} · {names[signal['area_code']]}",
        f"{counted(evidence)} 条" if evidence else NOTHING,
        STEPS[signal["suggested_step"]],
    ]


def end_told(tab: str, signal: Signal, names: dict[str | None, str], today: str) -> list[str]:
    """What a row of the queue ends with."""
    if tab == "cleared":
        reason = signal["cleared_reason"] or "预警原因已消除，自动办结"
        by = f"经办：{names[signal['cleared_by']]}" if signal["cleared_by"] else "系统自动"
        return [signal["cleared_on"], f"{reason} {by}"]
    until = [signal["snoozed_until"]] if tab == "snoozed" else []
    return [*until, due(signal["due_on"], today), names[signal["assignee"]]]


def counts_shown(page: Page) -> list[str]:
    """The figures of the tabs."""
    expect(page.locator(".tab-count")).to_have_count(len(TABS))
    return items(page.locator(".tab-count"))


def asked(tab: str) -> str:
    """What a tab asks the service for."""
    return "state=open&mine=true" if tab == "mine" else f"state={tab}"


def tabs_told(ask: Ask, today: str, limit: str = "") -> list[str]:
    """How many signals are behind each tab, counted one by one; of those settled, the last thirty days."""
    since = (date.fromisoformat(today) - timedelta(days=30)).isoformat()
    found = {tab: every(ask, f"{SIGNALS}{asked(tab)}{limit}") for tab in TABS}
    lately = [each for each in found["cleared"] if each["cleared_on"] >= since]
    return [*(counted(len(found[tab])) for tab in TABS[:-1]), f"近 30 日 {counted(len(lately))}"]


@pytest.mark.page("/warnings")
@pytest.mark.parametrize("limit", ["", "severity=alarm", f"area={ELSEWHERE}"])
def test_the_tabs_count_what_their_lists_have(limit: str, page_as: PageAs, ask: Ask, today: str) -> None:
    """Also where the queue is limited to a severity or an area."""
    page = page_as(ME)

    page.goto(f"/warnings?{limit}")

    agree(page, lambda: counts_shown(page), lambda: tabs_told(ask, today, f"&{limit}"))


@pytest.mark.page("/warnings")
def test_every_tab_has_its_signals_in_the_order_of_the_service(
    page_as: PageAs, ask: Ask, families: dict[str, Any], names: dict[str | None, str], today: str
) -> None:
    """Severity, what happened, to whom, evidence, step, days, who has it: cell for cell."""
    page = page_as(ME)
    page.goto("/warnings")
    for tab in TABS:
        told = ask(f"profiling/v1/signals?{asked(tab)}&limit=50")["items"]
        assert told, tab
        page.locator(f'[data-node-key="{tab}"]').click()
        expected = [row_told(each, families, names) + end_told(tab, each, names, today) for each in told]
        agree(page, partial(rows_shown, page, tab), partial(list, expected))


def rows_shown(page: Page, tab: str) -> list[list[str]]:
    """The rows of the queue, without the boxes by which some are picked."""
    queue = page.get_by_role("region", name="预警列表")
    return [row[1:] if tab in {"open", "mine"} else row for row in on_lines(rows(queue))]


@pytest.mark.page("/warnings")
def test_a_phone_shows_each_signal_as_a_card(
    page_as: PageAs, ask: Ask, families: dict[str, Any], names: dict[str | None, str], today: str
) -> None:
    """What happened, how grave it is, to whom, by when, and who has it."""
    told = ask(f"{SIGNALS}state=open&limit=50")["items"]
    page = page_as(ME, phone=True)

    page.goto("/warnings")

    cards = page.get_by_role("region", name="预警列表").locator("li .card")
    agree(page, lambda: items(cards), lambda: [card_told(each, families, names, today) for each in told])
    assert told


def card_told(signal: Signal, families: dict[str, Any], names: dict[str | None, str], today: str) -> str:
    """A signal as a card."""
    severity, said, about, _, _ = row_told(signal, families, names)
    return " ".join([said, severity, about, *end_told("open", signal, names, today)])
