"""The facts of any number of entities, side by side."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from profiling_service.model.facts import FEATURES, WIDTH

Mask = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.intp]
MIX = np.uint64(0x9E3779B97F4A7C15)
_TYPES = 256


class Facts:
    """Facts of `size` entities.

    Attributes:
        size: Number of entities.
        table: Every fact, see `model.facts.FEATURES`; facts of an entity stand together in order of number.
        entity: For each fact the index of its entity, ascending.
        first: For each entity the index of its first fact.
    """

    def __init__(self, table: npt.NDArray[Any], counts: Rows) -> None:
        self.size = len(counts)
        self.table = table
        self.entity: Rows = np.repeat(np.arange(self.size, dtype=np.intp), counts)
        self.first: Rows = np.cumsum(counts) - counts
        types = np.ascontiguousarray(table["type"])
        self._order: Rows = np.argsort(types, kind="stable")
        self._edges: list[int] = [0, *np.cumsum(np.bincount(types, minlength=_TYPES)).tolist()]

    def __len__(self) -> int:
        return len(self.table)

    def has(self, kind: int) -> bool:
        """Whether there is any fact of this type."""
        return self._edges[kind] < self._edges[kind + 1]

    def rows(self, kind: int) -> Rows:
        """Rows of the facts of this type, ascending."""
        return self._order[self._edges[kind] : self._edges[kind + 1]]

    def rows_of(self, kinds: Sequence[int]) -> Rows:
        """Rows of the facts of these types, ascending within each."""
        found = [self.rows(kind) for kind in kinds if self.has(kind)]
        if len(found) == 1:
            return found[0]
        return np.concatenate(found) if found else np.empty(0, np.intp)

    def end(self, entity: int) -> int:
        """The row after an entity's last fact."""
        return int(self.first[entity + 1]) if entity + 1 < self.size else len(self.table)

    def number(self, row: int) -> int:
        """The number of a fact within its entity, from 1."""
        return int(row - self.first[self.entity[row]]) + 1

    def within(self, column: str, rows: Rows) -> npt.NDArray[np.uint64]:
        """A hash of these rows that is different between entities too."""
        mixed: npt.NDArray[np.uint64] = self.table[column][rows] + self.entity[rows].astype(np.uint64) * MIX
        return mixed

    def named(self, rows: Rows, naming: Rows, by: str = "target") -> Mask:
        """Which of `rows` a fact among `naming`, of the same entity, names in its column `by`."""
        if not len(rows) or not len(naming):
            return np.zeros(len(rows), bool)
        return np.isin(self.within("key", rows), self.within(by, naming))

    def grouped(self, rows: Rows, naming: Rows) -> Mask:
        """Which of `rows` belong to the group of a fact that one of `naming`, of the same entity, names."""
        if not len(rows) or not len(naming):
            return np.zeros(len(rows), bool)
        return np.isin(self.within("group", rows), self.within("target", naming))


def columns(packed: Sequence[bytes]) -> Facts:
    """The facts of entities as columns, from each entity's packed features."""
    table: npt.NDArray[Any] = np.frombuffer(b"".join(packed), FEATURES)
    return Facts(table, np.fromiter(map(len, packed), np.intp, len(packed)) // WIDTH)


def beyond(facts: Facts, packed: Sequence[bytes]) -> Mask:
    """Which facts come after those that are packed here of each entity."""
    known = np.fromiter(map(len, packed), np.intp, len(packed)) // WIDTH
    new: Mask = np.arange(len(facts)) >= (facts.first + known)[facts.entity]
    return new
