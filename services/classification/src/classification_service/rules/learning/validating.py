"""Chooses how to fit by periods inside the training data that each fit has not seen, in the order of time."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np

from classification_service.errors import TooLittleToLearn
from classification_service.model.learning import Choice, Study, Table
from classification_service.rules.evaluating.ranking import auc, first_half_share, within_groups_auc
from classification_service.rules.learning.applying import (
    establishment_points,
    inspector_points,
)
from classification_service.rules.learning.fitting import fit

_LEAST_VISITS = 200
_LEAST_FOUND = 20


@dataclass(frozen=True, slots=True)
class Fold:
    """What one validation period says of one choice; `first_day` is days since 1970-01-01."""

    first_day: int
    visits: int
    with_inspector: float
    without_inspector: float
    within_inspector: float
    first_half_share: float


@dataclass(frozen=True, slots=True)
class Trial:
    """One choice and its folds, in the order of time."""

    choice: Choice
    folds: tuple[Fold, ...]

    @property
    def merit(self) -> float:
        """What is chosen by: AUC with the inspector, without, and among visits of one inspector, averaged over folds.

        The last has no part in strictness: it holds the establishment's points to what is theirs.
        """
        return float(
            np.mean(
                [[fold.with_inspector, fold.without_inspector, fold.within_inspector] for fold in self.folds]
            )
        )


def trials(table: Table, study: Study) -> list[Trial]:
    """Every choice tried on every fold, best first; equals in the order of the study, which puts the simplest first.

    Raises:
        TooLittleToLearn: No fold has enough before it and in it.
    """
    folds = list(splits(table, study))
    if not folds:
        raise TooLittleToLearn(len(table.found), int(table.found.sum()))
    choices = [Choice(*each) for each in product(study.bins, study.penalties, study.sets)]
    found = [Trial(choice, tuple(_fold(*fold, study, choice) for fold in folds)) for choice in choices]
    return sorted(found, key=lambda trial: -round(trial.merit, 6))


def splits(table: Table, study: Study) -> Iterator[tuple[Table, Table]]:
    """What comes before a validation period, and the period, for each that has enough of both."""
    end = int(table.days.max()) + 1 if len(table.days) else 0
    for back in range(study.folds, 0, -1):
        first, last = end - back * study.fold_days, end - (back - 1) * study.fold_days
        before = table.rows(table.days < first)
        period = table.rows((table.days >= first) & (table.days < last))
        if all(_is_enough(part) for part in (before, period)):
            yield before, period


def _is_enough(part: Table) -> bool:
    found = part.found.sum()
    return len(part.found) >= _LEAST_VISITS and _LEAST_FOUND <= found <= len(part.found) - _LEAST_FOUND


def _fold(before: Table, period: Table, study: Study, choice: Choice) -> Fold:
    learned = fit(before, study, choice)
    own = establishment_points(learned.card, period)
    both = own + inspector_points(learned.term, period)
    return Fold(
        first_day=int(period.days.min()),
        visits=len(period.found),
        with_inspector=auc(both, period.found),
        without_inspector=auc(own, period.found),
        within_inspector=within_groups_auc(own, period.found, period.who),
        first_half_share=first_half_share(both, period.found),
    )
