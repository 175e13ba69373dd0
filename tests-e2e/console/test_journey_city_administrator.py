"""A city administrator looks at the city, at one area, a sector and an entity of it, and keeps the accounts."""

import re
from collections import Counter
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

import httpx
import pytest
from browsing import Faults, Journey, choose_password, context, log_in
from httpapi.identity import Role
from playwright.sync_api import Browser, Locator, Page, expect

PageAs = Callable[..., Page]
Axe = Callable[[Page], None]
Api = Callable[[str], httpx.Client]
Select = Callable[..., list[dict[str, Any]]]

JINJIANG = "510104"
NEWCOMER = "journey-officer"
OWN = "a sentence of the newcomer's own"
SECTORS = {
    "food_production": "食品生产",
    "drug_distribution": "药品流通",
    "medical_devices": "医疗器械",
    "special_equipment": "特种设备",
    "key_industrial_products": "重点工业产品",
}
ACCOUNT = "select display_name, role, area, disabled from account where username = $1"
SESSIONS = "select count(*) as open from session where username = $1 and ended_at is null"
SEEN = "select count(*) as entries from access_entry where username = $1 and entity = $2"


@pytest.fixture
def city(api: Api) -> Callable[..., Any]:
    """What a service tells the city administrator at a path."""

    def read(path: str, **query: str) -> Any:
        return api("city_administrator").get(f"/api/{path}", params=query).raise_for_status().json()

    return read


def choose(page: Page, label: str, option: str) -> None:
    """One option of a list, found by its label."""
    page.get_by_label(label, exact=True).click()
    page.locator(".ant-select-dropdown:visible").get_by_text(option, exact=True).click()


def part(page: Page, name: str) -> Locator:
    """A part of the overview by its heading."""
    return page.get_by_role("region", name=name, exact=True)


