"""Shares and ratios with their intervals."""

from math import exp, log, sqrt
from statistics import NormalDist

import numpy as np

from classification_service.model.evidence import Booleans, Evidence, Floats
from classification_service.model.figures import Estimate

Z_95 = 1.959963984540054
"""The 97.5 % point of the normal distribution."""
_CHANCE = 0.05
FEWEST = 30
"""Fewer valid outcomes give no figure. Project-chosen: the usual rule of thumb."""


def wilson(successes: float, trials: float) -> tuple[float, float]:
    """Wilson's 95 % interval of a share; `trials` is at least 1, and need not be whole.

    Source: E. B. Wilson, Probable inference, the law of succession, and statistical inference, 1927.
    """
    share = successes / trials
    spread = Z_95 * Z_95 / trials
    centre = share + spread / 2
    half = Z_95 * sqrt(share * (1 - share) / trials + spread / (4 * trials))
    scale = 1 + spread
    return max(0.0, (centre - half) / scale), min(1.0, (centre + half) / scale)


def share_of(successes: int, trials: int) -> Estimate:
    """A share with Wilson's interval; none below `FEWEST`."""
    if trials < FEWEST:
        return Estimate(trials)
    return Estimate(trials, successes / trials, *wilson(successes, trials))


def weighted_ratio(over: Booleans, under: Booleans, probability: Floats) -> Estimate:
    """Sum of 1/probability over `over`, which is within `under`, by that over `under`, with a design-based interval.

    The variance is that of a linearised ratio when each entity is drawn by itself (Poisson sampling); drawing without
    replacement varies less, so that the interval is rather too wide.

    Where none or all were hit, that variance is 0 and would claim certainty: then it is Wilson's interval for as many
    alike visits as these are worth.

    Source: J. Hajek, Comment on an essay by D. Basu, 1971, for the estimator; Sarndal, Swensson and Wretman, Model
    Assisted Survey Sampling, 1992, 5.5 to 5.7, for the variance; L. Kish, Survey Sampling, 1965, for what unequal
    weights are worth.
    """
    weight = 1 / probability[under]
    total, n = float(weight.sum()), len(weight)
    if n < FEWEST:
        return Estimate(n)
    hit = over[under].astype(np.float64)
    value = float((weight * hit).sum()) / total
    if value in (0.0, 1.0) and probability[under].min() < 1:
        effective = total**2 / float((weight**2).sum())
        return Estimate(n, value, *wilson(value * effective, effective))
    variance = float(((weight * (hit - value)) ** 2 * (1 - probability[under])).sum()) / total**2
    half = Z_95 * sqrt(variance)
    return Estimate(n, value, max(0.0, value - half), min(1.0, value + half))


def weighted_rate(evidence: Evidence) -> Estimate:
    """The discovery rate of all entities, by what was drawn of them."""
    return weighted_ratio(evidence.problem, evidence.valid, evidence.probability)


def rate_ratio(hits: int, trials: int, other_hits: int, other_trials: int) -> Estimate:
    """One share over another, with an interval on the logarithm; none below `FEWEST` or without a hit in both.

    Source: D. Katz et al., Obtaining confidence intervals for the risk ratio in cohort studies, 1978.
    """
    n = trials + other_trials
    if min(trials, other_trials) < FEWEST or not hits or not other_hits:
        return Estimate(n)
    value = (hits / trials) / (other_hits / other_trials)
    half = Z_95 * sqrt(log_ratio_variance(hits, trials, other_hits, other_trials))
    return Estimate(n, value, value * exp(-half), value * exp(half))


def log_ratio_variance(hits: int, trials: int, other_hits: int, other_trials: int) -> float:
    """The variance of the logarithm of a ratio of shares, neither of them 0."""
    return 1 / hits - 1 / trials + 1 / other_hits - 1 / other_trials


def is_beyond_chance(ratio: Estimate, comparisons: int) -> bool:
    """Whether a ratio with its 95 % interval differs from 1, 5 % over so many comparisons.

    Source: Bonferroni's inequality; the interval is symmetric on the logarithm.
    """
    if not ratio.value or not ratio.high:
        return False
    spread = log(ratio.high / ratio.value) / Z_95
    limit = NormalDist().inv_cdf(1 - _CHANCE / 2 / comparisons)
    return abs(log(ratio.value)) > limit * spread


def log_of(estimate: Estimate) -> float | None:
    """The logarithm of a ratio."""
    return None if not estimate.value else log(estimate.value)
