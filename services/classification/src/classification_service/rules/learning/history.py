"""What is known of an establishment before each visit: nothing of the day itself, nothing later.

An excess is what was found less what that inspector was expected to find, so that strictness is not taken for risk.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from math import inf, isnan
from operator import attrgetter
from typing import NamedTuple

from classification_service.model.learning import Memory, Visit
from classification_service.rules.learning.decay import Fading, fading
from classification_service.rules.learning.strictness import Findings, Strictness, findings

_UNKNOWN = float("nan")


class Past(NamedTuple):
    """An earlier visit: what it found, and what its inspector was expected to find."""

    day: int
    area: str
    found: Findings
    expected: Findings
    critical: int

    @property
    def excess(self) -> float:
        """Critical findings above expectation."""
        return self.found[0] - self.expected[0]


class Known(NamedTuple):
    """What is known before one visit; `shares` says how often each inspector came to the area of late."""

    visit: Visit
    values: Mapping[str, float]
    past_critical: int
    strictness: Sequence[float]
    shares: Sequence[float]


class History:
    """All that was found before the day it is asked for."""

    def __init__(self, memory: Memory, inspectors: Sequence[str]) -> None:
        self._memory = memory
        self._inspectors = inspectors
        self._strictness = Strictness(memory)
        self._establishments: defaultdict[str, list[Past]] = defaultdict(list)
        self._areas: defaultdict[str, Fading] = defaultdict(lambda: Fading(memory.area))
        self._kinds: defaultdict[str, Fading] = defaultdict(lambda: Fading(memory.kind))
        self._city = Fading(memory.city)
        self._came: defaultdict[str, dict[str, Fading]] = defaultdict(dict)

    def before(self, visit: Visit) -> Known:
        """What is known before this visit, which is of a later day than all that was recorded."""
        past = self._establishments.get(visit.licence, [])
        values = {
            **(dict(visit.context.columns) if visit.context else {}),
            **self._of_establishment(past, visit.day),
            **self._of_kind(visit),
            "area_excess": self._of_area(visit, past),
            "city_excess": self._city.mean(visit.day, 0.0, self._memory.kind_prior),
        }
        return Known(
            visit,
            values,
            sum(each.critical for each in past),
            self._strictness.log_odds(self._inspectors, visit.day),
            self._shares(visit),
        )

    def record(self, day: Sequence[Visit]) -> None:
        """Remember all visits of one day; what was expected of each is taken from the days before."""
        pasts = [self._past(visit) for visit in day]
        for visit, past in zip(day, pasts, strict=True):
            self._establishments[visit.licence].append(past)
            for sums in (self._areas[visit.area], self._kinds[visit.kind], self._city):
                sums.add(visit.day, past.excess)
            self._strictness.record(visit)
            if visit.context and visit.context.inspector:
                came = self._came[visit.area].setdefault(visit.context.inspector, Fading(self._memory.area))
                came.add(visit.day, 1.0)

    def _past(self, visit: Visit) -> Past:
        """What a visit does not say it found counts as what was expected."""
        inspector = visit.context.inspector if visit.context else ""
        expected = self._strictness.expected(inspector, visit.day)
        critical, serious, minor = (
            usual if isnan(found) else found for found, usual in zip(findings(visit), expected, strict=True)
        )
        return Past(visit.day, visit.area, (critical, serious, minor), expected, visit.critical)

    def _of_establishment(self, past: Sequence[Past], day: int) -> dict[str, float]:
        return {
            "visits_before": float(len(past)),
            "days_since_visit": float(day - past[-1].day) if past else _UNKNOWN,
            "critical_excess": self._excess(past, 0),
            "serious_excess": self._excess(past, 1),
            "minor_excess": self._excess(past, 2),
            "last_critical_excess": past[-1].excess if past else _UNKNOWN,
        }

    def _excess(self, past: Sequence[Past], which: int) -> float:
        """Findings above expectation per visit, drawn towards none by so many visits as the memory says."""
        if not past:
            return _UNKNOWN
        excess = sum(each.found[which] - each.expected[which] for each in past)
        return excess / (len(past) + self._memory.establishment_prior)

    def _of_area(self, visit: Visit, past: Sequence[Past]) -> float:
        """An area's mean excess of late, the establishment's own visits taken out."""
        sums = self._areas.get(visit.area)
        if sums is None or not visit.area:
            return _UNKNOWN
        own = [each for each in past if each.area == visit.area]
        left = [fading(visit.day - each.day, self._memory.area) for each in own]
        total, weight = sums.at(visit.day)
        total -= sum(part * each.excess for part, each in zip(left, own, strict=True))
        return total / (max(weight - sum(left), 0.0) + self._memory.area_prior)

    def _of_kind(self, visit: Visit) -> dict[str, float]:
        sums = self._kinds.get(visit.kind)
        excess = sums.mean(visit.day, 0.0, self._memory.kind_prior) if sums else 0.0
        facility = visit.context.facility_type.casefold() if visit.context else ""
        return {
            "kind_excess": excess,
            "risk_category": visit.risk,
            "is_restaurant": float(facility == "restaurant"),
            "is_grocery": float(facility.startswith("grocery")),
        }

    def _shares(self, visit: Visit) -> list[float]:
        """How often each inspector came to the area of late; one visit of an unknown is added."""
        came = self._came.get(visit.area, {})
        weights = [
            came[inspector].at(visit.day)[1] if inspector in came else float(not inspector)
            for inspector in self._inspectors
        ]
        total = sum(weights)
        return [weight / total for weight in weights]


def known_before(visits: Sequence[Visit], memory: Memory, until: float = inf) -> Iterator[Known]:
    """What was known before each visit that has a context, in the order of day and number.

    What visits after the day `until` found is never known.
    """
    names = {visit.context.inspector for visit in visits if visit.context}
    history = History(memory, ("", *sorted(names - {""})))
    ordered = sorted(visits, key=lambda visit: (visit.day, visit.visit_id.zfill(20)))
    for _, group in groupby(ordered, key=attrgetter("day")):
        day = tuple(group)
        yield from (history.before(visit) for visit in day if visit.context is not None)
        if day[0].day <= until:
            history.record(day)
