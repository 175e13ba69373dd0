"""The vectorised scorer is the obvious one, only faster."""

from datetime import date
from math import isnan, nan

import numpy as np
from classification_service.model.risk_model import (
    Adjustment,
    AtLeast,
    Bins,
    Catalogue,
    Curve,
    Flag,
    Indicator,
    Item,
    MissingPolicy,
    RiskClass,
    RiskModel,
    YoungerThan,
)
from classification_service.rules.scoring import Scorer
from hypothesis import given, settings
from hypothesis import strategies as st

CODES = ("base.a", "dynamic.b", "dynamic.c", "social.d")
CATALOGUE = Catalogue(1, tuple(Indicator(code, "count", "次", code, code) for code in CODES))

numbers = st.integers(-20, 120).map(float)
values = st.one_of(
    st.just(nan), st.floats(-50, 200, width=32, allow_subnormal=False), st.integers(-5, 30).map(float)
)
ages = st.one_of(st.just(nan), st.integers(-10, 800).map(float))


@st.composite
def scales(draw: st.DrawFn) -> Bins | Curve:
    steps = sorted(draw(st.lists(numbers, min_size=1, max_size=5, unique=True)))
    if draw(st.booleans()):
        points = draw(st.lists(numbers, min_size=len(steps) + 1, max_size=len(steps) + 1))
        return Bins(tuple(steps), tuple(points))
    return Curve(tuple(steps), tuple(draw(st.lists(numbers, min_size=len(steps), max_size=len(steps)))))


@st.composite
def adjustments(draw: st.DrawFn, number: int) -> Adjustment:
    by_age = draw(st.booleans())
    when = YoungerThan(365) if by_age else AtLeast(draw(st.sampled_from(CODES)), draw(numbers))
    floor = draw(st.one_of(st.none(), st.sampled_from(RiskClass)))
    ignores = tuple(draw(st.lists(st.sampled_from([*CODES, "dynamic", "social"]), max_size=2)))
    flag = draw(st.sampled_from([Flag.OBSERVED, Flag.SUSPENDED, Flag.KEY_SUPERVISION]))
    return Adjustment(f"rule{number}", "override", when, floor, ignores, flag, "", "", "", "")


@st.composite
def models(draw: st.DrawFn) -> RiskModel:
    items = tuple(
        Item(
            code, draw(scales()), draw(st.floats(0, 12)), draw(st.sampled_from(MissingPolicy)), draw(numbers)
        )
        for code in CODES[: draw(st.integers(1, 4))]
    )
    rules = tuple(draw(adjustments(number)) for number in range(draw(st.integers(0, 3))))
    return RiskModel(
        *("m", 1, 1, date(2026, 1, 1), "", float(draw(st.integers(0, 900)))),
        *((250.0, 500.0, 750.0), items, rules, "", {}),
    )


def slow(model: RiskModel, row: list[float], age: float) -> tuple[list[float], float, int, int, str, int]:
    """Points, score, score class, class, deciding code and flags, one obvious step after the other."""
    known = dict(zip(CODES, row, strict=True))
    held = [rule for rule in model.adjustments if slow_holds(rule, known, age)]
    points = [model.base]
    for item in model.items:
        if any(rule.ignores_indicator(item.indicator) for rule in held):
            points.append(0.0)
        else:
            points.append(slow_points(item, known[item.indicator]))
    points.append(min(1000.0, max(0.0, sum(points))) - sum(points))
    score = sum(points)
    score_class = 1 + sum(score > cut for cut in model.cuts)
    floors = [(int(rule.floor), rule.code) for rule in held if rule.floor is not None]
    worst = max([score_class, *(floor for floor, _ in floors)])
    deciding = next((code for floor, code in floors if floor == worst), "") if worst > score_class else ""
    flags = 0
    for rule in held:
        flags |= int(rule.flag)
    return points, score, score_class, worst, deciding, flags


def slow_holds(rule: Adjustment, known: dict[str, float], age: float) -> bool:
    if isinstance(rule.when, YoungerThan):
        return not isnan(age) and age < rule.when.days
    value = known[rule.when.indicator]
    return not isnan(value) and value >= rule.when.threshold


def slow_points(item: Item, value: float) -> float:
    if isnan(value):
        return float(round(item.missing_points * item.weight))
    if isinstance(item.scale, Bins):
        step = sum(value >= edge for edge in item.scale.edges)
        return float(round(item.scale.points[step] * item.weight))
    at, points = item.scale.at, item.scale.points
    if value <= at[0] or len(at) == 1:
        return float(round(points[0] * item.weight))
    if value >= at[-1]:
        last = len(at) - 1
        slope = (points[last] - points[last - 1]) / (at[last] - at[last - 1])
        raw = points[last - 1] + (at[last] - at[last - 1]) * slope
        return float(round(raw * item.weight))
    left = max(index for index, knot in enumerate(at) if knot <= value)
    slope = (points[left + 1] - points[left]) / (at[left + 1] - at[left])
    return float(round((points[left] + (value - at[left]) * slope) * item.weight))


@settings(max_examples=150, deadline=None)
@given(models(), st.lists(st.tuples(st.lists(values, min_size=4, max_size=4), ages), min_size=1, max_size=6))
def test_the_scorer_agrees_with_the_slow_reference_on_any_model_and_values(
    model: RiskModel, entities: list[tuple[list[float], float]]
) -> None:
    """Speed must not change one point: decisions are re-derived for years."""
    matrix = np.array([row for row, _ in entities], dtype=np.float32)
    age_days = np.array([age for _, age in entities])

    scores = Scorer(model, CATALOGUE).score(matrix, age_days)

    codes = [*(rule.code for rule in model.adjustments), ""]
    for index, (_, age) in enumerate(entities):
        row = matrix[index].astype(float).tolist()
        points, score, score_class, risk_class, deciding, flags = slow(model, row, age)
        assert scores.points[index].tolist() == points
        assert scores.score[index] == score
        assert scores.score_class[index] == score_class
        assert scores.risk_class[index] == risk_class
        assert codes[scores.deciding[index]] == deciding
        assert scores.flags[index] == flags


@settings(max_examples=60, deadline=None)
@given(models(), st.lists(values, min_size=4, max_size=4), ages)
def test_points_add_up_to_the_score_exactly_and_alone_is_as_among_many(
    model: RiskModel, row: list[float], age: float
) -> None:
    """An explanation whose parts do not add up is not believed; one code path serves one and many."""
    scorer = Scorer(model, CATALOGUE)
    alone = np.array([row], dtype=np.float32)
    many = np.repeat(alone, 50, axis=0)

    single = scorer.score(alone, np.array([age]))
    among = scorer.score(many, np.full(50, age))

    assert sum(single.points[0].astype(np.float32).tolist()) == single.score[0]
    assert 0 <= single.score[0] <= 1000
    assert (among.points == single.points).all()
    assert (among.risk_class == single.risk_class).all()
