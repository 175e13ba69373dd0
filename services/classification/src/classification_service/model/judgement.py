"""What is judged, and what was decided."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import msgspec
import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.floating[Any]]
Vector = npt.NDArray[np.floating[Any]]
Integers = npt.NDArray[np.signedinteger[Any]]


class Rested(NamedTuple):
    """What rests of an item because a record is objected to.

    Attributes:
        rows: of whom, in rising order.
        shares: how much of each one's value is the record's, NaN where the whole item rests.
    """

    rows: Integers
    shares: Vector


class IndicatorsChanged(msgspec.Struct, frozen=True, gc=False):
    """An entity's indicators as profiling knows them; complete.

    Attributes:
        values: as `vocabulary.sparse_values`, in the catalogue's order, NaN when not known.
        business_day: day the values hold for, days since 1970-01-01 (Asia/Shanghai).
        recorded_at_ms: recorded time of the newest fact used, milliseconds since the epoch, UTC.
        cause: the newest fact used as `source|fact_id`, empty when the calendar alone moved the values.
        status: code of `vocabulary.entity_types.Status`.
        established_on_day: days since 1970-01-01; None when unknown.
    """

    uscc: str
    profile_version: int
    values: bytes
    business_day: int
    recorded_at_ms: int
    cause: str
    status: str
    area_code: str
    industry: str
    entity_type: str
    established_on_day: int | None


class Head(msgspec.Struct, frozen=True, gc=False):
    """What is kept of an entity between two events.

    Attributes:
        risk_class: 1 to 4 for A to D; 0 before the first decision.
        override_code: what decided in place of the score; empty when the score decided.
        flags: bits of `Flag`.
        decision_number: number of the last decision, gapless from 1.
        change_number: number of the last class change told to the others, gapless from 1.
        model_id: the model that gave the score, such as `general@1`.
        sectors: class in each sector, see `Verdicts`.
    """

    profile_version: int
    score: float
    risk_class: int
    override_code: str
    flags: int
    area_code: str
    industry: str
    entity_type: str
    decision_number: int
    change_number: int
    model_id: str
    sectors: int


UNKNOWN = Head(0, -1.0, 0, "", 0, "", "", "", 0, 0, "", 0)
"""The head of an entity that was never judged."""


@dataclass(frozen=True, slots=True)
class Scores:
    """What a model makes of n entities.

    Attributes:
        points: n rows of `scoring.entries`; each row's sum is exactly the score.
        score: within the model's scale.
        score_class: class by the cuts alone, 1 to 4.
        risk_class: class after shifts and floors, 1 to 4.
        deciding: index of the adjustment that decided, -1 when the score did.
        flags: bits of `Flag`.
    """

    points: Matrix
    score: Vector
    score_class: Integers
    risk_class: Integers
    deciding: Integers
    flags: Integers


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What a set of models makes of n entities.

    Attributes:
        score, score_class, risk_class, flags: of the whole entity, by the general or the individual model.
        deciding: index into `codes` of what decided in place of the score, -1 where the score did.
        codes: of adjustments, of all models of the whole entity, and `manual`.
        model: index into `model_ids` of what judged each.
        points: by model, the rows it judged and their points.
        sectors: class in each sector, three bits each in the order of `vocabulary.industries.Sector`, the first lowest;
            0 for who is no member.
        sector_scores: by sector, its members and what its model makes of them.
        interventions: ids of those that were applied, by row.
    """

    score: Vector
    score_class: Integers
    risk_class: Integers
    flags: Integers
    deciding: Integers
    codes: tuple[str, ...]
    model: Integers
    model_ids: tuple[str, ...]
    points: tuple[tuple[Integers, Matrix], ...]
    sectors: Integers
    sector_scores: Mapping[str, tuple[Integers, Scores]]
    interventions: Mapping[int, tuple[int, ...]]


class Decided(msgspec.Struct, frozen=True, gc=False):
    """A step of an entity at row `row` of the batch: what was decided before and after."""

    row: int
    head: Head
    previous: Head


class ClassChanged(msgspec.Struct, frozen=True, gc=False):
    """The others must know: class, observation, override or what supervision sorts by changed."""

    uscc: str
    head: Head
    previous_class: int
    business_day: int
    decided_at_ms: int


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a batch of events comes to.

    Attributes:
        set_code: names the models, see `choosing.ScorerSet`.
        catalogue_version: whose indicators the values are.
        changes: the batch as it came.
        values: its indicator values, one row per change.
        verdicts: what the models make of it, one row per change.
        heads: the new head of each entity that moved on.
        rows: row of its newest change, in the same order.
        previous: profile version and decision number the store must have for it, in the same order, 0 for none.
        decided: decisions to write, in order of the batch.
        announced: class changes to publish, in order of the batch.
    """

    set_code: str
    catalogue_version: int
    decided_at_ms: int
    changes: Sequence[IndicatorsChanged]
    values: Matrix
    verdicts: Verdicts
    heads: Mapping[str, Head]
    rows: Sequence[int]
    previous: Sequence[tuple[int, int]]
    decided: Sequence[Decided]
    announced: Sequence[ClassChanged]
