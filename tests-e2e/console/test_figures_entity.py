"""An entity's page tells what the services tell of it, cell for cell: who it is, its class and why, what was done."""

from collections.abc import Callable
from functools import partial
from typing import Any

import httpx
import pytest
from agreeing import agree, instead
from playwright.sync_api import Locator, Page, expect
from reading import as_table, cells, described, every, first, items, on_lines, one_line, part, rows, written
from told_by_entity import (
    by_weight,
    decision_told,
    identity_told,
    improve_told,
    moved_told,
    notice_told,
    record_told,
    relation_told,
    sector_told,
    signal_told,
    stages_told,
    standing_told,
    steps_told,
    task_told,
    views_told,
)
from told_by_people import intervention_told, objection_told
from told_by_trail import STAGES, trail_told

Ask = Callable[..., Any]
Told = dict[str, Any]
Names = dict[str, dict[str, str]]

LISTS = {
    "风险预警": ("supervision", "profiling/v1/signals?uscc={}&limit=20", signal_told),
    "检查任务": ("supervision", "sampling/v1/tasks?uscc={}&limit=20", task_told),
    "失信记录": ("records", "repair/v1/records?uscc={}&limit=50", record_told),
    "文书送达": ("records", "notification/v1/notices?uscc={}&limit=20", notice_told),
    "关联主体": ("relations", "profiling/v1/entities/{}/relations", relation_told),
}
LISTINGS = ["regulatory.serious_listed_now"]
REFUSED = {
    "id": 7,
    "kind": "manual",
    "risk_class": "B",
    "indicator": "",
    "reason": "现场核查无异常",
    "expires_on": "2026-12-31",
    "state": "refused",
    "proposed_by": "area-officer",
    "proposed_at": "2026-03-01T16:30:00Z",
    "decided_by": "approver",
    "decided_at": "2026-03-02T01:05:00Z",
    "refuse_reason": "证据不足",
    "end_reason": "",
}
RESTING = REFUSED | {
    "id": 8,
    "kind": "resting",
    "risk_class": "",
    "indicator": LISTINGS[0],
    "state": "in_force",
    "expires_on": None,
    "decided_by": "",
    "decided_at": None,
    "refuse_reason": "",
}
INTERVENTIONS = [REFUSED, RESTING]
OBJECTIONS = [
    {
        "number": 1,
        "record": "demo-bureau|P-1",
        "indicators": LISTINGS,
        "ground": "已移出名单",
        "state": "open",
    }
    | {"filed_on": "2026-03-02", "due_on": "2026-03-22", "reason": ""},
    {"number": 2, "record": "", "indicators": [], "ground": "住所有误", "state": "rejected"}
    | {"filed_on": "2026-02-02", "due_on": "2026-02-22", "reason": "与登记一致"},
]
ELSEWHERE = {"510104", "510105"}
"""The areas whose warnings other tests work."""


@pytest.fixture(scope="module")
def page(page_of: Callable[[str], Page]) -> Page:
    """The page of a city administrator."""
    return page_of("city_administrator")


@pytest.fixture(scope="module")
def known(ask: Ask) -> str:
    """The code of an entity that every list has something of."""
    found = [every(ask, path.partition("?")[0] + "?") for _, path, _ in list(LISTS.values())[:4]]
    codes = set.intersection(*({each["uscc"] for each in these} for these in found))
    worked = {each["uscc"] for each in found[0] if each["area_code"] in ELSEWHERE}
    full = (
        uscc
        for uscc in sorted(codes - worked)
        if ask(f"profiling/v1/entities/{uscc}/relations")
        and len(ask(f"classification/v1/entities/{uscc}/decisions?limit=2")["items"]) > 1
    )
    return first(full, "entity that every list has something of, judged more than once")


@pytest.fixture(scope="module")
def of_a_sector(ask: Ask) -> str:
    """The code of an entity that works in a sector, and is judged there."""
    for row in every(ask, "classification/v1/classes?risk_class=C"):
        if ask(f"classification/v1/entities/{row['uscc']}/class")["sectors"]:
            return str(row["uscc"])
    raise AssertionError("the demo has no entity of class C in a sector")


