"""One indicator in a score, in words."""

from collections.abc import Mapping
from math import isnan

import numpy as np

from classification_service.model.explanation import Line
from classification_service.model.risk_model import Indicator, Item, MissingPolicy

_MISSING = {
    MissingPolicy.NEUTRAL: ("按中性处理", "treated as neutral"),
    MissingPolicy.MEAN: ("按平均水平计分", "counted as the average"),
    MissingPolicy.WORST: ("按最不利计分", "counted as the worst"),
    MissingPolicy.NOT_APPLICABLE: ("按不适用处理", "not applicable"),
}


def line_of(
    indicator: Indicator, item: Item, value: float, points: Mapping[str, float], at_rest: str
) -> Line:
    """The indicator's part in the score.

    `points` are by entry; `at_rest` says why it gave none whatever its value, and is empty where it counted.
    """
    known = None if isnan(value) else float(np.round(value, 4))
    given = points[item.indicator]
    treatment = at_rest or ("counted" if known is not None else f"missing:{item.missing}")
    missing_zh, missing_en = _MISSING[item.missing]
    value_zh = f"未知（{missing_zh}）" if known is None else value_in_zh(indicator, known)
    value_en = f"unknown, {missing_en}" if known is None else value_in_en(indicator, known)
    return Line(
        code=indicator.code,
        dimension=item.dimension,
        zh=indicator.zh,
        en=indicator.en,
        unit=indicator.unit,
        value=known,
        points=given,
        treatment=treatment,
        sentence=f"{indicator.zh}{value_zh}，{'暂不计分' if at_rest else _points_zh(given)}",
        sentence_en=f"{indicator.en}: {value_en}, {'no points meanwhile' if at_rest else _points_en(given)}",
    )


def value_in_zh(indicator: Indicator, value: float) -> str:
    """A known value, as it follows the indicator's name in Chinese."""
    match indicator.unit:
        case "yes_no":
            return "：是" if value else "：否"
        case "share":
            return f"{100 * value:g}%"
        case _:
            return f"{value:g}{indicator.measure}"


def value_in_en(indicator: Indicator, value: float) -> str:
    """A known value in English."""
    match indicator.unit:
        case "yes_no":
            return "yes" if value else "no"
        case "share":
            return f"{100 * value:g}%"
        case "wan_yuan":
            return f"{10_000 * value:,.0f} yuan"
        case "ratio":
            return f"{value:g} times"
        case _:
            return f"{value:g}"


def _points_zh(points: float) -> str:
    if points == 0:
        return "不加分"
    return f"加{points:g}分" if points > 0 else f"减{-points:g}分"


def _points_en(points: float) -> str:
    if points == 0:
        return "no points"
    word = "point" if abs(points) == 1 else "points"
    return f"adds {points:g} {word}" if points > 0 else f"takes {-points:g} {word} off"
