"""Whether a draft would have put those with problems into the worse classes (回测): judged on the uniform lot."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from classification_service.model.city import Booleans
from classification_service.model.judgement import Integers, Vector
from classification_service.rules import totals
from classification_service.rules.choosing import ScorerSet
from classification_service.rules.scoring import Subjects, Values
from classification_service.rules.verdicts import PLACES, verdicts
from classification_service.rules.what_if import Draft

Counts = Mapping[str, tuple[int, int]]
_LETTERS = ("", "A", "B", "C", "D")


class Control(NamedTuple):
    """Valid results of the uniform lot, with what had been decided on before each visit.

    Attributes:
        days: business day of that decision.
        risk_class, sectors: at the draw.
    """

    values: Values
    age_days: Vector
    days: Integers
    risk_class: Integers
    sectors: Integers
    is_problem: Booleans


def back_tested(control: Control, draft: Draft) -> dict[str, Counts]:
    """Valid results and problems by class at the draw (`now`) and by the draft (`then`); empty without results.

    The class is that which the draft gives: of the whole entity, or in its sector, of members only.
    """
    if not len(control.days):
        return {}
    scorers = draft.scorers if draft.sector else ScorerSet(list(draft.scorers.whole))
    made = verdicts(scorers, control.values, Subjects(control.age_days, control.days), score=totals.score)
    now, then = control.risk_class, made.risk_class
    if draft.sector:
        place = PLACES[draft.sector]
        now, then = control.sectors >> place & 7, made.sectors >> place & 7
    return {name: _tallied(each, control.is_problem) for name, each in (("now", now), ("then", then))}


def _tallied(classes: Integers, problem: Booleans) -> Counts:
    valid, problems = (np.bincount(some, minlength=5).tolist() for some in (classes, classes[problem]))
    return {letter: (valid[index], problems[index]) for index, letter in enumerate(_LETTERS) if letter}
