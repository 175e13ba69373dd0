"""The pages of 信息归集 tell what ingestion tells: sources, files, the quarantine, quality."""

import uuid
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from agreeing import agree, instead, statistics
from playwright.sync_api import Page, expect
from reading import counted, described, moment, one_line, rows
from told_by_ingestion import (
    REASONS,
    VERDICTS,
    WORDS,
    changes_told,
    held_told,
    keys_told,
    problem,
    size,
    source_told,
    standing_told,
    state_told,
)
from vocabulary.uscc import synthesise

Api = Callable[[str], httpx.Client]
Ask = Callable[..., Any]
PageOf = Callable[[str], Page]
Told = dict[str, Any]

PENALTY = "creditloop.penalty.imposed.v1"
GOOD, RIGHT = (synthesise("9", "1", "510104", number) for number in (424_252, 424_253))
MISTYPED = RIGHT[:12] + ("8" if RIGHT[12] != "8" else "9") + RIGHT[13:]
MAPPING = {
    "fact_type": PENALTY,
    "columns": {
        "代码": "subject",
        "日期": "time",
        "文号": ["id", "data.document_number"],
        "种类": "data.kinds",
        "万元": "data.fine_fen",
    },
    "units": {"data.fine_fen": "wan_yuan"},
}
SHEET = "\n".join(
    [
        "代码,日期,文号,种类,万元",
        f"{GOOD},2026年3月1日,（虚构）市监罚〔2026〕81号,fine,1.5",
        f"{GOOD},2026年3月1日,（虚构）市监罚〔2026〕81号,fine,1.5",
        *(f"{MISTYPED},2026年3月2日,（虚构）市监罚〔2026〕{number}号,warning," for number in (82, 83)),
        f"{GOOD},2026年3月3日,（虚构）市监罚〔2026〕84号,,",
    ]
)


@pytest.fixture(scope="module")
def page(page_of: PageOf) -> Page:
    """The page of an auditor, who sees all of it but the files, and has no buttons among the figures."""
    return page_of("auditor")


@pytest.fixture(scope="module")
def senders_page(page_of: PageOf) -> Page:
    """The page of a city administrator, who sends files."""
    return page_of("city_administrator")


@pytest.fixture(scope="module")
def source(order: Callable[..., Any]) -> str:
    """A department that sends penalties every six hours, with a key that ends, a lasting one, and a revoked one."""
    name = f"figures-{uuid.uuid4().hex[:8]}"
    body = {
        "name": name,
        "owner": "虚构市生态环境局",
        "contact": "虚构联系人",
        "fact_types": [PENALTY],
        "expected_freshness": "PT6H",
    }
    order("city_administrator", "POST", "ingestion/v1/sources", json=body)
    first, second = (
        order("city_administrator", "POST", f"ingestion/v1/sources/{name}/keys")["key_id"] for _ in range(2)
    )
    order("city_administrator", "POST", f"ingestion/v1/sources/{name}/keys/{first}/rotate")
    order("city_administrator", "DELETE", f"ingestion/v1/sources/{name}/keys/{second}")
    order(
        "city_administrator",
        "PATCH",
        f"ingestion/v1/sources/{name}",
        json={"contact": "虚构联系人，028-00000000"},
    )
    return name


@pytest.fixture(scope="module")
def file(order: Callable[..., Any], send_file: Callable[..., str], source: str) -> str:
    """The id of a file of the department's that was loaded: a good row, the same again, mistyped ones, a wrong one."""
    order("city_administrator", "PUT", f"ingestion/v1/sources/{source}/mappings/daily", json=MAPPING)
    return send_file(source, "daily", SHEET, "check", "load")


@pytest.fixture(scope="module")
def type_names(ask: Ask) -> dict[str, str]:
    """What the types of facts are called."""
    return {each["type"]: each["zh"] for each in ask("ingestion/v1/fact-types")}


# Sources


