"""A repair officer: when a record may be repaired, what its entity was told, and an objection filed for it."""

import re
from collections.abc import Callable
from typing import Any

import httpx
from browsing import Faults, Journey
from playwright.sync_api import Page, expect
from reading import first

PageAs = Callable[..., Page]
Axe = Callable[[Page], None]
Select = Callable[..., list[dict[str, Any]]]
Api = Callable[[str], httpx.Client]

GROUND = "罚款已按期缴纳，公示内容与决定书不一致"
FILED = "select uscc, record, state, filed_by from objection where ground = $1"
OFFICER = "repair-officer"
MOVED = "select cause from decision where cause = any($1) and number > 1"
OBJECTED = "select record from objection"


def open_penalties(api: Api) -> int:
    """How many penalties are open, as the service counts them."""
    counts = api("repair_officer").get("/api/repair/v1/statistics").raise_for_status().json()
    return sum(row["records"] for row in counts if (row["kind"], row["state"]) == ("penalty", "open"))


def newest_that_counts(api: Api, select: Select) -> str:
    """The document of the newest general penalty that cost its entity points and that nobody objected to.

    In the observation year (观察期) a penalty costs none, so that there is nothing to object to.
    """
    query = {"state": "open", "kind": "penalty", "tier": "general", "limit": "50"}
    records = (
        api("repair_officer").get("/api/repair/v1/records", params=query).raise_for_status().json()["items"]
    )
    moved = {row["cause"] for row in select("classification", MOVED, [row["record_id"] for row in records])}
    moved -= {row["record"] for row in select("classification", OBJECTED)}
    counting = (str(row["document_number"]) for row in records if row["record_id"] in moved)
    return first(counting, "general penalty that gave points and that nobody objected to")


def test_a_record_is_understood_and_an_objection_to_it_filed(
    page_as: PageAs, axe: Axe, select: Select, step: Journey, api: Api, faults: Faults
) -> None:
    """A record's days, conditions and letters are in one place; an objection waits there for another person."""
    page = page_as("repair_officer")
    with step("opens 信用修复, and there the records"):
        page.get_by_role("menuitem", name="信用修复").click()
        page.get_by_role("link", name="失信记录").click()
        expect(page.get_by_role("heading", level=1, name="失信记录")).to_be_visible()
        expect(page.get_by_role("row").nth(1)).to_be_visible()
        axe(page)
    with step("sees how many penalties are open, as the service counts them"):
        penalties = page.get_by_role("button", name="行政处罚 · 有效")
        expect(penalties).to_contain_text(f"{open_penalties(api):,}")
    with step("lists the penalties alone, and of these the general ones"):
        penalties.click()
        expect(page).to_have_url(re.compile("kind=penalty"))
        page.get_by_label("公示档次", exact=True).click()
        page.locator(".ant-select-dropdown:visible").get_by_text("一般", exact=True).click()
        expect(page).to_have_url(re.compile("tier=general"))
        faults.settle(page)
    with step("opens the newest that counts: from when repair may be applied for, and on what conditions"):
        page.get_by_role("button", name=newest_that_counts(api, select)).click()
        drawer = page.get_by_role("dialog", name="失信记录")
        expect(drawer.get_by_text("可申请修复日")).to_be_visible()
        expect(drawer.get_by_text("履行处罚决定确定的义务")).to_be_visible()
        expect(drawer.get_by_text("信用修复管理办法")).to_be_visible()
        axe(page)
    with step("reads the letter that the entity was sent"):
        drawer.get_by_role("button", name="查看").first.click()
        expect(drawer.get_by_role("region", name="文书正文")).to_contain_text("虚构")
    with step("files an objection for the entity"):
        drawer.get_by_role("button", name="代主体提出异议").click()
        form = page.get_by_role("dialog", name="登记异议")
        form.get_by_label("异议理由").fill(GROUND)
        axe(page)
        form.get_by_role("button", name="提交").click()
        expect(page.get_by_text("异议已登记")).to_be_visible()
    with step("the database has it, waiting for another person"):
        (filed,) = select("classification", FILED, GROUND)
        assert (filed["state"], filed["filed_by"]) == ("open", OFFICER)
        assert filed["record"].startswith("demo-bureau|")
    with step("finds it in the queue of objections, by its term"):
        drawer.get_by_role("button", name="关闭").or_(drawer.get_by_label("Close")).first.click()
        page.get_by_role("link", name="异议处理").click()
        row = page.get_by_role("row").filter(has_text=GROUND)
        expect(row).to_contain_text(re.compile("余|到期"))
        axe(page)
    with step("opens it, and is not offered to decide what was filed by oneself"):
        row.get_by_role("button", name=re.compile("异议")).click()
        opened = page.get_by_role("dialog")
        expect(opened.get_by_text(GROUND)).to_be_visible()
        expect(opened.get_by_role("button", name="作出决定")).to_have_count(0)
        axe(page)
    with step("sees it there also after coming again; none is overdue"):
        page.goto("/repair/objections")
        expect(page.get_by_role("row").filter(has_text=GROUND)).to_be_visible()
        page.get_by_role("tab", name="逾期未办").click()
        expect(page.get_by_text("没有待决定的异议")).to_be_visible()
    with step("goes on to the entity"):
        page.get_by_role("tab", name="待决定").click()
        page.get_by_role("row").filter(has_text=GROUND).get_by_role("link").first.click()
        expect(page).to_have_url(re.compile(filed["uscc"]))
        expect(page.get_by_role("heading", level=1)).to_be_visible()
