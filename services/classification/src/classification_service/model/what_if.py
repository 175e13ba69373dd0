"""What a draft would do to a city, before anybody is judged by it (先试后用)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from classification_service.model.risk_model import RiskModel

Counts = npt.NDArray[np.int64]
CLASSES = 5
"""None, A, B, C and D."""


def _no_moves() -> Counts:
    return np.zeros((CLASSES, CLASSES), np.int64)


def _no_visits() -> Counts:
    return np.zeros((2, 2, CLASSES), np.int64)


@dataclass(frozen=True, slots=True)
class Moves:
    """Entities by class now (row) and by the draft (column); those outside the population are not counted.

    Attributes:
        visits: entities now and by the draft (first), under key supervision or not (second), by class (third).
        scored: who was judged by the draft.
    """

    all: Counts = field(default_factory=_no_moves)
    by_area: Mapping[str, Counts] = field(default_factory=dict)
    by_section: Mapping[str, Counts] = field(default_factory=dict)
    visits: Counts = field(default_factory=_no_visits)

    def __add__(self, other: "Moves") -> "Moves":
        return Moves(
            self.all + other.all,
            _added(self.by_area, other.by_area),
            _added(self.by_section, other.by_section),
            self.visits + other.visits,
        )


def _added(one: Mapping[str, Counts], other: Mapping[str, Counts]) -> dict[str, Counts]:
    none = _no_moves()
    return {group: one.get(group, none) + other.get(group, none) for group in sorted({*one, *other})}


class Ratio(NamedTuple):
    """What share of a class is inspected in a year."""

    share: float
    citation: str
    confidence: str


@dataclass(frozen=True, slots=True)
class WhatIf:
    """The answer to a what-if.

    Attributes:
        model: the draft, with its cuts.
        movers: how many are otherwise classed by the draft.
        load: visits a year now and by the draft, by class and for key supervision.
        discovery: back-tested, by class: valid results and problems of the control group, now and by the draft.
    """

    id: int
    snapshot_id: int
    model: RiskModel
    entities: int
    moves: Moves
    movers: int
    load: Mapping[str, Mapping[str, float]]
    discovery: Mapping[str, Any]
