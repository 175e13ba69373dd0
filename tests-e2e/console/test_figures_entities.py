"""Entities are listed and found as the services tell them: class, name, address, score, area, industry, state."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from agreeing import agree
from playwright.sync_api import Page
from reading import items, on_lines, rows, words, written
from told_by_entity import STATUSES

pytestmark = pytest.mark.page("/entities")

Api = Callable[[str], httpx.Client]
Ask = Callable[..., Any]
Told = dict[str, Any]
Names = dict[str, dict[str, str]]

ME = "city_administrator"
MATCHED = words("floors/entity/searchText.ts")


@pytest.fixture(scope="module")
def page(page_of: Callable[[str], Page]) -> Page:
    """The page of a city administrator."""
    return page_of(ME)


def looked_up(api: Api, path: str, usccs: list[str]) -> Any:
    """What a service has of many entities at once."""
    return api(ME).post(f"/api/{path}/lookup", json={"usccs": usccs}).raise_for_status().json()


@pytest.mark.parametrize(
    ("shown", "asked"),
    [
        ("class=C", "risk_class=C"),
        ("area=510105", "area=510105"),
        ("status=cancelled&area=510107", "status=cancelled&area=510107"),
    ],
)
def test_the_list_has_the_cells_that_the_services_tell(
    shown: str, asked: str, page: Page, api: Api, ask: Ask, names: Names
) -> None:
    """Of a class, of an area, and of a state in an area."""
    found = ask(f"classification/v1/classes?{asked}&limit=50")["items"]
    listed = looked_up(api, "profiling/v1/entities", [row["uscc"] for row in found])
    known = {each["uscc"]: each for each in listed}

    page.goto(f"/entities?{shown}")

    table = page.get_by_role("region", name="经营主体")
    agree(
        page,
        lambda: on_lines(rows(table)),
        lambda: [row_told(row, known[row["uscc"]], names) for row in found],
    )
    assert found


def row_told(row: Told, entity: Told, names: Names) -> list[str]:
    """An entity as a row of the list."""
    return [
        row["risk_class"],
        f"{entity['name']} {entity['address']}".strip(),
        row["uscc"],
        written(row["score"]),
        names["areas"][row["area_code"]],
        f"{row['industry']} {names['sections'][row['industry'][:1]]}",
        STATUSES[row["status"]],
    ]


@pytest.mark.parametrize("asked", ["name", "address", "code"])
def test_what_is_found_is_told_with_what_matched(
    asked: str, page: Page, api: Api, ask: Ask, names: Names
) -> None:
    """By a part of the name, the whole address, a part of the code."""
    uscc = ask("classification/v1/classes?risk_class=C&limit=1")["items"][0]["uscc"]
    entity = ask(f"profiling/v1/entities/{uscc}")
    q = {"name": entity["name"][2:6], "address": entity["address"], "code": uscc[:14]}[asked]
    found = api(ME).get("/api/profiling/v1/entities/search", params={"q": q, "limit": 20}).json()["items"]
    judged = looked_up(api, "classification/v1/classes", [each["uscc"] for each in found])["items"]
    classes = {row["uscc"]: row["risk_class"] for row in judged}

    page.goto(f"/entities?q={q}")

    hits = page.locator("[data-result]")
    agree(page, lambda: items(hits), lambda: [hit_told(each, classes[each["uscc"]], names) for each in found])
    assert asked in {each["matched_by"] for each in found}


def hit_told(hit: Told, risk_class: str, names: Names) -> str:
    """An entity that was found, on one line."""
    similar = "" if hit["is_exact"] else MATCHED["similar"]
    matched = MATCHED[f"matched_{hit['matched_by']}"]
    return (
        f"{risk_class} {hit['name']} {matched}{similar} {hit['address']}"
        f" {hit['uscc']} 法定代表人 {hit['legal_person_ref'] or '—'}"
        f" {names['areas'][hit['area_code']]} · {STATUSES[hit['status']]}"
        f" {hit['industry']} {names['sections'][hit['industry'][:1]]}"
    )
