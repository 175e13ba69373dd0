"""Whether the discovery rate rises from A to D."""

from collections.abc import Sequence
from itertools import pairwise
from math import erfc, exp, lgamma, sqrt

import numpy as np

from classification_service.model.evidence import CLASSES, Evidence
from classification_service.model.figures import Trend
from classification_service.rules.reviewing.ratios import FEWEST

_SMALL_EXPECTATION = 5.0
_MOST_COUNTED = 100
"""With more problems, and as many clean visits, the normal approximation is used whatever the expectation."""
_SIGNIFICANT = 0.05


def trend_of(evidence: Evidence) -> Trend:
    """The test over the control group; classes without a visit are left out."""
    control = evidence.control
    visits = [int((control.risk_class == letter).sum()) for letter in CLASSES]
    problems = [int((control.problem & (control.risk_class == letter)).sum()) for letter in CLASSES]
    n = sum(visits)
    z = rising(problems, visits) if n >= FEWEST else None
    if z is None:
        return Trend(n, None, None, False, ())
    rarer = min(sum(problems), n - sum(problems))
    exact = rarer <= _MOST_COUNTED and _least_expected(problems, visits) < _SMALL_EXPECTATION
    p = exact_chance(problems, visits) if exact else erfc(z / sqrt(2)) / 2
    return Trend(n, z, p, exact, inversions(problems, visits))


def rising(problems: Sequence[int], visits: Sequence[int]) -> float | None:
    """The standardised trend over equally spaced classes; None when all or none had a problem, or one class alone.

    Source: P. Armitage, Tests for linear trends in proportions and frequencies, 1955; W. G. Cochran, 1954.
    """
    n, found = sum(visits), sum(problems)
    mean = sum(place * count for place, count in enumerate(visits)) / n
    spread = sum(count * (place - mean) ** 2 for place, count in enumerate(visits))
    if not spread or found in (0, n):
        return None
    share = found / n
    covered = sum(count * (place - mean) for place, count in enumerate(problems))
    return covered / sqrt(share * (1 - share) * spread)


def exact_chance(problems: Sequence[int], visits: Sequence[int]) -> float:
    """The chance that so many problems, spread blindly over the visits, rise at least as steeply.

    Source: the conditional distribution given both margins, a multivariate hypergeometric one; A. Agresti, Categorical
    Data Analysis, 2002, 5.3.
    """
    observed = sum(place * count for place, count in enumerate(problems))
    found = sum(problems)
    if found * 2 > sum(visits):  # the same question about the clean visits, of which there are fewer
        clean = [all_ - hit for all_, hit in zip(visits, problems, strict=True)]
        return exact_chance(clean[::-1], visits[::-1])
    ways = np.zeros((found + 1, found * (len(visits) - 1) + 1))
    ways[0, 0] = 1.0
    for place, count in enumerate(visits):
        ways = _with_class(ways, place, count)
    of_all = ways[found]
    return float(of_all[observed:].sum() / of_all.sum())


def _with_class(ways: np.ndarray, place: int, count: int) -> np.ndarray:
    """The ways when this class takes its part too, up to a common factor."""
    found, height = ways.shape[0] - 1, ways.shape[1]
    logs = [_log_choices(count, taken) for taken in range(min(count, found) + 1)]
    most = max(logs)
    added = np.zeros_like(ways)
    for taken, log_ways in enumerate(logs):
        up = taken * place
        added[taken:, up:] += exp(log_ways - most) * ways[: found + 1 - taken, : height - up]
    return np.asarray(added / added.max())


def inversions(problems: Sequence[int], visits: Sequence[int]) -> tuple[str, ...]:
    """Neighbours of which the better class has significantly more problems than the worse.

    Source: Fisher's exact test, one-sided, at 5 % over all three pairs together (Bonferroni).
    """
    found = []
    for place, (better, worse) in enumerate(pairwise(CLASSES)):
        table = problems[place], visits[place], problems[place + 1], visits[place + 1]
        if fisher_more(*table) < _SIGNIFICANT / (len(CLASSES) - 1):
            found.append(f"{better}>{worse}")
    return tuple(found)


def fisher_more(hits: int, trials: int, other_hits: int, other_trials: int) -> float:
    """The chance that the first has at least so many hits when both are alike, given all hits.

    Source: R. A. Fisher, Statistical Methods for Research Workers, 1934, 21.02.
    """
    all_hits = hits + other_hits
    whole = _log_choices(trials + other_trials, all_hits)
    chances = (
        exp(_log_choices(trials, taken) + _log_choices(other_trials, all_hits - taken) - whole)
        for taken in range(hits, min(trials, all_hits) + 1)
        if all_hits - taken <= other_trials
    )
    return min(1.0, sum(chances))


def _log_choices(of: int, taken: int) -> float:
    return lgamma(of + 1) - lgamma(taken + 1) - lgamma(of - taken + 1)


def _least_expected(problems: Sequence[int], visits: Sequence[int]) -> float:
    n, found = sum(visits), sum(problems)
    return min(count * min(found, n - found) / n for count in visits if count)
