"""The overview tells what the services tell: stages, classes, areas, sectors, and what waits for whom."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from agreeing import agree
from overview import (
    CLASSES,
    Figures,
    mix_said,
    mixes,
    rate_said,
    risky,
    sectors_shown,
    sectors_told,
)
from playwright.sync_api import Locator, Page, expect
from reading import NOTHING, counted, figures, one_line, panel, share, written
from work import Work, queues_shown

pytestmark = pytest.mark.page("/")

PageAs = Callable[..., Page]
Api = Callable[[str], httpx.Client]
Ask = Callable[..., Any]

AREA = "510104"
EVENTS_WAITED_FOR = 10


@pytest.fixture
def page(page_as: PageAs) -> Page:
    """The overview, as a city administrator sees it."""
    return page_as("city_administrator")


# The six stages


def stage_said(stage: Figures) -> list[str]:
    """A stage's name, how it is, rates, backlog, dead letters, and alarms."""
    health = "▲ 需关注" if stage["alarms"] or stage["dead_letters"] else "● 正常"
    rates = [stage["in_per_s"], stage["out_per_s"]]
    return [
        stage["zh"],
        health if stage["up"] else "✕ 无响应",
        *(NOTHING if rate is None else f"{written(rate)}/秒" for rate in rates),
        counted(stage["backlog"]),
        counted(stage["dead_letters"]),
        *(alarm["zh"] for alarm in stage["alarms"]),
    ]


def stages_shown(page: Page) -> list[list[str]]:
    """What the picture of the loop says."""
    parts = ".stage-head > :first-child, .stage-health, dd, .stage-alarm"
    found: list[list[str]] = page.locator(".stages > li").evaluate_all(
        "(stages, parts) => stages.map(stage => [...stage.querySelectorAll(parts)].map(part => part.innerText))",
        parts,
    )
    return [[one_line(text).rpartition("：")[2] for text in stage] for stage in found]


def events(api: Api) -> Iterator[list[Figures]]:
    """The stages as the console tells them, event by event."""
    with api("auditor").stream("GET", "/api/live/stages") as answer:
        for line in answer.iter_lines():
            if line.startswith("data: "):
                yield json.loads(line.removeprefix("data: "))["stages"]


def test_the_loop_turns_as_the_live_events_say(page: Page, api: Api) -> None:
    """Whoever watches is told the same."""
    for _, told in zip(range(EVENTS_WAITED_FOR), events(api), strict=False):
        if stages_shown(page) == [stage_said(stage) for stage in told]:
            return

    agree(page, lambda: stages_shown(page), lambda: [stage_said(stage) for stage in told])


def test_each_figure_of_a_stage_stands_in_its_place(page: Page, api: Api) -> None:
    """In a quiet city most of them are 0: here no two are alike."""
    told = next(events(api))
    for number, stage in enumerate(told, start=1):
        stage |= {"in_per_s": 1000.5 + number, "out_per_s": 20.25 + number, "backlog": 3000 + number}
        stage |= {"dead_letters": 40 + number, "up": stage["stage"] != "dispose"}
    told[2] |= {"out_per_s": None, "dead_letters": None}
    event = f"event: stages\ndata: {json.dumps({'stages': told})}\n\n"
    page.route(
        "**/api/live/stages?*", lambda route: route.fulfill(content_type="text/event-stream", body=event)
    )

    page.goto("/")

    expect(panel(page, "闭环运行").get_by_text("1,001.5/秒")).to_be_visible()
    agree(page, lambda: stages_shown(page), lambda: [stage_said(stage) for stage in told])
    dead = sum(told[at]["dead_letters"] for at in (0, 1, 3, 4))
    assert dict(each[:2] for each in queues_shown(page))["待处理死信"] == counted(dead)


# The classes


def mix_shown(place: Locator) -> list[list[str]]:
    """Class, how many, share, for each class."""
    return [row[:3] for row in figures(place)]


def mix_told(mix: Figures) -> list[list[str]]:
    """The same as the service tells it."""
    return [[letter, counted(mix["counts"][letter]), share(mix["shares"][letter])] for letter in CLASSES]


def trend_told(points: list[Figures]) -> list[list[str]]:
    """A trend as a table, the newest first."""
    return [
        [point["day"], counted(point["entities"]), *(share(point["shares"][letter]) for letter in CLASSES)]
        for point in reversed(points)
    ]


def test_the_classes_are_as_many_as_the_service_counts(page: Page, ask: Ask) -> None:
    """In all, of each class, and of each day that was looked at."""
    (mix,) = ask("classification/v1/statistics/classes")["groups"]
    place = panel(page, "信用风险类别 · 全市")

    expect(place.locator(".figure")).to_have_text(
        f"{counted(mix['entities'])} 户 其中观察期 {counted(mix['under_observation'])} 户"
    )
    agree(page, lambda: mix_shown(place), lambda: mix_told(mix))
    place.get_by_role("button", name="以表格显示").click()
    for by, words in (("month", "按月"), ("day", "按日")):
        place.get_by_text(words, exact=True).click()
        told = trend_told(ask(f"classification/v1/statistics/classes/trend?by={by}")["points"])
        agree(page, lambda: figures(place), lambda told=told: told)