@pytest.mark.page("/collection/sources")
def test_the_sources_are_as_fresh_as_ingestion_tells(
    page: Page, ask: Ask, source: str, type_names: dict[str, str]
) -> None:
    """One that never sent, those of the demo, and one whose key ends soon."""
    page.goto("/collection/sources")

    agree(
        page,
        lambda: rows(page.locator("#content")),
        lambda: [source_told(each, type_names) for each in ask("ingestion/v1/sources")],
    )
    (own,) = (row for row in rows(page.locator("#content")) if row[0] == source)
    assert own[3:] == ["6 小时", "从未到数", "HTTP", "1 把即将到期", "使用中"]


@pytest.mark.page("/collection/sources")
def test_open_alerts_say_of_whom_and_since_when(page: Page) -> None:
    """One of each kind."""
    since = "2026-03-01T16:30:00Z"
    told = [
        {"id": number, "kind": kind, "source": f"s{number}", "about": about, "since": since}
        for number, (kind, about) in enumerate(
            [("source_silent", None), ("key_expiring", None), ("code_contested", GOOD)]
        )
    ]
    instead(page, "**/ingestion/v1/alerts?*", lambda answer: {**answer, "items": told})

    page.goto("/collection/sources")

    shown = page.locator("#content .ant-alert")
    expect(shown).to_have_count(3)
    assert [text.splitlines()[:2] for text in shown.all_inner_texts()] == [
        ["信息源逾期未报：s0", "自 2026-03-02 00:30"],
        ["密钥即将到期：s1", "自 2026-03-02 00:30"],
        [f"代码有争议：s2 · {GOOD}", "自 2026-03-02 00:30"],
    ]


@pytest.mark.page("/collection/sources")
def test_a_source_tells_its_last_facts_its_keys_and_who_changed_it(
    page: Page, ask: Ask, source: str, type_names: dict[str, str]
) -> None:
    """Of one that has sent, and of one whose keys were changed."""
    for name in ("demo-bureau", source):
        page.goto(f"/collection/sources?source={name}")
        _a_source_agrees(page, ask, name, type_names)


def _a_source_agrees(page: Page, ask: Ask, name: str, type_names: dict[str, str]) -> None:
    drawer = page.get_by_role("dialog")
    tables = drawer.locator(".ant-table")
    agree(page, lambda: described(drawer), lambda: standing_told(ask, name, type_names))
    agree(page, lambda: rows(tables.first), lambda: keys_told(ask, name))
    agree(page, lambda: rows(tables.last), lambda: changes_told(ask, name))


# Files


@pytest.mark.page("/collection/files")
def test_the_files_are_listed_as_they_came(senders_page: Page, ask: Ask, file: str) -> None:
    """Also those of other tests."""

    def told(each: Told) -> list[str]:
        return [
            each["name"],
            each["source"],
            each["mapping"],
            size(each["size"]),
            state_told(each["job"]),
            each["created_by"],
            moment(each["created_at"]),
        ]

    page = senders_page
    page.goto("/collection/files")

    table = page.get_by_role("region", name="文件报送")
    agree(page, lambda: rows(table), lambda: [told(each) for each in ask("ingestion/v1/files")["items"]])
    assert f"/collection/files/{file}" in [
        link.get_attribute("href") for link in table.get_by_role("link").all()
    ]


