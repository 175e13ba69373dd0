"""What learning from outcomes works with: inputs, visits with what they found, tables and scorecards."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from classification_service.model.judgement import Integers, Matrix, Vector

Booleans = npt.NDArray[np.bool_]


class Direction(StrEnum):
    """What the trade says of an input, whatever the data say."""

    UP = "up"
    """More of it is never less risk."""
    DOWN = "down"
    """More of it is never more risk."""
    FREE = "free"
    """The trade says nothing."""


@dataclass(frozen=True, slots=True)
class Input:
    """One thing known of an establishment before a visit.

    Attributes:
        dimension: `establishment`, `area`, `kind` or `calendar`.
        edges: where its bins begin; empty when they are taken from the training data.
        why: why its direction is imposed, or left free.
        known: from when it is known.
    """

    code: str
    dimension: str
    zh: str
    en: str
    direction: Direction
    edges: tuple[float, ...]
    why: str
    known: str


@dataclass(frozen=True, slots=True)
class Memory:
    """How long history counts: half-lives in days, and how many visits of the whole stand behind a short history.

    Attributes:
        city: half-life of what is found in the whole city.
        inspector: half-life of what an inspector finds.
        area: half-life of what is found in an area.
        kind: half-life of what is found at a kind of establishment.
    """

    city: float
    inspector: float
    area: float
    kind: float
    inspector_prior: float
    area_prior: float
    kind_prior: float
    establishment_prior: float


@dataclass(frozen=True, slots=True)
class Study:
    """What is learned from: the inputs, how history is remembered, and what validation may choose among.

    Attributes:
        bins: numbers of bins to try, for inputs whose edges come from the data.
        penalties: strengths of the ridge on steps to try.
        sets: sets of dimensions and codes to leave out, by name.
        folds: number of validation periods of `fold_days` each, the last of which ends with the training data.
        inspector_penalty: strength of the ridge that draws each inspector to what all find.
    """

    code: str
    version: int
    author: str
    inputs: tuple[Input, ...]
    memory: Memory
    bins: tuple[int, ...]
    penalties: tuple[float, ...]
    sets: Mapping[str, tuple[str, ...]]
    folds: int
    fold_days: int
    inspector_penalty: float

    @property
    def codes(self) -> tuple[str, ...]:
        """Codes of the inputs, in order."""
        return tuple(each.code for each in self.inputs)


class Context(NamedTuple):
    """What the context file says of a visit; NaN where it says nothing.

    Attributes:
        inspector: who comes; empty when unknown.
        columns: its numbers by name of column.
    """

    inspector: str
    facility_type: str
    columns: Mapping[str, float]


class Visit(NamedTuple):
    """One inspection: where, when, what was known, and what it found.

    Attributes:
        day: days since 1970-01-01.
        risk: 1 high, 2 medium, 3 low; NaN when unknown.
        serious: NaN when unknown, like `minor`.
        context: None where the context file does not hold the visit.
    """

    visit_id: str
    licence: str
    day: int
    area: str
    kind: str
    risk: float
    critical: int
    serious: float
    minor: float
    context: Context | None


@dataclass(frozen=True, slots=True)
class Table:
    """Visits in the order they were made, with what was known before each and what was found.

    Attributes:
        values: one column per input, NaN when unknown.
        found: 1 where any critical violation was found, else 0.
        violations: number of critical violations.
        past: number of critical violations found earlier at the establishment.
        inspectors: names; the first is empty and stands for whoever is unknown.
        who: who came, as a position in `inspectors`.
        strictness: log-odds that an inspector finds a critical violation, as his earlier visits say: one column each.
        shares: how often each inspector came to the area of late; rows add up to 1.
    """

    codes: tuple[str, ...]
    visit_ids: tuple[str, ...]
    days: Integers
    values: Matrix
    found: Vector
    violations: Vector
    past: Vector
    inspectors: tuple[str, ...]
    who: Integers
    strictness: Matrix
    shares: Matrix

    def rows(self, chosen: Booleans) -> "Table":
        """The chosen visits alone."""
        ids = tuple(visit_id for visit_id, is_chosen in zip(self.visit_ids, chosen, strict=True) if is_chosen)
        return replace(
            self,
            visit_ids=ids,
            **{name: getattr(self, name)[chosen] for name in _BY_ROW},
        )


_BY_ROW = ("days", "values", "found", "violations", "past", "who", "strictness", "shares")


@dataclass(frozen=True, slots=True)
class Sample:
    """Drawn visits whose result counts, oldest first, with what was known of each entity before its visit.

    Attributes:
        days: of the visits, days since 1970-01-01.
        values: by the catalogue, NaN when unknown.
        age_days: of the entity at the decision before the visit, NaN when unknown.
        found: 1 where a problem was found, else 0.
        weights: 1/odds of having been drawn.
        uniform: drawn in the control group.
        inspectors: who was sent; empty where that is not known.
        without_evidence: visits left out since the decision before them is not at hand.
    """

    days: Integers
    values: Matrix
    age_days: Vector
    found: Vector
    weights: Vector
    uniform: Booleans
    inspectors: tuple[tuple[str, ...], ...]
    without_evidence: int = 0

    def rows(self, chosen: Booleans) -> "Sample":
        """The chosen visits alone."""
        arrays = {name: getattr(self, name)[chosen] for name in _OF_SAMPLE}
        sent = tuple(self.inspectors[row] for row in np.flatnonzero(chosen))
        return replace(self, **arrays, inspectors=sent)


_OF_SAMPLE = ("days", "values", "age_days", "found", "weights", "uniform")


@dataclass(frozen=True, slots=True)
class Scale:
    """Whole points of one input: `points[i]` from `edges[i - 1]`, inclusive, to `edges[i]`; `missing` when unknown."""

    code: str
    edges: tuple[float, ...]
    points: tuple[int, ...]
    missing: int


@dataclass(frozen=True, slots=True)
class Scorecard:
    """Base and points that add up to an establishment's score.

    Attributes:
        per_logit: points that make the odds e times as great.
    """

    base: int
    scales: tuple[Scale, ...]
    per_logit: int


@dataclass(frozen=True, slots=True)
class InspectorTerm:
    """What is added for who comes: his own points, and `slope` points per unit of strictness above `centre`."""

    points: Mapping[str, int]
    slope: int
    centre: float


@dataclass(frozen=True, slots=True)
class Learned:
    """A scorecard, and the nuisance that was fitted beside it.

    Attributes:
        intercept: log-odds of a visit that scores 0 points.
    """

    card: Scorecard
    term: InspectorTerm
    intercept: float


@dataclass(frozen=True, slots=True)
class Choice:
    """One way of fitting: how many bins, how strong a penalty, and which set of inputs."""

    bins: int
    penalty: float
    inputs: str
