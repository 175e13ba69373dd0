"""The vectorised scorer is the obvious one, only faster."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from math import isnan, nan

import numpy as np
import numpy.typing as npt
from classification_service.model.judgement import Rested
from classification_service.model.risk_model import (
    NO_DAY,
    Adjustment,
    Aspect,
    Bins,
    Catalogue,
    Coupling,
    Curve,
    Dimension,
    Flag,
    Indicator,
    Item,
    Kind,
    MissingPolicy,
    Part,
    Reaches,
    RiskClass,
    RiskModel,
    YoungerThan,
)
from classification_service.rules import totals
from classification_service.rules.scoring import Dense, Scorer, Sparse, Subjects, Values
from hypothesis import given, settings
from hypothesis import strategies as st

DAY = 20_600
CODES = ("base.a", "dynamic.b", "dynamic.c", "social.d")
CATALOGUE = Catalogue(1, tuple(Indicator(code, "count", "次", code, code) for code in CODES))

numbers = st.integers(-20, 120).map(float)
values = st.one_of(
    st.just(nan), st.floats(-50, 200, width=32, allow_subnormal=False), st.integers(-5, 30).map(float)
)
ages = st.one_of(st.just(nan), st.integers(-10, 800).map(float))
entities = st.tuples(st.lists(values, min_size=4, max_size=4), ages, st.integers(1, 4))


class InColumns:
    """Values as a city's are kept: of each indicator what is not zero."""

    def __init__(self, matrix: npt.NDArray[np.float32]) -> None:
        self._matrix = matrix
        self.size = len(matrix)

    def column(self, position: int) -> Sparse:
        column = self._matrix[:, position].astype(np.float64)
        rows = np.flatnonzero(~(column == 0))
        return Sparse(rows, column[rows])


PLAIN = RiskModel(
    *("m", 1, Kind.GENERAL, "", "", 1, "", "", date(2026, 1, 1), None, "", ""),
    *(0.0, 1000.0, 0.0, (250.0, 500.0, 750.0), None, ()),
    *((), (), None, (), "", {}),
)


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
    reaches = Reaches(draw(st.sampled_from(CODES)), draw(numbers), draw(st.booleans()))
    when = (YoungerThan(365), reaches) if by_age else (reaches,)
    floor = draw(st.one_of(st.none(), st.sampled_from(RiskClass)))
    ignores = tuple(draw(st.lists(st.sampled_from([*CODES, "dynamic", "social"]), max_size=2)))
    flag = draw(st.sampled_from([Flag.OBSERVED, Flag.SUSPENDED, Flag.KEY_SUPERVISION]))
    shift = draw(st.sampled_from([0, 0, -1, 1]))
    first = draw(st.sampled_from([-NO_DAY, DAY, DAY + 1]))
    code = f"rule{number}"
    return Adjustment(code, "modifier", when, floor, shift, ignores, flag, first, NO_DAY, "", "", "", "")


@st.composite
def models(draw: st.DrawFn) -> RiskModel:
    full = draw(st.one_of(st.none(), st.integers(0, 300).map(float)))
    dimensions = tuple(Dimension(code, "", "", full, Part.STATIC, Aspect.RISK) for code in "xy")
    items = tuple(
        Item(
            *(code, draw(scales()), draw(st.floats(0, 12)), draw(st.sampled_from(MissingPolicy))),
            *(draw(numbers), draw(st.sampled_from("xy"))),
        )
        for code in CODES[: draw(st.integers(1, 4))]
    )
    rules = tuple(draw(adjustments(number)) for number in range(draw(st.integers(0, 3))))
    coupling = draw(st.sampled_from([None, Coupling((0.0, 5.0, 12.0, 20.0), "", "")]))
    return RiskModel(
        *("m", 1, Kind.SECTOR, "", "", 1, "", "", date(2026, 1, 1), None, "", ""),
        *(0.0, 1000.0, float(draw(st.integers(0, 900))), (250.0, 500.0, 750.0), None, ()),
        *(dimensions, items, coupling, rules, "", {}),
    )


