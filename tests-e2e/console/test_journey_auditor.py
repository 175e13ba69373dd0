"""An auditor sees that the loop runs, that the books agree, and who looked at what."""

import re
from collections.abc import Callable
from typing import Any

import httpx
from browsing import Journey
from playwright.sync_api import Page, expect

PageAs = Callable[..., Page]
Axe = Callable[[Page], None]
Api = Callable[[str], httpx.Client]
Select = Callable[..., list[dict[str, Any]]]

READ = """
    select distinct service, method, role, area from access_entry
    where username = 'auditor' and entity = $1 and service = 'classification' and status = 200
"""


def operations(page: Page, name: str) -> None:
    """One page of 系统运行, by the menu."""
    link = page.get_by_role("link", name=name, exact=True)
    if not link.is_visible():
        page.get_by_role("menuitem", name="系统运行").click()
    link.click()
    expect(page.get_by_role("heading", level=1, name=name)).to_be_visible()


def test_an_auditor_checks_lag_dead_letters_books_and_the_access_log(
    page_as: PageAs, api: Api, axe: Axe, select: Select, step: Journey
) -> None:
    """Whoever reads a class is in the log, the auditor too; nothing can be changed from here."""
    page = page_as("auditor")
    with step("opens the overview, where open dead letters and quarantined facts are told"):
        work = page.get_by_role("region", name="今日工作")
        letters = sum(_open_letters(api, service) for service in SERVICES)
        expect(work.get_by_role("link", name="待处理死信")).to_contain_text(f"{letters:,}")
        heaps = api("auditor").get("/api/ingestion/v1/quarantine/counts").raise_for_status().json()
        held = sum(heap["facts"] for heap in heaps)
        expect(work.get_by_role("link", name="隔离数据")).to_contain_text(f"{held:,}")
        axe(page)
    with step("is not offered accounts, and is refused their page"):
        page.get_by_role("menuitem", name="系统运行").click()
        expect(page.get_by_role("link", name="访问日志")).to_be_visible()
        expect(page.get_by_role("link", name="账号管理")).to_have_count(0)
        page.goto("/operations/accounts")
        expect(page.get_by_text("无权访问")).to_be_visible()
    with step("looks at one entity"):
        page.goto("/")
        entity = page.locator('a[href^="/entities/"]').first
        uscc = str(entity.get_attribute("href")).removeprefix("/entities/")
        entity.click()
        expect(page).to_have_url(re.compile(f"/entities/{uscc}$"))
        expect(page.get_by_text(uscc).first).to_be_visible()
        page.wait_for_load_state("networkidle")
        axe(page)
    with step("sees that all services keep up"):
        operations(page, "运行状态")
        for name in ("信息归集", "精准画像", "科学分类", "双随机抽查", "信用修复", "告知与共治"):
            expect(page.get_by_role("row").filter(has_text=name).first).to_be_visible()
        expect(page.get_by_text("连接不上")).to_have_count(0)
        axe(page)
    with step("reads the dead letters of classification, open and settled"):
        operations(page, "死信处理")
        page.get_by_label("服务", exact=True).click()
        page.locator(".ant-select-dropdown:visible").get_by_text("科学分类", exact=True).click()
        expect(page).to_have_url(re.compile("service=classification"))
        page.get_by_text("已处理", exact=True).click()
        expect(page).to_have_url(re.compile("state=settled"))
        axe(page)
    with step("has the books of all services compared"):
        operations(page, "账目核对")
        page.get_by_role("button", name="开始核对").click()
        expect(page.get_by_role("status")).to_contain_text("账目相符", timeout=120_000)
        axe(page)
    with step("finds in the access log that the auditor read the entity's class"):
        operations(page, "访问日志")
        page.get_by_label("用户名").fill("auditor")
        page.get_by_label("用户名").press("Enter")
        expect(page).to_have_url(re.compile("username=auditor"))
        page.get_by_label("统一社会信用代码").fill(uscc)
        page.get_by_label("统一社会信用代码").press("Enter")
        rows = page.get_by_role("row").filter(has_text="科学分类").filter(has_text=uscc)
        expect(rows.first).to_contain_text("审计人员")
        expect(rows.first).to_contain_text("查看")
        axe(page)
    with step("finds the same in the console's database"):
        read = {"service": "classification", "method": "GET", "role": "auditor", "area": "510100"}
        assert select("console", READ, uscc) == [read]
    with step("has the same list after a reload"):
        page.reload()
        expect(page.get_by_label("用户名")).to_have_value("auditor")
        expect(rows.first).to_be_visible()
    with step("sees nobody else's entries under that name, nor any of another role"):
        page.get_by_label("角色", exact=True).click()
        page.locator(".ant-select-dropdown:visible").get_by_text("检查人员", exact=True).click()
        expect(page.get_by_text("该条件下没有访问记录")).to_be_visible()
    with step("reads it in English"):
        page.get_by_role("button", name="English").click()
        expect(page.get_by_role("heading", level=1, name="Access log")).to_be_visible()
        page.get_by_role("button", name="中文").click()
        expect(page.get_by_role("heading", level=1, name="访问日志")).to_be_visible()


SERVICES = ("ingestion", "profiling", "classification", "sampling", "repair", "notification")


def _open_letters(api: Api, service: str) -> int:
    """How many dead letters of a service wait."""
    flow = api("auditor").get(f"/api/{service}/v1/flow").raise_for_status().json()
    return int(flow["open_dead_letters"])
