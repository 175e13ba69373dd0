"""Judges a batch of events against what was decided before: what is written, and what the others are told."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from msgspec.structs import replace
from vocabulary.sparse_values import unpack

from classification_service.model.judgement import (
    UNKNOWN,
    ClassChanged,
    Decided,
    Head,
    IndicatorsChanged,
    Judgement,
    Scores,
    Vector,
)
from classification_service.model.risk_model import Flag
from classification_service.rules.scoring import Scorer

_CANCELLED = int(Flag.CANCELLED)
_UNKNOWN_DAY = np.iinfo(np.int32).min
Verdict = tuple[float, int, str, int]
"""Score, class, override code and flags."""


def judge(
    changes: Sequence[IndicatorsChanged], heads: Mapping[str, Head], scorer: Scorer, *, decided_at_ms: int
) -> Judgement:
    """What this batch comes to, given the heads of its entities; old news changes nothing."""
    values = unpack([change.values for change in changes], scorer.width)
    scores = scorer.score(values, age_days_of(changes))
    new_heads, rows, steps = _steps(changes, heads, _verdicts(scores, scorer), scorer.model.id)
    return Judgement(
        model_id=scorer.model.id,
        catalogue_version=scorer.catalogue_version,
        decided_at_ms=decided_at_ms,
        changes=changes,
        values=values,
        scores=scores,
        heads=new_heads,
        rows=rows,
        previous_versions=[heads.get(uscc, UNKNOWN).profile_version for uscc in new_heads],
        decided=[step for step in steps if step.head.decision_number != step.previous.decision_number],
        announced=[
            _announcement(changes[step.row], step, decided_at_ms)
            for step in steps
            if step.head.change_number != step.previous.change_number
        ],
    )


def age_days_of(changes: Sequence[IndicatorsChanged]) -> Vector:
    """Days from establishment to the business day, NaN when the day of establishment is unknown."""
    days = [change.established_on_day for change in changes]
    established = np.array([_UNKNOWN_DAY if day is None else day for day in days], dtype=np.float64)
    established[established == _UNKNOWN_DAY] = np.nan
    return np.array([change.business_day for change in changes], dtype=np.float64) - established


def _verdicts(scores: Scores, scorer: Scorer) -> Iterable[Verdict]:
    codes = [*(rule.code for rule in scorer.model.adjustments), ""]
    overrides = [codes[index] for index in scores.deciding.tolist()]
    return zip(
        scores.score.tolist(), scores.risk_class.tolist(), overrides, scores.flags.tolist(), strict=True
    )


def _steps(
    changes: Sequence[IndicatorsChanged],
    heads: Mapping[str, Head],
    verdicts: Iterable[Verdict],
    model_id: str,
) -> tuple[dict[str, Head], list[int], list[Decided]]:
    """The new head of each entity that moved on, the row of its newest change, and each step that shows."""
    new_heads: dict[str, Head] = {}
    rows: dict[str, int] = {}
    steps: list[Decided] = []
    for row, (change, verdict) in enumerate(zip(changes, verdicts, strict=True)):
        uscc = change.uscc
        previous = new_heads.get(uscc) or heads.get(uscc, UNKNOWN)
        if change.profile_version <= previous.profile_version:
            continue
        head = _next_head(change, previous, verdict, model_id)
        new_heads[uscc] = head
        rows[uscc] = row
        if head.decision_number != previous.decision_number or head.change_number != previous.change_number:
            steps.append(Decided(row, head, previous))
    return new_heads, list(rows.values()), steps


def _next_head(change: IndicatorsChanged, previous: Head, verdict: Verdict, model_id: str) -> Head:
    """The entity's head after this change.

    A decision is written when score, class, override or flags change; the others are told when anything but the score
    does, or area, industry or type. The decision about a cancelled entity is final.
    """
    score, risk_class, override_code, flags = verdict
    if change.status == "cancelled":
        if previous.flags & _CANCELLED:
            return replace(previous, profile_version=change.profile_version)
        flags |= _CANCELLED
    differs = (
        risk_class != previous.risk_class
        or flags != previous.flags
        or override_code != previous.override_code
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
    )


def _moved(change: IndicatorsChanged, previous: Head) -> bool:
    return (
        change.area_code != previous.area_code
        or change.industry != previous.industry
        or change.entity_type != previous.entity_type
    )


def _announcement(change: IndicatorsChanged, step: Decided, decided_at_ms: int) -> ClassChanged:
    return ClassChanged(change.uscc, step.head, step.previous.risk_class, change.business_day, decided_at_ms)
