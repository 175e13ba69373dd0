"""The one JSON object that says what came of a study."""

import math
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any, NamedTuple

from classification_service.model.learning import Table
from classification_service.rules.evaluating.judging import Ranking
from classification_service.rules.learning.reading import Document
from classification_service.rules.learning.scorecard import scorecard_of
from classification_service.rules.learning.studying import Outcome, day_of
from classification_service.rules.learning.validating import Fold, Trial

_DIGITS = 4
MAIN_MEASURE = (
    "first_half_share counts visits with any critical violation: it is what the published figures count, and what AUC "
    "ranks; first_half_violations_share counts the violations themselves"
)


BEWARE = (
    "history goes on in the test period, up to the eve of each visit, so that the whole order could not have been made "
    "on its first day; the plain logistic has no history: compare it with history_frozen_at_train_until too"
)


class Source(NamedTuple):
    """What was read, and of which files.

    Attributes:
        trained_on: the files.
        earlier_visits: how many visits, or contexts, are from the earlier files.
        without_outcome: inspections left out since nobody knows what they found.
        context_alone: rows of context without an inspection.
    """

    trained_on: str
    earlier_visits: int
    without_outcome: int
    context_alone: int


def told(outcome: Outcome, source: Source) -> dict[str, Any]:
    """Everything measured, rounded to four digits; a measure that cannot be taken is null."""
    orders = {name: _ranking(each) for name, each in outcome.rankings.items()}
    for name, frozen in outcome.frozen.items():
        orders[name]["history_frozen_at_train_until"] = _ranking(frozen)
    as_visited = orders.pop("as_visited")
    return {
        "study": f"{outcome.study.code}@{outcome.study.version}",
        **source._asdict(),
        "train": _period(outcome.train, until=outcome.window.train_until),
        "test": _period(outcome.test, until=outcome.window.test_to),
        **orders,
        "as_visited_first_half_share": as_visited["first_half_share"],
        "as_visited_first_half_violations_share": as_visited["first_half_violations_share"],
        "main_measure": MAIN_MEASURE,
        "beware": BEWARE,
        "validation": _validation(outcome),
        "scorecard": scorecard_of(outcome),
    }


def _ranking(each: Ranking) -> dict[str, Any]:
    return {name: _figure(value) for name, value in asdict(each).items()}


def _figure(value: float) -> float | int | None:
    if isinstance(value, int):
        return value
    return round(value, _DIGITS) if math.isfinite(value) else None


def _period(table: Table, until: date) -> dict[str, Any]:
    return {
        "first_day": day_of(table.days.min()).isoformat(),
        "last_day": day_of(table.days.max()).isoformat(),
        "until": until.isoformat(),
        "n": len(table.found),
        "found": int(table.found.sum()),
        "violations": int(table.violations.sum()),
    }


def _validation(outcome: Outcome) -> dict[str, Any]:
    best = outcome.trials[0]
    return {
        "chosen": asdict(best.choice),
        "merit": _figure(best.merit),
        "folds": [_fold(fold) for fold in best.folds],
        "boosted_trees_auc": [_figure(value) for value in outcome.challenger],
        "tried": [_trial(trial) for trial in outcome.trials],
    }


def _fold(fold: Fold) -> Mapping[str, Any]:
    figures = {name: _figure(value) for name, value in asdict(fold).items()}
    return {**figures, "first_day": day_of(fold.first_day).isoformat()}


def _trial(trial: Trial) -> Document:
    return {**asdict(trial.choice), "merit": _figure(trial.merit)}