def slow(
    model: RiskModel, row: list[float], age: float, general: int
) -> tuple[list[float], float, int, int, str, int]:
    """Points, score, score class, class, deciding code and flags, one obvious step after the other."""
    known = dict(zip(CODES, row, strict=True))
    held = [rule for rule in model.adjustments if slow_holds(rule, known, age)]
    points = [model.base]
    for item in model.items:
        if any(rule.ignores_indicator(item.indicator) for rule in held):
            points.append(0.0)
        else:
            points.append(slow_points(item, known[item.indicator]))
    given = dict(zip(model.items, points[1:], strict=True))
    for dimension in model.dimensions:
        if dimension.full is not None:
            inside = sum(given[item] for item in model.items if item.dimension == dimension.code)
            points.append(dimension.full - inside if inside > dimension.full else 0.0)
    if model.coupling is not None:
        points.append(model.coupling.points[general - 1])
    points.append(min(1000.0, max(0.0, sum(points))) - sum(points))
    score = sum(points)
    score_class = 1 + sum(score > cut for cut in model.cuts)
    steps = max(-1, min(1, sum(rule.shift for rule in held)))
    shifted = max(1, min(4, score_class + steps))
    floors = [(int(rule.floor), rule.code) for rule in held if rule.floor is not None]
    worst = max([shifted, *(floor for floor, _ in floors)])
    deciding = next((rule.code for rule in held if rule.shift * steps > 0), "")
    if worst > shifted:
        deciding = next(code for floor, code in floors if floor == worst)
    if worst == score_class:
        deciding = ""
    flags = 0
    for rule in held:
        flags |= int(rule.flag)
    return points, score, score_class, worst, deciding, flags


def slow_holds(rule: Adjustment, known: dict[str, float], age: float) -> bool:
    if not rule.valid_from <= DAY <= rule.valid_to:
        return False
    for condition in rule.when:
        if isinstance(condition, YoungerThan):
            if isnan(age) or age >= condition.days:
                return False
            continue
        value = known[condition.indicator]
        if isnan(value) or (
            value > condition.threshold if condition.from_above else value < condition.threshold
        ):
            return False
    return True


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
@given(models(), st.lists(entities, min_size=1, max_size=6), st.sampled_from([Dense, InColumns]))
def test_the_scorer_agrees_with_the_slow_reference_on_any_model_and_values(
    model: RiskModel, known: list[tuple[list[float], float, int]], kept: Callable[..., Values]
) -> None:
    """Speed must not change one point, nor does how values are kept: decisions are re-derived for years."""
    matrix = np.array([row for row, _, _ in known], dtype=np.float32)
    subjects = Subjects(
        np.array([age for _, age, _ in known]), DAY, np.array([general for _, _, general in known])
    )

    scores = Scorer(model, CATALOGUE).score(kept(matrix), subjects)
    without_points = totals.score(Scorer(model, CATALOGUE), kept(matrix), subjects)

    for name in ("score", "score_class", "risk_class", "deciding", "flags"):
        assert (getattr(without_points, name) == getattr(scores, name)).all()
    codes = [*(rule.code for rule in model.adjustments), ""]
    for index, (_, age, general) in enumerate(known):
        row = matrix[index].astype(float).tolist()
        points, score, score_class, risk_class, deciding, flags = slow(model, row, age, general)
        assert scores.points[index].tolist() == points
        assert scores.score[index] == score
        assert scores.score_class[index] == score_class
        assert scores.risk_class[index] == risk_class
        assert codes[scores.deciding[index]] == deciding
        assert scores.flags[index] == flags


