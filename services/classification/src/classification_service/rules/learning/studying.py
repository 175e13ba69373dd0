"""The whole study: choose by time inside the training period, fit, and rank the visits of a later one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from classification_service.errors import ImpossibleWindow, NothingToRank
from classification_service.model.judgement import Vector
from classification_service.model.learning import Learned, Study, Table, Visit
from classification_service.rules.evaluating.judging import Ranking, ranking
from classification_service.rules.evaluating.ranking import auc
from classification_service.rules.learning.applying import (
    establishment_points,
    inspector_points,
    likely_inspector_points,
)
from classification_service.rules.learning.baselines import boosted_trees, plain_logistic
from classification_service.rules.learning.fitting import fit
from classification_service.rules.learning.tables import table_of
from classification_service.rules.learning.validating import Trial, splits, trials

EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Window:
    """Which visits teach and which are ranked; all days are included.

    Raises:
        ImpossibleWindow: The ranked ones do not come after those that teach.
    """

    train_until: date
    test_from: date
    test_to: date

    def __post_init__(self) -> None:
        """See `Raises`."""
        if self.test_from <= self.train_until:
            raise ImpossibleWindow(
                "test_from", f"{self.test_from} is not after train_until {self.train_until}"
            )
        if self.test_to < self.test_from:
            raise ImpossibleWindow("test_to", f"{self.test_to} is before test_from {self.test_from}")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a study.

    Attributes:
        scores: by name of the order; a greater one is visited earlier.
        rankings: the same names.
        frozen: of the orders that go by history, as they were had nothing been heard after the training period.
        challenger: AUC of boosted trees on each fold of validation, in the order of time.
    """

    study: Study
    window: Window
    train: Table
    test: Table
    trials: Sequence[Trial]
    challenger: Sequence[float]
    learned: Learned
    scores: Mapping[str, Vector]
    rankings: Mapping[str, Ranking]
    frozen: Mapping[str, Ranking]


def conduct(visits: Sequence[Visit], study: Study, window: Window) -> Outcome:
    """Learn from the visits up to `train_until` and rank those of the test period.

    Choosing and fitting see no visit after `train_until`. A visit of the test period is ranked by what was found before
    its day, in the test period too: as it would be on the morning of the visit, by weights fixed before. That puts
    visits of different days into one order which nobody could have made on the first of them; `frozen` is what could.

    Raises:
        TooLittleToLearn: The training period holds too little.
        NothingToRank: The test period holds no visit with a context.
    """
    train = table_of([visit for visit in visits if visit.day <= number(window.train_until)], study)
    table = table_of(visits, study)
    test = _tested(table, window)
    if not len(test.found):
        raise NothingToRank(window.test_from, window.test_to)
    tried = trials(train, study)
    learned = fit(train, study, tried[0].choice)
    scores = {**_learned(learned, test), **_baselines(visits, train, test)}
    return Outcome(
        study=study,
        window=window,
        train=train,
        test=test,
        trials=tried,
        challenger=[auc(boosted_trees(*fold), fold[1].found) for fold in splits(train, study)],
        learned=learned,
        scores=scores,
        rankings={name: ranking(order, test) for name, order in scores.items()},
        frozen=_frozen(visits, study, window, learned),
    )


def _tested(table: Table, window: Window) -> Table:
    return table.rows((table.days >= number(window.test_from)) & (table.days <= number(window.test_to)))


def _frozen(visits: Sequence[Visit], study: Study, window: Window, learned: Learned) -> dict[str, Ranking]:
    test = _tested(table_of(visits, study, until=number(window.train_until)), window)
    scores = {**_learned(learned, test), "past_critical_violations": test.past}
    return {name: ranking(order, test) for name, order in scores.items()}


def number(day: date) -> int:
    """Days since 1970-01-01."""
    return (day - EPOCH).days


def day_of(days: float) -> date:
    """The day so many days after 1970-01-01."""
    return EPOCH + timedelta(days=int(days))


def _learned(learned: Learned, test: Table) -> dict[str, Vector]:
    own = establishment_points(learned.card, test)
    return {
        "with_inspector": own + inspector_points(learned.term, test),
        "without_inspector": own,
        "likely_inspector": own + likely_inspector_points(learned.term, test),
    }


def _baselines(visits: Sequence[Visit], train: Table, test: Table) -> dict[str, Vector]:
    by_id = {visit.visit_id: visit for visit in visits}
    before, after = ([by_id[visit_id] for visit_id in table.visit_ids] for table in (train, test))
    return {
        "as_visited": -test.days.astype(np.float64),
        "past_critical_violations": test.past,
        "plain_logistic": plain_logistic(before, after, inspector=True),
        "plain_logistic_without_inspector": plain_logistic(before, after, inspector=False),
    }
