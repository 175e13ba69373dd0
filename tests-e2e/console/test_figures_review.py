"""结果回溯 tells every figure of the review report, of migration, alarms, runs and copies, as the service does."""

from collections.abc import Callable
from math import floor
from typing import Any

import pytest
from agreeing import agree, heads, instead, statistics
from playwright.sync_api import Page, expect
from reading import NOTHING, as_table, cells, counted, moment, rows, share, written

pytestmark = pytest.mark.page("/models/review")

Ask = Callable[..., Any]
Told = dict[str, Any]
Tell = Callable[[float | None], str]

ITEMS = {"publicity": "公示信息", "registration": "登记事项"}
GROUPS = {
    "branch": "分支机构",
    "enterprise": "企业",
    "individual_business": "个体工商户",
    "1000_wan_and_more": "注册资本 1000 万元及以上",
    "100_to_1000_wan": "100 万至 1000 万元",
    "10_to_100_wan": "10 万至 100 万元",
    "under_10_wan": "不足 10 万元",
    "10_years_and_more": "10 年及以上",
    "5_to_10_years": "5 至 10 年",
    "3_to_5_years": "3 至 5 年",
    "1_to_3_years": "1 至 3 年",
    "under_1_year": "不足 1 年",
}
BY = {"ownership": "主体类型", "size": "规模", "age": "成立年限", "area": "辖区"}
VERDICTS = {
    "stable": "稳定",
    "watch": "关注",
    "act": "需处理",
    "version_changed": "期间换过版本，不可比",
    "too_few": "样本不足",
}


@pytest.fixture(scope="module")
def page(page_of: Callable[[str], Page]) -> Page:
    """The page of a city administrator, who sees all of it."""
    return page_of("city_administrator")


@pytest.fixture(scope="module")
def names(ask: Ask) -> dict[str, str]:
    """What areas, sections of industries and sectors are called."""
    told = ask("vocabulary")
    return {each["code"]: each["zh"] for kind in ("areas", "sections", "sectors") for each in told[kind]}


@pytest.fixture(scope="module")
def model_names(ask: Ask) -> dict[str, str]:
    """What models are called, by the code of their versions."""
    return {each["id"].partition("@")[0]: each["zh"] for each in ask("classification/v1/models")["items"]}


def fine(number: float | None) -> str:
    """A figure to its third place; a smaller one is no nought."""
    if number is None:
        return NOTHING
    return "< 0.001" if 0 < number < 0.0005 else f"{number:.3f}"


def whole(number: float | None) -> str:
    """A figure without its fraction."""
    return counted(None if number is None else floor(number + 0.5))


def estimate(told: Told | None, tell: Tell) -> str:
    """A figure with its interval."""
    if told is None or told["value"] is None:
        return NOTHING
    if told["low"] is None or told["high"] is None:
        return tell(told["value"])
    return f"{tell(told['value'])}（{tell(told['low'])}–{tell(told['high'])}）"


def figures_told(told: Told) -> list[list[str]]:
    """The figures on top of the report."""
    p = told["trend"]["p"]
    return [
        ["抽查结果", counted(told["drawn"])],
        ["总体发现率（加权）", estimate(told["overall"]["weighted"], share)],
        ["命中率", estimate(told["hit"], share)],
        ["捕获率", estimate(told["capture"], share)],
        ["提升倍数", estimate(told["lift"], written)],
        ["AUC", estimate(told["auc"], fine)],
        ["KS", fine(told["ks"])],
        ["A 到 D 递增检验", NOTHING if p is None else f"单侧 p = {fine(p)}"],
    ]


def rate_told(group: Told, name: str) -> list[str]:
    """The discovery of one group; the interval is drawn."""
    return [
        name or NOTHING,
        counted(group["valid"]),
        counted(group["problems"]),
        estimate(group["rate"], share),
        estimate(group["weighted"], share),
        "",
        written(group["lift"]),
        share(group["pending_rate"]),
    ]


def capacity_told(told: Told) -> list[list[str]]:
    """Visits saved and problems missed."""
    return [
        ["检查次数", counted(told["visits"])],
        ["其中 A 类", counted(told["visits_in_a"])],
        ["A 类少查", whole(told["visits_saved"])],
        ["估计漏掉的问题", estimate(told["problems_missed"], whole)],
        ["改查其他类别多发现", whole(told["problems_found_instead"])],
    ]


def some(value: float) -> Told:
    """A figure with its interval, as the service tells it."""
    return {"n": 50, "value": value, "low": value * 0.75, "high": value * 1.25}


def without_dashes(told: Told) -> Told:
    """The report of a city with so many visits that every figure is told."""
    more = {"hit": some(0.4321), "capture": some(0.1234), "lift": some(2.345), "auc": some(0.65432)}
    trend = {**told["trend"], "p": 0.0001}
    capacity = {
        "visits": 1_234,
        "visits_in_a": 345,
        "visits_saved": 66.6,
        "problems_missed": some(8.4),
        "problems_found_instead": 17.5,
    }
    return {**told, **more, "ks": 0.3217, "trend": trend, "capacity": {**told["capacity"], **capacity}}


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
    page.unroute_all()


