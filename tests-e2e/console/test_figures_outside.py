"""Enterprises and platforms read what the services tell them: records, letters, clues."""

from collections.abc import Callable
from typing import Any

import pytest
from agreeing import agree
from playwright.sync_api import Locator, Page, expect
from reading import NOTHING

Ask = Callable[..., Any]
PageOf = Callable[[str], Page]
Told = dict[str, Any]

KINDS = {
    "penalty": "行政处罚",
    "abnormal_listing": "列入经营异常名录",
    "serious_listing": "列入严重违法失信名单",
}
NOTICES = {"planned": "待送达", "delivered": "已送达", "failed": "未送达", "withheld": "不再送达"}
CLUES = {
    "listed": "列入名录、名单",
    "complaints_rising": "投诉举报上升",
    "penalty_imposed": "受到行政处罚",
    "notice": "提示",
    "warning": "预警",
    "alarm": "警报",
}
HEAPS = {"to_answer": "待反馈", "answered": "已反馈", "withdrawn": "已撤回"}


def cards(place: Locator, parts: str) -> list[list[str]]:
    """What these parts of each card say."""
    found: list[list[str]] = place.locator(".ant-card").evaluate_all(
        "(cards, parts) => cards.map(card => [...card.querySelectorAll(parts)].map(one => one.innerText.trim()))",
        parts,
    )
    return found


def publicity_told(record: Told) -> str:
    """Whether the public sees it; what is never published is not called public."""
    if not record["published_on"]:
        return "不予公示"
    return {"open": "公示中", "stopped": "已停止公示"}[record["state"]]


def record_told(record: Told, today: str) -> list[str]:
    """A record with its days: since when, from when repair may be asked for, until when it is public."""
    if not record["published_on"]:
        days = []
    elif record["state"] == "stopped":
        days = [f"{record['stopped_on']} 已停止公示"]
    else:
        ends = record["stops_on"]
        starts = record["apply_from"]
        later = "现在就可以申请修复" if (starts or "") <= today else f"{starts} 起可以申请修复"
        days = [
            later if starts else "无需申请或不能申请，见下文",
            f"{ends} 公示届满，自动停止" if ends else "没有固定的届满日期，移出之前持续公示",
        ]
    return [
        KINDS[record["kind"]],
        publicity_told(record),
        record["document_number"],
        record["decided_on"] or NOTHING,
        *days,
        record["what_to_do_zh"],
        f"依据：{record['citation']}",
    ]


@pytest.mark.page("/my/records")
def test_an_enterprise_reads_its_records_with_their_days(page_of: PageOf, ask: Ask) -> None:
    """Each record the service tells it of, and no other."""
    page = page_of("enterprise")
    today = ask("profiling/v1/business-day")["day"]

    page.goto("/my/records")

    agree(
        page,
        lambda: cards(page.locator("#content"), "h2, .ant-tag, dd, .deadline, .advice, .basis"),
        lambda: [
            record_told(each, today) for each in ask("repair/v1/my/records?limit=50", "enterprise")["items"]
        ],
    )
    assert cards(page.locator("#content"), "h2")


@pytest.mark.page("/my/notices")
def test_an_enterprise_reads_its_letters_to_the_word(page_of: PageOf, ask: Ask) -> None:
    """When each was issued, whether it came, and what it says."""
    page, told = page_of("enterprise"), ask("notification/v1/my/notices?limit=50", "enterprise")["items"]

    page.goto("/my/notices")

    envelopes = page.locator(".envelope")
    expect(envelopes).to_have_count(len(told))
    assert [" ".join(text.split()) for text in envelopes.all_inner_texts()] == [
        f"{each['title_zh']} {each['issued_on']} · {NOTICES[each['state']]}" for each in told
    ]
    for place, each in enumerate(told):
        envelopes.nth(place).click()
        expect(page.locator(".letter-text")).to_have_text(each["text"])


def heap_of(clue: Told) -> str:
    """Where a clue lies."""
    return str(clue["state"]) if clue["state"] in HEAPS else "to_answer"


def clue_told(clue: Told) -> list[str]:
    """A clue with its kind, how urgent it is, and by when it is to be answered."""
    states = {"overdue": "已逾期", "answered": "已反馈", "acknowledged": "已签收", "withdrawn": "已撤回"}
    return [
        clue["name"] or clue["uscc"],
        states.get(clue["state"], "待反馈"),
        f"{CLUES[clue['kind']]} {CLUES[clue['severity']]}",
        clue["due_on"],
        clue["uscc"],
        clue["legal_basis"],
        clue["evidence_digest"],
    ]


def clues_told(ask: Ask, heap: str) -> list[Told]:
    """The clues of a heap by their newest word, those due first on top."""
    newest = {each["clue_id"]: each for each in ask("notification/v1/clues?limit=500", "platform")["items"]}
    ordered = sorted(newest.values(), key=lambda each: (each["due_on"], each["position"]))
    return [each for each in ordered if heap_of(each) == heap]


@pytest.fixture(scope="module")
def answered(ask: Ask, order: Callable[..., Any]) -> str:
    """The clue that is due last of those to answer is answered; the first waits on."""
    first, *_, last = clues_told(ask, "to_answer")
    answer = {"action": "delisted", "remark": "已下架全部商品"}
    order("platform", "POST", f"notification/v1/clues/{last['clue_id']}/answer", json=answer)
    assert first["clue_id"] in {each["clue_id"] for each in clues_told(ask, "to_answer")}
    return str(last["clue_id"])


@pytest.mark.page("/my/clues")
def test_a_platform_reads_its_clues_and_how_many_wait(page_of: PageOf, ask: Ask, answered: str) -> None:
    """Those to answer, answered and withdrawn, each with its count."""
    assert answered in {each["clue_id"] for each in clues_told(ask, "answered")}
    page = page_of("platform")
    for heap in HEAPS:
        page.goto(f"/my/clues?heap={heap}")
        _clues_agree(page, ask, heap)


def _clues_agree(page: Page, ask: Ask, heap: str) -> None:
    agree(
        page,
        lambda: page.locator(".ant-segmented-item").all_inner_texts(),
        lambda: [f"{name} {len(clues_told(ask, each)):,}" for each, name in HEAPS.items()],
    )
    parts = "h2, .ant-card-body > .ant-flex > .ant-tag, dl dd:nth-of-type(-n + 5)"
    agree(
        page,
        lambda: [
            [" ".join(text.split()) for text in card] for card in cards(page.locator("#content"), parts)
        ],
        lambda: [clue_told(each) for each in clues_told(ask, heap)],
    )


@pytest.mark.page("/my/clues")
def test_an_answer_stands_with_what_was_done(page_of: PageOf, ask: Ask, answered: str) -> None:
    """The platform's own words come back to it."""
    page = page_of("platform")
    place = [each["clue_id"] for each in clues_told(ask, "answered")].index(answered)

    page.goto("/my/clues?heap=answered")

    card = page.locator("#content .ant-card").nth(place)
    expect(card.locator("dd").last).to_have_text("已下架或停止服务：已下架全部商品")
