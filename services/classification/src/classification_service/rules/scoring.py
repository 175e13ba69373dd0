"""The one scorer: values in, points, score and class out; the same code for one entity and for many.

Points are whole numbers computed in float64, so that they add up to the score exactly, in any order.
"""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from classification_service.model.judgement import Integers, Matrix, Scores, Vector
from classification_service.model.risk_model import (
    HIGHEST_SCORE,
    LOWEST_SCORE,
    Adjustment,
    AtLeast,
    Bins,
    Catalogue,
    Curve,
    Flag,
    Item,
    RiskModel,
)

Booleans = npt.NDArray[np.bool_]
Scale = Callable[[Vector], Vector]


class Scorer:
    """Scores entities by one model; `width` is the number of indicators of its catalogue."""

    def __init__(self, model: RiskModel, catalogue: Catalogue) -> None:
        positions = catalogue.positions
        self.model = model
        self._columns = np.array([positions[item.indicator] for item in model.items], dtype=np.intp)
        self._scales = [_scale(item) for item in model.items]
        self._missing = np.array([np.rint(item.missing_points * item.weight) for item in model.items])
        self._cuts = np.array(model.cuts)
        self._positions = positions
        self.width = len(positions)
        self.catalogue_version = catalogue.version
        self._ignored = [
            np.array([rule.ignores_indicator(item.indicator) for item in model.items])
            for rule in model.adjustments
        ]
        floors = [(index, int(rule.floor)) for index, rule in enumerate(model.adjustments) if rule.floor]
        self._floors = sorted(floors, key=lambda floor: (floor[1], -floor[0]))

    def score(self, values: Matrix, age_days: Vector) -> Scores:
        """What the model makes of entities, one per row.

        Args:
            values: one column per indicator of the catalogue, NaN when unknown.
            age_days: business day minus day of establishment, NaN when unknown.
        """
        exact = np.asarray(values, dtype=np.float64)
        holds = [self._holds(rule, exact, age_days) for rule in self.model.adjustments]
        points = self._points(exact, holds)
        score = points.sum(axis=1)
        score_class = (1 + np.searchsorted(self._cuts, score, side="left")).astype(np.int8)
        risk_class, deciding = self._floored(score_class, holds)
        return Scores(points, score, score_class, risk_class, deciding, self._flags(holds, len(exact)))

    def _points(self, values: Matrix, holds: list[Booleans]) -> Matrix:
        """Rows of [base, one per item, cap]."""
        points = np.empty((len(values), len(self._scales) + 2))
        points[:, 0] = self.model.base
        known = values[:, self._columns]
        unknown = np.isnan(known)
        for index, scale in enumerate(self._scales):
            points[:, index + 1] = scale(known[:, index])
        items = points[:, 1:-1]
        np.copyto(items, self._missing, where=unknown)
        for ignored, held in zip(self._ignored, holds, strict=True):
            if ignored.any() and held.any():
                items[np.ix_(held, ignored)] = 0.0
        raw = points[:, :-1].sum(axis=1)
        points[:, -1] = np.clip(raw, LOWEST_SCORE, HIGHEST_SCORE) - raw
        return points

    def _holds(self, rule: Adjustment, values: Matrix, age_days: Vector) -> Booleans:
        if isinstance(rule.when, AtLeast):
            reached: Booleans = values[:, self._positions[rule.when.indicator]] >= rule.when.threshold
            return reached
        younger: Booleans = age_days < rule.when.days
        return younger

    def _floored(self, score_class: Integers, holds: list[Booleans]) -> tuple[Integers, Integers]:
        risk_class = score_class.copy()
        deciding = np.full(len(score_class), -1, dtype=np.int8)
        for index, floor in self._floors:
            raised = holds[index] & (score_class < floor)
            risk_class[raised] = floor
            deciding[raised] = index
        return risk_class, deciding

    def _flags(self, holds: list[Booleans], count: int) -> Integers:
        flags = np.zeros(count, dtype=np.int16)
        for rule, held in zip(self.model.adjustments, holds, strict=True):
            if rule.flag is not Flag.NONE:
                flags |= np.int16(rule.flag) * held.astype(np.int16)
        return flags


def _scale(item: Item) -> Scale:
    """The weighted, whole points of an item by value; for NaN any number."""
    if isinstance(item.scale, Bins):
        return _steps(item.scale, item.weight)
    return _lines(item.scale, item.weight)


def _steps(bins: Bins, weight: float) -> Scale:
    edges = np.array(bins.edges)
    points = np.rint(np.array(bins.points) * weight)

    def steps(values: Vector) -> Vector:
        found: Vector = points[np.searchsorted(edges, values, side="right")]
        return found

    return steps


def _lines(curve: Curve, weight: float) -> Scale:
    at, points = np.array(curve.at), np.array(curve.points)
    slopes = np.diff(points) / np.diff(at) if len(at) > 1 else np.zeros(1)
    last = len(slopes) - 1

    def lines(values: Vector) -> Vector:
        inside = np.clip(np.nan_to_num(values, nan=at[0]), at[0], at[-1])
        left = np.clip(np.searchsorted(at, inside, side="right") - 1, 0, last)
        raw: Vector = points[left] + (inside - at[left]) * slopes[left]
        whole: Vector = np.rint(raw * weight)
        return whole

    return lines
