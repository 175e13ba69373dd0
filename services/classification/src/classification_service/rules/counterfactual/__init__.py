"""The shortest list of changes that would reach the next better class; the scorer itself says that it does."""

from collections.abc import Sequence

import numpy as np

from classification_service.model.judgement import Matrix
from classification_service.model.mending import Counterfactual, Mend
from classification_service.model.risk_model import Adjustment, Catalogue, RiskClass
from classification_service.rules.cases import Case
from classification_service.rules.counterfactual.ladders import Ladder, ladders_of
from classification_service.rules.counterfactual.obstacles import is_shut, obstacles_of
from classification_service.rules.counterfactual.searching import Search, shortest
from classification_service.rules.counterfactual.wording import change_of, sentences_of

__all__ = ["counterfactual"]


def counterfactual(case: Case, mends: Sequence[Mend], catalogue: Catalogue) -> Counterfactual:
    """What would have to change: the fewest indicators, and of those the smallest steps, as far as all could be tried.

    A step is a bin of the scale, a knot of the curve, or the threshold of a rule. Only what the entity can mend itself
    is changed, and only what is known.
    """
    now = case.judged(case.values)
    risk_class, score = int(now.risk_class[0]), float(now.score[0])
    target = risk_class - 1
    ladders = ladders_of(case, mends, catalogue)
    found, is_complete = Search(None, is_complete=True)
    if target and not is_shut(case, ladders, target):
        found, is_complete = shortest(case, ladders, target)
    obstacles = obstacles_of(case, ladders, target) if target and found is None else ()
    indicators = {each.code: each for each in catalogue.indicators}
    changes = tuple(
        change_of(indicators[ladder.mend.indicator], ladder, step) for ladder, step in found or ()
    )
    reached: str = ""
    gained: tuple[Adjustment, ...] = ()
    if found:
        values = applied(case, found)
        then = case.judged(values)
        reached, score = RiskClass(int(then.risk_class[0])).name, float(then.score[0])
        gained = _gained(case, values)
    letters = RiskClass(risk_class).name, RiskClass(target).name if target else ""
    sentences = sentences_of((*letters, reached), changes, obstacles, is_complete=is_complete)
    return Counterfactual(*letters, reached, score, changes, gained, obstacles, is_complete, *sentences)


def _gained(case: Case, values: Matrix) -> tuple[Adjustment, ...]:
    before = case.held(case.scorer)
    return tuple(rule for rule in case.held(case.scorer, values) if rule.shift < 0 and rule not in before)


def applied(case: Case, steps: Sequence[tuple[Ladder, int]]) -> Matrix:
    """The entity's values with these changes made, one row."""
    values = case.values.copy()
    for ladder, step in steps:
        values[0, ladder.position] = np.float32(ladder.rungs[step])
    return values
