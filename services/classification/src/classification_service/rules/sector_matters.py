"""What puts members of sectors at risk (重要风险事项): by the general model, and by the model of the sector."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

import numpy as np
from vocabulary.industries import Sector

from classification_service.model.judgement import Integers, Matrix, Scores, Verdicts
from classification_service.model.risk_model import RiskClass, RiskModel
from classification_service.model.sectors import REPORTED_SECTORS, AtRisk, Matters, SectorMatters
from classification_service.rules.choosing import ScorerSet
from classification_service.rules.scoring import Dense, Subjects
from classification_service.rules.verdicts import verdicts

_C = int(RiskClass.C)


class _Sums(NamedTuple):
    """Entities and points by indicator, entities by override."""

    entities: Counter[str]
    points: Counter[str]
    overrides: Counter[str]

    def add_items(self, model: RiskModel, points: Matrix) -> None:
        for place, item in enumerate(model.items, start=1):
            given = points[:, place][points[:, place] > 0]
            if len(given):
                self.entities[item.indicator] += len(given)
                self.points[item.indicator] += int(given.sum())

    def told(self) -> Matters:
        items = ((code, self.entities[code], points) for code, points in self.points.most_common())
        return Matters(tuple(items), tuple(self.overrides.most_common()))


def matters_of(members: Iterable[tuple[AtRisk, ScorerSet]]) -> Mapping[str, SectorMatters]:
    """By sector, what gives points to its members of general class C or D, and to those of class C or D in it.

    Points follow from the values kept with each state, by the models that gave it its class and what people decided.
    """
    sums = {sector.code: (_nothing(), _nothing()) for sector in REPORTED_SECTORS}
    for some, scorers in members:
        subjects = Subjects(some.age_days, some.days)
        made = verdicts(scorers, Dense(some.values), subjects, some.interventions)
        for code, (rows, scores) in made.sector_scores.items():
            if code in sums:
                at_risk = rows[made.risk_class[rows] >= _C]
                _add_general(sums[code][0], scorers, made, at_risk)
                _add_own(sums[code][1], scorers.sectors[Sector(code)].model, scores)
    return {code: SectorMatters(general.told(), own.told()) for code, (general, own) in sums.items()}


def _nothing() -> _Sums:
    return _Sums(Counter(), Counter(), Counter())


def _add_general(sums: _Sums, scorers: ScorerSet, made: Verdicts, at_risk: Integers) -> None:
    for scorer, (judged, points) in zip(scorers.whole, made.points, strict=True):
        sums.add_items(scorer.model, points[np.isin(judged, at_risk)])


def _add_own(sums: _Sums, model: RiskModel, scores: Scores) -> None:
    worse = scores.risk_class >= _C
    sums.add_items(model, scores.points[worse])
    deciding = scores.deciding[worse]
    sums.overrides.update(model.adjustments[index].code for index in deciding[deciding >= 0].tolist())
