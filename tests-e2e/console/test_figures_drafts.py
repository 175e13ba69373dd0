"""Drafts, and what one of them would do to the city, as the service tells it."""

from collections.abc import Callable
from math import floor
from typing import Any

import httpx
import pytest
from agreeing import agree, statistics
from playwright.sync_api import Locator, Page, expect
from reading import NOTHING, cells, counted, moment, one_line, rows, share, written

Api = Callable[[str], httpx.Client]
Ask = Callable[..., Any]
PageOf = Callable[[str], Page]
Told = dict[str, Any]

LETTERS = "ABCD"
LOTS = {"uniform": "全员均匀抽查", "observed": "观察期", "key": "重点监管"} | {
    each: f"{each}类" for each in LETTERS
}
STATES = {
    "open": "起草中",
    "submitted": "待审批",
    "approved": "已审批，待上线",
    "promoted": "已上线",
    "withdrawn": "已撤回",
}


@pytest.fixture(scope="module")
def page(page_of: PageOf) -> Page:
    """The page of a model manager."""
    return page_of("model_manager")


@pytest.fixture(scope="module")
def answer(ask: Ask, order: Callable[..., Told], draft: Told) -> Told:
    """What the service answers to whoever asks what the draft would do."""
    text = ask(f"classification/v1/drafts/{draft['id']}")["text"]
    copy = next(each for each in ask("classification/v1/snapshots")["items"] if each["is_complete"])
    found = order(
        "model_manager",
        "POST",
        "classification/v1/models/what-if",
        json={"model": text, "snapshot_id": copy["id"]},
    )
    assert found["movers"] > 0
    return found


def changed(number: float, tell: Callable[[Any], str] = counted) -> str:
    """A change with its sign."""
    return f"+{tell(number)}" if number > 0 else tell(number)


def matrix(place: Locator) -> list[list[str]]:
    """Who goes where, class by class."""
    table = place.get_by_role("table", name="类别迁移矩阵").first
    return cells(table.locator("tbody tr"))


def sides(place: Locator) -> list[list[str]]:
    """The figures of a chart, once it shows them as a table."""
    switch = place.get_by_role("button", name="以表格显示")
    if switch.count():
        switch.click()
    return rows(place.locator("figure"))


@pytest.mark.page("/models/drafts")
def test_the_drafts_are_listed_with_who_had_a_hand_in_them(
    page: Page, ask: Ask, draft: Told, model_names: dict[str, str]
) -> None:
    """Also those of other tests."""

    def told(each: Told) -> list[str]:
        return [
            f"草案 {each['id']}",
            model_names[each["code"]],
            STATES[each["state"]],
            "系统随附的新版本" if each["offers"] else each["author"],
            f"{each['edited_by']} {moment(each['edited_at'])}",
            each["submitted_by"] or NOTHING,
            each["approved_by"] or NOTHING,
            model_names.get(each["model_id"], NOTHING),
        ]

    page.goto("/models/drafts")

    table = page.get_by_role("region", name="模型草案")
    agree(
        page,
        lambda: rows(table),
        lambda: [told(each) for each in ask("classification/v1/drafts")["items"]],
    )
    assert f"草案 {draft['id']}" in [row[0] for row in rows(table)]


# The what-if


@pytest.fixture
def tried(page: Page, draft: Told, answer: Told) -> Page:
    """The draft's page, on which it was tried over the city."""
    if "tab=effects" not in page.url:
        page.goto(f"/models/drafts/{draft['id']}?tab=effects")
        page.get_by_role("button", name="立即试算").click()
    expect(page.get_by_role("region", name="变化主体名单").first).to_be_visible()
    return page


