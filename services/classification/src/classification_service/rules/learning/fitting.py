"""Fits a scorecard and the strictness of inspectors side by side."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit

from classification_service.model.judgement import Matrix, Vector
from classification_service.model.learning import (
    Choice,
    InspectorTerm,
    Learned,
    Scale,
    Scorecard,
    Study,
    Table,
)
from classification_service.rules.learning.binning import Binned, binned

BASE = 100
_PER_LOGIT = 100
_ROOM = 900
_ITERATIONS = 500
_SLOPE_PENALTY = 1.0


@dataclass(frozen=True, slots=True)
class Problem:
    """A logistic regression to fit: coefficients of columns, each within its bounds and drawn towards a number.

    Attributes:
        weights: how much each row counts.
        towards: what a penalty draws each coefficient to.
    """

    columns: Matrix
    found: Vector
    weights: Vector
    penalties: Vector
    towards: Vector
    bounds: Sequence[tuple[float | None, float | None]]


def fit(table: Table, study: Study, choice: Choice) -> Learned:
    """What the table teaches; the same table teaches the same, to the last point.

    The columns are the intercept, steps of each input bound to its direction, one column per named inspector, and
    strictness of late. The penalty draws neighbouring bins together, and each inspector to what all find.
    """
    inputs = _inputs(table, study, choice)
    of_late = strictness_of_who(table)
    centre = round(float(of_late.mean()), 3)
    problem = _problem(table, inputs, of_late - centre, (choice.penalty, study.inspector_penalty))
    coefficients = minimum(problem)
    steps = sum(each.width for each in inputs)
    levels = _levels(inputs, coefficients[1 : 1 + steps], problem.columns[:, 1 : 1 + steps])
    per_logit = _per_logit(levels)
    return Learned(
        Scorecard(BASE, _scales(inputs, levels, per_logit), per_logit),
        _term(table.inspectors[1:], coefficients[1 + steps :], centre, per_logit),
        float(coefficients[0] + sum(each.min() for each in levels)) - BASE / per_logit,
    )


def strictness_of_who(table: Table) -> Vector:
    """Strictness of late of whoever came."""
    found: Vector = table.strictness[np.arange(len(table.who)), table.who]
    return found


def _inputs(table: Table, study: Study, choice: Choice) -> list[Binned]:
    left_out = study.sets[choice.inputs]
    return [
        binned(each, table.values[:, index], choice.bins)
        for index, each in enumerate(study.inputs)
        if each.code not in left_out and each.dimension not in left_out
    ]


def _problem(
    table: Table, inputs: Sequence[Binned], of_late: Vector, penalties: tuple[float, float]
) -> Problem:
    places = {code: index for index, code in enumerate(table.codes)}
    steps = [each.steps(table.values[:, places[each.input.code]]) for each in inputs]
    named = len(table.inspectors) - 1
    came = (table.who[:, None] == np.arange(1, named + 1)[None, :]).astype(np.float64)
    width = sum(each.width for each in inputs)
    ridge, inspector = penalties
    ridges = np.array([0.0] + [ridge] * width + [inspector] * named + [_SLOPE_PENALTY])
    return Problem(
        columns=np.column_stack([np.ones(len(table.found)), *steps, came, of_late]),
        found=table.found,
        weights=np.ones(len(table.found)),
        penalties=ridges,
        towards=np.zeros(len(ridges)),
        bounds=[
            (None, None),
            *(bound for each in inputs for bound in each.bounds()),
            *[(None, None)] * named,
            (0.0, None),
        ],
    )


def minimum(problem: Problem) -> Vector:
    """The coefficients at which weighted logistic loss plus half of each penalty times distance squared is least."""
    weights, hits = problem.weights, problem.weights * problem.found

    def loss(coefficients: Vector) -> tuple[float, Vector]:
        logits = problem.columns @ coefficients
        away = coefficients - problem.towards
        penalty = problem.penalties * away
        value = (weights * np.logaddexp(0.0, logits)).sum() - hits @ logits + penalty @ away / 2
        slope: Vector = problem.columns.T @ (weights * expit(logits) - hits) + penalty
        return float(value), slope

    options = {"maxiter": _ITERATIONS, "maxfun": 2 * _ITERATIONS, "ftol": 1e-10, "gtol": 1e-3}
    found: Vector = minimize(
        loss, problem.towards, jac=True, method="L-BFGS-B", bounds=problem.bounds, options=options
    ).x
    return found


def _levels(inputs: Sequence[Binned], steps: Vector, columns: Matrix) -> list[Vector]:
    """Log-odds of each bin of each input, the first bin's being 0, and last those of the unknown.

    What training never saw unknown counts as training was on average.
    """
    ends = np.cumsum([each.width for each in inputs])[:-1]
    levels = []
    for part, column in zip(np.split(steps, ends), np.split(columns, ends, axis=1), strict=True):
        unknown = part[-1] if column[:, -1].any() else (column @ part).mean()
        levels.append(np.concatenate([[0.0], np.cumsum(part[:-1]), [unknown]]))
    return levels


def _per_logit(levels: Sequence[Vector]) -> int:
    """As many points as leave every score between the base and 1000."""
    most = float(sum(np.ptp(each) for each in levels))
    return max(1, min(_PER_LOGIT, int((_ROOM - len(levels)) / most) if most else _PER_LOGIT))


def _scales(inputs: Sequence[Binned], levels: Sequence[Vector], per_logit: int) -> tuple[Scale, ...]:
    return tuple(
        _scale(each, [int(value) for value in np.rint((level - level.min()) * per_logit)])
        for each, level in zip(inputs, levels, strict=True)
    )


def _scale(each: Binned, points: Sequence[int]) -> Scale:
    """Neighbouring bins of equal points are one."""
    changes = [index for index in range(len(each.edges)) if points[index] != points[index + 1]]
    return Scale(
        each.input.code,
        tuple(each.edges[index] for index in changes),
        (points[0], *(points[index + 1] for index in changes)),
        points[-1],
    )


def _term(names: Sequence[str], fitted: Vector, centre: float, per_logit: int) -> InspectorTerm:
    points = np.rint(fitted * per_logit)
    own = {name: int(value) for name, value in zip(names, points[:-1], strict=True)}
    return InspectorTerm(own, int(points[-1]), centre)
