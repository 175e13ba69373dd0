"""A chunk of the city in columns: of each indicator what is not zero."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from vocabulary.sparse_values import ENTRY

from classification_service.model.judgement import Integers, Vector
from classification_service.rules.scoring import Sparse

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class ByIndicator:
    """Values that are not zero, one indicator after the other, in rising order of row.

    Attributes:
        size: number of entities.
        starts: where each indicator begins, and where the last ends.
    """

    size: int
    rows: Integers
    values: Floats
    starts: Integers

    def column(self, position: int) -> Vector | Sparse:
        """See `Values`."""
        here = slice(self.starts[position], self.starts[position + 1])
        return Sparse(self.rows[here], self.values[here].astype(np.float64))

    def side_by_side(self, position: int) -> Floats:
        """One indicator of all, with its zeros."""
        here = slice(self.starts[position], self.starts[position + 1])
        column = np.zeros(self.size, np.float32)
        column[self.rows[here]] = self.values[here]
        return column


def by_indicator(packed: bytes, counts: Integers, width: int) -> ByIndicator:
    """The chunk whose entities' values are `packed`, one after the other, with `counts` values each.

    Raises:
        ValueError: A position is not below `width`, or the counts are not those of the values.
    """
    entries: npt.NDArray[Any] = np.frombuffer(packed, ENTRY)
    positions = np.ascontiguousarray(entries["position"])
    if len(entries) != counts.sum() or (len(positions) and positions.max() >= width):
        raise ValueError(f"{len(entries)} values are not {counts.sum()} of {width} indicators")
    order = np.argsort(positions, kind="stable")
    rows = np.repeat(np.arange(len(counts), dtype=np.int32), counts)[order]
    ends = np.cumsum(np.bincount(positions, minlength=width))
    return ByIndicator(len(counts), rows, entries["value"][order], np.concatenate(([0], ends)))


class Columns:
    """Columns as a file has them, side by side, by position; those that were read."""

    def __init__(self, size: int, columns: dict[int, Floats]) -> None:
        self.size = size
        self._columns = columns
        self._sparse: dict[int, Sparse] = {}

    def column(self, position: int) -> Vector | Sparse:
        """See `Values`."""
        if position not in self._sparse:
            column = self._columns[position]
            rows = np.flatnonzero(column.view(np.uint32) != 0)
            self._sparse[position] = Sparse(rows, column[rows].astype(np.float64))
        return self._sparse[position]