@settings(max_examples=100, deadline=None)
@given(
    models(),
    st.lists(
        st.tuples(entities, st.one_of(st.none(), st.just(nan), st.integers(-3, 9).map(float))),
        min_size=1,
        max_size=6,
    ),
    st.sampled_from([Dense, InColumns]),
)
def test_what_a_record_gave_is_taken_off_the_points_and_moves_no_rule(
    model: RiskModel,
    known: list[tuple[tuple[list[float], float, int], float | None]],
    kept: Callable[..., Values],
) -> None:
    """As if the value were without it, but for rules, which ask for the value as it is; with points or without."""
    scorer, code = Scorer(model, CATALOGUE), model.items[0].indicator
    matrix = np.array([row for (row, _, _), _ in known], dtype=np.float32)
    at = CATALOGUE.positions[code]
    shares = {row: share for row, (_, share) in enumerate(known) if share is not None}
    rested = Rested(np.array([*shares], int), np.array([*shares.values()]))
    ages, general = (np.array([who[place] for who, _ in known]) for place in (1, 2))
    plain = Subjects(ages, DAY, general)

    found = scorer.score(kept(matrix), Subjects(ages, DAY, general, {code: rested}))
    without_points = totals.score(scorer, kept(matrix), Subjects(ages, DAY, general, {code: rested}))
    as_told = scorer.score(kept(matrix), plain)

    for name in ("score", "risk_class", "deciding", "flags"):
        assert (getattr(without_points, name) == getattr(found, name)).all()
    assert (found.flags == as_told.flags).all()
    ignoring = [rule.ignores_indicator(code) for rule in model.adjustments]
    silent = np.any(
        [held & ignores for held, ignores in zip(scorer.holds(kept(matrix), plain), ignoring, strict=True)]
        or [np.zeros(len(known), bool)],
        axis=0,
    )
    for row in range(len(known)):
        value, share = float(matrix[row, at]), shares.get(row, 0.0)
        left = value if isnan(value) or share == 0 else max(value - share, min(value, 0.0))
        expected = 0.0 if silent[row] or isnan(share) else slow_points(model.items[0], left)
        assert found.points[row, 1] == expected


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from([-1, 0, 1]), st.booleans()), min_size=1, max_size=5),
    st.integers(1, 4),
)
def test_a_shift_decides_only_where_it_goes_the_way_the_class_went(
    shifts: list[tuple[int, bool]], score_class: int
) -> None:
    """A class made worse must not be told as decided by the rule that makes it better."""
    rules = tuple(
        Adjustment(
            f"rule{number}", "modifier", (), None, shift, (), Flag.NONE, -NO_DAY, NO_DAY, "", "", "", ""
        )
        for number, (shift, _) in enumerate(shifts)
    )
    scorer = Scorer(replace(PLAIN, adjustments=rules), CATALOGUE)

    found, deciding = scorer.adjusted(
        np.array([score_class], np.int8), [np.array([held]) for _, held in shifts]
    )

    way = int(np.sign(found[0] - score_class))
    assert way == (np.sign(rules[deciding[0]].shift) if deciding[0] >= 0 else 0)


@settings(max_examples=60, deadline=None)
@given(models(), st.lists(values, min_size=4, max_size=4), ages)
def test_points_add_up_to_the_score_exactly_and_alone_is_as_among_many(
    model: RiskModel, row: list[float], age: float
) -> None:
    """An explanation whose parts do not add up is not believed; one code path serves one and many."""
    scorer = Scorer(model, CATALOGUE)
    alone = np.array([row], dtype=np.float32)
    many = np.repeat(alone, 50, axis=0)

    single = scorer.score(Dense(alone), Subjects(np.array([age]), DAY, np.array([2])))
    among = scorer.score(Dense(many), Subjects(np.full(50, age), DAY, np.full(50, 2)))

    assert sum(single.points[0].astype(np.float32).tolist()) == single.score[0]
    assert 0 <= single.score[0] <= 1000
    assert (among.points == single.points).all()
    assert (among.risk_class == single.risk_class).all()
