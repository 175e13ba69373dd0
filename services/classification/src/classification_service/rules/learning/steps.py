"""The points of a model as steps to fit: one column for each step of a scale, and what the model itself says of it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from classification_service.model.judgement import Matrix, Vector
from classification_service.model.risk_model import Bins, Item

Bounds = tuple[float | None, float | None]


@dataclass(frozen=True, slots=True)
class Steps:
    """One item as steps from its first point; a curve rises evenly between its knots.

    Attributes:
        at: where the steps end, the first knot of a curve first.
        points: whole points the item gives: one more than there are steps.
        unknown: whole points it gives an unknown value.
    """

    item: Item
    at: tuple[float, ...]
    points: tuple[float, ...]
    unknown: float

    @property
    def heights(self) -> Vector:
        """Points of each step, and last those of the unknown above the first point."""
        return np.array([*np.diff(self.points), self.unknown - self.points[0]])

    def columns(self, values: Vector) -> Matrix:
        """How much of each step every value has climbed, 0 to 1; last column: 1 where it is unknown."""
        unknown = np.isnan(values)
        known = np.where(unknown, -np.inf, values)[:, None]
        if isinstance(self.item.scale, Bins):
            climbed = (known >= np.array(self.at)[None, :]).astype(np.float64)
        else:
            knots = np.array(self.at)
            climbed = np.clip((known - knots[:-1]) / np.diff(knots), 0.0, 1.0)
        return np.column_stack([climbed, unknown.astype(np.float64)])

    def bounds(self, towards: Sequence[float]) -> list[Bounds]:
        """A step keeps the direction of the model's scale; what people chose for the unknown stays."""
        steps = np.diff(self.points)
        rises, falls = bool((steps >= 0).all()), bool((steps <= 0).all())
        free = (0.0 if rises else None, 0.0 if falls and not rises else None)
        return [free] * len(steps) + [(towards[-1], towards[-1])]


def steps_of(item: Item) -> Steps:
    """The item's steps as the scorer takes them: weighed and rounded."""
    scale = item.scale
    points = tuple(float(np.rint(each * item.weight)) for each in scale.points)
    unknown = float(np.rint(item.missing_points * item.weight))
    return Steps(item, scale.edges if isinstance(scale, Bins) else scale.at, points, unknown)
