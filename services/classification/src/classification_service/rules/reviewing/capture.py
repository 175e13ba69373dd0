"""What the classes bring: problems caught, and visits spared."""

from collections.abc import Mapping

from classification_service.model.evidence import CLASSES, Evidence
from classification_service.model.figures import Capacity, Estimate
from classification_service.rules.reviewing.ratios import rate_ratio, weighted_rate, weighted_ratio


def capture_of(evidence: Evidence) -> Estimate:
    """The share of all problems that C and D have (捕获率), by what was drawn."""
    return weighted_ratio(evidence.problem & evidence.worse, evidence.problem, evidence.probability)


def hit_rate_of(evidence: Evidence) -> Estimate:
    """The discovery rate of C and D (命中率), by what was drawn of them."""
    return weighted_ratio(
        evidence.problem & evidence.worse, evidence.valid & evidence.worse, evidence.probability
    )


def lift_of(evidence: Evidence) -> Estimate:
    """The rate of C and D over that of A and B in the control group.

    Both parts are found by the same inspectors in the same time: who is stricter everywhere moves neither.
    """
    control = evidence.control
    classified = control.where(control.risk_class != "")
    worse = classified.worse
    return rate_ratio(
        int((classified.problem & worse).sum()),
        int(worse.sum()),
        int((classified.problem & ~worse).sum()),
        int((~worse).sum()),
    )


def capacity_of(evidence: Evidence, population: Mapping[str, int]) -> Capacity:
    """What visiting A less than the others saves and costs; `population` counts entities by class as it stands."""
    made = {letter: int((evidence.risk_class == letter).sum()) for letter in CLASSES}
    everyone, visits = sum(population.get(letter, 0) for letter in CLASSES), sum(made.values())
    alike = {letter: visits * population.get(letter, 0) / everyone if everyone else 0.0 for letter in CLASSES}
    rates = {letter: weighted_rate(evidence.where(evidence.risk_class == letter)) for letter in CLASSES}
    saved = alike["A"] - made["A"] if everyone and visits else None
    return Capacity(
        visits=visits,
        visits_in_a=made["A"],
        population=everyone,
        population_in_a=population.get("A", 0),
        visits_saved=saved,
        problems_missed=_scaled(rates["A"], saved),
        problems_found_instead=_found_instead(made, alike, rates) if saved is not None else None,
    )


def _scaled(rate: Estimate, by: float | None) -> Estimate:
    if rate.value is None or rate.low is None or rate.high is None or by is None:
        return Estimate(rate.n)
    low, high = sorted((rate.low * by, rate.high * by))
    return Estimate(rate.n, rate.value * by, low, high)


def _found_instead(
    made: Mapping[str, int], alike: Mapping[str, float], rates: Mapping[str, Estimate]
) -> float | None:
    """Problems of the further visits to B, C and D; None when a class that has such visits has too few outcomes."""
    found = 0.0
    for letter in CLASSES[1:]:
        rate = rates[letter].value
        if rate is None and made[letter]:
            return None
        found += (made[letter] - alike[letter]) * (rate or 0.0)
    return found
