"""Discovery rates (问题发现率): how often an inspection finds a problem, honestly counted."""

from classification_service.model.review import DiscoveryRate, Tally
from classification_service.rules.reviewing.ratios import wilson


def discovery_rate(tally: Tally) -> DiscoveryRate:
    """The rates of one group; results outside the denominator count nowhere, and reported ones have no weight.

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
        weighted_rate=tally.weighted_problems / tally.weighted_valid if tally.weighted_valid else None,
    )