@pytest.mark.page("/models/drafts/:number")
def test_a_trial_tells_who_moves_and_how_many_visits_that_is(tried: Page, answer: Told) -> None:
    """Movers of all, visits by the shares of the plan, classes before and after."""
    live, mix, load = tried.get_by_role("region", name="试算").first, answer["mix"], answer["load"]
    then, now = (floor(sum(load[side].values()) + 0.5) for side in ("then", "now"))

    assert [[title, one_line(said)] for title, said in statistics(live)] == [
        ["类别变化主体", f"{counted(answer['movers'])}共 {counted(answer['entities'])} 户"],
        ["年检查量（次）", f"{counted(then)}{changed(then - now)}"],
    ]
    assert sides(live) == [
        [
            each,
            counted(mix["now"][each]),
            counted(mix["then"][each]),
            changed(mix["then"][each] - mix["now"][each]),
        ]
        for each in LETTERS
    ]
    assert matrix(live) == [
        [row or "无类别", *(counted(answer["migration"][row][column]) for column in LETTERS)]
        for row in ["", *LETTERS]
        if row in answer["migration"]
    ]


@pytest.mark.page("/models/drafts/:number")
@pytest.mark.parametrize(
    ("title", "by", "kind"),
    [
        ("各辖区", "by_area", "areas"),
        ("各行业门类", "by_section", "sections"),
        ("各行业领域", "by_sector", "sectors"),
    ],
)
def test_a_trial_tells_the_groups(
    tried: Page, answer: Told, names: dict[str, dict[str, str]], title: str, by: str, kind: str
) -> None:
    """Entities, movers and classes of each; nobody moves is said."""
    place, groups = tried.get_by_role("region", name=title, exact=True).first, answer[by]
    if not any(group["movers"] for group in groups.values()):
        expect(place).to_contain_text("没有类别变化的主体。")
        return

    def told(code: str, group: Told) -> list[str]:
        now, then = group["now"], group["then"]
        return [
            names[kind].get(code, code or NOTHING),
            counted(sum(now[each] for each in LETTERS)),
            counted(group["movers"]),
            *(f"{counted(then[each])} ({changed(then[each] - now[each])})" for each in LETTERS),
        ]

    assert sorted(sides(place)) == sorted(told(code, group) for code, group in groups.items())


@pytest.mark.page("/models/drafts/:number")
def test_a_trial_tells_the_visits_of_each_lot(tried: Page, answer: Told) -> None:
    """A year's, under the shares that are named."""
    load = answer["load"]

    assert sides(tried.get_by_role("region", name="年检查量（次）", exact=True).first) == [
        [
            LOTS[lot],
            share(load["ratios"][lot]["share"]),
            written(now),
            written(load["then"][lot]),
            changed(round(load["then"][lot] - now, 1) + 0.0, written),
        ]
        for lot, now in load["now"].items()
    ]


@pytest.mark.page("/models/drafts/:number")
def test_a_trial_tells_what_was_found_in_each_class(tried: Page, answer: Told) -> None:
    """By the class of then, and by that of the draft."""

    def told(found: Told | None) -> list[str]:
        found = found or {"valid": None, "problems": None, "rate": None}
        rate = NOTHING
        if found["rate"] is not None:
            rate = f"{share(found['rate'])} ({share(found['low'])}–{share(found['high'])})"
        return [counted(found["valid"]), counted(found["problems"]), rate]

    now, then = (answer["discovery"].get(side, {}) for side in ("now", "then"))
    assert rows(tried.get_by_role("region", name="回测发现率").first) == [
        [letter, *told(now.get(letter)), *told(then.get(letter))]
        for letter in sorted(now.keys() | then.keys())
    ]


@pytest.mark.page("/models/drafts/:number")
def test_a_trial_names_whom_it_moves(
    tried: Page, ask: Ask, answer: Told, names: dict[str, dict[str, str]]
) -> None:
    """One by one, with both scores."""
    movers = ask(f"classification/v1/models/what-if/{answer['id']}/moves?limit=30", "model_manager")["items"]

    def told(each: Told) -> list[str]:
        return [
            ask(f"profiling/v1/entities/{each['uscc']}")["name"],
            each["uscc"],
            names["areas"][each["area_code"]],
            names["sections"].get(each["industry"][:1], each["industry"] or NOTHING),
            each["before"],
            each["after"],
            written(each["score_before"]),
            written(each["score_after"]),
        ]

    expected = [told(each) for each in movers]
    place = tried.get_by_role("region", name="变化主体名单").last
    agree(tried, lambda: rows(place), lambda: expected)
