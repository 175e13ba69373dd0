"""The one scorer: values in, points, score and class out; the same code for one entity, a batch, and a city.

Points are whole numbers computed in float64, so that they add up to the score exactly, in any order.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from classification_service.model.judgement import Integers, Matrix, Rested, Scores, Vector
from classification_service.model.risk_model import (
    Adjustment,
    Bins,
    Catalogue,
    Condition,
    Curve,
    Flag,
    Item,
    Reaches,
    RiskModel,
)

Booleans = npt.NDArray[np.bool_]
Rows = Integers
Scale = Callable[[Vector], Vector]


@dataclass(frozen=True, slots=True)
class Sparse:
    """One indicator of n entities: 0 but at these rows, in rising order."""

    rows: Rows
    values: Vector


class Values(Protocol):
    """Indicator values of n entities, NaN when not known."""

    @property
    def size(self) -> int:
        """Number of entities."""
        ...

    def column(self, position: int) -> Vector | Sparse:
        """One indicator of all."""
        ...


@dataclass(frozen=True, slots=True)
class Dense:
    """Values side by side: one row per entity, one column per indicator of the catalogue."""

    matrix: Matrix

    @property
    def size(self) -> int:
        """See `Values`."""
        return len(self.matrix)

    def column(self, position: int) -> Vector | Sparse:
        """See `Values`."""
        return self.matrix[:, position].astype(np.float64)


@dataclass(frozen=True, slots=True)
class Subjects:
    """What is known of n entities beside their indicators.

    Attributes:
        age_days: business day minus day of establishment, NaN when unknown.
        days: business day of each, days since 1970-01-01, or one for all.
        general_class: their general class, 1 to 4, for sector models.
        resting: what rests because it is objected to, by indicator.
    """

    age_days: Vector
    days: Integers | int
    general_class: Integers | None = None
    resting: Mapping[str, Rested] | None = None


def entries(model: RiskModel) -> tuple[str, ...]:
    """What each number in a row of points is: base, items, what full marks and the scale cut off, the general class."""
    return (
        "base",
        *(item.indicator for item in model.items),
        *(f"full:{each.code}" for each in model.dimensions if each.full is not None),
        *(("general",) if model.coupling else ()),
        "cap",
    )


class Scorer:
    """Scores entities by one model; `width` is the number of indicators of its catalogue.

    Args:
        model: with fixed cuts, unless only scores are asked for.
        catalogue: the order of values.
    """

    def __init__(self, model: RiskModel, catalogue: Catalogue) -> None:
        self.model = model
        self.width = len(catalogue.positions)
        self.catalogue_version = catalogue.version
        self.entries = entries(model)
        self.positions = catalogue.positions
        self._scales = [_scale(item) for item in model.items]
        self._missing = [float(np.rint(item.missing_points * item.weight)) for item in model.items]
        self._ignored = [
            np.array([rule.ignores_indicator(item.indicator) for item in model.items])
            for rule in model.adjustments
        ]
        self._divided = [
            (each.full, [place for place, item in enumerate(model.items) if item.dimension == each.code])
            for each in model.dimensions
            if each.full is not None
        ]
        floors = [(index, int(rule.floor)) for index, rule in enumerate(model.adjustments) if rule.floor]
        self._floors = sorted(floors, key=lambda floor: (floor[1], -floor[0]))

    def score(self, values: Values, subjects: Subjects) -> Scores:
        """What the model makes of entities, one per row, with every point."""
        holds = self.holds(values, subjects)
        points = self._points(values, subjects, holds)
        score = points.sum(axis=1)
        score_class = self.class_of(score)
        risk_class, deciding = self.adjusted(score_class, holds)
        return Scores(points, score, score_class, risk_class, deciding, self.flags(holds, len(score)))

    def class_of(self, score: Vector) -> Integers:
        """The class by the cuts alone, 1 to 4."""
        if self.model.cuts is None:
            raise ValueError(f"{self.model.id} has no cuts yet: they are taken from a city")
        found: Integers = (1 + np.searchsorted(np.array(self.model.cuts), score, side="left")).astype(np.int8)
        return found

    def holds(self, values: Values, subjects: Subjects) -> list[Booleans]:
        """Of which entities each adjustment holds."""
        return [self._holds(rule, values, subjects) for rule in self.model.adjustments]

    def item_points(self, place: int, values: Values) -> Vector:
        """Points that one item gives all entities, whatever else holds."""
        column = values.column(self.positions[self.model.items[place].indicator])
        if not isinstance(column, Sparse):
            return self.points_of(place, column)
        points = np.full(values.size, self._scales[place](np.zeros(1))[0])
        points[column.rows] = self.points_of(place, column.values)
        return points

    def points_of(self, place: int, values: Vector) -> Vector:
        """Points that one item gives these values."""
        points = self._scales[place](values)
        np.copyto(points, self._missing[place], where=np.isnan(values))
        return points

    def _points(self, values: Values, subjects: Subjects, holds: list[Booleans]) -> Matrix:
        points = np.zeros((values.size, len(self.entries)))
        points[:, 0] = self.model.base
        items = points[:, 1 : 1 + len(self._scales)]
        for place in range(len(self._scales)):
            items[:, place] = self.item_points(place, values)
        self._rest(items, values, subjects)
        self._ignore(items, holds)
        self._fill(points, items, subjects)
        raw = points[:, :-1].sum(axis=1)
        points[:, -1] = np.clip(raw, self.model.lowest, self.model.highest) - raw
        return points

    def _ignore(self, items: Matrix, holds: list[Booleans]) -> None:
        """What a modifier ignores gives no points."""
        for ignored, held in zip(self._ignored, holds, strict=True):
            if ignored.any() and held.any():
                items[np.ix_(held, ignored)] = 0.0

    def _rest(self, items: Matrix, values: Values, subjects: Subjects) -> None:
        for place, item in enumerate(self.model.items):
            if rested := (subjects.resting or {}).get(item.indicator):
                items[rested.rows, place] = self.rested_points(place, values, rested)

    def rested_points(self, place: int, values: Values, rested: Rested) -> Vector:
        """Points that an item gives these without what is objected to; none where the whole item rests."""
        known = _at(values.column(self.positions[self.model.items[place].indicator]), rested.rows)
        left = np.maximum(known - np.nan_to_num(rested.shares), np.minimum(known, 0.0))
        return np.where(np.isnan(rested.shares), 0.0, self.points_of(place, left))

    def _fill(self, points: Matrix, items: Matrix, subjects: Subjects) -> None:
        """What dimensions have above their full marks is cut off, and the general class gives its points."""
        at = 1 + len(self._scales)
        for full, places in self._divided:
            points[:, at] = np.minimum(full - items[:, places].sum(axis=1), 0.0)
            at += 1
        if self.model.coupling is not None and subjects.general_class is not None:
            points[:, at] = np.array(self.model.coupling.points)[subjects.general_class - 1]

    def _holds(self, rule: Adjustment, values: Values, subjects: Subjects) -> Booleans:
        days = np.asarray(subjects.days)
        held: Booleans = np.broadcast_to(
            (days >= rule.valid_from) & (days <= rule.valid_to), values.size
        ).copy()
        for condition in rule.when:
            held &= self._met(condition, values, subjects)
        return held

    def _met(self, condition: Condition, values: Values, subjects: Subjects) -> Booleans:
        if not isinstance(condition, Reaches):
            younger: Booleans = subjects.age_days < condition.days
            return younger
        return self._reached(condition, values)

    def reached(self, indicator: str, threshold: float, values: Values) -> Booleans:
        """Of which entities the indicator is known and at least so much."""
        return self._reached(Reaches(indicator, threshold), values)

    def _reached(self, condition: Reaches, values: Values) -> Booleans:
        column = values.column(self.positions[condition.indicator])
        if not isinstance(column, Sparse):
            return _reaches(condition, column)
        reached: Booleans = np.full(values.size, _reaches(condition, np.zeros(1))[0])
        reached[column.rows] = _reaches(condition, column.values)
        return reached

    def adjusted(self, score_class: Integers, holds: list[Booleans]) -> tuple[Integers, Integers]:
        """Class after shifts and floors; what decided, of shifts the first that goes their way, or -1: the score."""
        risk_class, deciding = score_class.copy(), np.full(len(score_class), -1, dtype=np.int8)
        shifts = [
            (index, np.int8(rule.shift) * held)
            for index, (rule, held) in enumerate(zip(self.model.adjustments, holds, strict=True))
            if rule.shift and held.any()
        ]
        if shifts:
            steps = np.clip(np.sum([each for _, each in shifts], axis=0), -1, 1)
            risk_class = np.clip(score_class + steps, 1, 4).astype(np.int8)
            for index, each in reversed(shifts):
                deciding[each * steps > 0] = index
        shifted = risk_class.copy()
        for index, floor in self._floors:
            raised = holds[index] & (shifted < floor)
            risk_class[raised] = floor
            deciding[raised] = index
        deciding[risk_class == score_class] = -1
        return risk_class, deciding

    def flags(self, holds: list[Booleans], count: int) -> Integers:
        """Bits of `Flag` of each entity."""
        flags = np.zeros(count, dtype=np.int16)
        for rule, held in zip(self.model.adjustments, holds, strict=True):
            if rule.flag is not Flag.NONE:
                flags |= np.int16(rule.flag) * held.astype(np.int16)
        return flags


def _at(column: Vector | Sparse, rows: Rows) -> Vector:
    if not isinstance(column, Sparse):
        return column[rows]
    found, here = np.zeros(len(rows)), np.isin(column.rows, rows)
    found[np.searchsorted(rows, column.rows[here])] = column.values[here]
    return found


def _reaches(condition: Reaches, values: Vector) -> Booleans:
    reached: Booleans = (
        values <= condition.threshold if condition.from_above else values >= condition.threshold
    )
    return reached


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
