"""Tries a revision in the order of time against the model in force, and proposes it with what it would have told."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from classification_service.errors import TooLittleToLearn
from classification_service.model.judgement import Vector
from classification_service.model.learning import Sample
from classification_service.model.risk_model import Catalogue, RiskModel
from classification_service.rules.evaluating.ranking import auc, weighted_auc
from classification_service.rules.learning.redrafting import Heading, redrafted
from classification_service.rules.learning.revising import Revision, fair_weights, revise, scored
from classification_service.rules.reading import model_of

PENALTIES = (100.0, 30.0, 10.0, 3.0)
"""How strongly the model in force holds its points, strongest first. Project-chosen."""
_ENDS = (0.4, 0.55, 0.7, 0.85, 1.0)
"""Shares of the visits, in the order of time, at which periods begin and end. Project-chosen."""
_LEAST_VISITS, _LEAST_OF_A_KIND = 200, 20
_LEAST_IN_PERIOD, _LEAST_OF_A_KIND_IN_PERIOD = 30, 5
_DRAWS, _SEED = 200, 20260101


@dataclass(frozen=True, slots=True)
class Period:
    """One period ranked by the model in force and by what was learned before the period began.

    Attributes:
        live: AUC of the model in force, visits weighed by 1/odds.
        learned: that of the revision.
        live_uniform, learned_uniform: the same in the control group alone; NaN where it found one kind only.
        low, high: 95 % interval of `learned` less `live`, days drawn anew.
    """

    first_day: int
    last_day: int
    visits: int
    problems: int
    uniform: int
    live: float
    learned: float
    live_uniform: float
    learned_uniform: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Proposal:
    """A draft and what speaks for it.

    Attributes:
        chosen_by: periods by which the penalty was chosen, in the order of time.
        judged_by: the last period, which had no part in choosing.
        scores: of the visits of that period, by `live` and `learned`.
        worth: as how many alike visits the weighted ones count.
    """

    model: RiskModel
    revision: Revision
    document: dict[str, Any]
    sample: Sample
    penalty: float
    chosen_by: tuple[Period, ...]
    judged_by: Period
    judged: Sample
    scores: Mapping[str, Vector]
    worth: float

    @property
    def is_better(self) -> bool:
        """Whether it ranked the period that had no part in choosing better than the model in force."""
        return self.judged_by.learned > self.judged_by.live


Title = Callable[[float, int], Heading]
"""The heading for a penalty and a number of visits."""


def propose(model: RiskModel, catalogue: Catalogue, sample: Sample, title: Title) -> Proposal:
    """The revision of the model by all visits, as strongly held as ranked earlier periods best.

    Raises:
        TooLittleToLearn: There are fewer than two periods with enough in them and before them.
        NothingToStartFrom: The model's score does not rise with what is found.
    """
    parts = list(_periods(sample))
    early, last = parts[:-1], parts[-1:]
    if not early:
        raise TooLittleToLearn(len(sample.found), int(sample.found.sum()))
    start = _Start(model, catalogue, title)
    trials = {penalty: [_compared(part, start, penalty)[0] for part in early] for penalty in PENALTIES}
    best = max(PENALTIES, key=lambda penalty: _merit(trials[penalty]))
    judged_by, scores = _compared(last[0], start, best)
    revision, document = start.revised(sample, best)
    return Proposal(
        model=model,
        revision=revision,
        document=document,
        sample=sample,
        penalty=best,
        chosen_by=tuple(trials[best]),
        judged_by=judged_by,
        judged=last[0].inside,
        scores=scores,
        worth=float(fair_weights(sample.weights).sum()),
    )


class _Start(NamedTuple):
    """What is revised."""

    model: RiskModel
    catalogue: Catalogue
    title: Title

    def revised(self, sample: Sample, penalty: float) -> tuple[Revision, dict[str, Any]]:
        """What these visits make of it, as the service would load it."""
        revision = revise(self.model, self.catalogue, sample, penalty)
        return revision, redrafted(self.model, revision, self.title(penalty, len(sample.found)))


class _Part(NamedTuple):
    """A period and all that came before it."""

    before: Sample
    inside: Sample


def _merit(periods: Sequence[Period]) -> float:
    """Equals in the order of `PENALTIES`: the strongest holds."""
    return round(float(np.mean([each.learned for each in periods])), 6)


def _periods(sample: Sample) -> Iterator[_Part]:
    """What comes before a period, and the period, for each that has enough of both; a day is never parted."""
    if not len(sample.days):
        return
    ends = [*np.quantile(sample.days, _ENDS[:-1], method="higher").tolist(), int(sample.days.max()) + 1]
    for first, end in pairwise(ends):
        before = sample.rows(sample.days < first)
        inside = sample.rows((sample.days >= first) & (sample.days < end))
        if _has(before, _LEAST_VISITS, _LEAST_OF_A_KIND) and _has(
            inside, _LEAST_IN_PERIOD, _LEAST_OF_A_KIND_IN_PERIOD
        ):
            yield _Part(before, inside)


def _has(part: Sample, visits: int, of_a_kind: int) -> bool:
    problems = int(part.found.sum())
    return len(part.found) >= visits and of_a_kind <= problems <= len(part.found) - of_a_kind


def _compared(period: _Part, start: _Start, penalty: float) -> tuple[Period, Mapping[str, Vector]]:
    """How the model in force and what came before the period rank it, both by the service's own scorer."""
    part = period.inside
    document = start.revised(period.before, penalty)[1]
    live = scored(start.model, start.catalogue, part).score
    learned = scored(model_of(document, start.catalogue), start.catalogue, part).score
    return _period(part, live, learned), {"live": live, "learned": learned}


def _period(part: Sample, live: Vector, learned: Vector) -> Period:
    alike = part.uniform
    low, high = _interval(part, live, learned)
    return Period(
        first_day=int(part.days.min()),
        last_day=int(part.days.max()),
        visits=len(part.found),
        problems=int(part.found.sum()),
        uniform=int(alike.sum()),
        live=weighted_auc(live, part.found, part.weights),
        learned=weighted_auc(learned, part.found, part.weights),
        live_uniform=auc(live[alike], part.found[alike]),
        learned_uniform=auc(learned[alike], part.found[alike]),
        low=low,
        high=high,
    )


def _interval(part: Sample, live: Vector, learned: Vector) -> tuple[float, float]:
    """By whole days drawn anew: visits of one day share people and chance."""
    names, day = np.unique(part.days, return_inverse=True)
    rows = [np.flatnonzero(day == index) for index in range(len(names))]
    generator = np.random.default_rng(_SEED)
    gains: list[float] = []
    for _ in range(_DRAWS):
        picked = np.concatenate([rows[index] for index in generator.integers(0, len(names), len(names))])
        some = part.found[picked], part.weights[picked]
        gains.append(weighted_auc(learned[picked], *some) - weighted_auc(live[picked], *some))
    known = [gain for gain in gains if not np.isnan(gain)]
    if not known:
        return float("nan"), float("nan")
    low, high = np.percentile(known, [2.5, 97.5])
    return float(low), float(high)
