"""Explains a decision from its frozen values and points and its model, in words a person can read aloud."""

from math import isnan

import numpy as np

from classification_service.model.explanation import Applied, Decision, Explanation, Line
from classification_service.model.risk_model import (
    Adjustment,
    AtLeast,
    Catalogue,
    Indicator,
    Item,
    MissingPolicy,
    RiskClass,
    RiskModel,
)

CLASS_NAMES = {
    "A": ("信用风险低", "low risk"),
    "B": ("信用风险一般", "ordinary risk"),
    "C": ("信用风险较高", "elevated risk"),
    "D": ("信用风险高", "high risk"),
}
_MISSING = {
    MissingPolicy.NEUTRAL: "按中性处理",
    MissingPolicy.MEAN: "按平均水平计分",
    MissingPolicy.WORST: "按最不利计分",
    MissingPolicy.NOT_APPLICABLE: "按不适用处理",
}
_REASONS_READ = 3


def explain(decision: Decision, model: RiskModel, catalogue: Catalogue) -> Explanation:
    """Why the class is what it is, by the model version that made the decision."""
    values = dict(zip((indicator.code for indicator in catalogue.indicators), decision.values, strict=True))
    held = [rule for rule in model.adjustments if _holds(rule, values, decision.flags)]
    names = {indicator.code: indicator for indicator in catalogue.indicators}
    lines = tuple(
        _line(names[item.indicator], item, values[item.indicator], points=points, held=held)
        for item, points in zip(model.items, decision.points[1:-1], strict=True)
    )
    applied = tuple(_applied(rule, decision.override_code) for rule in held)
    return Explanation(
        base=decision.points[0],
        cap=decision.points[-1],
        lines=lines,
        applied=applied,
        coverage=_coverage(lines),
        sentence=_sentence(decision, lines, applied),
    )


def _holds(rule: Adjustment, values: dict[str, float], flags: int) -> bool:
    if isinstance(rule.when, AtLeast):
        return values[rule.when.indicator] >= rule.when.threshold
    return bool(flags & rule.flag)


def _line(indicator: Indicator, item: Item, value: float, *, points: float, held: list[Adjustment]) -> Line:
    known = None if isnan(value) else float(np.round(value, 4))
    treatment = _treatment(item, known, held)
    return Line(
        code=indicator.code,
        zh=indicator.zh,
        en=indicator.en,
        unit=indicator.unit,
        value=known,
        points=points,
        treatment=treatment,
        sentence=f"{indicator.zh}{_value_zh(indicator, known, item)}，{_points_zh(points, treatment)}",
    )


def _treatment(item: Item, value: float | None, held: list[Adjustment]) -> str:
    for rule in held:
        if rule.ignores_indicator(item.indicator):
            return f"ignored:{rule.code}"
    return "counted" if value is not None else f"missing:{item.missing}"


def _value_zh(indicator: Indicator, value: float | None, item: Item) -> str:
    if value is None:
        return f"未知（{_MISSING[item.missing]}）"
    if indicator.unit == "yes_no":
        return "：是" if value else "：否"
    return f"{value:g}{indicator.measure}"


def _points_zh(points: float, treatment: str) -> str:
    if treatment.startswith("ignored:"):
        return "暂不计分"
    if points == 0:
        return "不加分"
    return f"加{points:g}分" if points > 0 else f"减{-points:g}分"


def _applied(rule: Adjustment, override_code: str) -> Applied:
    return Applied(
        code=rule.code,
        kind=rule.kind,
        zh=rule.zh,
        en=rule.en,
        citation=rule.citation,
        confidence=rule.confidence,
        floor=None if rule.floor is None else RiskClass(rule.floor).name,
        decided=rule.code == override_code,
    )


def _coverage(lines: tuple[Line, ...]) -> float:
    applicable = [line for line in lines if line.treatment != f"missing:{MissingPolicy.NOT_APPLICABLE}"]
    known = sum(line.value is not None for line in applicable)
    return known / len(applicable) if applicable else 0.0


def _sentence(decision: Decision, lines: tuple[Line, ...], applied: tuple[Applied, ...]) -> str:
    day = decision.business_day
    parts = [
        f"截至{day.year}年{day.month}月{day.day}日，该主体信用风险类别为{decision.risk_class}类",
        f"（{CLASS_NAMES[decision.risk_class][0]}），得分{decision.score:g}分（0至1000分，分数越高风险越高）。",
    ]
    worst = sorted((line for line in lines if line.points > 0), key=lambda line: (-line.points, line.code))
    if worst:
        reasons = "；".join(line.sentence for line in worst[:_REASONS_READ])
        parts.append(f"主要加分项：{reasons}。")
    parts += [f"{rule.zh}。" for rule in applied]
    if decision.override_code:
        parts.append(f"仅按得分应为{decision.score_class}类。")
    return "".join(parts)
