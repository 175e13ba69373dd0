"""Results of inspections as evidence about the model (结果回溯)."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple


class InspectionResult(NamedTuple):
    """The result of one inspection item at one entity, with what was believed when it was drawn.

    Attributes:
        class_at_draw: letter A to D, empty when unclassified.
        stratum: `uniform` for the control group, else `class:X` or `key`.
        probability: with which the entity was drawn, in (0, 1].
        occurred_on_day: business day of the visit, days since 1970-01-01.
    """

    result_id: str
    uscc: str
    class_at_draw: str
    stratum: str
    probability: float
    item: str
    is_problem: bool
    in_denominator: bool
    area_code: str
    industry: str
    occurred_on_day: int


@dataclass(frozen=True, slots=True)
class ReviewScope:
    """Which results count; None is no limit, both days are included."""

    uniform_only: bool = False
    area_code: str | None = None
    item: str | None = None
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of one group.

    Attributes:
        results: all results.
        valid: those that count in the denominator.
        problems: problems among them.
        weighted_valid: sum of 1/probability over the valid.
        weighted_problems: the same over the problems.
    """

    group: str
    results: int
    valid: int
    problems: int
    weighted_valid: float
    weighted_problems: float


@dataclass(frozen=True, slots=True)
class DiscoveryRate:
    """The discovery rate (问题发现率) of one group; rates are None when nothing valid was inspected.

    Attributes:
        low: lower end of Wilson's 95 % interval.
        high: upper end.
        weighted_rate: rate corrected for unequal probabilities of being drawn.
    """

    group: str
    results: int
    valid: int
    problems: int
    rate: float | None
    low: float | None
    high: float | None
    weighted_rate: float | None
