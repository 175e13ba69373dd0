"""The review report as its page writes it; and that of a city in which nothing is too few."""

from collections.abc import Callable
from math import floor
from typing import Any

from reading import NOTHING, counted, share, written

Told = dict[str, Any]
Tell = Callable[[float | None], str]


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


def compared(told: Told) -> Told:
    """The report of a city that has results of the year before, and groups large enough to compare."""
    calibration = told["calibration"]
    bands = [
        {
            "low": low,
            "high": high,
            "valid": 1_000 + at,
            "problems": 100 + at,
            "rate": some(0.1 + at / 50),
            "expected": 0.11 + at / 60,
        }
        for at, (low, high) in enumerate([(8, 95.5), (95.5, 320), (640, 640)])
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
