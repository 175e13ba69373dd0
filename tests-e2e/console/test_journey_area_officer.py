"""An area officer works the queue of warnings: looks, takes, assigns, acts, puts off, settles, takes a slip back."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

from browsing import Journey
from playwright.sync_api import Page, expect

PageAs = Callable[..., Page]
Axe = Callable[[Page], None]
Select = Callable[..., list[dict[str, Any]]]

STEPS = "select kind, action, by, note from signal_step where signal_id = $1 order by step_id"
TAKEN = ["assigned", "assigned", "acted", "snoozed", "woken", "cleared", "reopened"]
STATE = "select is_open, cleared_on from signal where signal_id = $1"
VERDICTS = "select useful from verdict where signal_id = $1"
OFFICER = "area-officer"


def heading(page: Page, name: str | re.Pattern[str]) -> None:
    """The page of this name is there."""
    expect(page.get_by_role("heading", level=1, name=name)).to_be_visible()


def reason(page: Page, text: str) -> None:
    """The open dialog is given a reason and confirmed."""
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("理由").fill(text)
    dialog.get_by_role("button", name="确定").click()


def test_a_warning_is_taken_assigned_acted_on_put_off_settled_and_opened_again(
    page_as: PageAs, axe: Axe, select: Select, step: Journey
) -> None:
    """What an officer does with a warning is kept with who did it, and a slip can be taken back."""
    page = page_as("area_officer")
    with step("opens 风险预警: what is to be done, the most urgent first"):
        page.get_by_role("menuitem", name="风险预警").click()
        heading(page, "风险预警")
        expect(page.get_by_role("tab", name=re.compile(r"待处置 [1-9]"))).to_be_visible()
        expect(page.locator("[data-row-link]").first).to_be_visible()
        axe(page)
    with step("limits the queue to those of one severity, and widens it again"):
        page.get_by_label("紧急程度", exact=True).click()
        page.locator(".ant-select-dropdown:visible").get_by_text("紧急", exact=True).click()
        expect(page).to_have_url(re.compile("severity=alarm"))
        widen = page.get_by_role("button", name="清除筛选")
        widen.click()
        expect(widen).to_have_count(0)
        expect(page).not_to_have_url(re.compile("severity"))
    with step("opens the first warning with the keys, and sees what it rests on and whom it is about"):
        expect(page.locator("[data-row-link]").first).to_be_visible()
        page.keyboard.press("j")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=2, name="依据信息")).to_be_visible()
        expect(page.get_by_text("现信用风险类别")).to_be_visible()
        expect(page.get_by_text("判定规则")).to_be_visible()
        axe(page)
        signal = unquote(page.url.rpartition("/")[2])
    with step("takes it in hand"):
        page.get_by_role("button", name="领取").click()
        expect(page.get_by_text("已领取")).to_be_visible()
    with step("assigns it to an inspector of the area"):
        page.get_by_role("button", name="分派").click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_label("承办人").click()
        page.locator(".ant-select-dropdown:visible .ant-select-item-option").nth(1).click()
        dialog.get_by_label("交办说明（可不填）").fill("请核实")
        axe(page)
        dialog.get_by_role("button", name="确定").click()
        expect(page.get_by_text("已分派")).to_be_visible()
    with step("writes down that somebody went there"):
        page.get_by_role("button", name="登记处置").click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_text("上门核查").click()
        dialog.get_by_label("情况说明").fill("已到现场，情况属实")
        dialog.get_by_role("button", name="确定").click()
        expect(page.get_by_text("处置：上门核查")).to_be_visible()
    with step("puts it off for a week"):
        page.get_by_role("button", name="暂缓").click()
        reason(page, "等待当事人整改")
        expect(page.get_by_role("button", name="恢复办理")).to_be_visible()
    with step("finds it among those put off, and goes on with it"):
        page.get_by_role("link", name="返回预警列表").click()
        page.get_by_role("tab", name="已暂缓").click()
        page.locator("[data-row-link]").first.click()
        page.get_by_role("button", name="恢复办理").click()
        expect(page.get_by_role("button", name="暂缓")).to_be_visible()
    with step("says that it was of use"):
        page.get_by_role("button", name="有用", exact=True).click()
        expect(page.get_by_text("评价：有用")).to_be_visible()
    with step("settles it with a reason"):
        page.get_by_role("button", name="办结").click()
        reason(page, "已整改到位")
        expect(page.get_by_role("button", name="撤销办结")).to_be_visible()
    with step("sees that it was the wrong one, and undoes it"):
        page.get_by_role("button", name="撤销办结").click()
        reason(page, "误操作")
        expect(page.get_by_role("button", name="办结", exact=True)).to_be_visible()
    with step("the database has every step with who took it, and the warning is open"):
        steps = select("profiling", STEPS, signal)
        assert [each["kind"] for each in steps] == TAKEN
        assert {each["by"] for each in steps} == {OFFICER}
        assert [each["action"] for each in steps if each["action"]] == ["visited"]
        assert select("profiling", STATE, signal) == [{"is_open": True, "cleared_on": None}]
        assert select("profiling", VERDICTS, signal) == [{"useful": True}]
    with step("comes again and sees the whole trail"):
        page.reload()
        expect(page.get_by_text("撤销办结")).to_be_visible()
        expect(page.get_by_text("已到现场，情况属实")).to_be_visible()
        axe(page)
    with step("goes on to the entity"):
        page.get_by_role("main").or_(page.locator("#content")).get_by_role("link").filter(
            has_text="虚构"
        ).first.click()
        expect(page).to_have_url(re.compile(r"/entities/[0-9A-Z]{18}"))
        expect(page.get_by_role("heading", level=1)).to_be_visible()
