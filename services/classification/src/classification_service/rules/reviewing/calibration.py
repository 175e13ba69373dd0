"""Whether a score still means the rate that it meant."""

from math import erfc, exp, gamma, sqrt
from typing import NamedTuple

import numpy as np

from classification_service.model.evidence import Booleans, Evidence, Floats
from classification_service.model.figures import Band, Calibration
from classification_service.rules.reviewing.discrimination import scored_control
from classification_service.rules.reviewing.ratios import share_of

_BANDS = 10
_FEWEST_EXPECTED = 5
_MOST_STEPS = 50
_CLOSE = 1e-10


class Curve(NamedTuple):
    """A logistic curve over the score in hundreds, as well as it is known.

    Attributes:
        covariance: of level and slope.
    """

    level: float
    slope: float
    covariance: Floats

    def rate(self, score: Floats) -> Floats:
        """The rate at these scores."""
        return np.asarray(1 / (1 + np.exp(-(self.level + self.slope * score / 100))), np.float64)


def calibration_of(evidence: Evidence, reference: Evidence) -> Calibration:
    """Tenths of the control group by score, against the curve of an earlier period where that has enough outcomes."""
    found, earlier = scored_control(evidence), scored_control(reference)
    reference_n = len(reference.control)
    if found is None:
        return Calibration(len(evidence.control), reference_n, (), None, None)
    curve = fitted(*earlier) if earlier else None
    parts = _tenths(found[0])
    bands = tuple(_band(found[0][part], found[1][part], curve) for part in parts)
    if curve is None:
        return Calibration(len(found[0]), reference_n, bands, None, None)
    distance, degrees = distance_of(curve, *found)
    return Calibration(len(found[0]), reference_n, bands, distance, chi_square_tail(distance, degrees))


def fitted(score: Floats, problem: Booleans) -> Curve | None:
    """The most likely logistic curve; None when the score parts the two kinds altogether, or is one alone.

    Source: Newton's method on the likelihood; D. R. Cox, The regression analysis of binary sequences, 1958.
    """
    rows = np.column_stack([np.ones(len(score)), score / 100])
    weights = np.zeros(2)
    for _ in range(_MOST_STEPS):
        rate = 1 / (1 + np.exp(-np.clip(rows @ weights, -30, 30)))
        information = rows.T @ (rows * (rate * (1 - rate))[:, None])
        if np.linalg.cond(information) > 1 / _CLOSE:
            return None
        step = np.linalg.solve(information, rows.T @ (problem - rate))
        weights = weights + step
        if float(np.abs(step).max()) < _CLOSE:
            return Curve(
                float(weights[0]), float(weights[1]), np.asarray(np.linalg.inv(information), np.float64)
            )
    return None


def chi_square_tail(distance: float, degrees: int) -> float:
    """The chance of at least this distance; `degrees` is at least 1.

    Source: M. Abramowitz and I. A. Stegun, Handbook of Mathematical Functions, 26.4.4 and 26.4.5.
    """
    half = distance / 2
    order, tail = (0.5, erfc(sqrt(half))) if degrees % 2 else (1.0, exp(-half))
    while order < degrees / 2:
        tail += half**order * exp(-half) / gamma(order + 1)
        order += 1
    return min(1.0, tail)


def _tenths(score: Floats) -> list[Booleans]:
    """Parts of nearly the same size; who has the same score is in the same part."""
    edges = np.unique(np.quantile(score, np.arange(1, _BANDS) / _BANDS))
    places = np.searchsorted(edges, score, side="left")
    return [places == place for place in np.unique(places)]


def _band(score: Floats, problem: Booleans, curve: Curve | None) -> Band:
    hits, n = int(problem.sum()), len(score)
    expected = float(curve.rate(score).mean()) if curve else None
    return Band(float(score.min()), float(score.max()), n, hits, share_of(hits, n), expected)


def distance_of(curve: Curve, score: Floats, problem: Booleans) -> tuple[float, int]:
    """Observed against expected over the tenths, and its degrees of freedom: so many as there are bands.

    What the curve may be off by itself counts as spread, and bands that expect fewer than five of either kind are
    pooled with the next.

    Source: D. W. Hosmer and S. Lemeshow, Applied Logistic Regression, for the bands; the distance is that of Wald, with
    the variance of a prediction from another sample: that of the outcomes plus that of the curve, to first order.
    """
    rate = curve.rate(score)
    spread = rate * (1 - rate)
    parts = np.array(_pooled(_tenths(score), rate), np.float64)
    off = parts @ (problem - rate)
    slopes = parts @ (spread[:, None] * np.column_stack([np.ones(len(score)), score / 100]))
    variance = np.diag(parts @ spread) + slopes @ curve.covariance @ slopes.T
    return float(off @ np.linalg.solve(variance, off)), len(parts)


def _pooled(parts: list[Booleans], rate: Floats) -> list[Booleans]:
    """In order of score; what is left over at the end goes to the last band."""
    pooled: list[Booleans] = []
    waiting = np.zeros(len(rate), bool)
    for part in parts:
        waiting = waiting | part
        if min(rate[waiting].sum(), (1 - rate[waiting]).sum()) >= _FEWEST_EXPECTED:
            pooled.append(waiting)
            waiting = np.zeros(len(rate), bool)
    if not pooled:
        return [waiting]
    return [*pooled[:-1], pooled[-1] | waiting]
