"""Which indicators changed between two decisions, by what, and by how many points."""

from collections.abc import Mapping
from math import isnan

import numpy as np

from classification_service.model.comparison import Moved
from classification_service.model.risk_model import Catalogue, Indicator
from classification_service.rules.cases import Case
from classification_service.rules.explaining.lines import value_in_en, value_in_zh

Four = tuple[Case, Case, Case, Case]
"""As it was, its facts by the later models, as it is but for what people decided since, as it is."""
Points = tuple[float, float, float, float]
"""At each of these."""
_NAMES = {
    "model": ("模型", "the model"),
    "facts": ("事实", "the facts"),
    "people": ("人工决定", "what people decided"),
}


def moved_of(cases: Four, catalogue: Catalogue) -> tuple[Moved, ...]:
    """Every indicator of either model whose value or points changed, the greatest change of points first."""
    given = tuple(_points(case) for case in cases)
    found = []
    for position, indicator in enumerate(catalogue.indicators):
        code = indicator.code
        values = tuple(_known(case.decision.values[position]) for case in (cases[0], cases[3]))
        points = tuple(each.get(code, 0.0) for each in given)
        counts = code in given[0] or code in given[3]
        if counts and (values[0] != values[1] or len(set(points)) > 1):
            found.append(
                _moved(indicator, (values[0], values[1]), (points[0], points[1], points[2], points[3]))
            )
    return tuple(sorted(found, key=lambda each: (-abs(each.points_after - each.points_before), each.code)))


def _points(case: Case) -> Mapping[str, float]:
    return dict(zip(case.scorer.entries, case.decision.points, strict=True))


def _known(value: float) -> float | None:
    return None if isnan(value) else float(np.round(value, 4))


def _moved(indicator: Indicator, values: tuple[float | None, float | None], points: Points) -> Moved:
    by_model, by_facts, by_people = (points[at + 1] - points[at] for at in range(3))
    was, now = values
    moving = {"facts": by_facts or was != now, "model": by_model, "people": by_people}
    movers = [mover for mover, more in moving.items() if more]
    by_zh = "和".join(_NAMES[each][0] for each in movers) + ("变化" if len(movers) == 1 else "均有变化")
    by_en = " and ".join(_NAMES[each][1] for each in movers)
    return Moved(
        code=indicator.code,
        zh=indicator.zh,
        en=indicator.en,
        value_before=was,
        value_after=now,
        points_before=points[0],
        points_after=points[3],
        by_model=by_model,
        by_facts=by_facts,
        by_people=by_people,
        why="both" if movers == ["facts", "model"] else "+".join(movers),
        sentence=f"{indicator.zh}{_values_zh(indicator, was, now)}，{_points_zh(points)}（{by_zh}）",
        sentence_en=f"{indicator.en}{_values_en(indicator, was, now)}; {_points_en(points)} (by {by_en})",
    )


def _points_zh(points: Points) -> str:
    was, now = points[0], points[-1]
    return f"计分仍为{now:g}分" if was == now else f"计分由{was:g}分变为{now:g}分"


def _points_en(points: Points) -> str:
    was, now = points[0], points[-1]
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
