"""The accounts and the access log tell what the console keeps: who may log in, and who saw or changed what."""

import uuid
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from agreeing import agree
from playwright.sync_api import Page
from reading import moment, on_lines, rows
from told_by_operations import ROLES, access_told

Api = Callable[[str], httpx.Client]
Ask = Callable[..., Any]
Told = dict[str, Any]

WHY = "已调离本单位"
NEWCOMER = {
    "display_name": "新任监管人员",
    "role": "area_officer",
    "area": "510104",
    "password": "nur-einmal-zu-gebrauchen-94",
}


@pytest.fixture(scope="module")
def page(page_of: Callable[[str], Page]) -> Page:
    """The page of an auditor."""
    return page_of("auditor")


@pytest.mark.page("/operations/access-log")
def test_the_access_log_has_every_entry_in_full(page: Page, api: Api, ask: Ask) -> None:
    """A read that was answered, with what it asked for, and one that was refused."""
    listed = ask("classification/v1/classes?risk_class=B&limit=200")["items"]
    uscc = next(each["uscc"] for each in listed if each["area_code"] != "510104")
    api("model_manager").get(f"/api/profiling/v1/entities/{uscc}/facts?limit=7").raise_for_status()
    assert api("area_officer").get(f"/api/classification/v1/entities/{uscc}/class").status_code in {403, 404}

    def told() -> list[list[str]]:
        return [access_told(each) for each in ask(f"access-log?entity={uscc}&limit=100")["items"]]

    agree(page, lambda: len(told()) >= 2, lambda: True)
    page.goto(f"/operations/access-log?entity={uscc}")

    agree(page, lambda: accesses_shown(page), told)
    assert {tuple(row[1:4]) for row in told()} >= {
        ("model-manager", "模型管理员", "查看"),
        ("area-officer", "辖区监管人员", "查看"),
    }


def accesses_shown(page: Page) -> list[list[str]]:
    """The entries, each cell on one line."""
    return on_lines(rows(page.get_by_role("region", name="访问日志")))


@pytest.mark.page("/operations/access-log")
def test_who_changed_and_who_only_looked_is_told_with_the_reason(
    page: Page, api: Api, ask: Ask, accounts: list[Told]
) -> None:
    """Of what is sent by POST some only looks; why an account was changed stands with it."""
    lookup = {"usccs": [ask("classification/v1/classes?risk_class=B&limit=1")["items"][0]["uscc"]]}
    api("city_administrator").post("/api/classification/v1/classes/lookup", json=lookup).raise_for_status()
    path = "access-log?username=city-administrator&limit=100"

    page.goto("/operations/access-log?username=city-administrator")

    agree(
        page,
        lambda: accesses_shown(page),
        lambda: [access_told(each) for each in ask(path, "auditor")["items"]],
    )
    assert {(row[3], row[4]) for row in accesses_shown(page)} >= {
        ("查看", "科学分类 · 批量查询类别 /v1/classes/lookup"),
        ("更改", f"控制台 · 修改账号 /accounts/{accounts[-1]['username']}?disabled=True 理由：{WHY}"),
    }


# Accounts


@pytest.fixture(scope="module")
def accounts(order: Callable[..., Any]) -> list[Told]:
    """Two whose passwords were given for one login; the second was disabled."""
    made = [
        order(
            "city_administrator",
            "POST",
            "accounts",
            json=NEWCOMER | {"username": f"figures-{uuid.uuid4().hex}"},
        )
        for _ in range(2)
    ]
    gone = f"accounts/{made[-1]['username']}"
    order("city_administrator", "PATCH", gone, json={"disabled": True, "reason": WHY})
    return made


def state_told(account: Told) -> str:
    """Whether anybody can log in with an account, and by whose password."""
    if account["disabled"]:
        return "已停用"
    return "待本人设置密码" if account["must_change_password"] else "启用"


@pytest.mark.page("/operations/accounts")
def test_the_accounts_are_those_the_console_keeps(
    page_of: Callable[[str], Page], ask: Ask, accounts: list[Told]
) -> None:
    """Who, as what, of where, since when; also who never logged in, and who no longer can."""
    areas = {each["code"]: each["zh"] for each in ask("vocabulary")["areas"]} | {"510100": "全市"}

    def told(account: Told) -> list[str]:
        where = next(filter(None, (account[name] for name in ("entity", "platform", "source"))), None)
        return [
            account["username"],
            account["display_name"],
            ROLES[account["role"]],
            where or areas[account["area"]],
            state_told(account),
            moment(account["created_at"])[:10],
            moment(account["password_set_at"])[:10],
        ]

    page = page_of("city_administrator")
    page.goto("/operations/accounts")

    agree(
        page,
        lambda: [row[:-1] for row in rows(page.get_by_role("region", name="账号管理"))],
        lambda: [told(each) for each in ask("accounts?limit=100")["items"]],
    )
    kept = {each["username"]: each for each in ask("accounts?limit=100")["items"]}
    assert [state_told(kept[each["username"]]) for each in accounts] == ["待本人设置密码", "已停用"]
