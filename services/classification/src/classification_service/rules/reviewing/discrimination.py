"""How well the score tells entities with problems from those without."""

from math import sqrt

import numpy as np

from classification_service.model.evidence import Booleans, Evidence, Floats
from classification_service.model.figures import Estimate
from classification_service.rules.reviewing.ratios import FEWEST, Z_95

FEWEST_OF_A_KIND = 10
"""Fewer problems, or fewer clean visits, give no figure. Project-chosen."""


def scored_control(evidence: Evidence) -> tuple[Floats, Booleans] | None:
    """Scores and problems of the control group, or None when they are too few."""
    control = evidence.control
    known = ~np.isnan(control.score)
    score, problem = control.score[known], control.problem[known]
    hits = int(problem.sum())
    enough = len(score) >= FEWEST and min(hits, len(score) - hits) >= FEWEST_OF_A_KIND
    return (score, problem) if enough else None


def auc_of(evidence: Evidence) -> Estimate:
    """The area under the curve over the control group; without one, how many of it had a score before the visit."""
    found = scored_control(evidence)
    return auc(*found) if found else Estimate(int((~np.isnan(evidence.control.score)).sum()))


def auc(score: Floats, problem: Booleans) -> Estimate:
    """The chance that an entity with a problem has the higher score, ties half; at least two of each kind.

    Source: E. R. DeLong, D. M. DeLong and D. L. Clarke-Pearson, Comparing the areas under two or more correlated
    receiver operating characteristic curves, 1988, for the interval; by ranks as X. Sun and W. Xu, 2014.
    """
    hits, clean = score[problem], score[~problem]
    ranks = _midranks(score)
    among_clean = (ranks[problem] - _midranks(hits)) / len(clean)
    among_hits = 1 - (ranks[~problem] - _midranks(clean)) / len(hits)
    value = float(among_clean.mean())
    variance = among_clean.var(ddof=1) / len(hits) + among_hits.var(ddof=1) / len(clean)
    half = Z_95 * sqrt(float(variance))
    return Estimate(len(score), value, max(0.0, value - half), min(1.0, value + half))


def ks_of(evidence: Evidence) -> float | None:
    """The greatest distance between the score's distributions over the control group."""
    found = scored_control(evidence)
    return ks(*found) if found else None


def ks(score: Floats, problem: Booleans) -> float:
    """The greatest distance between the distributions of those with and without a problem.

    Source: N. Smirnov, 1948; as a measure of scorecards, N. Siddiqi, Credit Risk Scorecards, 2006.
    """
    at = np.unique(score)
    hits = np.searchsorted(np.sort(score[problem]), at, side="right") / max(int(problem.sum()), 1)
    clean = np.searchsorted(np.sort(score[~problem]), at, side="right") / max(int((~problem).sum()), 1)
    return float(np.abs(hits - clean).max())


def _midranks(values: Floats) -> Floats:
    """Ranks from 1, those alike sharing their mean."""
    ordered = np.sort(values)
    below = np.searchsorted(ordered, values, side="left")
    up_to = np.searchsorted(ordered, values, side="right")
    return np.asarray((below + up_to + 1) / 2, np.float64)