@pytest.fixture(scope="module")
def called(ask: Ask, names: Names) -> Names:
    """What all that is told of an entity is called, by kind and code."""
    families = {each["code"]: each["zh"] for each in ask("profiling/v1/signals/families")}
    inspected = {each["code"]: each["zh"] for each in ask("sampling/v1/items")}
    return {**names, "families": families, "items": inspected}


@pytest.fixture(scope="module")
def units(ask: Ask) -> dict[str, str]:
    """The units of indicators."""
    return {each["code"]: each["unit"] for each in ask("profiling/v1/catalogue")["indicators"]}


@pytest.mark.page("/entities/:uscc")
@pytest.mark.parametrize("title", LISTS)
def test_a_list_has_the_cells_that_its_service_tells(
    title: str, page: Page, ask: Ask, known: str, called: Names
) -> None:
    """Days, amounts, states, names: of every row all that is shown."""
    tab, path, row_told = LISTS[title]

    def told() -> list[list[str]]:
        found = ask(path.format(known))
        return [row_told(each, called) for each in (found if isinstance(found, list) else found["items"])]

    page.goto(f"/entities/{known}?tab={tab}")

    agree(page, lambda: on_lines(rows(part(page, title))), told)
    assert told()


@pytest.mark.page("/entities/:uscc")
def test_the_head_tells_who_it_is_and_how_it_is_classed(
    page: Page,
    api: Callable[[str], httpx.Client],
    ask: Ask,
    known: str,
    of_a_sector: str,
    names: Names,
    model_names: dict[str, str],
) -> None:
    """Of one that works in a sector, too."""
    for uscc in (known, of_a_sector):
        lookup = {"usccs": [uscc]}
        answer = api("city_administrator").post("/api/classification/v1/classes/lookup", json=lookup)
        (row,) = answer.json()["items"]
        page.goto(f"/entities/{uscc}")
        head = page.locator(".entity-head")
        agree(
            page,
            partial(described, head),
            partial(identity_told, ask(f"profiling/v1/entities/{uscc}"), names),
        )
        agree(page, partial(said, head.locator(".entity-class")), partial(standing_told, row, model_names))


def said(place: Locator) -> str:
    """What stands there, on one line."""
    return one_line(place.inner_text())


@pytest.mark.page("/entities/:uscc")
@pytest.mark.parametrize("letter", "ABCD")
def test_what_would_better_a_class_is_the_services_answer(
    letter: str, page: Page, ask: Ask, units: dict[str, str]
) -> None:
    """Each change with its values and ground; of the best class, that it is."""
    uscc = ask(f"classification/v1/classes?risk_class={letter}&limit=1")["items"][0]["uscc"]
    answer = ask(f"classification/v1/entities/{uscc}/class/counterfactual")

    page.goto(f"/entities/{uscc}")

    place = part(page, "如何改善")
    agree(page, lambda: said(place), lambda: f"如何改善 {improve_told(answer, units)}")


@pytest.mark.page("/entities/:uscc")
def test_the_four_views_add_up_as_the_service_adds(page: Page, ask: Ask, known: str) -> None:
    """Points of each part, of how many, and what is cut off."""
    parts = ask(f"classification/v1/entities/{known}/class")["parts"]

    page.goto(f"/entities/{known}")

    sections = part(page, "四种视角").locator("section")
    agree(page, lambda: items(sections), lambda: views_told(parts))


@pytest.mark.page("/entities/:uscc")
def test_the_months_stand_in_their_order(page: Page, known: str) -> None:
    """The demo's city is not old enough to have any: here it has three."""
    months = [("2026-10-31", "D", 812.5), ("2026-09-30", "C", 640), ("2026-08-31", "A", 95.25)]
    told = [
        {"business_day": day, "risk_class": letter, "score": score, "was_judged": True}
        for day, letter, score in months
    ]
    instead(page, "**/classes/monthly", lambda answer: {**answer, "items": told})

    page.goto(f"/entities/{known}")

    months_shown = part(page, "历月分类").locator("li")
    agree(
        page,
        lambda: items(months_shown),
        lambda: [f"{day[:7]} {letter} {written(score)}" for day, letter, score in reversed(months)],
    )


