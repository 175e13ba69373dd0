"""Visits, draws and inspectors on the screen are those of sampling, cell for cell."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from agreeing import agree, instead
from playwright.sync_api import Locator, Page, expect
from reading import (
    NOTHING,
    counted,
    described,
    due,
    first,
    items,
    moment,
    on_lines,
    one_line,
    part,
    rows,
    second,
    words,
)

PageAs = Callable[..., Page]
Ask = Callable[..., Any]
Task = Draw = dict[str, Any]

ADMINISTRATOR, INSPECTOR = "city_administrator", "inspector"
AREA = "510105"
WORDS, TEAMS = words("floors/inspections/text.ts"), words("i18n/teams.ts")
STATES = ("waiting", "assigned", "done")


@pytest.fixture(scope="module")
def names(ask: Ask) -> dict[str, str]:
    """Areas, items, results and inspectors by code."""
    areas = {each["code"]: each["zh"] for each in ask("vocabulary")["areas"]}
    coded = {
        each["code"]: each["zh"] for path in ("items", "result-codes") for each in ask(f"sampling/v1/{path}")
    }
    return areas | coded | {each["ref"]: each["name"] for each in ask("sampling/v1/inspectors")}


def why(stratum: str) -> str:
    """Why an entity was drawn."""
    kind, _, letter = stratum.partition(":")
    return f"分类抽查：信用风险 {letter} 类" if letter else WORDS[kind]


def drawn_by(task: Task) -> str:
    """Why, with the class at the draw."""
    return f"{why(task['stratum'])} {task['class_at_draw'] or ''}".strip()


def by_when(task: Task, today: str) -> str:
    """The last day; how far away it is where the visit is not made."""
    return task["due_on"] if task["state"] == "done" else due(task["due_on"], today)


def called(codes: list[str], names: dict[str, str]) -> str:
    """Codes by their names, one after another."""
    return " ".join(names[code] for code in codes)


def found(task: Task, names: dict[str, str]) -> str:
    """What was found."""
    return "、".join(names[code] for code in task["result_codes"])


def row_told(task: Task, names: dict[str, str], today: str) -> list[str]:
    """A visit as a row of the list."""
    return [
        f"{task['name']} {names[task['area_code']]}",
        drawn_by(task),
        called(task["items"], names),
        called(task["inspectors"], names),
        by_when(task, today),
        WORDS[f"state_{task['state']}"],
        found(task, names) if task["result_codes"] else "录入结果",
    ]


def table(page: Page, name: str, count: int) -> Locator:
    """The list of this name, once it has so many rows."""
    place = page.get_by_role("region", name=name)
    expect(place.locator("tbody tr.ant-table-row")).to_have_count(count)
    return place


@pytest.mark.page("/inspections")
@pytest.mark.parametrize("limit", ["", f"state=done&area={AREA}"])
def test_all_visits_are_listed_as_the_service_lists_them(
    limit: str, page_as: PageAs, ask: Ask, names: dict[str, str], today: str
) -> None:
    """Whom, why, what, who goes, by when, what was found."""
    told = ask(f"sampling/v1/tasks?limit=50&{limit}")["items"]
    page = page_as(ADMINISTRATOR)

    page.goto(f"/inspections?{limit}")

    place = page.get_by_role("region", name="检查任务列表")
    agree(page, lambda: on_lines(rows(place)), lambda: [row_told(task, names, today) for task in told])


@pytest.mark.page("/inspections")
@pytest.mark.parametrize("limit", ["", f"area={AREA}"])
def test_each_state_has_as_many_visits_as_the_list(limit: str, page_as: PageAs, ask: Ask) -> None:
    """Of those that the list is limited to."""
    page = page_as(ADMINISTRATOR)
    page.goto(f"/inspections?{limit}")
    table(page, "检查任务列表", len(ask(f"sampling/v1/tasks?limit=50&{limit}")["items"]))

    page.get_by_role("combobox", name="状态").click()

    options = page.locator(".ant-select-dropdown:visible .ant-select-item-option")
    expect(options).to_have_count(len(STATES))
    assert items(options) == [
        f"{WORDS[f'state_{state}']} {counted(how_many(ask, f'state={state}&{limit}'))}" for state in STATES
    ]


def how_many(ask: Ask, query: str, role: str = ADMINISTRATOR) -> int:
    """Visits that a filter leaves, counted one by one."""
    page = ask(f"sampling/v1/tasks?limit=200&{query}", role)
    assert page["next_cursor"] is None
    return len(page["items"])


@pytest.mark.page("/inspections")
def test_an_inspector_has_their_own_visits(
    page_as: PageAs, ask: Ask, names: dict[str, str], today: str
) -> None:
    """Those to make and those made, each with what is told of it."""
    page = page_as(INSPECTOR)
    page.goto("/inspections")
    expect(page.locator(".tab-count")).to_have_count(2)
    queries = [f"mine=true&state={state}" for state in ("assigned", "done")]
    assert items(page.locator(".tab-count")) == [
        counted(how_many(ask, query, INSPECTOR)) for query in queries
    ]
    for tab, query in zip(("待检查", "已完成"), queries, strict=True):
        told = ask(f"sampling/v1/tasks?limit=30&{query}", INSPECTOR)["items"]
        page.get_by_role("tab", name=tab).click()
        cards = page.get_by_role("region", name="检查任务列表").locator("li .card")
        agree(page, partial(items, cards), partial(cards_told, told, names, today))


@pytest.mark.page("/inspections")
def test_a_phone_shows_each_visit_as_a_card(
    page_as: PageAs, ask: Ask, names: dict[str, str], today: str
) -> None:
    """All of the city's, as a city administrator sees them out of office."""
    told = ask("sampling/v1/tasks?limit=50")["items"]
    page = page_as(ADMINISTRATOR, phone=True)

    page.goto("/inspections")

    cards = page.get_by_role("region", name="检查任务列表").locator("li .card")
    agree(page, lambda: items(cards), lambda: cards_told(told, names, today))


