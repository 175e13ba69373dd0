"""Scores of visits by what was learned."""

import numpy as np

from classification_service.model.judgement import Matrix, Vector
from classification_service.model.learning import InspectorTerm, Learned, Scale, Scorecard, Table


def establishment_points(card: Scorecard, table: Table) -> Vector:
    """Points of each establishment as known before the visit; whoever comes has no part in them."""
    places = {code: index for index, code in enumerate(table.codes)}
    total = np.full(len(table.found), float(card.base))
    for scale in card.scales:
        total += points_of(scale, table.values[:, places[scale.code]])
    return total


def points_of(scale: Scale, values: Vector) -> Vector:
    """Points that an input gives at each of these values."""
    points = np.array(scale.points, dtype=np.float64)
    found: Vector = points[np.searchsorted(np.array(scale.edges), values, side="right") % len(points)]
    found[np.isnan(values)] = scale.missing
    return found


def inspector_points(term: InspectorTerm, table: Table) -> Vector:
    """What is added for who comes; one never met in training is judged by what he found since."""
    added: Vector = _of_each(term, table)[np.arange(len(table.who)), table.who]
    return added


def likely_inspector_points(term: InspectorTerm, table: Table) -> Vector:
    """What is added when it is not known who comes, only who came to the area of late."""
    added: Vector = np.einsum("ij,ij->i", _of_each(term, table), table.shares)
    return added


def chance(learned: Learned, points: Vector) -> Vector:
    """Probability that something critical is found at a visit with so many points, the inspector's included."""
    found: Vector = 1 / (1 + np.exp(-(learned.intercept + points / learned.card.per_logit)))
    return found


def _of_each(term: InspectorTerm, table: Table) -> Matrix:
    own = np.array([term.points.get(name, 0) for name in table.inspectors], dtype=np.float64)
    added: Matrix = own[None, :] + term.slope * (table.strictness - term.centre)
    return added
