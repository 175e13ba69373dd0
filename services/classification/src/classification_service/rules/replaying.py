"""Decisions derived anew from what their own rows say, to be held against what the rows say came of it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from classification_service.model.explanation import Decision
from classification_service.model.intervention import Intervention
from classification_service.model.judgement import Matrix, Verdicts
from classification_service.model.risk_model import Flag, RiskClass
from classification_service.rules.cases import age_days_of
from classification_service.rules.choosing import ScorerSet
from classification_service.rules.scoring import Dense, Subjects
from classification_service.rules.verdicts import verdicts

_EPOCH = date(1970, 1, 1)
_LETTERS = ("", *(each.name for each in RiskClass))
COMPARED = ("points", "score", "risk_class", "score_class", "override_code", "flags", "sectors")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a decision, as the books keep it: numbers in single precision, little-endian.

    Attributes:
        model_id: the model that gave the score.
    """

    model_id: str
    points: bytes
    score: bytes
    risk_class: str
    score_class: str
    override_code: str
    flags: int
    sectors: int


@dataclass(frozen=True, slots=True)
class Replayed:
    """A decision derived anew; `differs` names what is not the same byte for byte.

    The points of a decision that a monthly run made are not kept: they are derived, and compared with nothing.
    """

    decision: Decision
    outcome: Outcome
    differs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """What decisions are derived from beside their rows.

    Attributes:
        sets: the models of each set by its code, and of each model alone by its id.
        interventions: what people decided, by id.
    """

    sets: Mapping[str, ScorerSet]
    interventions: Mapping[int, Intervention]


def set_of(decision: Decision) -> str:
    """What names the models of a decision: its set, or the one model where none is named."""
    return decision.set_code or decision.model_id


def numbers_of(decision: Decision) -> tuple[int, ...]:
    """The ids of what people decided and was applied."""
    return tuple(map(int, decision.interventions.split(","))) if decision.interventions else ()


def replayed(decisions: Sequence[Decision], known: Known) -> Sequence[Replayed]:
    """Each of these decisions derived anew, in their order; those of one set of models at once."""
    by_set: dict[str, list[int]] = defaultdict(list)
    for place, decision in enumerate(decisions):
        by_set[set_of(decision)].append(place)
    found: dict[int, Replayed] = {}
    for code, places in by_set.items():
        outcomes = _derived([decisions[place] for place in places], known.sets[code], known.interventions)
        for place, outcome in zip(places, outcomes, strict=True):
            found[place] = _compared(decisions[place], outcome)
    return [found[place] for place in range(len(decisions))]


def points_of(decisions: Sequence[Decision], known: Known) -> Sequence[tuple[float, ...]]:
    """The points that these decisions come to, the base first."""
    return [tuple(np.frombuffer(each.outcome.points, "<f4").tolist()) for each in replayed(decisions, known)]


def _derived(
    decisions: Sequence[Decision], models: ScorerSet, interventions: Mapping[int, Intervention]
) -> Sequence[Outcome]:
    values: Matrix = np.array([each.values for each in decisions], np.float32)
    days = np.array([(each.business_day - _EPOCH).days for each in decisions], np.int64)
    ages = np.array([age_days_of(each, models) for each in decisions])
    applied = {
        row: [interventions[number] for number in numbers_of(each)]
        for row, each in enumerate(decisions)
        if each.interventions
    }
    made = verdicts(models, Dense(values), Subjects(ages, days), applied)
    points = _points(made)
    return [_outcome(made, row, points[row], each) for row, each in enumerate(decisions)]


def _points(made: Verdicts) -> Mapping[int, bytes]:
    return {
        int(row): each.astype("<f4").tobytes()
        for rows, points in made.points
        for row, each in zip(rows, points, strict=True)
    }


def _outcome(made: Verdicts, row: int, points: bytes, decision: Decision) -> Outcome:
    deciding = int(made.deciding[row])
    return Outcome(
        made.model_ids[int(made.model[row])],
        points,
        _single(float(made.score[row])),
        _LETTERS[int(made.risk_class[row])],
        _LETTERS[int(made.score_class[row])],
        made.codes[deciding] if deciding >= 0 else "",
        int(made.flags[row]) | _of_registration(decision),
        int(made.sectors[row]),
    )


def _of_registration(decision: Decision) -> int:
    """The flag of a cancelled registration; decisions of one model alone do not say the status, but the flag."""
    if not decision.set_code:
        return decision.flags & Flag.CANCELLED
    return int(Flag.CANCELLED) if decision.status == "cancelled" else 0


def _compared(decision: Decision, outcome: Outcome) -> Replayed:
    stored = Outcome(
        decision.model_id,
        np.array(decision.points, "<f4").tobytes(),
        _single(decision.score),
        decision.risk_class,
        decision.score_class,
        decision.override_code,
        decision.flags,
        decision.sectors,
    )
    compared = ("model_id", *(name for name in COMPARED if name != "points" or decision.points))
    differs = (name for name in compared if getattr(stored, name) != getattr(outcome, name))
    return Replayed(decision, outcome, tuple(differs))


def _single(number: float) -> bytes:
    return np.array(number, "<f4").tobytes()