def cards_told(tasks: list[Task], names: dict[str, str], today: str) -> list[str]:
    """Visits as cards."""
    return [card_told(task, names, today) for task in tasks]


def card_told(task: Task, names: dict[str, str], today: str) -> str:
    """A visit as a card."""
    lines = [task["name"], task["address"], drawn_by(task), called(task["items"], names)]
    due = f"完成期限 {by_when(task, today)}"
    if task["result_codes"]:
        return " ".join([*lines, found(task, names), due])
    return " ".join([*lines, due, "录入结果"])


@pytest.mark.page("/inspections")
def test_a_draw_tells_what_was_promised_and_what_was_drawn(
    page_as: PageAs, ask: Ask, names: dict[str, str]
) -> None:
    """The row, the commitment and the quotas."""
    told = ask("sampling/v1/draws?limit=30")["items"]
    page = page_as(ADMINISTRATOR)

    page.goto("/inspections?tab=draws")

    place = page.get_by_role("region", name="抽查批次列表")
    agree(
        page,
        lambda: [row[1:] for row in on_lines(rows(place))],
        lambda: [draw_told(draw, names) for draw in told],
    )
    draw, promise = told[0], told[0]["commitment"]
    place.locator(".ant-table-row-expand-icon").first.click()
    detail = place.locator(".ant-table-expanded-row").first
    agree(page, lambda: dict(described(detail)) | {"核验方法": ""}, lambda: promise_told(draw))
    assert rows(detail) == [
        [why("uniform"), counted(promise["uniform_take"]), counted(promise["population"])],
        *(
            [why(each["stratum"]), counted(each["take"]), counted(each["population"])]
            for each in draw["quotas"]
        ),
    ]


def draw_told(draw: Draw, names: dict[str, str]) -> list[str]:
    """A draw as a row of the list."""
    return [
        draw["draw_id"],
        draw["day"],
        names[draw["area_code"]] if draw["area_code"] else "全市",
        called(draw["items"], names),
        WORDS[f"state_{draw['state']}"],
        counted(draw["commitment"]["population"]),
        counted(draw["drawn"]),
        "下载抽查文件" if draw["state"] == "revealed" else NOTHING,
    ]


def promise_told(draw: Draw) -> dict[str, str]:
    """What was promised before a draw, but for the words on how to check it, and what became of it."""
    promise = draw["commitment"]
    return {
        "核验方法": "",
        "承诺摘要（SHA-256）": draw["commitment_sha256"],
        "种子来源": one_line(promise["seed_rule"]["source"]),
        "种子最早公布时间": second(promise["seed_rule"]["known_from"]),
        "公开种子": draw["public_seed"],
        "发起人": draw["ordered_by"],
        "抽取时间": second(draw["settled_at"]),
        "排除": "，".join(f"{WORDS[reason]} {counted(many)}" for reason, many in promise["excluded"].items()),
    }


