"""Scores of many entities without the points of each item: it costs by what is not zero.

Points are whole, so that their sum is the same in any order; models whose full marks or ends are not whole are scored
item by item.
"""

from collections.abc import Sequence
from functools import reduce

import numpy as np

from classification_service.model.judgement import Matrix, Rested, Scores, Vector
from classification_service.model.risk_model import Item, RiskModel
from classification_service.rules.scoring import Booleans, Scorer, Sparse, Subjects, Values

_ZERO = np.zeros(1)
_NO_POINTS: Matrix = np.zeros((0, 0))


def score(scorer: Scorer, values: Values, subjects: Subjects) -> Scores:
    """As `Scorer.score` to the last bit, but for the points, of which there are none."""
    if not _is_whole(scorer.model):
        return scorer.score(values, subjects)
    holds = scorer.holds(values, subjects)
    raw = _raw(scorer, values, subjects, holds)
    found = raw + (np.clip(raw, scorer.model.lowest, scorer.model.highest) - raw)
    score_class = scorer.class_of(found)
    risk_class, deciding = scorer.adjusted(score_class, holds)
    return Scores(_NO_POINTS, found, score_class, risk_class, deciding, scorer.flags(holds, len(found)))


def scores_alone(scorer: Scorer, values: Values, subjects: Subjects) -> Vector:
    """The scores, for a model that has no cuts yet."""
    holds = scorer.holds(values, subjects)
    raw = _raw(scorer, values, subjects, holds)
    found: Vector = raw + (np.clip(raw, scorer.model.lowest, scorer.model.highest) - raw)
    return found


def _is_whole(model: RiskModel) -> bool:
    numbers = [model.base, model.lowest, model.highest, *(model.coupling.points if model.coupling else ())]
    numbers += [each.full for each in model.dimensions if each.full is not None]
    return all(float(number).is_integer() for number in numbers)


def _raw(scorer: Scorer, values: Values, subjects: Subjects, holds: Sequence[Booleans]) -> Vector:
    """The sum of all points before the ends of the scale."""
    model = scorer.model
    full = {each.code: each.full for each in model.dimensions if each.full is not None}
    sums = {code: np.zeros(values.size) for code in ("", *full)}
    for place, item in enumerate(model.items):
        sum_of = sums[item.dimension if item.dimension in full else ""]
        silent = _silent(scorer.model, item, holds)
        _add(sum_of, scorer, place, values, silent)
        if subjects.resting and item.indicator in subjects.resting:
            _rest(sum_of, scorer, place, (values, subjects.resting[item.indicator], silent))
    raw = sums.pop("") + model.base
    for code, filled in sums.items():
        raw += np.minimum(filled, full[code])
    if model.coupling is not None and subjects.general_class is not None:
        raw += np.array(model.coupling.points)[subjects.general_class - 1]
    return raw


def _silent(model: RiskModel, item: Item, holds: Sequence[Booleans]) -> Booleans | None:
    """Of whom a modifier ignores the item; None where of nobody."""
    ignoring = [
        held
        for rule, held in zip(model.adjustments, holds, strict=True)
        if rule.ignores_indicator(item.indicator) and held.any()
    ]
    return reduce(np.logical_or, ignoring) if ignoring else None


def _rest(sums: Vector, scorer: Scorer, place: int, resting: tuple[Values, Rested, Booleans | None]) -> None:
    """What is objected to is taken off again, of whom the item counted."""
    values, rested, silent = resting
    nothing = Rested(rested.rows, np.zeros(len(rested.rows)))
    less = scorer.rested_points(place, values, rested) - scorer.rested_points(place, values, nothing)
    sums[rested.rows] += less if silent is None else np.where(silent[rested.rows], 0.0, less)


def _add(sums: Vector, scorer: Scorer, place: int, values: Values, silent: Booleans | None) -> None:
    """The item's points are added: those of zero to all, and of who has more the difference."""
    column = values.column(scorer.positions[scorer.model.items[place].indicator])
    if not isinstance(column, Sparse):
        points = scorer.points_of(place, column)
        sums += points if silent is None else np.where(silent, 0.0, points)
        return
    nothing = scorer.points_of(place, _ZERO)[0]
    more = scorer.points_of(place, column.values) - nothing
    if silent is not None:
        more[silent[column.rows]] = 0.0
    if nothing:
        sums += nothing if silent is None else np.where(silent, 0.0, nothing)
    sums[column.rows] += more
