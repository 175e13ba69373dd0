"""Learns from a service's own outcomes: the points of the model in force, moved as far as the outcomes say."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from classification_service.errors import NothingToStartFrom
from classification_service.model.judgement import Matrix, Scores, Vector
from classification_service.model.learning import Sample
from classification_service.model.risk_model import Catalogue, RiskModel
from classification_service.rules.learning.fitting import Problem, minimum
from classification_service.rules.learning.steps import Bounds, Steps, steps_of
from classification_service.rules.scoring import Dense, Scorer, Subjects

_INSPECTOR_PENALTY = 1.0
_CALIBRATING = 1e-6


@dataclass(frozen=True, slots=True)
class Revision:
    """New points of each item of a model, in its order: those of its bins or knots.

    Attributes:
        logit: log-odds that one point is worth.
        strictness: log-odds of each inspector above what all find; no part of the model.
    """

    points: tuple[tuple[int, ...], ...]
    logit: float
    strictness: tuple[float, ...]


def revise(model: RiskModel, catalogue: Catalogue, sample: Sample, penalty: float) -> Revision:
    """What the outcomes make of the model's points.

    A logistic regression of what was found, each visit weighed by 1/odds of having been drawn, so that the sample
    stands for all. Every step of every scale is drawn to what the model in force says of it, at the worth of a point in
    the same outcomes, and keeps its direction; beside them, drawn to none, stands one effect for each inspector. Where
    the outcomes say nothing the model's own points remain.

    Raises:
        NothingToStartFrom: The model's score does not rise with what is found.
    """
    weights = fair_weights(sample.weights)
    logit = _worth(scored(model, catalogue, sample).score, sample.found, weights)
    steps = [steps_of(item) for item in model.items]
    names = sorted({ref for team in sample.inspectors for ref in team})
    columns = _columns(steps, catalogue, sample)
    towards = [logit * step.heights for step in steps]
    problem = Problem(
        columns=np.column_stack([np.ones(len(sample.found)), *columns, _sent(sample, names)]),
        found=sample.found,
        weights=weights,
        penalties=np.array([0.0, *[penalty] * sum(map(len, towards)), *[_INSPECTOR_PENALTY] * len(names)]),
        towards=np.concatenate([[_level(sample, weights)], *towards, np.zeros(len(names))]),
        bounds=[(None, None), *_bounds(steps, towards), *[(None, None)] * len(names)],
    )
    found = minimum(problem)
    split = np.cumsum([1, *map(len, towards)])
    parts = np.split(found, split)
    return Revision(
        tuple(_points(step, part / logit) for step, part in zip(steps, parts[1:-1], strict=True)),
        logit,
        tuple(parts[-1].tolist()),
    )


def scored(model: RiskModel, catalogue: Catalogue, sample: Sample) -> Scores:
    """What the service's own scorer makes of the entities as they were known before their visits."""
    subjects = Subjects(sample.age_days, sample.days)
    return Scorer(model, catalogue).score(Dense(sample.values), subjects)


def fair_weights(weights: Vector) -> Vector:
    """The same proportions, adding up to as many alike visits as these are worth.

    Source: L. Kish, Survey Sampling, 1965.
    """
    fair: Vector = weights * (weights.sum() / (weights**2).sum())
    return fair


def _worth(score: Vector, found: Vector, weights: Vector) -> float:
    """The log-odds of one point of the model in force."""
    columns = np.column_stack([np.ones(len(score)), score / 100])
    bounds: list[Bounds] = [(None, None)] * 2
    nothing = np.zeros(2)
    problem = Problem(columns, found, weights, np.array([0.0, _CALIBRATING]), nothing, bounds)
    worth = float(minimum(problem)[1]) / 100
    if worth <= 0:
        raise NothingToStartFrom
    return worth


def _level(sample: Sample, weights: Vector) -> float:
    rate = float((weights * sample.found).sum() / weights.sum())
    return float(np.log(rate / (1 - rate)))


def _columns(steps: Sequence[Steps], catalogue: Catalogue, sample: Sample) -> list[Matrix]:
    places = catalogue.positions
    return [step.columns(sample.values[:, places[step.item.indicator]].astype(np.float64)) for step in steps]


def _sent(sample: Sample, names: Sequence[str]) -> Matrix:
    """The share each inspector had in the team of each visit."""
    places = {name: place for place, name in enumerate(names)}
    sent = np.zeros((len(sample.found), len(names)))
    for row, team in enumerate(sample.inspectors):
        for ref in team:
            sent[row, places[ref]] = 1 / len(team)
    return sent


def _bounds(steps: Sequence[Steps], towards: Sequence[Vector]) -> list[Bounds]:
    return [
        each for step, at in zip(steps, towards, strict=True) for each in step.bounds([float(x) for x in at])
    ]


def _points(step: Steps, heights: Vector) -> tuple[int, ...]:
    """Whole points from the first, which stays."""
    levels = step.points[0] + np.concatenate([[0.0], np.cumsum(heights[:-1])])
    return tuple(int(level) for level in np.rint(levels))
