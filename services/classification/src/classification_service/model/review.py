"""Results of inspections as evidence about the model (结果回溯)."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple


class InspectionResult(NamedTuple):
    """The result of one visit, with what was believed when it was drawn.

    Attributes:
        class_at_draw: letter A to D, empty when unclassified; of a reported one empty until it is joined.
        stratum: `uniform` for the control group, else `class:X` or `key`; `reported` by another department.
        probability: with which the entity was drawn, in (0, 1]; None for a reported one.
        occurred_on_day: business day of the visit, days since 1970-01-01.
        occurred_at_ms: instant of the visit, milliseconds since the epoch, UTC.
        codes: its result codes, of `vocabulary.result_codes`.
        inspectors: references of who was sent; empty where that is not known.
    """

    result_id: str
    uscc: str
    class_at_draw: str
    stratum: str
    probability: float | None
    item: str
    is_problem: bool
    in_denominator: bool
    area_code: str
    industry: str
    occurred_on_day: int
    occurred_at_ms: int = 0
    codes: tuple[str, ...] = ()
    inspectors: tuple[str, ...] = ()


REPORTED = "reported"
"""The stratum of what other departments report: nobody knows with which odds they came by."""


class Withdrawal(NamedTuple):
    """A result that counts no longer, whether it came already or is still to come.

    Attributes:
        how: `corrected` or `retracted`.
    """

    result_id: str
    withdrawn_by: str
    how: str
    recorded_at_ms: int


class Report(NamedTuple):
    """What one fact of another department says: a result, and which earlier one counts no longer."""

    result: InspectionResult | None
    withdrawal: Withdrawal | None


class Evidence(NamedTuple):
    """What a decision was made of and came to, as far as outcomes are judged by it.

    Attributes:
        sparse_values: as `vocabulary.sparse_values`; None where there was none, and by the first catalogue.
        business_day: the day it holds for.
        age_days: of the entity on that day; None when unknown.
        sectors: class in each sector, see `judgement.Verdicts`.
    """

    sparse_values: bytes | None = None
    catalogue_version: int | None = None
    business_day: date | None = None
    age_days: int | None = None
    sectors: int = 0


class KnownBefore(NamedTuple):
    """What was decided and known of an entity before a visit; the decision's part is None when there was none.

    Attributes:
        evidence: what the decision was made of.
        area_code: as it stands.
    """

    decision_number: int | None
    risk_class: str
    score: float | None
    model_id: str
    evidence: Evidence
    area_code: str
    industry: str
    entity_type: str


class Outcome(NamedTuple):
    """A result joined to what was known before the visit.

    Attributes:
        ownership: family of `vocabulary.entity_types`, empty when unknown.
        size: band of registered capital, empty when unknown.
        age: band of years since establishment, empty when unknown.
        member_of: the sectors it is a member of, bits of `model.sectors`.
    """

    result: InspectionResult
    decision_number: int | None
    score: float | None
    model_id: str
    ownership: str
    size: str
    age: str
    member_of: int
    evidence: Evidence = Evidence()


@dataclass(frozen=True, slots=True)
class ReviewScope:
    """Which results count; None is no limit, both days are included.

    Attributes:
        sector: code of `model.sectors`.
        model_id: the model whose decision was in force before the visit.
    """

    uniform_only: bool = False
    area_code: str | None = None
    item: str | None = None
    since: date | None = None
    until: date | None = None
    sector: str | None = None
    model_id: str | None = None


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