def test_the_city_an_area_a_sector_an_entity_and_an_account(
    page_as: PageAs,
    city: Callable[..., Any],
    axe: Axe,
    faults: Faults,
    browser: Browser,
    console_url: str,
    select: Select,
    step: Journey,
) -> None:
    """Every figure is the API's; whoever is disabled is out at once and stays out."""
    page = page_as("city_administrator")
    with step("opens the overview and sees the loop turn"):
        expect(page.get_by_role("heading", level=1, name="总览")).to_be_visible()
        loop = part(page, "闭环运行")
        expect(loop.get_by_role("listitem")).to_have_count(6)
        expect(loop.get_by_text("待接收")).to_have_count(0)
        expect(loop.get_by_text("无响应")).to_have_count(0)
        axe(page)
    with step("reads how the city is classified"):
        [mix] = city("classification/v1/statistics/classes")["groups"]
        classes = part(page, "信用风险类别 · 全市")
        expect(classes).to_contain_text(f"{mix['entities']:,} 户")
        for letter, entities in mix["counts"].items():
            row = classes.get_by_role("row").filter(has=page.get_by_role("rowheader", name=letter))
            expect(row.get_by_role("cell").first).to_have_text(f"{entities:,}")
    with step("reads what waits"):
        signals = city("profiling/v1/signals/counts")
        waiting = sum(each["signals"] for each in signals if each["state"] == "open")
        expect(part(page, "今日工作").get_by_role("link", name="未处置预警")).to_contain_text(f"{waiting:,}")
    sector, code, name = _most_warned(city)
    with step("looks at the area where warnings of a sector are most, by the key of Enter"):
        page.get_by_role("button", name=name).press("Enter")
        expect(page).to_have_url(re.compile(f"area={code}"))
        [area] = city("classification/v1/statistics/classes", area=code)["groups"]
        expect(part(page, f"信用风险类别 · {name}")).to_contain_text(f"{area['entities']:,} 户")
        axe(page)
    with step("has the areas coloured by what inspections find, and still has it after a reload"):
        choose(page, "着色指标", "问题发现率")
        page.reload()
        expect(page.get_by_role("button", name=name)).to_have_attribute("aria-pressed", "true")
        expect(part(page, "辖区分布").get_by_text("问题发现率")).to_be_visible()
    with step("chooses that sector"):
        page.get_by_role("button", name=SECTORS[sector], exact=True).click()
        told = city("classification/v1/statistics/sectors", area=code)["sectors"]
        members = next(each["total"]["entities"] for each in told if each["sector"] == sector)
        chosen = page.get_by_role("row").filter(
            has=page.get_by_role("button", name=SECTORS[sector], exact=True)
        )
        expect(chosen).to_contain_text(f"{members:,}")
        expect(page.get_by_role("heading", level=3, name="重要风险事项")).to_be_visible()
        axe(page)
    with step("opens an entity of it that has a warning"):
        entity = part(page, "重点行业领域").locator('a[href^="/entities/"]').first
        uscc = unquote(str(entity.get_attribute("href")).removeprefix("/entities/"))
        entity.click()
        expect(page).to_have_url(re.compile(f"/entities/{uscc}$"))
        expect(page.get_by_text(uscc).first).to_be_visible()
        axe(page)
    with step("comes back to the area, and from there to the whole city"):
        page.go_back()
        page.get_by_role("button", name="返回全市").click()
        expect(part(page, "信用风险类别 · 全市")).to_contain_text(f"{mix['entities']:,} 户")
    with step("makes an account for a new officer of 锦江区"):
        page.get_by_role("menuitem", name="系统运行").click()
        page.get_by_role("link", name="账号管理").click()
        expect(page.get_by_role("row").filter(has_text="city-administrator")).to_contain_text("本人")
        axe(page)
        page.get_by_role("button", name="新建账号").click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_label("用户名").fill(NEWCOMER)
        dialog.get_by_label("姓名").fill("新来的监管员（演示）")
        choose(page, "角色", "辖区监管人员")
        choose(page, "辖区", "锦江区")
        axe(page)
        dialog.get_by_role("button", name="确定").click()
    with step("reads the password, which is shown this once"):
        password = page.get_by_test_id("new-password").inner_text()
        page.get_by_role("button", name="已复制，关闭").click()
        expect(page.get_by_test_id("new-password")).to_have_count(0)
        officer = {"display_name": "新来的监管员（演示）", "role": Role.AREA_OFFICER, "area": JINJIANG}
        assert select("console", ACCOUNT, NEWCOMER) == [officer | {"disabled": False}]
    newcomer = context(browser, console_url).new_page()
    faults.watch(newcomer)
    step.pages.append(newcomer)
    with step("sees the officer log in, who has only the own area"):
        log_in(newcomer, NEWCOMER, password)
        choose_password(newcomer, password, OWN)
        [own] = city("classification/v1/statistics/classes", area=JINJIANG)["groups"]
        expect(part(newcomer, "信用风险类别 · 锦江区")).to_contain_text(f"{own['entities']:,} 户")
        expect(newcomer.get_by_role("button", name="青羊区")).to_have_count(0)
        expect(newcomer.get_by_role("menuitem", name="系统运行")).to_have_count(0)
        assert select("console", SESSIONS, NEWCOMER) == [{"open": 1}]
    with step("disables the account for a reason, and nobody is logged in with it any more"):
        page.get_by_role("button", name=f"停用 {NEWCOMER}").click()
        page.get_by_label("理由", exact=True).fill("试用结束")
        page.get_by_role("button", name="确定").click()
        expect(page.get_by_role("row").filter(has_text=NEWCOMER)).to_contain_text("已停用")
        assert select("console", ACCOUNT, NEWCOMER) == [officer | {"disabled": True}]
        assert select("console", SESSIONS, NEWCOMER) == [{"open": 0}]
    with step("sees that the officer is out, and stays out"):
        faults.expect(401, "/api/")
        newcomer.reload()
        newcomer.get_by_label("用户名").fill(NEWCOMER)
        newcomer.get_by_label("密码", exact=True).fill(OWN)
        newcomer.get_by_role("button", name="登录").click()
        expect(newcomer.get_by_role("alert")).to_contain_text("用户名或密码不正确")
        newcomer.context.close()
    with step("finds it so after a reload, and what was looked at in the log"):
        page.reload()
        expect(page.get_by_role("row").filter(has_text=NEWCOMER)).to_contain_text("已停用")
        page.goto(f"/operations/access-log?username=city-administrator&entity={uscc}")
        expect(page.get_by_role("link", name=uscc).first).to_be_visible()
        assert select("console", SEEN, "city-administrator", uscc)[0]["entries"] > 0
        axe(page)


def _most_warned(city: Callable[..., Any]) -> tuple[str, str, str]:
    """The sector and the area that have most open warnings together, and the area's name."""
    warned = Counter(
        (sector, signal["area_code"])
        for sector in SECTORS
        for signal in city("profiling/v1/signals", sector=sector, state="open", limit="200")["items"]
    )
    [((sector, code), _)] = warned.most_common(1)
    names = {area["code"]: area["zh"] for area in city("vocabulary")["areas"]}
    return sector, code, names[code]
