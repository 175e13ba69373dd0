"""Chances of counts, exact to rounding for small and for large numbers; pure."""

import math
from functools import lru_cache
from typing import NamedTuple

_NEGLIGIBLE = 1e-17


@lru_cache(maxsize=65536)
def upper_tail(successes: int, trials: int, share: float) -> float:
    """The chance of at least `successes` in `trials`, each with the chance `share`.

    The first term by its logarithm, the others by their ratio to it: nothing overflows, and a chance far below what
    a double can subtract from one is not lost.

    0 ≤ `successes` ≤ `trials`; `share` is between 0 and 1, both excluded.
    """
    if successes <= 0:
        return 1.0
    if successes <= trials * share:
        return 1.0 - upper_tail(trials - successes + 1, trials, 1 - share)
    term = total = 1.0
    odds = share / (1 - share)
    for at in range(successes, trials):
        term *= (trials - at) / (at + 1) * odds
        total += term
        if term < total * _NEGLIGIBLE:
            break
    return min(1.0, total * math.exp(_log_chance(successes, trials, share)))


def _log_chance(successes: int, trials: int, share: float) -> float:
    ways = math.lgamma(trials + 1) - math.lgamma(successes + 1) - math.lgamma(trials - successes + 1)
    return ways + successes * math.log(share) + (trials - successes) * math.log1p(-share)


class Interval(NamedTuple):
    """A share with the bounds between which it lies in 95 of 100 samples."""

    share: float
    low: float
    high: float


_Z = 1.959963984540054
"""97.5 % of a standard normal lie below it."""


def wilson(successes: int, trials: int) -> Interval | None:
    """The share of successes with its Wilson 95 % interval; None for no trials.

    Source: E. B. Wilson, Probable Inference, the Law of Succession, and Statistical Inference, JASA 22 (1927).
    """
    if not trials:
        return None
    share, squared = successes / trials, _Z * _Z
    middle = (share + squared / (2 * trials)) / (1 + squared / trials)
    spread = (
        _Z
        * math.sqrt(share * (1 - share) / trials + squared / (4 * trials * trials))
        / (1 + squared / trials)
    )
    return Interval(share, max(0.0, middle - spread), min(1.0, middle + spread))
