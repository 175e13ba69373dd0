"""An entity's workbook, fetched from its page, says what the page says."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from browsing import Faults, Journey
from openpyxl import Workbook, load_workbook
from playwright.sync_api import Page, expect
from reading import NOTHING, described, every, items, part, rows

Ask = Callable[..., Any]
IDENTITY = ["统一社会信用代码", "主体类型", "状态", "行业", "法定代表人", "入驻平台", "所属重点行业", "住所"]
LISTS = {
    "风险预警": (
        "supervision",
        [0, 1, 2, 4, 5],
        "预警",
        ["类别", "级别", "建议措施", "产生日期", "办理期限"],
    ),
    "检查任务": (
        "supervision",
        [0, 1, 3, 4, 5, 6, 7],
        "检查任务",
        ["抽取编号", "事项", "抽取日期", "期限", "检查人员", "状态", "检查结果"],
    ),
    "失信记录": ("records", [2, 3, 4, 5], "失信记录", ["失信程度", "决定日期", "状态", "可申请修复"]),
    "文书送达": ("records", [1, 2, 3, 5], "文书", ["标题", "日期", "状态", "编号"]),
}
"""By its heading on the page: the tab, cells of a row, the sheet, and the columns that have the same."""


@pytest.fixture
def known(ask: Ask) -> str:
    """The code of an entity with warnings, visits, records and letters."""
    lists = ("profiling/v1/signals?", "sampling/v1/tasks?", "repair/v1/records?", "notification/v1/notices?")
    return str(min(set.intersection(*({each["uscc"] for each in every(ask, path)} for path in lists))))


@pytest.mark.page("/entities/:uscc")
def test_the_workbook_says_what_the_page_says(
    known: str,
    page_as: Callable[..., Page],
    ask: Ask,
    faults: Faults,
    step: Journey,
    tmp_path: Path,
) -> None:
    """Who it is, its facts with their particulars, and what was done about it."""
    page = page_as("city_administrator")
    with step("fetches the workbook"):
        page.goto(f"/entities/{known}?tab=timeline")
        with page.expect_download() as fetched:
            page.get_by_role("link", name="导出 Excel").click()
    name = ask(f"profiling/v1/entities/{known}")["name"]
    assert fetched.value.suggested_filename.startswith(f"{name}_{known}_20")
    fetched.value.save_as(kept := tmp_path / "report.xlsx")
    book = load_workbook(kept)
    with step("compares who it is"):
        told = {str(line[0].value): written(line[1].value) for line in book["主体"].iter_rows(min_row=2)}
        shown = dict(described(page.locator(".entity-head")))
        assert {head: told[head] for head in IDENTITY} == {head: shown[head] for head in IDENTITY}
        assert told["辖区（区划代码）"].startswith(f"{shown['辖区']}（")
        judged = page.locator(".entity-class")
        expect(judged.locator(".entity-class-day")).to_contain_text(f"模型 {told['模型']}")
        letter, name = items(judged.locator(".class-tag, .entity-class-name"))
        assert told["信用风险类别"] == f"{letter}（{name}）"
        assert told["导出人"] == ask("session")["display_name"]
    with step("compares its facts"):
        facts = part(page, "归集信息")
        expect(facts.locator("tbody tr.ant-table-row").first).to_be_visible()
        on_page = {(kind, close(says)) for _, kind, says, *_ in rows(facts)}
        assert {(kind, close(says)) for kind, says in columns(book, "归集信息", ["类型", "内容"])} == on_page
    for title, (tab, places, sheet, heads) in LISTS.items():
        with step(f"compares {title}"):
            page.goto(f"/entities/{known}?tab={tab}")
            listed = part(page, title)
            expect(listed.locator("tbody tr.ant-table-row").first).to_be_visible()
            on_page = {tuple(first_line(row[place]) for place in places) for row in rows(listed)}
            assert on_page <= columns(book, sheet, heads)
    faults.settle(page)


def columns(book: Workbook, sheet: str, heads: list[str]) -> set[tuple[str, ...]]:
    """These cells of each row."""
    lines = list(book[sheet].values)
    places = [lines[0].index(head) for head in heads]
    return {tuple(written(line[place]) for place in places) for line in lines[1:]}


def written(value: Any) -> str:
    """A cell as the page writes it."""
    if value is None:
        return NOTHING
    return f"{value:%Y-%m-%d}" if hasattr(value, "year") else str(value)


def first_line(text: str) -> str:
    """What a cell of the page says first; below it, on lines of their own, stand other columns of the sheet."""
    return text.partition("\n")[0]


def close(text: str) -> str:
    """What is said without what stands between."""
    return "".join(text.replace("：", "").split())
