"""Which indicators changed between two decisions, by what, and by how many points."""

from collections.abc import Mapping
from math import isnan

import numpy as np

from classification_service.model.comparison import Moved
from classification_service.model.risk_model import Catalogue, Indicator
from classification_service.rules.cases import Case
from classification_service.rules.explaining.lines import value_in_en, value_in_zh

Three = tuple[Case, Case, Case]
"""As it was, its facts by the later models, as it is."""


def moved_of(cases: Three, catalogue: Catalogue) -> tuple[Moved, ...]:
    """Every indicator of either model whose value or points changed, the greatest change of points first."""
    before, between, after = (_points(case) for case in cases)
    found = []
    for position, indicator in enumerate(catalogue.indicators):
        code = indicator.code
        values = tuple(_known(case.decision.values[position]) for case in (cases[0], cases[2]))
        points = tuple(each.get(code, 0.0) for each in (before, between, after))
        counts = code in before or code in after
        if counts and (values[0] != values[1] or points[0] != points[1] or points[1] != points[2]):
            found.append(_moved(indicator, (values[0], values[1]), (points[0], points[1], points[2])))
    return tuple(sorted(found, key=lambda each: (-abs(each.by_model + each.by_facts), each.code)))


def _points(case: Case) -> Mapping[str, float]:
    return dict(zip(case.scorer.entries, case.decision.points, strict=True))


def _known(value: float) -> float | None:
    return None if isnan(value) else float(np.round(value, 4))


def _moved(
    indicator: Indicator, values: tuple[float | None, float | None], points: tuple[float, float, float]
) -> Moved:
    by_model, by_facts = points[1] - points[0], points[2] - points[1]
    facts = by_facts != 0 or values[0] != values[1]
    why = ("both" if facts else "model") if by_model else "facts"
    was, now = values
    by_zh = {"facts": "事实变化", "model": "模型变化", "both": "事实和模型均有变化"}[why]
    by_en = {"facts": "the facts", "model": "the model", "both": "the facts and the model"}[why]
    return Moved(
        code=indicator.code,
        zh=indicator.zh,
        en=indicator.en,
        value_before=was,
        value_after=now,
        points_before=points[0],
        points_after=points[2],
        by_model=by_model,
        by_facts=by_facts,
        why=why,
        sentence=f"{indicator.zh}{_values_zh(indicator, was, now)}，{_points_zh(points)}（{by_zh}）",
        sentence_en=f"{indicator.en}{_values_en(indicator, was, now)}; {_points_en(points)} (by {by_en})",
    )


def _points_zh(points: tuple[float, float, float]) -> str:
    was, _, now = points
    return f"计分仍为{now:g}分" if was == now else f"计分由{was:g}分变为{now:g}分"


def _points_en(points: tuple[float, float, float]) -> str:
    was, _, now = points
    return f"still {now:g} points" if was == now else f"points {was:g}, now {now:g}"


def _values_zh(indicator: Indicator, was: float | None, now: float | None) -> str:
    if was == now:
        return f"仍为“{_zh(indicator, now)}”"
    return f"由“{_zh(indicator, was)}”变为“{_zh(indicator, now)}”"


def _values_en(indicator: Indicator, was: float | None, now: float | None) -> str:
    if was == now:
        return f": still {_en(indicator, now)}"
    return f": {_en(indicator, was)}, now {_en(indicator, now)}"


def _zh(indicator: Indicator, value: float | None) -> str:
    return "未知" if value is None else value_in_zh(indicator, value)


def _en(indicator: Indicator, value: float | None) -> str:
    return "unknown" if value is None else value_in_en(indicator, value)
