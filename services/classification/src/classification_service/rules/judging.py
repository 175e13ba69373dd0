"""Judges entities against what was decided before: what is written, and what the others are told."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from msgspec.structs import replace
from vocabulary.sparse_values import unpack

from classification_service.model.intervention import Intervention, lasting
from classification_service.model.judgement import (
    UNKNOWN,
    ClassChanged,
    Decided,
    Head,
    IndicatorsChanged,
    Judgement,
    Vector,
    Verdicts,
)
from classification_service.model.risk_model import Flag
from classification_service.rules.choosing import Scorers, ScorerSet
from classification_service.rules.scoring import Dense, Subjects
from classification_service.rules.verdicts import verdicts

_CANCELLED = int(Flag.CANCELLED)
_UNKNOWN_DAY = np.iinfo(np.int32).min
Verdict = tuple[float, int, str, int, str, int]
"""Score, class, override code, flags, model and classes in sectors."""
Interventions = Mapping[str, Sequence[Intervention]]
NO_INTERVENTIONS: Interventions = {}


class InForce(NamedTuple):
    """What judges: the models by day, and what people decided, by entity."""

    scorers: Scorers
    interventions: Interventions


class Given(NamedTuple):
    """What is judged, and by what.

    Attributes:
        changes: events, in order.
        heads: what was decided before of their entities.
        scorers: the models.
        interventions: what people decided.
    """

    changes: Sequence[IndicatorsChanged]
    heads: Mapping[str, Head]
    scorers: ScorerSet
    interventions: Interventions = NO_INTERVENTIONS


def judge(given: Given, *, decided_at_ms: int) -> Judgement:
    """What this batch of events comes to; old news changes nothing."""
    return _judged(given, decided_at_ms, _is_newer)


def judge_again(given: Given, *, decided_at_ms: int) -> Judgement:
    """What is otherwise when known entities are judged anew by what is known of them; one event for each entity.

    Events that are older than the head change nothing, nor do those that come to the same as before.
    """
    return _judged(given, decided_at_ms, _is_otherwise)


Moves = Callable[[IndicatorsChanged, Head, Head], bool]


def _is_newer(change: IndicatorsChanged, previous: Head, _: Head) -> bool:
    return change.profile_version > previous.profile_version


def _is_otherwise(change: IndicatorsChanged, previous: Head, head: Head) -> bool:
    return change.profile_version == previous.profile_version and head != previous


def _judged(given: Given, decided_at_ms: int, moves: Moves) -> Judgement:
    changes, heads, scorers = given.changes, given.heads, given.scorers
    values = unpack([change.values for change in changes], scorers.width)
    days = np.array([change.business_day for change in changes], np.int64)
    applied = by_row(changes, given.interventions)
    made = verdicts(scorers, Dense(values), Subjects(age_days_of(changes), days), applied)
    new_heads, rows, steps = _steps(changes, heads, _each(made), moves)
    return Judgement(
        set_code=scorers.code,
        catalogue_version=scorers.catalogue_version,
        decided_at_ms=decided_at_ms,
        changes=changes,
        values=values,
        verdicts=made,
        heads=new_heads,
        rows=rows,
        previous=[_guard(heads.get(uscc, UNKNOWN)) for uscc in new_heads],
        decided=[step for step in steps if step.head.decision_number != step.previous.decision_number],
        announced=[
            _announcement(changes[step.row], step, decided_at_ms)
            for step in steps
            if step.head.change_number != step.previous.change_number
        ],
    )


def _guard(head: Head) -> tuple[int, int]:
    return head.profile_version, head.decision_number


def by_row(
    changes: Sequence[IndicatorsChanged], interventions: Interventions
) -> Mapping[int, Sequence[Intervention]]:
    """What people decided of each event's entity and is not over on its business day, by the event's row."""
    if not interventions:
        return {}
    found = {
        row: lasting(interventions[change.uscc], change.business_day)
        for row, change in enumerate(changes)
        if change.uscc in interventions
    }
    return {row: some for row, some in found.items() if some}


def age_days_of(changes: Sequence[IndicatorsChanged]) -> Vector:
    """Days from establishment to the business day, NaN when the day of establishment is unknown."""
    days = [change.established_on_day for change in changes]
    established = np.array([_UNKNOWN_DAY if day is None else day for day in days], dtype=np.float64)
    established[established == _UNKNOWN_DAY] = np.nan
    return np.array([change.business_day for change in changes], dtype=np.float64) - established


def _each(made: Verdicts) -> Iterable[Verdict]:
    codes = [*made.codes, ""]
    return zip(
        made.score.tolist(),
        made.risk_class.tolist(),
        [codes[index] for index in made.deciding.tolist()],
        made.flags.tolist(),
        [made.model_ids[index] for index in made.model.tolist()],
        made.sectors.tolist(),
        strict=True,
    )


def _steps(
    changes: Sequence[IndicatorsChanged],
    heads: Mapping[str, Head],
    made: Iterable[Verdict],
    moves: Moves,
) -> tuple[dict[str, Head], list[int], list[Decided]]:
    """The new head of each entity that moved on, the row of its newest change, and each step that shows."""
    new_heads: dict[str, Head] = {}
    rows: dict[str, int] = {}
    steps: list[Decided] = []
    for row, (change, verdict) in enumerate(zip(changes, made, strict=True)):
        uscc = change.uscc
        previous = new_heads.get(uscc) or heads.get(uscc, UNKNOWN)
        head = _next_head(change, previous, verdict)
        if not moves(change, previous, head):
            continue
        new_heads[uscc] = head
        rows[uscc] = row
        if head.decision_number != previous.decision_number or head.change_number != previous.change_number:
            steps.append(Decided(row, head, previous))
    return new_heads, list(rows.values()), steps


def _next_head(change: IndicatorsChanged, previous: Head, verdict: Verdict) -> Head:
    """The entity's head after this change.

    A decision is written when score, class, override, flags or the class in a sector change; the others are told when
    anything but the score does, or area, industry or type. The decision about a cancelled entity is final.
    """
    score, risk_class, override_code, flags, model_id, sectors = verdict
    if change.status == "cancelled":
        if previous.flags & _CANCELLED:
            return replace(previous, profile_version=change.profile_version)
        flags |= _CANCELLED
    differs = (
        risk_class != previous.risk_class
        or flags != previous.flags
        or override_code != previous.override_code
        or sectors != previous.sectors
    )
    return Head(
        change.profile_version,
        score,
        risk_class,
        override_code,
        flags,
        change.area_code,
        change.industry,
        change.entity_type,
        previous.decision_number + (differs or score != previous.score),
        previous.change_number + (differs or _moved(change, previous)),
        model_id,
        sectors,
    )


def _moved(change: IndicatorsChanged, previous: Head) -> bool:
    return (
        change.area_code != previous.area_code
        or change.industry != previous.industry
        or change.entity_type != previous.entity_type
    )


def _announcement(change: IndicatorsChanged, step: Decided, decided_at_ms: int) -> ClassChanged:
    return ClassChanged(change.uscc, step.head, step.previous.risk_class, change.business_day, decided_at_ms)
