"""Every page of the console, by every role."""

import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote, urlsplit

import httpx
import pytest
from browsing import ROOT, Faults, Journey, violations
from httpapi.identity import Role
from matrix import SERVICES
from playwright.sync_api import Page, expect

PageAs = Callable[..., Page]
ACCESS: dict[str, list[str]] = json.loads(
    (ROOT / "services/console/web/src/app/access.json").read_text(encoding="utf-8")
)
MAPPING = {
    "fact_type": "creditloop.penalty.imposed.v1",
    "columns": {
        "代码": "subject",
        "日期": "time",
        "文号": ["id", "data.document_number"],
        "种类": "data.kinds",
    },
}
SHEET = "代码,日期,文号,种类\n91510104X,2026年3月1日,（虚构）市监罚〔2026〕71号,fine\n"
NOT_ALLOWED, NOT_FOUND, BROKEN = "无权访问", "没有这一页", "这一页出现故障"


@pytest.fixture(scope="module")
def file(ask: Callable[..., Any], order: Callable[..., Any], send_file: Callable[..., str]) -> str:
    """A file of the source's whose login the demo has, with a report of what is wrong with it."""
    source = ask("session", "source_system")["source"]
    order("city_administrator", "PUT", f"ingestion/v1/sources/{source}/mappings/pages", json=MAPPING)
    return send_file(source, "pages", SHEET, "check")


@pytest.fixture(scope="module")
def addresses(api: Callable[[str], httpx.Client], draft: dict[str, Any], file: str) -> dict[str, str]:
    """The address of every page, by its path; things are of the officer's area."""
    officer, admin = api(Role.AREA_OFFICER), api(Role.CITY_ADMINISTRATOR)

    def first(client: httpx.Client, path: str) -> Any:
        listed = client.get(f"/api/{path}").raise_for_status().json()
        return (listed["items"] if isinstance(listed, dict) else listed)[0]

    task = first(officer, "sampling/v1/tasks")
    things = {
        "/entities/": task["uscc"],
        "/warnings/": first(officer, "profiling/v1/signals")["signal_id"],
        "/inspections/": task["task_id"],
        "/models/:id": first(admin, "classification/v1/models")["id"],
        "/models/drafts/": draft["id"],
        "/collection/files/": file,
    }
    return {path: _address(path, things) for path in ACCESS}


def _address(path: str, things: Mapping[str, Any]) -> str:
    if ":" not in path:
        return path
    (thing,) = (value for begin, value in things.items() if path.startswith(begin))
    return "/".join(quote(str(thing), safe="") if part.startswith(":") else part for part in path.split("/"))


def go(page: Page, address: str) -> None:
    """As by a link of the page itself."""
    page.evaluate(
        "to => { history.pushState({}, '', to); dispatchEvent(new PopStateEvent('popstate')) }", address
    )


@pytest.mark.parametrize("role", list(Role))
def test_a_role_sees_its_pages_and_no_others(
    role: Role, page_as: PageAs, addresses: dict[str, str], faults: Faults, step: Journey
) -> None:
    """A page that is not theirs says so and asks no service; a page of theirs comes without a fault."""
    page = page_as(role)
    asked: list[str] = []
    theirs = {path for path, roles in ACCESS.items() if role in roles}
    for number, path in enumerate(sorted(set(ACCESS) - theirs - {"/"})):
        with step(f"is kept from {path}"):
            go(page, addresses[path])
            expect(page.get_by_role("heading", level=1)).to_have_text(NOT_ALLOWED)
            if number == 0:
                page.on("request", lambda request: asked.append(urlsplit(request.url).path))
    assert [path for path in asked if path.split("/")[2:3] and path.split("/")[2] in SERVICES] == []
    for path in sorted(theirs):
        with step(f"opens {path}"):
            go(page, addresses[path])
            _came(page, faults)


def _came(page: Page, faults: Faults) -> None:
    faults.settle(page)
    heading = page.get_by_role("heading", level=1).first
    expect(heading).not_to_have_text(NOT_ALLOWED)
    expect(heading).not_to_be_empty()
    expect(page.locator("#content .ant-spin-spinning, #content .ant-skeleton")).to_have_count(0)
    assert heading.inner_text() not in {NOT_FOUND, BROKEN}, page.url


@pytest.mark.parametrize("where", ["desk", "phone"])
def test_no_page_has_a_serious_fault_of_accessibility(
    where: str, page_as: PageAs, addresses: dict[str, str], faults: Faults, step: Journey
) -> None:
    """For those who see little, use no mouse, or read with their ears; all pages, then all that was found."""
    pages: dict[str, Page] = {}
    found: list[str] = []
    for path, address in addresses.items():
        role = ACCESS[path][0]
        if role not in pages:
            pages[role] = page_as(role, phone=where == "phone")
        with step(f"looks at {path} as {role}"):
            go(pages[role], address)
            _came(pages[role], faults)
            found += [f"{path}: {each}" for each in violations(pages[role])]

    assert not found, "\n".join(dict.fromkeys(found))


def test_a_page_comes_by_its_address_too(page_as: PageAs, addresses: dict[str, str], faults: Faults) -> None:
    """A colleague sends a link; an address that is none says so."""
    page = page_as(Role.AREA_OFFICER)

    page.goto(addresses["/entities/:uscc"])
    _came(page, faults)
    page.goto("/no-such-page")

    expect(page.get_by_role("heading", level=1)).to_have_text(NOT_FOUND)
    assert faults.found == []
