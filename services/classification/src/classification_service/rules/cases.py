"""A decision together with what it is derived from, to be judged again, as it was or with other values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import nan

import numpy as np

from classification_service.model.explanation import Decision
from classification_service.model.intervention import Intervention, InterventionKind
from classification_service.model.judgement import Matrix, Verdicts
from classification_service.model.risk_model import Adjustment, YoungerThan
from classification_service.rules.choosing import ScorerSet
from classification_service.rules.scoring import Dense, Scorer, Subjects
from classification_service.rules.verdicts import verdicts

_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Case:
    """A decision, and what it is derived from beside its own row.

    Attributes:
        scorers: of the models that judged.
        age_days: age on the business day, not a number when unknown.
        interventions: what people decided and was applied.
    """

    decision: Decision
    scorers: ScorerSet
    age_days: float
    interventions: Sequence[Intervention] = ()

    @classmethod
    def of(cls, decision: Decision, scorers: ScorerSet, interventions: Sequence[Intervention] = ()) -> "Case":
        """The case of a decision and the models that made it."""
        return cls(decision, scorers, age_days_of(decision, scorers), interventions)

    @property
    def values(self) -> Matrix:
        """Its values, one row."""
        return np.array([self.decision.values], np.float32)

    @property
    def scorer(self) -> Scorer:
        """Of the model that gave the class of the whole entity."""
        return next(each for each in self.scorers.whole if each.model.id == self.decision.model_id)

    @property
    def resting(self) -> Mapping[str, float | None]:
        """Items that rested because they were objected to, and how much of each; None where the whole did."""
        found: dict[str, float | None] = {}
        for each in self.interventions:
            if each.kind is InterventionKind.RESTING:
                before = found.get(each.indicator, 0.0)
                found[each.indicator] = None if before is None or each.share is None else before + each.share
        return found

    def subjects(self, count: int = 1) -> Subjects:
        """What is known of the entity beside its values, so many times."""
        day = (self.decision.business_day - _EPOCH).days
        return Subjects(np.full(count, self.age_days), day)

    def judged(self, values: Matrix) -> Verdicts:
        """The verdicts on it if these were its values, one row for each."""
        count = len(values)
        applied = dict.fromkeys(range(count), self.interventions) if self.interventions else None
        return verdicts(self.scorers, Dense(values), self.subjects(count), applied)

    def held(self, scorer: Scorer, values: Matrix | None = None) -> Sequence[Adjustment]:
        """The rules of a model that held, or would hold if these were its values."""
        holds = scorer.holds(Dense(self.values if values is None else values), self.subjects())
        return [rule for rule, held in zip(scorer.model.adjustments, holds, strict=True) if held[0]]

    def last_day(self, rule: Adjustment) -> date | None:
        """The last day on which the rule can hold as far as the calendar decides it, None where it does not."""
        established = self.decision.established_on
        ends = [
            established + timedelta(days=condition.days - 1)
            for condition in rule.when
            if isinstance(condition, YoungerThan) and established is not None
        ]
        return min([*ends, *_ends(rule)], default=None)


def age_days_of(decision: Decision, scorers: ScorerSet) -> float:
    """Days from establishment to the business day, not a number when unknown.

    Decisions of one model alone do not say the day of establishment, but flag what its rules found of it: the age is
    one at which just those rules hold.
    """
    if decision.established_on is not None:
        return float((decision.business_day - decision.established_on).days)
    if decision.set_code:
        return nan
    flagged = [rule for rule in scorers.general.model.adjustments if rule.flag & decision.flags]
    days = [each.days for rule in flagged for each in rule.when if isinstance(each, YoungerThan)]
    return min(days) - 1.0 if days else nan


def _ends(rule: Adjustment) -> list[date]:
    """Its own last day; one past all dates is none."""
    furthest = (date.max - _EPOCH).days
    return [_EPOCH + timedelta(days=rule.valid_to)] if rule.valid_to < furthest else []
