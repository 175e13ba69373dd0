"""One indicator in a score, in words."""

from collections.abc import Mapping
from math import isnan
from typing import NamedTuple

import numpy as np

from classification_service.model.explanation import Line
from classification_service.model.risk_model import Indicator, Item, MissingPolicy

_MISSING = {
    MissingPolicy.NEUTRAL: ("按中性处理", "treated as neutral"),
    MissingPolicy.MEAN: ("按平均水平计分", "counted as the average"),
    MissingPolicy.WORST: ("按最不利计分", "counted as the worst"),
    MissingPolicy.NOT_APPLICABLE: ("按不适用处理", "not applicable"),
}


class Treated(NamedTuple):
    """Why an item did not count as usual.

    Attributes:
        how: `ignored:<modifier>` or `resting`; empty where it counted.
        share: how much of its value rested; None where it gave no points whatever its value.
    """

    how: str = ""
    share: float | None = None


def line_of(
    indicator: Indicator, item: Item, value: float, points: Mapping[str, float], treated: Treated
) -> Line:
    """The indicator's part in the score; `points` are by entry."""
    known = None if isnan(value) else float(np.round(value, 4))
    zh, en = _name_and_value(indicator, item, known)
    given_zh, given_en = _given(indicator, points[item.indicator], treated)
    return Line(
        code=indicator.code,
        dimension=item.dimension,
        zh=indicator.zh,
        en=indicator.en,
        unit=indicator.unit,
        value=known,
        points=points[item.indicator],
        treatment=treated.how or ("counted" if known is not None else f"missing:{item.missing}"),
        sentence=f"{zh}，{given_zh}",
        sentence_en=f"{en}, {given_en}",
    )


def _name_and_value(indicator: Indicator, item: Item, known: float | None) -> tuple[str, str]:
    if known is None:
        missing_zh, missing_en = _MISSING[item.missing]
        return f"{indicator.zh}未知（{missing_zh}）", f"{indicator.en}: unknown, {missing_en}"
    named = f"“{indicator.zh}”一项为" if indicator.unit == "yes_no" else indicator.zh
    return f"{named}{value_in_zh(indicator, known)}", f"{indicator.en}: {value_in_en(indicator, known)}"


def _given(indicator: Indicator, points: float, treated: Treated) -> tuple[str, str]:
    """The points, and what of the value gave none."""
    if treated.share is not None:
        share = abs(treated.share)
        more_zh, more_en = ("其中", "of which") if treated.share > 0 else ("另有", "with another")
        part_zh, part_en = value_in_zh(indicator, share), value_in_en(indicator, share)
        return (
            f"{more_zh}{part_zh}处于异议期间，{'不计在内' if treated.share > 0 else '一并计入'}，{_points_zh(points)}",
            f"{more_en} {part_en} objected to {'left out' if treated.share > 0 else 'added'}, {_points_en(points)}",
        )
    if treated.how:
        return "暂不计分", "no points meanwhile"
    return _points_zh(points), _points_en(points)


def value_in_zh(indicator: Indicator, value: float) -> str:
    """A known value, as it follows the indicator's name in Chinese."""
    match indicator.unit:
        case "yes_no":
            return "是" if value else "否"
        case "share":
            return f"{100 * value:g}%"
        case _:
            return f"{value:.10g}{indicator.measure}"


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
            return f"{value:.10g}"


def _points_zh(points: float) -> str:
    if points == 0:
        return "不计分"
    return f"计{points:g}分" if points > 0 else f"减{-points:g}分"


def _points_en(points: float) -> str:
    if points == 0:
        return "no points"
    word = "point" if abs(points) == 1 else "points"
    return f"adds {points:g} {word}" if points > 0 else f"takes {-points:g} {word} off"
