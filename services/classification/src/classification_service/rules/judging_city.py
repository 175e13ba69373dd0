"""Judges a chunk of the city anew: the same as `judging.judge_again`, entity by entity, but in arrays."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

import numpy as np
from vocabulary.sparse_values import ENTRY

from classification_service.model.city import NO_DAY_KNOWN, Booleans, JudgedAnew, Standing
from classification_service.model.intervention import Intervention, lasting
from classification_service.model.judgement import (
    ClassChanged,
    Head,
    IndicatorsChanged,
    Integers,
    Vector,
    Verdicts,
)
from classification_service.model.risk_model import Flag
from classification_service.rules import totals
from classification_service.rules.choosing import ScorerSet
from classification_service.rules.columns import ByIndicator, by_indicator
from classification_service.rules.judging import Interventions
from classification_service.rules.scoring import Subjects
from classification_service.rules.verdicts import verdicts

_CANCELLED = np.int16(Flag.CANCELLED)
_EPOCH = date(1970, 1, 1)
_POSTGRES_EPOCH_MS = 946_684_800_000  # 2000-01-01


class Run(NamedTuple):
    """What judges a chunk.

    Attributes:
        business_day: days since 1970-01-01.
    """

    business_day: int
    decided_at_ms: int
    scorers: ScorerSet
    interventions: Interventions


class RunRules(NamedTuple):
    """What a run judges by: the models it began with, and what people decided, as of a generation of the rules."""

    generation: int
    scorers: ScorerSet
    interventions: Interventions


def values_of(standing: Standing, width: int) -> ByIndicator:
    """The values of the chunk; zero for whom none are kept."""
    return by_indicator(standing.packed, np.maximum(standing.counts, 0), width)


def judged_anew(standing: Standing, values: ByIndicator, run: Run) -> JudgedAnew:
    """What is otherwise when each is judged for the business day by what is known of it.

    Left as they are: who was cancelled and judged since, whose state holds for a later day, and whose values are not
    kept or are of an earlier catalogue, until profiling tells them anew.
    """
    applied = _by_row(standing, run)
    subjects = Subjects(age_days(standing, run.business_day), run.business_day)
    made = verdicts(run.scorers, values, subjects, applied, score=totals.score)
    return _compared(standing, made, run)


def age_days(standing: Standing, business_day: int) -> Vector:
    """Days since establishment, NaN where unknown."""
    established = standing.established_on.astype(np.float64)
    return np.where(standing.established_on == NO_DAY_KNOWN, np.nan, business_day - established)


def _by_row(standing: Standing, run: Run) -> Mapping[int, Sequence[Intervention]]:
    if not run.interventions:
        return {}
    found = {
        row: lasting(run.interventions[uscc.decode()], run.business_day)
        for row, uscc in enumerate(standing.usccs.tolist())
        if uscc.decode() in run.interventions
    }
    return {row: some for row, some in found.items() if some}


def _compared(standing: Standing, made: Verdicts, run: Run) -> JudgedAnew:
    is_cancelled = np.array([status == "cancelled" for status in standing.of_label("status")], bool)
    cancelled = _each(is_cancelled, standing.label)
    flags = np.where(cancelled, made.flags | _CANCELLED, made.flags)
    old = standing.of_label("override_code"), standing.label
    overrides, override, override_before = _indexed([*made.codes, ""], made.deciding, *old)
    is_open = _open(standing, cancelled, run)
    differs = is_open & (
        (made.risk_class != standing.risk_class)
        | (flags != standing.flags)
        | (override != override_before)
        | (made.sectors != standing.sectors)
    )
    decided = differs | (is_open & (made.score != standing.score))
    after = _Words(flags, override, override_before, overrides)
    return _moved(standing, made, run, (after, is_open, differs, decided))


class _Words(NamedTuple):
    """Flags and overrides, after and before."""

    flags: Integers
    override: Integers
    override_before: Integers
    overrides: Sequence[str]


def _moved(
    standing: Standing, made: Verdicts, run: Run, found: tuple[_Words, Booleans, Booleans, Booleans]
) -> JudgedAnew:
    after, is_open, differs, decided = found
    old = standing.of_label("model_id"), standing.label
    models, model, model_before = _indexed(list(made.model_ids), made.model, *old)
    moved = decided | (is_open & (model != model_before))
    return JudgedAnew(
        business_day=run.business_day,
        decided_at_ms=run.decided_at_ms,
        set_code=run.scorers.code,
        catalogue_version=run.scorers.catalogue_version,
        verdicts=made,
        score=np.where(moved, made.score, standing.score),
        risk_class=np.where(moved, made.risk_class, standing.risk_class),
        flags=np.where(moved, after.flags, standing.flags),
        sectors=np.where(moved, made.sectors, standing.sectors),
        decision_number=standing.decision_number + decided,
        change_number=standing.change_number + differs,
        override=np.where(moved, after.override, after.override_before),
        overrides=after.overrides,
        model=np.where(moved, model, model_before),
        models=models,
        judged=is_open,
        of_day=np.where(moved, np.int32(run.business_day), standing.business_day),
        moved=moved,
        decided=decided,
        announced=differs,
    )


def _each(of_label: Any, label: Integers) -> Any:
    return of_label[label] if len(label) else of_label[:0]


def _open(standing: Standing, cancelled: Booleans, run: Run) -> Booleans:
    is_final = cancelled & (standing.flags & _CANCELLED != 0)
    is_known = (standing.counts >= 0) & (standing.catalogue_version == run.scorers.catalogue_version)
    found: Booleans = ~is_final & is_known & (standing.business_day <= run.business_day)
    return found


def _indexed(
    new: Sequence[str], index: Integers, old: Sequence[str], old_index: Integers
) -> tuple[list[str], Integers, Integers]:
    """The words of both, and of each entity the new one and the old one; an index of -1 is the last word."""
    numbers: dict[str, int] = {}
    for word in (*new, *old):
        numbers.setdefault(word, len(numbers))
    of_new = np.array([numbers[word] for word in new], np.int32)
    of_old = np.array([numbers[word] for word in old], np.int32)
    return list(numbers), of_new[index], _each(of_old, old_index)


def announced(standing: Standing, anew: JudgedAnew, rows: Booleans) -> list[ClassChanged]:
    """What the others are told of these."""
    return [
        ClassChanged(uscc.decode(), head, previous, anew.business_day, anew.decided_at_ms)
        for uscc, head, previous in zip(
            standing.usccs[rows].tolist(),
            _heads(standing, anew, rows),
            standing.risk_class[rows].tolist(),
            strict=True,
        )
    ]


def _heads(standing: Standing, anew: JudgedAnew, rows: Booleans) -> Iterator[Head]:
    labels = standing.labels
    columns = (
        standing.profile_version,
        anew.score,
        anew.risk_class,
        anew.override,
        anew.flags,
        standing.label,
    )
    more = (anew.decision_number, anew.change_number, anew.model, anew.sectors)
    for version, score, letter, override, flags, label, number, change, model, sectors in zip(
        *(each[rows].tolist() for each in (*columns, *more)), strict=True
    ):
        own = labels[label]
        yield Head(
            *(version, score, letter, anew.overrides[override], flags),
            *(own.area_code, own.industry, own.entity_type),
            *(number, change, anew.models[model], sectors),
        )


def one_by_one(
    standing: Standing, rows: Sequence[int], business_day: int
) -> tuple[list[IndicatorsChanged], dict[str, Head]]:
    """These entities, each of which is judged, as `judging.judge_again` takes them."""
    ends = np.cumsum(np.maximum(standing.counts, 0)) * ENTRY.itemsize
    changes, heads = [], {}
    for row in rows:
        own, uscc = standing.labels[standing.label[row]], standing.usccs[row].decode()
        start = int(ends[row] - standing.counts[row] * ENTRY.itemsize)
        established = int(standing.established_on[row])
        changes.append(
            IndicatorsChanged(
                *(
                    uscc,
                    int(standing.profile_version[row]),
                    standing.packed[start : int(ends[row])],
                    business_day,
                ),
                *(_recorded_ms(standing, row), cause_of(business_day), own.status),
                *(own.area_code, own.industry, own.entity_type),
                None if established == NO_DAY_KNOWN else established,
            )
        )
        heads[uscc] = _head(standing, row)
    return changes, heads


def _head(standing: Standing, row: int) -> Head:
    own = standing.labels[standing.label[row]]
    return Head(
        profile_version=int(standing.profile_version[row]),
        score=float(standing.score[row]),
        risk_class=int(standing.risk_class[row]),
        override_code=own.override_code,
        flags=int(standing.flags[row]),
        area_code=own.area_code,
        industry=own.industry,
        entity_type=own.entity_type,
        decision_number=int(standing.decision_number[row]),
        change_number=int(standing.change_number[row]),
        model_id=own.model_id,
        sectors=int(standing.sectors[row]),
    )


def cause_of(business_day: int) -> str:
    """What the decisions of a monthly run name as their cause."""
    return f"monthly-run|{_EPOCH + timedelta(days=business_day):%Y-%m-%d}"


def _recorded_ms(standing: Standing, row: int) -> int:
    return int(standing.recorded_at_us[row]) // 1000 + _POSTGRES_EPOCH_MS
