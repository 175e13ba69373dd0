"""A city administrator has a department's file collected: checked, loaded, and what it held up settled."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from browsing import Journey
from playwright.sync_api import Page, expect
from vocabulary.uscc import synthesise

PageAs = Callable[..., Page]
Axe = Callable[[Page], None]
Select = Callable[..., list[dict[str, Any]]]

GOOD = synthesise("9", "1", "510104", 424242)
RIGHT = synthesise("9", "1", "510104", 424243)
MISTYPED = RIGHT[:12] + ("8" if RIGHT[12] != "8" else "9") + RIGHT[13:]
HEADER = "统一社会信用代码,处罚日期,文号,处罚种类,罚款（万元）"
ROWS = (
    f"{GOOD},2026年3月1日,（虚构）市监罚〔2026〕91号,fine,1.5",
    f"{MISTYPED},2026年3月2日,（虚构）市监罚〔2026〕92号,warning,",
    f"{GOOD},2026年3月3日,（虚构）市监罚〔2026〕93号,,",
)
LEDGER = "select count(*) as facts from fact where fact_id like $1"
NUMBERED = "%市监罚〔2026〕9_号%"


@pytest.fixture
def penalties(tmp_path: Path) -> Path:
    """What the department keeps in a sheet: a good row, one with a mistyped code, one without a kind."""
    file = tmp_path / "处罚台账.csv"
    file.write_text("\n".join([HEADER, *ROWS]), encoding="utf-8")
    return file


def choose(page: Page, label: str, option: str) -> None:
    """One option of a list, found by its label."""
    page.get_by_label(label, exact=True).click()
    page.locator(".ant-select-dropdown:visible").get_by_text(option, exact=True).click()


def test_a_departments_file_is_checked_loaded_and_its_mistyped_code_released(
    page_as: PageAs, axe: Axe, select: Select, step: Journey, penalties: Path
) -> None:
    """Nothing is recorded by a check; what is loaded counts once; what is corrected is released."""
    page = page_as("city_administrator")
    with step("opens 信息归集, and there the sources"):
        page.get_by_role("menuitem", name="信息归集").click()
        page.get_by_role("link", name="信息源").click()
        expect(page.get_by_role("heading", level=1, name="信息源")).to_be_visible()
        expect(page.get_by_role("button", name="demo-bureau")).to_be_visible()
        axe(page)
    with step("looks whose the bureau's facts are, and what keys it has"):
        page.get_by_role("button", name="demo-bureau").click()
        expect(page.get_by_role("dialog").get_by_text("虚构市市场监督管理局").first).to_be_visible()
        expect(page.get_by_role("dialog").get_by_role("button", name="轮换")).to_be_visible()
        axe(page)
        page.get_by_role("button", name="关闭").click()
    with step("goes to the files and begins to send one"):
        page.get_by_role("link", name="文件报送").click()
        page.get_by_role("button", name="报送文件").click()
        choose(page, "信息源", "curl")
        page.get_by_label("选择文件").set_input_files(penalties)
        choose(page, "映射", "行政处罚")
        axe(page)
        page.get_by_role("button", name="下一步").click()
    with step("sees that the columns were understood, and stores the mapping"):
        expect(page.get_by_label("文号 → 对应事项")).to_be_visible()
        expect(page.get_by_label("映射内容")).to_have_value(re.compile('"罚款（万元）": "data.fine_fen"'))
        page.get_by_label("映射名称").fill("journey")
        axe(page)
        page.get_by_role("button", name="下一步").click()
    with step("uploads it and reads the report of the check"):
        with page.expect_request("**/v1/files/*/content") as sent:
            page.get_by_role("button", name="上传并试运行").click()
        assert sent.value.headers["x-creditloop-account"] == "city-administrator"
        expect(page.get_by_text("试运行 · 完成")).to_be_visible()
        expect(page.get_by_role("cell", name="隔离").first).to_be_visible()
        expect(page.get_by_role("cell", name="拒绝").first).to_be_visible()
        axe(page)
        assert select("ingestion", LEDGER, NUMBERED) == [{"facts": 0}]
    with step("loads it"):
        page.get_by_role("button", name="入库").click()
        expect(page.get_by_role("dialog")).to_contain_text("可接受 1 行，隔离 1 行，拒绝 1 行")
        page.get_by_role("button", name="确定").click()
        expect(page.get_by_text("入库 · 完成")).to_be_visible()
        assert select("ingestion", LEDGER, NUMBERED) == [{"facts": 2}]
    with step("finds the mistyped code in the quarantine"):
        page.get_by_role("link", name="隔离清单").click()
        row = page.get_by_role("row").filter(has_text="代码校验位不符").filter(has_text="curl")
        axe(page)
        row.get_by_role("button", name="处理").first.click()
        code = page.get_by_role("dialog").get_by_label("主体代码")
        expect(code).to_have_value(MISTYPED)
        axe(page)
    with step("corrects it and releases it"):
        code.fill(RIGHT)
        page.get_by_role("button", name="更正并放行").click()
        expect(page.get_by_text("已放行，进入画像")).to_be_visible()
    with step("sees it among the released, also after coming again"):
        choose(page, "状态", "已放行")
        page.reload()
        expect(page.get_by_role("row").filter(has_text="city-administrator").first).to_be_visible()
        settled = "select settled_by from quarantine where fact_id like $1"
        assert select("ingestion", settled, NUMBERED) == [{"settled_by": "city-administrator"}]
    with step("sees the day's facts among the figures"):
        page.goto("/collection/quality")
        expect(page.get_by_role("figure", name="已接收信息（按日）")).to_be_visible()
        axe(page)
