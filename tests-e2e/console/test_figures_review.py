"""结果回溯 tells every figure of the review report, of migration, alarms, runs and copies, as the service does."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from agreeing import agree, heads, instead, statistics
from playwright.sync_api import Page, expect
from reading import NOTHING, as_table, cells, counted, moment, rows, share, written
from told_by_review import (
    GROUPS,
    VERDICTS,
    a_month_before,
    band_told,
    capacity_told,
    compared,
    estimate,
    fairness_told,
    figures_told,
    rate_told,
    some,
    without_dashes,
)

pytestmark = pytest.mark.page("/models/review")

Ask = Callable[..., Any]
Told = dict[str, Any]
Tell = Callable[[float | None], str]

ITEMS = {"publicity": "公示信息", "registration": "登记事项"}


@pytest.fixture(scope="module")
def page(page_of: Callable[[str], Page]) -> Page:
    """The page of a city administrator, who sees all of it."""
    return page_of("city_administrator")


# Discovery


@pytest.mark.parametrize("enough", [False, True])
def test_the_report_tells_every_figure_of_its_summary(page: Page, ask: Ask, *, enough: bool) -> None:
    """As the demo has them, and as a city has them where nothing is too few."""
    told = ask("classification/v1/reviews/summary")
    if enough:
        instead(page, "**/classification/v1/reviews/summary*", without_dashes)
        told = without_dashes(told)

    page.goto("/models/review")

    expect(page.locator(".models-figures")).to_be_visible()
    assert statistics(page.locator(".models-figures")) == figures_told(told)
    expect(page.locator(".models-figures small").first).to_have_text(
        f"其中均匀抽查 {counted(told['control'])}"
    )
    assert statistics(page.get_by_role("region", name="检查资源")) == capacity_told(told["capacity"])


def test_the_report_says_in_words_what_the_service_says(
    page: Page, ask: Ask, names: dict[str, dict[str, str]]
) -> None:
    """With areas and groups by their names; what is too little is marked."""

    def told(finding: Told) -> str:
        sentence = str(finding["zh"])
        for code, name in (GROUPS | names["areas"]).items():
            sentence = sentence.replace(code, name)
        return sentence if finding["enough"] else f"{sentence} 样本不足"

    page.goto("/models/review")

    agree(
        page,
        lambda: [" ".join(each.split()) for each in page.locator(".models-findings li").all_inner_texts()],
        lambda: [told(each) for each in ask("classification/v1/reviews/summary")["findings"]],
    )


def test_the_report_is_of_the_area_and_the_days_that_are_asked_for(page: Page, ask: Ask, today: str) -> None:
    """The address keeps both; the city's report with today's visits is another."""
    first, last = (date.fromisoformat(today) - timedelta(days=days) for days in (45, 1))
    city = figures_told(ask("classification/v1/reviews/summary"))
    for limit in ("area=510105", f"since={first}&until={last}"):
        told = figures_told(ask(f"classification/v1/reviews/summary?{limit}"))
        page.goto(f"/models/review?{limit}")
        agree(page, lambda: statistics(page.locator(".models-figures")), partial(list, told))
        assert told != city


@pytest.mark.parametrize("by", ["class", "area", "sector", "industry", "item"])
def test_discovery_is_told_of_every_group(
    page: Page, ask: Ask, names: dict[str, dict[str, str]], by: str
) -> None:
    """By class, area, sector, section and item; what departments reported stands apart."""
    told = ask("classification/v1/reviews/summary")

    page.goto(f"/models/review?by={by}")

    table = page.get_by_role("region", name="发现率", exact=True)
    kinds = {"area": "areas", "sector": "sectors", "industry": "sections"}
    groups = ITEMS if by == "item" else names.get(kinds.get(by, ""), {})
    agree(
        page,
        lambda: rows(table.first),
        lambda: [rate_told(each, groups.get(each["group"], each["group"])) for each in told["rates"][by]],
    )
    assert rows(page.get_by_role("region", name="部门报送结果（不计入以上）")) == [
        rate_told(each, each["group"]) for each in told["reported"]
    ]


# Calibration and fairness


@pytest.mark.parametrize("enough", [False, True])
def test_calibration_and_fairness_are_told_band_by_band_and_group_by_group(
    page: Page, ask: Ask, names: dict[str, dict[str, str]], *, enough: bool
) -> None:
    """As the demo has them, and as a city has them after two years."""
    told = ask("classification/v1/reviews/summary")
    if enough:
        instead(page, "**/classification/v1/reviews/summary*", compared)
        told = compared(told)
    calibration = told["calibration"]

    page.goto("/models/review?tab=quality")

    place = page.get_by_role("region", name="分数校准")
    expect(place).to_contain_text(
        f"依据 {counted(calibration['n'])} 次均匀抽查；上年对照 {counted(calibration['reference_n'])} 次。"
    )
    expect(place).to_contain_text("χ² = 12.35，p = 0.032" if enough else "上年结果太少，暂无推算值。")
    assert as_table(place) == [band_told(each) for each in calibration["bands"]]
    assert heads(place.locator("figure")) == ["分数段", "有效检查", "发现问题", "实际发现率", "上年推算"]
    assert rows(page.get_by_role("region", name="公平性").first) == [
        fairness_told(each, names["areas"]) for each in told["fairness"]
    ]


# Migration and stability


@pytest.mark.parametrize("enough", [False, True])
def test_migration_is_told_class_by_class(
    page: Page, ask: Ask, model_names: dict[str, str], *, enough: bool
) -> None:
    """Who went where, whether scores stayed alike, and which version they are of."""
    today = ask("profiling/v1/business-day")["day"]
    period = f"from=2026-01-02&to={today}"
    told = ask(f"classification/v1/reviews/migration?{period}")
    if enough:
        instead(page, "**/classification/v1/reviews/migration?*", a_month_before)
        told = a_month_before(told)

    page.goto(f"/models/review?tab=moves&{period}")

    place = page.get_by_role("region", name="类别迁移", exact=True)
    expect(place).to_be_visible()
    assert statistics(place) == [
        ["类别不变的比例", share(told["stayed"])],
        ["分数稳定性（PSI）", written(told["psi"])],
        ["判断", VERDICTS[told["verdict"]]],
    ]
    moves = {(each["before"], each["after"]): each["entities"] for each in told["moves"]}
    assert cells(place.get_by_role("table", name="类别迁移矩阵").locator("tbody tr")) == [
        [
            before or "无类别",
            *(
                counted(moves.get((before, after), 0))
                for after in ["", *"ABCD"]
                if after or any(not each for _, each in moves)
            ),
        ]
        for before in ["", *"ABCD"]
        if before or any(not each for each, _ in moves)
    ]
    agree(
        page,
        lambda: rows(place),
        lambda: [
            [
                model_names[each["code"]],
                model_names.get(each["before"], NOTHING),
                model_names.get(each["after"], NOTHING),
                written(each["psi"]),
                VERDICTS[each["verdict"]],
            ]
            for each in told["drifts"]
        ],
    )


@pytest.mark.parametrize("enough", [False, True])
def test_who_left_d_is_told_with_its_interval(page: Page, ask: Ask, *, enough: bool) -> None:
    """Of those who entered D in the time that can be looked at."""
    period = f"from=2026-01-02&to={ask('profiling/v1/business-day')['day']}"
    told = ask(f"classification/v1/reviews/stability?{period}")
    if enough:
        more = {"entered": 1_234, "left": some(0.3456)}
        instead(page, "**/classification/v1/reviews/stability?*", lambda answer: {**answer, **more})
        told |= more

    page.goto(f"/models/review?tab=moves&{period}")

    place = page.get_by_role("region", name="D 类停留")
    expect(place).to_contain_text(
        f"{told['since']} 至 {told['until']} 进入 D 类 {counted(told['entered'])} 户。"
    )
    assert statistics(place) == [["一个月内离开 D 类的比例", estimate(told["left"], share)]]


# Alarms, runs, copies


def test_alarms_are_told_with_figure_and_threshold(page: Page, model_names: dict[str, str]) -> None:
    """A chance of 0.003 is no nought."""
    kinds = {"distribution": (0.2537, 0.25), "calibration": (0.0034, 0.01), "lift": (-2.345, -1.96)}
    told = [
        {
            "id": number,
            "kind": kind,
            "model_id": "general@2",
            "opened_on": "2026-03-01",
            "last_seen_on": "2026-03-02",
            "closed_on": None if number else "2026-03-03",
            "figure": figure,
            "threshold": threshold,
            "zh": f"建议复核模型{number}",
            "en": "",
            "acknowledged_at": "2026-03-02T00:00:00Z",
            "acknowledged_by": "model-manager",
            "note": "已安排复核",
        }
        for number, (kind, (figure, threshold)) in enumerate(kinds.items())
    ]
    instead(page, "**/classification/v1/reviews/alarms*", lambda answer: {**answer, "items": told})

    page.goto("/models/review?tab=alarms")

    table = page.get_by_role("region", name="模型预警").last
    name, seen, by = model_names["general@2"], ["2026-03-01", "2026-03-02"], "model-manager：已安排复核"
    agree(
        page,
        lambda: rows(table),
        lambda: [
            ["建议复核模型0", name, "已解除", *seen, "2026-03-03", "0.25", "0.25", by],
            ["建议复核模型1", name, "未解除", *seen, NOTHING, "0.003", "0.010", by],
            ["建议复核模型2", name, "未解除", *seen, NOTHING, "-2.35", "-1.96", by],
        ],
    )


def test_runs_and_copies_are_told_with_their_counts(page: Page, api: Callable[[str], Any], ask: Ask) -> None:
    """A run that goes on says how far it is; a copy says of which day, of how many, by which models."""
    if not ask("classification/v1/snapshots")["items"]:
        api("model_manager").post("/api/classification/v1/snapshots", timeout=90).raise_for_status()
    figures = {"entities": 9_876, "left": 12, "moved": 34, "decided": 2_345, "announced": 67}
    counts = {"A": 1_001, "B": 202, "C": 30, "D": 4}
    run = {
        "id": 1,
        "business_day": "2026-03-01",
        "begun_at": "2026-03-01T16:30:00Z",
        **figures,
        "counts": counts,
    }
    done = {**run, "id": 2, "is_complete": True, "ended_at": "2026-03-01T16:45:00Z", "stretches_left": 0}
    going = {**run, "is_complete": False, "ended_at": None, "stretches_left": 1_005}
    instead(page, "**/classification/v1/runs/monthly*", lambda answer: {**answer, "items": [going, done]})

    page.goto("/models/review?tab=runs")

    table = page.get_by_role("region", name="月度全量分类").last
    expect(table.locator("tbody tr.ant-table-row")).to_have_count(2)
    said = ["9,876", "12", "34", "2,345", "67", "1,001 / 202 / 30 / 4"]
    assert [[*row[:3], " ".join(row[3].split()), *row[4:]] for row in rows(table)] == [
        ["2026-03-01", "2026-03-02 00:30", NOTHING, "13% 余 1,005 段", *said],
        ["2026-03-01", "2026-03-02 00:30", "2026-03-02 00:45", "已完成", *said],
    ]
    copies = page.get_by_role("region", name="全市副本").last
    kinds = {"general": "通用", "individual": "个体工商户"}

    def told(each: Told) -> list[str]:
        return [
            {"working": "工作副本", "monthly": "月度副本"}[each["kind"]],
            each["business_day"],
            moment(each["made_at"]),
            "已完成" if each["is_complete"] else "生成中",
            counted(each["entities"]),
            " / ".join(counted(each["counts"][letter]) for letter in "ABCD"),
            "、".join(
                f"{kinds[code]} v{version}" for code, _, version in (m.partition("@") for m in each["models"])
            ),
        ]

    agree(
        page,
        lambda: rows(copies),
        lambda: [told(each) for each in ask("classification/v1/snapshots?limit=20")["items"]],
    )