def test_a_trend_is_from_its_first_point_to_its_last(page: Page, ask: Ask) -> None:
    """A fresh city has one day; here it has three."""
    (today,) = ask("classification/v1/statistics/classes/trend?by=month")["points"]
    days = [("2026-09-30", [0.6, 0.25, 0.1, 0.05]), ("2026-10-31", [0.62, 0.25, 0.0896, 0.0404])]
    last = {**today, "shares": dict(zip(CLASSES, [0.625, 0.2, 0.1, 0.075], strict=True))}
    points = [
        {**today, "day": day, "shares": dict(zip(CLASSES, shares, strict=True))} for day, shares in days
    ]
    points.append(last)
    answer = {"by": "month", "area": None, "sector": None, "points": points}
    page.route("**/v1/statistics/classes/trend*", lambda route: route.fulfill(json=answer))

    page.goto("/")

    place = panel(page, "信用风险类别 · 全市")
    expect(place.get_by_text("走势（较 2026-09-30）")).to_be_visible()
    assert [row[3] for row in figures(place)] == [
        f"{change} 个百分点" for change in ("+2.5", "-5", "0", "+2.5")
    ]
    place.get_by_role("button", name="以表格显示").click()
    agree(page, lambda: figures(place), lambda: trend_told(points))


# The areas


@pytest.fixture(scope="module")
def areas(ask: Ask) -> dict[str, Figures]:
    """What three services tell of each area; who is not registered yet is in none."""
    told: dict[str, Figures] = {}
    for mix in ask("classification/v1/statistics/classes?by=area")["groups"]:
        told.setdefault(mix["group"], {})["mix"] = mix
    for rate in ask("classification/v1/reviews/discovery?by=area")["rates"]:
        told.setdefault(rate["group"], {})["rate"] = rate
    for row in ask("profiling/v1/statistics"):
        area = told.setdefault(row["area_code"], {})
        area["signalled"] = area.get("signalled", 0) + row["with_open_signal"]
    return {code: area for code, area in told.items() if code}


MEASURES: dict[str, Callable[[Figures], str]] = {
    "risky": lambda area: risky(area["mix"]),
    "discovery": lambda area: rate_said(area.get("rate")).partition(" ")[0],
    "signals": lambda area: f"{counted(area['signalled'])} 户",
}


@pytest.mark.parametrize("measure", MEASURES)
def test_each_area_has_its_figure_its_entities_and_its_mix(
    measure: str, page: Page, areas: dict[str, Figures], area_names: dict[str, str]
) -> None:
    """All 23 of them, by whichever figure they are coloured."""
    page.goto(f"/?colour={measure}")
    tiles = panel(page, "辖区分布").locator("button.tile")
    expect(tiles).to_have_count(len(area_names))

    shown = {tile.split("\n")[0]: tile.split("\n")[1:] for tile in tiles.all_inner_texts()}

    assert shown == {
        area_names[code]: [MEASURES[measure](area), f"{counted(area['mix']['entities'])} 户"]
        for code, area in areas.items()
    }
    names = [tile.split("\n")[0] for tile in tiles.all_inner_texts()]
    by_name = {area_names[code]: area for code, area in areas.items()}
    agree(
        page,
        lambda: mixes(panel(page, "辖区分布")),
        lambda: [mix_said(by_name[name]["mix"]["shares"]) for name in names],
    )


def test_an_area_tells_all_its_figures_when_it_is_pointed_at(
    page: Page, areas: dict[str, Figures], area_names: dict[str, str]
) -> None:
    """The tile has room for one of them."""
    code, area = next((code, area) for code, area in areas.items() if area.get("rate", {}).get("problems"))
    mix, rate = area["mix"], area["rate"]

    panel(page, "辖区分布").get_by_role("button", name=area_names[code]).hover()

    detail = page.get_by_role("tooltip")
    expect(detail).to_be_visible()
    assert [one_line(line) for line in detail.inner_text().split("\n") if line] == [
        area_names[code],
        f"{counted(mix['entities'])} 户",
        " · ".join(f"{letter} {counted(mix['counts'][letter])}" for letter in CLASSES),
        f"问题发现率 {share(rate['rate'])}（95%置信区间 {share(rate['low'])}–{share(rate['high'])}）",
        f"有效检查 {counted(rate['valid'])} 户次，发现问题 {counted(rate['problems'])} 户次",
        f"有未处置预警的主体 {counted(area['signalled'])} 户",
    ]


def test_an_area_that_is_chosen_filters_the_page(page: Page, ask: Ask, area_names: dict[str, str]) -> None:
    """Classes, sectors and work are the area's; the loop is marked as the city's."""
    tile = panel(page, "辖区分布").get_by_role("button", name=area_names[AREA])

    tile.click()

    expect(page.get_by_text(f"当前范围：{area_names[AREA]}")).to_be_visible()
    (mix,) = ask(f"classification/v1/statistics/classes?area={AREA}")["groups"]
    place = panel(page, f"信用风险类别 · {area_names[AREA]}")
    expect(place.locator(".figure")).to_contain_text(f"{counted(mix['entities'])} 户")
    agree(page, lambda: mix_shown(place), lambda: mix_told(mix))
    place.get_by_role("button", name="以表格显示").click()
    trend = ask(f"classification/v1/statistics/classes/trend?by=month&area={AREA}")["points"]
    expect(place.locator("tbody tr")).to_have_count(len(trend))
    agree(page, lambda: figures(place), lambda: trend_told(trend))
    sectors = ask(f"classification/v1/statistics/sectors?area={AREA}")["sectors"]
    expect(
        panel(page, "重点行业领域").locator(".sector-table tbody tr").first.locator("td").first
    ).to_have_text(counted(sectors[0]["total"]["entities"]))
    agree(page, lambda: sectors_shown(page), lambda: sectors_told(sectors))
    agree(page, lambda: queues_shown(page), lambda: Work(ask, "city_administrator", AREA).queues())
    expect(panel(page, "闭环运行").get_by_text("全市")).to_be_visible()
    expect(page.get_by_role("link", name="未处置预警")).to_have_attribute("href", f"/warnings?area={AREA}")
    tile.click()
    expect(page.get_by_text("当前范围：全市")).to_be_visible()
