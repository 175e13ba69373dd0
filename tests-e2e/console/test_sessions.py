"""Sessions that end, accounts that change, passwords of one's own, and a console that is killed."""

import asyncio
import json
import os
import secrets
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from typing import Any

import httpx
import pytest
from browsing import ROOT, Faults, Journey, choose_password, context, log_in
from creditloop_cli.local import local_stack
from localstack.ports import free_ports
from localstack.services import SERVICES
from playwright.sync_api import APIResponse, Browser, Locator, Page, Route, expect

PageAs = Callable[..., Page]
Axe = Callable[[Page], None]
Api = Callable[[str], httpx.Client]
Select = Callable[..., list[dict[str, Any]]]
Login = dict[str, Any]

ADMINISTRATOR = "city-administrator"
NEWEST_ENDS = """
update session set ended_at = now(), end_reason = 'logout', locked_tokens = null where id_hash = (
    select id_hash from session where username = $1 and ended_at is null order by began_at desc limit 1
) returning username
"""
ENTRIES = "select reason from access_entry where path = $1 and reason is not null order by number"
MOVED = "update account set area = '510105' where username = $1 returning username"
BUSY = {"type": "about:blank", "title": "Busy", "status": 503}
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


def log_out(page: Page) -> None:
    """By the menu; it is done when the form to log in is there."""
    page.locator(".who").click()
    page.get_by_role("menuitem", name="退出登录").click()
    expect(page.get_by_label("用户名")).to_be_visible()


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
        log_out(second)
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


def test_whoever_comes_back_with_another_area_is_shown_that_area(
    browser: Browser,
    console_url: str,
    somebody: tuple[str, str],
    select: Select,
    faults: Faults,
    step: Journey,
) -> None:
    """Nothing that was read within the first area stays, and no older answer asks them to log in once more."""
    faults.expect(401, "/api/")
    username, given = somebody
    chosen = "一个只有我知道的长句子，用两次"
    page = context(browser, console_url).new_page()
    faults.watch(page)
    step.pages.append(page)
    with step("reads the warnings of one area"):
        log_in(page, username, given)
        choose_password(page, given, chosen)
        expect(page.get_by_role("navigation", name="主导航")).to_be_visible()
        page.goto("/warnings")
        expect(page.locator(".due-day").first).to_be_visible()
    with step("is moved, and comes back to the window, twice; one answer is slow"):
        assert select("console", MOVED, username)
        assert select("console", NEWEST_ENDS, username)
        page.evaluate("window.dispatchEvent(new Event('focus'))")
        expect(over(page, "会话已结束，请重新登录")).to_be_visible()
        slow: list[tuple[Route, APIResponse]] = []
        page.route("**/api/session", lambda route: slow.append((route, route.fetch())), times=1)
        page.evaluate("window.dispatchEvent(new Event('focus'))")
        while not slow:
            page.wait_for_timeout(50)
    with step("logs in again, and the list is read anew"):
        with page.expect_response("**/api/profiling/v1/signals?*"):
            log_in_again(page, chosen)
        page.locator(".who").click()
        expect(page.get_by_role("menuitem").filter(has_text="青羊区")).to_be_visible()
    with step("the slow answer changes nothing"):
        route, answer = slow[0]
        with page.expect_response("**/api/session"):
            route.fulfill(response=answer)
        faults.settle(page)
        expect(over(page, "会话已结束，请重新登录")).to_have_count(0)
    page.context.close()


def test_what_ends_with_the_session_neither_takes_the_page_away_nor_is_silent(
    page_as: PageAs, logins: dict[str, Login], select: Select, faults: Faults, step: Journey
) -> None:
    """A file that is fetched, a password that is changed, and a logout that does not succeed."""
    faults.expect(401, "/api/")
    faults.expect(503, "/api/session$")
    page = page_as("auditor", anew=True)
    username, password = logins["auditor"]["username"], logins["auditor"]["password"]
    with step("fetches a workbook after the session has ended"):
        page.goto("/collection/quality")
        expect(page.get_by_role("link", name="导出 Excel")).to_be_visible()
        faults.settle(page)
        assert select("console", NEWEST_ENDS, username)
        page.get_by_role("link", name="导出 Excel").click()
        expect(over(page, "会话已结束，请重新登录")).to_be_visible()
    with step("logs in, and it comes"), page.expect_download() as fetched:
        log_in_again(page, password)
    assert fetched.value.suggested_filename.endswith(".xlsx")
    with step("changes the password after the session has ended"):
        page.locator(".who").click()
        page.get_by_role("menuitem", name="修改密码").click()
        assert select("console", NEWEST_ENDS, username)
        choose_password(page, password, "一个只有我知道的长句子，用一次")
        log_in_again(page, password)
        expect(page.get_by_label("新密码", exact=True)).to_have_value("一个只有我知道的长句子，用一次")
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)
    with step("is told that logging out did not succeed"):
        page.route("**/api/session", lambda route: route.fulfill(status=503, json=BUSY), times=1)
        page.locator(".who").click()
        page.get_by_role("menuitem", name="退出登录").click()
        expect(page.locator(".ant-notification-notice")).to_contain_text("服务暂时繁忙")


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
        log_out(page)
        log_in(page, username, second)
        expect(page.get_by_role("heading", level=1, name="总览")).to_be_visible()
    page.context.close()


