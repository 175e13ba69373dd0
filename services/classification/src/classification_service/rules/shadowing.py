"""What a draft would make of what the live models judge (影子运行)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from vocabulary.industries import Sector

from classification_service.model.judgement import Integers, Judgement, Vector, Verdicts
from classification_service.model.risk_model import Kind
from classification_service.rules.choosing import ScorerSet
from classification_service.rules.judging import Interventions, age_days_of, by_row
from classification_service.rules.scoring import Dense, Scorer, Subjects
from classification_service.rules.verdicts import PLACES, verdicts


@dataclass(frozen=True, slots=True)
class Shadow:
    """A run at work."""

    number: int
    scorer: Scorer


class ShadowVerdict(NamedTuple):
    """What the live models and a draft make of an entity; class 0 where the model does not judge it."""

    uscc: str
    profile_version: int
    area_code: str
    sectors: int
    live_class: int
    live_score: float
    draft_class: int
    draft_score: float


def beside(live: ScorerSet, draft: Scorer) -> ScorerSet:
    """The live models, the draft in place of the one with its code."""
    scorers = (*live.whole, *live.sectors.values())
    return ScorerSet([*(each for each in scorers if each.model.code != draft.model.code), draft])


def shadowed(
    judgement: Judgement, live: ScorerSet, shadow: Shadow, interventions: Interventions
) -> Sequence[ShadowVerdict]:
    """One verdict for each entity of the judgement that moved on and that the draft or its live model judges."""
    changes = judgement.changes
    days = np.array([change.business_day for change in changes], np.int64)
    subjects = Subjects(age_days_of(changes), days)
    made = verdicts(
        beside(live, shadow.scorer), Dense(judgement.values), subjects, by_row(changes, interventions)
    )
    mine = _judged_by(made, shadow.scorer)
    live_class, live_score = _of(judgement.verdicts, shadow.scorer, mine)
    draft_class, draft_score = _of(made, shadow.scorer, mine)
    judged = [
        row
        for row in judgement.rows
        if (live_class[row] or draft_class[row]) and changes[row].status != "cancelled"
    ]
    columns = (judgement.verdicts.sectors, live_class, live_score, draft_class, draft_score)
    told = zip(*(column[judged].tolist() for column in columns), strict=True)
    return [
        ShadowVerdict(each.uscc, each.profile_version, each.area_code, *values)
        for each, values in zip((changes[row] for row in judged), told, strict=True)
    ]


def _judged_by(made: Verdicts, draft: Scorer) -> Integers:
    """The rows that the draft judges as whole entities; none where it is of a sector."""
    if draft.model.kind is Kind.SECTOR:
        return np.empty(0, np.int64)
    return np.flatnonzero(made.model == made.model_ids.index(draft.model.id))


def _of(made: Verdicts, draft: Scorer, mine: Integers) -> tuple[Integers, Vector]:
    """Class and score of each row in the part of the verdicts that the draft is about."""
    classes, scores = np.zeros(len(made.score), np.int8), np.zeros(len(made.score))
    if draft.model.kind is not Kind.SECTOR:
        classes[mine], scores[mine] = made.risk_class[mine], made.score[mine]
        return classes, scores
    sector = Sector(draft.model.sector)
    classes[:] = made.sectors >> PLACES[sector] & 7
    if str(sector) in made.sector_scores:
        rows, found = made.sector_scores[str(sector)]
        scores[rows] = found.score
    return classes, scores
