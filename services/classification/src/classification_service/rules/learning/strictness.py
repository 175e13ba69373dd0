"""What an inspector finds whoever he visits, as his earlier visits say."""

from collections import defaultdict
from collections.abc import Sequence
from math import isnan, log

from classification_service.model.learning import Memory, Visit
from classification_service.rules.learning.decay import Fading

Findings = tuple[float, float, float]
_NOTHING_KNOWN: Findings = (0.15, 0.2, 3.0)
_MOST_MINOR = 8
_PRIOR_VISITS = 30.0


def findings(visit: Visit) -> Findings:
    """Whether anything critical and anything serious was found, and how many minor things up to eight; NaN: unknown."""
    serious = visit.serious if isnan(visit.serious) else float(visit.serious > 0)
    return float(visit.critical > 0), serious, float(min(visit.minor, _MOST_MINOR))


class Strictness:
    """What the whole city and each inspector found of late, before the day that is asked for."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self._city = [Fading(memory.city) for _ in _NOTHING_KNOWN]
        self._inspectors: defaultdict[str, list[Fading]] = defaultdict(
            lambda: [Fading(memory.inspector) for _ in _NOTHING_KNOWN]
        )

    def expected(self, inspector: str, day: int) -> Findings:
        """What he may be expected to find; one of whom little is known, what the city finds."""
        city = [
            sums.mean(day, prior, _PRIOR_VISITS)
            for sums, prior in zip(self._city, _NOTHING_KNOWN, strict=True)
        ]
        own = self._inspectors.get(inspector)
        if own is None:
            return city[0], city[1], city[2]
        critical, serious, minor = (
            sums.mean(day, prior, self._memory.inspector_prior) for sums, prior in zip(own, city, strict=True)
        )
        return critical, serious, minor

    def log_odds(self, inspectors: Sequence[str], day: int) -> list[float]:
        """Log-odds that each of them finds something critical."""
        rates = (self.expected(inspector, day)[0] for inspector in inspectors)
        return [log(rate / (1 - rate)) for rate in rates]

    def record(self, visit: Visit) -> None:
        """Count what a visit found; whoever made a visit without a name strengthens no one's record."""
        found = findings(visit)
        kept = [self._city]
        if visit.context and visit.context.inspector:
            kept.append(self._inspectors[visit.context.inspector])
        for sums in kept:
            for each, value in zip(sums, found, strict=True):
                if not isnan(value):
                    each.add(visit.day, value)