@pytest.fixture
def elsewhere(demo: dict[str, Any], database: Callable[[str], str]) -> Iterator[tuple[str, str]]:
    """A console whose people log in with an issuer, and that issuer; the services do not know it, and refuse all."""
    port = free_ports(1)[0]
    with ExitStack() as running:
        command = [sys.executable, str(ROOT / "services/console/tests/oidc_issuer.py")]
        issuer = running.enter_context(_process(command, {}, stdout=subprocess.PIPE))
        assert issuer.stdout
        address = issuer.stdout.readline().decode().strip()
        told = {
            "DATABASE_URL": database("console").replace("postgresql:", "postgresql+asyncpg:"),
            "SERVICE_URLS": json.dumps({name: demo["urls"][name] for name in SERVICES}),
            "HTTP_PORT": str(port),
            "IDENTITY_ISSUER": address,
            "OIDC_CLIENT_ID": "console",
            "OIDC_CLIENT_SECRET": "a secret:with/signs",
            "OIDC_REDIRECT_BASE": f"http://127.0.0.1:{port}",
        }
        running.enter_context(_process([sys.executable, "-m", "console_service.main"], told))
        url = f"http://127.0.0.1:{port}"
        _until_ready(f"{url}/health/ready")
        httpx.put(f"{address}/control", json={"as": "ann"}, trust_env=False)
        yield url, address


@contextmanager
def _process(command: list[str], told: dict[str, str], **more: Any) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(command, env={**os.environ, **told}, **more)
    try:
        yield process
    finally:
        process.terminate()
        process.communicate(timeout=30)


def _until_ready(url: str) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with suppress(httpx.TransportError):
            if httpx.get(url, trust_env=False).is_success:
                return
        time.sleep(0.1)
    raise AssertionError(f"{url} is not ready")


def test_who_logs_in_with_an_issuer_comes_back_to_what_they_had_typed(
    browser: Browser, elsewhere: tuple[str, str], select: Select, axe: Axe, step: Journey
) -> None:
    """In a new tab: to the issuer one leaves the page, and with it what is in it."""
    url, _ = elsewhere
    page = context(browser, url).new_page()
    step.pages.append(page)
    search = page.get_by_placeholder("查找经营主体")
    with step("logs in at the issuer"):
        page.goto("/")
        page.get_by_role("link", name="使用统一身份认证登录").click()
        expect(page.locator(".who")).to_contain_text("安娜")
    with step("types, and comes back to the window after the session has ended"):
        search.fill("锦江区春熙路")
        assert select("console", NEWEST_ENDS, "ann")
        page.evaluate("window.dispatchEvent(new Event('focus'))")
        form = over(page, "会话已结束，请重新登录")
        axe(page)
    with step("logs in in a new tab"), page.expect_popup() as opened:
        form.get_by_role("link", name="在新标签页登录").click()
    with step("is told to go back, and finds everything"):
        expect(opened.value.get_by_role("heading", level=1, name="登录成功")).to_be_visible()
        expect(opened.value).to_have_title("登录成功 · 信用闭环")
        axe(opened.value)
        page.evaluate("window.dispatchEvent(new Event('focus'))")
        expect(form).to_have_count(0)
        expect(search).to_have_value("锦江区春熙路")
    with step("has no password here to change"):
        page.locator(".who").click()
        expect(page.get_by_role("menuitem", name="退出登录")).to_be_visible()
        expect(page.get_by_role("menuitem", name="修改密码")).to_have_count(0)
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
