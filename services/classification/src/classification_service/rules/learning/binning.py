"""Bins of inputs, and the steps between them as columns to fit."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from classification_service.model.judgement import Matrix, Vector
from classification_service.model.learning import Direction, Input


@dataclass(frozen=True, slots=True)
class Binned:
    """One input with its edges, sorted and without equals."""

    input: Input
    edges: tuple[float, ...]

    @property
    def width(self) -> int:
        """Columns it takes: a step at each edge, and one for the unknown."""
        return len(self.edges) + 1

    def steps(self, values: Vector) -> Matrix:
        """1 where the value has reached an edge; last column: 1 where it is unknown."""
        unknown = np.isnan(values)
        reached = values[:, None] >= np.array(self.edges)[None, :]
        return np.column_stack([reached, unknown]).astype(np.float64)

    def bounds(self) -> list[tuple[float | None, float | None]]:
        """Between which numbers each step may lie."""
        allowed: dict[Direction, tuple[float | None, float | None]] = {
            Direction.UP: (0.0, None),
            Direction.DOWN: (None, 0.0),
            Direction.FREE: (None, None),
        }
        return [allowed[self.input.direction]] * len(self.edges) + [(None, None)]


def binned(each: Input, values: Vector, count: int) -> Binned:
    """The input with its own edges, or with those that cut the known values into so many equal parts.

    Edges that all values reach, or none, are left out: nothing could be learned there.
    """
    known = values[~np.isnan(values)]
    if not len(known):
        return Binned(each, ())
    raw: Sequence[float] = each.edges or np.quantile(known, np.arange(1, count) / count).tolist()
    low, high = float(known.min()), float(known.max())
    edges = sorted({_rounded(edge) for edge in raw})
    return Binned(each, tuple(edge for edge in edges if low < edge <= high))


def _rounded(edge: float) -> float:
    """Three figures: what people can read, and the last bits of a sum cannot move."""
    return float(f"{edge:.3g}")
