"""Sessions that end, accounts that change, passwords of one's own, and a console that is killed."""

import asyncio
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from browsing import Faults, Journey, choose_password, context, log_in
from creditloop_cli.local import local_stack
from playwright.sync_api import Browser, Locator, Page, expect

PageAs = Callable[..., Page]
Axe = Callable[[Page], None]
Api = Callable[[str], httpx.Client]
Select = Callable[..., list[dict[str, Any]]]
Login = dict[str, Any]

ADMINISTRATOR = "city-administrator"
NEWEST_ENDS = """
update session set ended_at = now(), end_reason = 'logout' where id_hash = (
    select id_hash from session where username = $1 and ended_at is null order by began_at desc limit 1
) returning username
"""
ENTRIES = "select reason from access_entry where path = $1 and reason is not null order by number"
DISABLED = "select disabled from account where username = $1"


@pytest.fixture
def somebody(api: Api) -> tuple[str, str]:
    """An officer's account that nobody else of the tests uses, and the password an administrator gave it."""
    username, password = f"officer-{secrets.token_hex(3)}", secrets.token_urlsafe(12)
    told = {"username": username, "display_name": "新来的", "role": "area_officer", "area": "510104"}
    api("city_administrator").post("/api/accounts", json={**told, "password": password}).raise_for_status()
    return username, password


@pytest.fixture
def stack(demo: dict[str, Any]) -> Callable[[str], None]:
    """`stack("kill")` and `stack("restart")` do that to the console."""

    def do(what: str) -> None:
        with ThreadPoolExecutor(1) as elsewhere:  # Playwright runs a loop in this thread
            elsewhere.submit(lambda: asyncio.run(getattr(local_stack("e2e"), what)("console"))).result()

    return do


def over(page: Page, title: str) -> Locator:
    """What stands over the page."""
    return page.get_by_role("dialog").filter(has_text=title)


def log_in_again(page: Page, password: str) -> None:
    """By the form over the page, which knows whose page it is."""
    form = over(page, "会话已结束，请重新登录")
    form.get_by_label("密码", exact=True).fill(password)
    form.get_by_role("button", name="登录").click()
    expect(form).to_have_count(0)


def test_a_session_that_ends_while_somebody_types_loses_nothing(
    page_as: PageAs,
    logins: dict[str, Login],
    somebody: tuple[str, str],
    select: Select,
    faults: Faults,
    axe: Axe,
    step: Journey,
) -> None:
    """Neither a reason half typed, nor one that was confirmed a moment too late; each is done once."""
    faults.expect(401, "/api/")
    username, _ = somebody
    password = logins["city_administrator"]["password"]
    page = page_as("city_administrator", anew=True)
    reason = page.get_by_label("理由", exact=True)
    with step("begins to say why an account is disabled"):
        page.goto("/operations/accounts")
        page.get_by_role("button", name=f"停用 {username}").click()
        reason.fill("已调离")
    with step("comes back to the window after the session has ended"):
        assert select("console", NEWEST_ENDS, ADMINISTRATOR)
        page.evaluate("window.dispatchEvent(new Event('focus'))")
        expect(over(page, "会话已结束，请重新登录")).to_contain_text("已填写的内容仍在")
        axe(page)
    with step("is told of a wrong password in its place"):
        form = over(page, "会话已结束，请重新登录")
        expect(form.get_by_label("用户名")).to_have_value(ADMINISTRATOR)
        form.get_by_label("密码", exact=True).fill("not the password")
        form.get_by_role("button", name="登录").click()
        expect(form.get_by_role("alert")).to_contain_text("用户名或密码不正确")
    with step("logs in again, finds the text, and goes on with it"):
        log_in_again(page, password)
        expect(reason).to_have_value("已调离")
        reason.fill("已调离本岗")
        page.get_by_role("button", name="确定").click()
        expect(page.get_by_role("row").filter(has_text=username)).to_contain_text("已停用")
        assert select("console", DISABLED, username) == [{"disabled": True}]
    with step("confirms another change, after the session has ended once more"):
        page.get_by_role("button", name=f"启用账号 {username}").click()
        reason.fill("回到本岗")
        assert select("console", NEWEST_ENDS, ADMINISTRATOR)
        page.get_by_role("button", name="确定").click()
        expect(over(page, "会话已结束，请重新登录")).to_be_visible()
        assert select("console", DISABLED, username) == [{"disabled": True}]
    with step("logs in, and what was confirmed is done"):
        log_in_again(page, password)
        expect(page.get_by_role("row").filter(has_text=username)).to_contain_text("待本人设置密码")
        assert select("console", DISABLED, username) == [{"disabled": False}]
    with step("finds both reasons in the access log, once each"):
        told = select("console", ENTRIES, f"/accounts/{username}")
        assert told == [{"reason": "已调离本岗"}, {"reason": "回到本岗"}]
        page.goto(f"/operations/access-log?username={ADMINISTRATOR}")
        expect(page.get_by_text("理由：回到本岗")).to_be_visible()