@pytest.mark.page("/entities/:uscc")
def test_a_sector_has_its_class_its_scale_and_its_steps(
    page: Page, ask: Ask, of_a_sector: str, model_names: dict[str, str]
) -> None:
    """Closed it tells the class; opened, why."""
    sectors = ask(f"classification/v1/entities/{of_a_sector}/class")["sectors"]

    page.goto(f"/entities/{of_a_sector}?sector={sectors[0]['sector']}")

    place = part(page, "行业分类").first
    headers = place.locator(".ant-collapse-header")
    agree(page, lambda: items(headers), lambda: [sector_told(each, model_names) for each in sectors])
    opened = place.locator(".ant-collapse-panel-active, .ant-collapse-content-active")
    expect(opened.locator(".entity-sentence")).to_have_text(sectors[0]["sentence_zh"])
    assert as_table(opened) == steps_told(sectors[0])
    assert items(opened.locator(".entity-views section")) == views_told(sectors[0]["parts"])


@pytest.mark.page("/entities/:uscc")
def test_the_decisions_are_listed_with_what_caused_them(page: Page, ask: Ask, known: str) -> None:
    """Number, moment, class and the one before, score, cause."""
    told = [
        decision_told(each) for each in ask(f"classification/v1/entities/{known}/decisions?limit=50")["items"]
    ]

    page.goto(f"/entities/{known}")

    table = page.get_by_role("region", name="历次决定")
    agree(page, lambda: [row[1:] for row in on_lines(rows(table))], lambda: told)
    assert len(told) > 1


@pytest.mark.page("/entities/:uscc")
def test_the_trail_has_what_every_service_wrote_down(
    page: Page, ask: Ask, known: str, called: Names, model_names: dict[str, str]
) -> None:
    """The six trails are one: when, at which stage, what, and its particulars."""
    trails = {stage: ask(f"{stage}/v1/trail/{known}") for stage in STAGES}
    told = trail_told(trails, {**called, "models": model_names})

    page.goto(f"/entities/{known}?tab=trail")

    trail = part(page, "全链路留痕")
    expect(trail.get_by_text(f"共 {len(told)} 条留痕")).to_be_visible()
    agree(page, lambda: on_lines(rows(trail)), lambda: told[:100])


@pytest.mark.page("/entities/:uscc")
def test_what_people_decided_stands_with_who_and_why(page: Page, ask: Ask, known: str) -> None:
    """Nobody decided anything about it in the demo: here a class was set and refused, and an item rests."""
    indicators = {each["code"]: each["zh"] for each in ask("profiling/v1/catalogue")["indicators"]}
    for what, found in (("interventions", INTERVENTIONS), ("objections", OBJECTIONS)):
        listing = partial(dict, next_cursor=None, items=found)
        instead(page, f"**/classification/v1/{what}?*", lambda _, listing=listing: listing())

    page.goto(f"/entities/{known}?tab=people")

    set_by_people, objected = part(page, "人工调整"), part(page, "异议")
    agree(
        page,
        lambda: on_lines(rows(set_by_people)),
        lambda: [intervention_told(each, indicators) for each in INTERVENTIONS],
    )
    agree(
        page,
        lambda: on_lines(rows(objected)),
        lambda: [objection_told(each, indicators) for each in OBJECTIONS],
    )


@pytest.mark.page("/entities/:uscc/compare")
def test_what_changed_between_two_decisions_is_told_cell_for_cell(
    page: Page, ask: Ask, known: str, units: dict[str, str], model_names: dict[str, str]
) -> None:
    """Class, score, day and model at each stage; of each indicator its values, points and why."""
    last = ask(f"classification/v1/entities/{known}/decisions")["items"][0]["number"]
    answer = ask(f"classification/v1/entities/{known}/decisions/compare?from=1&to={last}")

    page.goto(f"/entities/{known}/compare?from=1&to={last}")

    agree(page, lambda: items(page.locator(".entity-stages li")), lambda: stages_told(answer, model_names))
    table = part(page, "变化的指标").locator("tbody tr.ant-table-row")
    moved = by_weight(answer["indicators"])
    agree(page, lambda: on_lines(cells(table)), lambda: [moved_told(each, units) for each in moved])
    assert moved