@pytest.mark.page("/collection/files/:id")
def test_a_file_tells_how_many_rows_were_taken_and_what_is_wrong_with_each(
    senders_page: Page, ask: Ask, file: str
) -> None:
    """Read, taken, known already, held up, refused; each fault with its row."""
    page, told = senders_page, ask(f"ingestion/v1/files/{file}")
    job = told["job"]

    page.goto(f"/collection/files/{file}")

    content = page.locator("#content")
    assert [job[each] for each in ("rows", "accepted", "duplicate", "quarantined", "rejected")] == [
        5,
        1,
        1,
        2,
        1,
    ]
    expect(content.locator(".ant-statistic")).to_have_count(5)
    assert statistics(content) == [
        ["已读行数", "5"],
        ["已接受", "1"],
        ["重复", "1"],
        ["隔离", "2"],
        ["拒绝", "1"],
    ]
    assert dict(described(content)) == {
        "信息源": told["source"],
        "映射": f"daily v{job['mapping_version']}",
        "大小": size(len(SHEET.encode())),
        "报送人": told["created_by"],
        "报送时间": moment(told["created_at"]),
        "状态": state_told(job),
    }
    reasons, faults = content.locator(".ant-table").first, page.get_by_role("region", name="逐行问题")
    assert rows(reasons) == [
        [VERDICTS[each["verdict"]], each["field"], problem(each), counted(each["rows"])]
        for each in job["reasons"]
    ]
    agree(
        page,
        lambda: rows(faults),
        lambda: [
            [
                str(each["row"]),
                VERDICTS[each["verdict"]],
                each["column"],
                problem(each),
                each["expected"],
                one_line(" | ".join(each["cells"])),
            ]
            for each in ask(f"ingestion/v1/files/{file}/rows?limit=50")["items"]
        ],
    )


# The quarantine


@pytest.fixture(scope="module")
def held(ask: Ask, order: Callable[..., Any], source: str, file: str) -> list[Told]:
    """The department's facts in the quarantine: one open, one discarded."""
    listed = f"ingestion/v1/quarantine?source={source}"
    first = ask(listed)["items"][0]
    order(
        "city_administrator",
        "POST",
        f"ingestion/v1/quarantine/{first['id']}/discard",
        json={"reason": "重复报送，已电话核实"},
    )
    return [*ask(listed)["items"], *ask(f"{listed}&state=discarded")["items"]]


@pytest.mark.page("/collection/quarantine")
def test_the_quarantine_lists_and_counts_what_ingestion_holds(
    page: Page, ask: Ask, source: str, held: list[Told], type_names: dict[str, str]
) -> None:
    """The heaps are of all sources; the list is of what is chosen."""
    for state in ("open", "discarded"):
        page.goto(f"/collection/quarantine?source={source}&state={state}")
        listed = [held_told(each, type_names) for each in held if each["state"] == state]
        _quarantine_agrees(page, ask, state, listed)


def _quarantine_agrees(page: Page, ask: Ask, state: str, listed: list[list[str]]) -> None:
    content = page.locator("#content")
    agree(
        page,
        lambda: [row[:-1] for row in rows(content.get_by_role("region", name="隔离清单"))],
        lambda: listed,
    )
    agree(
        page,
        lambda: [text for text in content.get_by_role("button").all_inner_texts() if "·" in text],
        lambda: [
            f"{each['source']} · {REASONS[each['reason']]} · {counted(each['facts'])}"
            for each in ask(f"ingestion/v1/quarantine/counts?state={state}")
        ],
    )


@pytest.mark.page("/collection/quarantine")
def test_a_held_fact_is_told_with_its_original(
    page: Page, ask: Ask, held: list[Told], type_names: dict[str, str]
) -> None:
    """As it came, and how it was settled."""
    for number, state in ((each["id"], each["state"]) for each in held):
        told = ask(f"ingestion/v1/quarantine/{number}")
        page.goto(f"/collection/quarantine?item={number}")
        drawer = page.get_by_role("dialog")
        settled = [told["settled_by"], told["settled_at"] and moment(told["settled_at"]), told["note"]]
        expect(drawer.locator("pre")).to_have_text(told["original"])
        assert described(drawer) == [
            ["隔离原因", REASONS[told["reason"]]],
            ["信息源", told["source"]],
            ["信息编号", told["fact_id"]],
            ["信息类型", type_names[told["type"]]],
            ["收到时间", moment(told["received_at"])],
            ["状态", WORDS[f"state_{state}"]],
            *([["处理人", " · ".join(filter(None, settled))]] if told["settled_by"] else []),
        ]
