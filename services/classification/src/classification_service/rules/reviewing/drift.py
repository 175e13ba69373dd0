"""How the city moved between two moments."""

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np

from classification_service.model.evidence import Floats
from classification_service.model.figures import Migration, Move
from classification_service.rules.reviewing.ratios import FEWEST

WATCH, ACT = 0.10, 0.25
"""Source: the usual marks of the population stability index, N. Siddiqi, Credit Risk Scorecards, 2006."""
_BANDS = 10


def migration_of(
    days: tuple[date, date],
    moves: Sequence[Move],
    scores: tuple[Mapping[float, int], Mapping[float, int]],
) -> Migration:
    """What became of the classes, and of the score's distribution, from one day to the other.

    Args:
        days: the two.
        moves: entities by both classes.
        scores: entities by score, at either day.
    """
    known = [move for move in moves if move.before and move.after]
    both = sum(move.entities for move in known)
    stayed = sum(move.entities for move in known if move.before == move.after)
    index = psi(*scores)
    return Migration(*days, tuple(moves), stayed / both if both else None, index, verdict(index))


def psi(before: Mapping[float, int], after: Mapping[float, int]) -> float | None:
    """The population stability index over tenths of the earlier distribution; None when either is too small.

    A band that is empty on one side counts as half an entity.

    Source: N. Siddiqi, Credit Risk Scorecards, 2006: sum of (after - before) ln(after / before) over shares.
    """
    if min(sum(before.values()), sum(after.values())) < FEWEST:
        return None
    edges = _edges(before)
    first, second = _shares(before, edges), _shares(after, edges)
    return float(((second - first) * np.log(second / first)).sum())


def verdict(index: float | None) -> str:
    """What an index means."""
    if index is None:
        return "too_few"
    return "act" if index >= ACT else "watch" if index >= WATCH else "stable"


def _edges(counts: Mapping[float, int]) -> Floats:
    """Greatest scores of the tenths but the last."""
    scores = np.array(sorted(counts), np.float64)
    up_to = np.cumsum([counts[score] for score in scores.tolist()])
    places = np.searchsorted(up_to, up_to[-1] * np.arange(1, _BANDS) / _BANDS, side="left")
    return np.unique(scores[places])


def _shares(counts: Mapping[float, int], edges: Floats) -> Floats:
    places = np.searchsorted(edges, np.array(list(counts), np.float64), side="left")
    entities = np.bincount(places, np.array(list(counts.values()), np.float64), len(edges) + 1)
    filled = np.maximum(entities, 0.5)
    return np.asarray(filled / filled.sum(), np.float64)