@pytest.mark.page("/inspections")
def test_the_inspectors_are_those_of_the_service(page_as: PageAs, ask: Ask, names: dict[str, str]) -> None:
    """Area, specialties, licence, and from how many entities each keeps away."""
    told = ask("sampling/v1/inspectors")
    page = page_as(ADMINISTRATOR)

    page.goto("/inspections?tab=inspectors")

    place = page.get_by_role("tabpanel", name="检查人员")
    agree(
        page,
        lambda: rows(place),
        lambda: [
            [
                each["name"],
                names[each["area_code"]],
                "、".join(WORDS[specialty] for specialty in each["specialties"]) or NOTHING,
                each["licence_valid_until"],
                counted(len(each["conflicts"])),
            ]
            for each in told[:50]
        ],
    )


@pytest.mark.page("/inspections/:id")
@pytest.mark.parametrize("state", ["assigned", "done"])
def test_a_visit_tells_what_the_service_tells(
    state: str, page_as: PageAs, ask: Ask, names: dict[str, str], today: str
) -> None:
    """Whom, where, why, who goes, by when, what was found, and what is open about the entity."""
    tasks = ask(f"sampling/v1/tasks?state={state}&limit=200")["items"]
    warned = (
        each for each in tasks if ask(f"profiling/v1/signals?uscc={each['uscc']}&state=open&limit=1")["items"]
    )
    task = first(warned, "visit to an entity with an open warning")
    page = page_as(ADMINISTRATOR)

    page.goto(f"/inspections/{task['task_id']}")

    expect(page.get_by_role("heading", level=1)).to_have_text(task["name"])
    agree(page, lambda: dict(described(part(page, "检查对象"))), lambda: visit_told(task, names, today))
    if state == "done":
        assert dict(described(part(page, "检查结果"))) == {
            "检查结果": found(task, names),
            "检查时间": moment(task["occurred_at"]),
            "现场情况": task["remark"],
        }
    families = {each["code"]: each["zh"] for each in ask("profiling/v1/signals/families")}
    warnings = ask(f"profiling/v1/signals?uscc={task['uscc']}&state=open&limit=20")["items"]
    open_ones = part(page, "待处置预警（检查时留意）")
    expect(open_ones.locator(".ant-skeleton")).to_have_count(0)
    agree(
        page,
        lambda: items(open_ones.locator("li")),
        lambda: [f"{families[each['family']]} {due(each['due_on'], today)}" for each in warnings],
    )


def visit_told(task: Task, names: dict[str, str], today: str) -> dict[str, str]:
    """Whom a visit is paid, why, by whom and by when."""
    told = {
        "经营主体": task["name"],
        "统一社会信用代码": task["uscc"],
        "住所": task["address"],
        "抽取原因": drawn_by(task),
        "检查事项": called(task["items"], names),
        "检查组": called(task["inspectors"], names),
        "抽取日期": task["drawn_on"],
        "完成期限": by_when(task, today),
        "状态": WORDS[f"state_{task['state']}"],
    }
    return told | ({"派人说明": note_told(task["note"], names)} if task["note"] else {})


def note_told(note: str, names: dict[str, str]) -> str:
    """What bent for the team, with the areas that helped."""
    parts = (each.partition(":") for each in note.split("; "))
    return " ".join(
        TEAMS[code] + (f"（{'、'.join(names[area] for area in helping.split(','))}）" if helping else "")
        for code, _, helping in parts
    )


@pytest.mark.page("/inspections/:id")
def test_a_visit_tells_what_bent_for_its_team(
    page_as: PageAs, ask: Ask, names: dict[str, str], today: str
) -> None:
    """Who came from which other area, and what the team lacks."""
    note = {"note": "neighbouring_area:510105,510106; no_specialist"}
    task = first(ask("sampling/v1/tasks?state=assigned&limit=1")["items"], "visit to be made") | note
    page = page_as(ADMINISTRATOR)
    instead(page, f"**/sampling/v1/tasks/{task['task_id']}", lambda answer: answer | note)

    page.goto(f"/inspections/{task['task_id']}")

    agree(page, lambda: dict(described(part(page, "检查对象"))), lambda: visit_told(task, names, today))
    assert note_told(task["note"], names) == "由相邻辖区支援（青羊区、金牛区） 无所需专业人员"
