"""Who comes to the console, and who goes."""

import json
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from browsing import Faults, Journey
from httpapi.identity import Role
from playwright.sync_api import Browser, Page, expect

PageAs = Callable[..., Page]
Axe = Callable[[Page], None]


def test_a_city_administrator_logs_in_sees_the_overview_and_logs_out(
    page_as: PageAs, axe: Axe, faults: Faults, step: Journey
) -> None:
    """The first minute of everybody's day, and the last."""
    with step("logs in through the form"):
        page = page_as("city_administrator", anew=True)
    with step("sees the overview"):
        expect(page.get_by_role("heading", level=1, name="总览")).to_be_visible()
        axe(page)
    with step("logs out"):
        page.locator(".who").click()
        page.get_by_role("menuitem", name="退出登录").click()
        expect(page.get_by_label("用户名")).to_be_visible()
        axe(page)
    with step("does not come back with the old cookie"):
        page.reload()
        expect(page.get_by_label("用户名")).to_be_visible()


def test_a_wrong_password_says_so_and_lets_nobody_in(
    browser: Browser, console_url: str, faults: Faults, step: Journey
) -> None:
    """In the reader's language, on the form, in words."""
    faults.expect(401, "/api/session$")
    page = browser.new_context(base_url=console_url, locale="zh-CN").new_page()
    faults.watch(page)
    step.pages.append(page)
    with step("tries a password that is not theirs"):
        page.goto("/")
        page.get_by_label("用户名").fill("auditor")
        page.get_by_label("密码", exact=True).fill("not the password")
        page.get_by_role("button", name="登录").click()
    with step("is told"):
        expect(page.get_by_role("alert")).to_contain_text("用户名或密码不正确")
    page.context.close()


@pytest.mark.parametrize("role", list(Role))
def test_the_demo_gives_every_role_a_login(role: Role, api: Callable[[str], httpx.Client]) -> None:
    """Whose tokens the services take: role, area and whom they act for."""
    session = api(role).get("/api/session").raise_for_status().json()

    assert session["role"] == role


def test_the_demos_passwords_are_kept_for_its_owner_alone(demo: dict[str, Any], state: Path) -> None:
    """Whoever can read them can be anyone."""
    file = state / "console-logins.json"

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert json.loads(file.read_text()) == demo["console"]["logins"]


def test_env_tells_where_the_console_is(console_url: str, creditloop: Callable[..., Any]) -> None:
    """For scripts and for curl."""
    found = json.loads(creditloop("env", "--stack", "e2e", "--json").stdout)

    assert found["CONSOLE_URL"] == console_url
