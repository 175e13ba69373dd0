"""What a draft would do to a city, before anybody is judged by it (先试后用)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, TypedDict

import numpy as np
import numpy.typing as npt

Counts = npt.NDArray[np.int64]
CLASSES = 5
"""None, A, B, C and D."""
STRATA = ("A", "B", "C", "D", "observed", "key")
"""What a plan draws from beside the uniform lot: classes, the observation year, key supervision by law."""


def _no_moves() -> Counts:
    return np.zeros((CLASSES, CLASSES), np.int64)


def _no_visits() -> Counts:
    return np.zeros((2, len(STRATA)), np.int64)


@dataclass(frozen=True, slots=True)
class Moves:
    """Entities by class now (row) and by the draft (column); those outside the population are not counted.

    Attributes:
        by_sector: by class in each sector they are members of.
        visits: entities that may be visited, now and by the draft (first), by stratum (second).
        anyway: whose class as it stands is not what the models in force make of them: the next run moves them.
        left: who is left as they are, since their values are not kept or are of another catalogue.
    """

    all: Counts = field(default_factory=_no_moves)
    by_area: Mapping[str, Counts] = field(default_factory=dict)
    by_section: Mapping[str, Counts] = field(default_factory=dict)
    by_sector: Mapping[str, Counts] = field(default_factory=dict)
    visits: Counts = field(default_factory=_no_visits)
    anyway: int = 0
    left: int = 0

    def __add__(self, other: "Moves") -> "Moves":
        return Moves(
            self.all + other.all,
            _added(self.by_area, other.by_area),
            _added(self.by_section, other.by_section),
            _added(self.by_sector, other.by_sector),
            self.visits + other.visits,
            self.anyway + other.anyway,
            self.left + other.left,
        )


def _added(one: Mapping[str, Counts], other: Mapping[str, Counts]) -> dict[str, Counts]:
    none = _no_moves()
    return {group: one.get(group, none) + other.get(group, none) for group in sorted({*one, *other})}


class Ratio(NamedTuple):
    """What share of a stratum is inspected in a year."""

    share: float
    citation: str
    confidence: str


class Mover(NamedTuple):
    """An entity that would be otherwise classed; the class 0 is none."""

    uscc: str
    area_code: str
    industry: str
    before: int
    after: int
    score_before: float
    score_after: float


Mix = dict[str, int]
"""Entities by class, A to D."""


class NowAndThen(TypedDict):
    """By the models in force, and by the draft."""

    now: Mix
    then: Mix


class Group(NowAndThen):
    """Those of a group."""

    movers: int


class UsedRatio(TypedDict):
    """A share that a load was reckoned with."""

    share: float
    citation: str
    confidence: str


class Load(TypedDict):
    """Visits a year by lot."""

    now: dict[str, float]
    then: dict[str, float]
    ratios: dict[str, UsedRatio]


class Rate(TypedDict):
    """Problems among valid results, with the interval; no rate without results."""

    valid: int
    problems: int
    rate: float | None
    low: float | None
    high: float | None


class Found(TypedDict):
    """What a what-if found, as it is kept.

    Attributes:
        model, sha256: the draft, and its document as it was asked about.
        cuts: its own, or those its shares come to in this city.
        against: the models in force that day, with which it is compared.
        load: None for a sector's draft: plans draw by the class of the whole entity.
        discovery: back-tested, by class: `now` at the draw, `then` by the draft.
    """

    model: str
    sha256: str
    cuts: list[float]
    against: list[str]
    snapshot_id: int
    business_day: str
    made_at: str
    entities: int
    movers: int
    moving_anyway: int
    left: int
    mix: NowAndThen
    migration: dict[str, Mix]
    by_area: dict[str, Group]
    by_section: dict[str, Group]
    by_sector: dict[str, Group]
    load: Load | None
    discovery: dict[str, dict[str, Rate]]


class WhatIf(Found):
    """The answer to a what-if, with its number."""

    id: int
