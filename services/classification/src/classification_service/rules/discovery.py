"""Discovery rates (问题发现率): how often an inspection finds a problem, honestly counted."""

from math import sqrt

from classification_service.model.review import DiscoveryRate, Tally

Z_95 = 1.959963984540054
"""The 97.5 % point of the normal distribution."""


def discovery_rate(tally: Tally) -> DiscoveryRate:
    """The rates of one group; results outside the denominator count nowhere.

    Source: Hájek's ratio estimator for the weighted rate: sum of problem/p over sum of 1/p.
    """
    if tally.valid == 0:
        return DiscoveryRate(tally.group, tally.results, 0, 0, None, None, None, None)
    low, high = wilson(tally.problems, tally.valid)
    return DiscoveryRate(
        group=tally.group,
        results=tally.results,
        valid=tally.valid,
        problems=tally.problems,
        rate=tally.problems / tally.valid,
        low=low,
        high=high,
        weighted_rate=tally.weighted_problems / tally.weighted_valid,
    )


def wilson(successes: int, trials: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share; `trials` is at least 1.

    Source: E. B. Wilson, Probable inference, the law of succession, and statistical inference, 1927.
    """
    share = successes / trials
    spread = Z_95 * Z_95 / trials
    centre = share + spread / 2
    half = Z_95 * sqrt(share * (1 - share) / trials + spread / (4 * trials))
    scale = 1 + spread
    return max(0.0, (centre - half) / scale), min(1.0, (centre + half) / scale)
