"""How the city moved between two moments."""

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np

from classification_service.model.evidence import Floats
from classification_service.model.figures import Drift, Migration, Move
from classification_service.rules.reviewing.ratios import FEWEST

VERSION_CHANGED = "version_changed"
WATCH, ACT = 0.10, 0.25
"""Source: the usual marks of the population stability index, N. Siddiqi, Credit Risk Scorecards, 2006."""
_BANDS = 10
_NEARLY_ALL = 0.95
"""Of a code's entities, so that those a new version has not reached yet are not compared. Project-chosen."""
Scores = Mapping[str, Mapping[float, int]]
"""Entities by the model that judged them and their score."""


def migration_of(
    days: tuple[date, date],
    moves: Sequence[Move],
    scores: tuple[Scores, Scores],
) -> Migration:
    """What became of the classes, and of the score's distribution, from one day to the other.

    Args:
        days: the two.
        moves: entities by both classes.
        scores: entities by model and score, at either day.
    """
    known = [move for move in moves if move.before and move.after]
    both = sum(move.entities for move in known)
    stayed = sum(move.entities for move in known if move.before == move.after)
    drifts = drifts_of(*scores)
    index, said = greatest(drifts)
    return Migration(*days, tuple(moves), stayed / both if both else None, index, said, drifts)


def drifts_of(before: Scores, after: Scores) -> tuple[Drift, ...]:
    """Each code by itself: another version has another scale, and what it does to scores is no drift of the city."""
    codes = sorted({model_id.partition("@")[0] for model_id in (*before, *after)})
    return tuple(_drift(code, before, after) for code in codes)


def greatest(drifts: Sequence[Drift]) -> tuple[float | None, str]:
    """The greatest index and what it means; without one, why there is none."""
    known = [drift.psi for drift in drifts if drift.psi is not None]
    if known:
        return max(known), verdict(max(known))
    changed = any(drift.verdict == VERSION_CHANGED for drift in drifts)
    return None, VERSION_CHANGED if changed else verdict(None)


def _drift(code: str, before: Scores, after: Scores) -> Drift:
    first, second = _version(code, before), _version(code, after)
    if first != second or not first:
        return Drift(code, first, second, None, VERSION_CHANGED)
    index = psi(before[first], after[second])
    return Drift(code, first, second, index, verdict(index))


def _version(code: str, scores: Scores) -> str:
    """The version that judged nearly all whom the code judged."""
    entities = {
        model_id: sum(counts.values())
        for model_id, counts in scores.items()
        if model_id.partition("@")[0] == code
    }
    most = max(entities, key=lambda each: entities[each], default="")
    return most if most and entities[most] >= _NEARLY_ALL * sum(entities.values()) else ""


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