def test_the_report_says_in_words_what_the_service_says(page: Page, ask: Ask, names: dict[str, str]) -> None:
    """With areas and groups by their names; what is too little is marked."""

    def told(finding: Told) -> str:
        sentence = str(finding["zh"])
        for code, name in (GROUPS | {each: name for each, name in names.items() if len(each) == 6}).items():
            sentence = sentence.replace(code, name)
        return sentence if finding["enough"] else f"{sentence} 样本不足"

    page.goto("/models/review")

    agree(
        page,
        lambda: [" ".join(each.split()) for each in page.locator(".models-findings li").all_inner_texts()],
        lambda: [told(each) for each in ask("classification/v1/reviews/summary")["findings"]],
    )


@pytest.mark.parametrize("by", ["class", "area", "sector", "industry", "item"])
def test_discovery_is_told_of_every_group(page: Page, ask: Ask, names: dict[str, str], by: str) -> None:
    """By class, area, sector, section and item; what departments reported stands apart."""
    told = ask("classification/v1/reviews/summary")

    page.goto(f"/models/review?by={by}")

    table = page.get_by_role("region", name="发现率", exact=True)
    groups = {"class": {}, "item": ITEMS}.get(by, names)
    agree(
        page,
        lambda: rows(table.first),
        lambda: [rate_told(each, groups.get(each["group"], each["group"])) for each in told["rates"][by]],
    )
    assert rows(page.get_by_role("region", name="部门报送结果（不计入以上）")) == [
        rate_told(each, each["group"]) for each in told["reported"]
    ]


# Calibration and fairness


def compared(told: Told) -> Told:
    """The report of a city that has results of the year before, and groups large enough to compare."""
    calibration = told["calibration"]
    bands = [
        {
            **band,
            "valid": 1_000 + at,
            "problems": 100 + at,
            "rate": some(0.1 + at / 50),
            "expected": 0.11 + at / 60,
        }
        for at, band in enumerate(calibration["bands"])
    ]
    ratios = ("rate_ratio", "false_alarm_share", "false_alarm_ratio")
    fairness = [
        {**row, **{name: some(0.2 + at / 10 + place / 7) for place, name in enumerate(ratios)}}
        for at, row in enumerate(told["fairness"])
    ]
    more = {"bands": bands, "reference_n": 4_321, "chi_square": 12.345, "p": 0.0321}
    return {**told, "calibration": {**calibration, **more}, "fairness": fairness}


def band_told(band: Told) -> list[str]:
    """A band of scores with what was found in it."""
    ends = [f"{each:g}" for each in (band["low"], band["high"])]
    return [
        "–".join(dict.fromkeys(ends)),
        counted(band["valid"]),
        counted(band["problems"]),
        estimate(band["rate"], share),
        share(band["expected"]),
    ]


def fairness_told(row: Told, names: dict[str, str]) -> list[str]:
    """A group beside all others."""
    return [
        BY[row["by"]],
        (names if row["by"] == "area" else GROUPS).get(row["group"], row["group"] or NOTHING),
        counted(row["valid"]),
        counted(row["problems"]),
        estimate(row["rate_ratio"], written),
        estimate(row["false_alarm_share"], share),
        estimate(row["false_alarm_ratio"], written),
    ]


@pytest.mark.parametrize("enough", [False, True])
def test_calibration_and_fairness_are_told_band_by_band_and_group_by_group(
    page: Page, ask: Ask, names: dict[str, str], *, enough: bool
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
        fairness_told(each, names) for each in told["fairness"]
    ]
    page.unroute_all()


# Migration and stability


def a_month_before(answer: Told) -> Told:
    """The migration of a city that was classified a month before too."""
    moves = [
        {"before": before, "after": after, "entities": 1_000 * at + place}
        for at, before in enumerate(["", "A", "B"], start=1)
        for place, after in enumerate("ABCD", start=1)
    ]
    drifts = [
        {**each, "before": "general@1", "psi": 0.123 + at, "verdict": "act"}
        for at, each in enumerate(answer["drifts"])
    ]
    return {**answer, "moves": moves, "stayed": 0.8765, "psi": 0.1234, "verdict": "watch", "drifts": drifts}


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
                each["before"] or NOTHING,
                each["after"] or NOTHING,
                written(each["psi"]),
                VERDICTS[each["verdict"]],
            ]
            for each in told["drifts"]
        ],
    )
    page.unroute_all()


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
    page.unroute_all()


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
    name, seen, by = f"{model_names['general']} v2", ["2026-03-01", "2026-03-02"], "model-manager：已安排复核"
    agree(
        page,
        lambda: rows(table),
        lambda: [
            ["建议复核模型0", name, "已解除", *seen, "2026-03-03", "0.25", "0.25", by],
            ["建议复核模型1", name, "未解除", *seen, NOTHING, "0.003", "0.010", by],
            ["建议复核模型2", name, "未解除", *seen, NOTHING, "-2.35", "-1.96", by],
        ],
    )
    page.unroute_all()


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
    page.unroute_all()