def test_a_page_does_not_act_in_the_name_of_who_logged_in_later(
    page_as: PageAs,
    logins: dict[str, Login],
    somebody: tuple[str, str],
    select: Select,
    faults: Faults,
    axe: Axe,
    step: Journey,
) -> None:
    """One browser has one session: a second tab changes it under the first."""
    faults.expect(409, "/api/")
    username, _ = somebody
    page = page_as("city_administrator", anew=True)
    with step("has a reason typed in the first tab"):
        page.goto("/operations/accounts")
        page.get_by_role("button", name=f"停用 {username}").click()
        page.get_by_label("理由", exact=True).fill("另一账号的操作")
    with step("logs in as somebody else in a second tab"):
        second = page.context.new_page()
        faults.watch(second)
        second.goto("/")
        second.locator(".who").click()
        second.get_by_role("menuitem", name="退出登录").click()
        log_in(second, logins["auditor"]["username"], logins["auditor"]["password"])
    with step("confirms in the first: nothing is done, and the page says who is there"):
        page.get_by_role("button", name="确定").click()
        told = over(page, "本浏览器已换用其他账号")
        expect(told).to_contain_text("审计员")
        axe(page)
        assert select("console", DISABLED, username) == [{"disabled": False}]
        assert select("console", ENTRIES, f"/accounts/{username}") == []
    with step("goes on as that account"):
        told.get_by_role("button", name="重新载入").click()
        expect(page.locator(".who")).to_contain_text("审计员")


def test_a_password_that_was_given_is_for_one_login(
    browser: Browser,
    console_url: str,
    somebody: tuple[str, str],
    select: Select,
    faults: Faults,
    axe: Axe,
    step: Journey,
) -> None:
    """Whoever gave it knows it: its owner chooses another before anything else, and later whenever they want."""
    faults.expect(422, "/api/session/password$")
    username, given = somebody
    page = context(browser, console_url).new_page()
    faults.watch(page)
    step.pages.append(page)
    first, second = "一个只有我知道的长句子", "another sentence of my own"
    with step("logs in with it, and sees nothing but the form"):
        log_in(page, username, given)
        expect(page.get_by_role("heading", name="请设置您自己的密码")).to_be_visible()
        expect(page.get_by_role("navigation")).to_have_count(0)
        axe(page)
    with step("is refused one that many people use"):
        choose_password(page, given, "qwertyuiopasdf")
        expect(page.get_by_role("alert")).to_contain_text("容易被猜中")
    with step("chooses one of their own, and is in"):
        choose_password(page, given, first + first)
        expect(page.get_by_role("heading", level=1, name="总览")).to_be_visible()
    with step("chooses another from the menu; a wrong one of now is named"):
        page.locator(".who").click()
        page.get_by_role("menuitem", name="修改密码").click()
        choose_password(page, "not the password", second)
        expect(page.get_by_role("alert")).to_contain_text("当前密码不正确")
        axe(page)
        choose_password(page, first + first, second)
        expect(page.get_by_role("dialog")).to_have_count(0)
        must = select("console", "select must_change from account where username = $1", username)
        assert must == [{"must_change": False}]
    with step("logs out, and in with the last"):
        page.locator(".who").click()
        page.get_by_role("menuitem", name="退出登录").click()
        log_in(page, username, second)
        expect(page.get_by_role("heading", level=1, name="总览")).to_be_visible()
    page.context.close()


def test_a_console_that_is_killed_comes_back_with_its_sessions(
    browser: Browser,
    console_url: str,
    logins: dict[str, Login],
    stack: Callable[[str], None],
    step: Journey,
) -> None:
    """The picture of the loop says meanwhile that it is not live, and is again by itself."""
    page = context(browser, console_url).new_page()
    step.pages.append(page)
    lost = page.get_by_text("实时数据已中断")
    with step("watches the loop"):
        log_in(page, logins["auditor"]["username"], logins["auditor"]["password"])
        expect(page.get_by_role("region", name="闭环运行").get_by_text("正常").first).to_be_visible()
    with step("sees that it is not live while the console is dead"):
        stack("kill")
        expect(lost).to_be_visible()
    with step("sees it live again once it is back"):
        stack("restart")
        expect(lost).to_have_count(0)
    with step("is still logged in"):
        page.goto("/operations")
        expect(page.locator(".who")).to_contain_text("审计员")
    page.context.close()
