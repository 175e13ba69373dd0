"""For every family the shortest history that raises its signal, and what ends it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from profiling_service.rules.windows import as_day

TODAY = as_day(date(2026, 6, 1))
News = Callable[[Any], Sequence[Any]]
GROUP = ("H", "510104")


def nothing(_facts: Any) -> Sequence[Any]:
    """No fact."""
    return ()


@dataclass(frozen=True)
class Case:
    """What raises a family's signal and what ends it.

    Attributes:
        begins, ends: Facts.
        related, unrelated: Counts of relations before and after.
        bound, higher_bound: Of the family's peers, before and after.
        registration: Other particulars.
        day: The business day.
        calendar: Whether the daily run raises it.
    """

    begins: News = nothing
    ends: News = nothing
    related: Mapping[str, float] = field(default_factory=dict)
    unrelated: Mapping[str, float] = field(default_factory=dict)
    bound: float | None = None
    higher_bound: float | None = None
    registration: Mapping[str, Any] = field(default_factory=dict)
    day: int = TODAY
    calendar: bool = False


def times(count: int, kind: str, /, *, first: int = 1, name: str = "N", **data: Any) -> News:
    """As many facts of a kind, a day apart, named N-0, N-1 …"""
    return lambda f: [f(kind, fact_id=f"{name}-{at}", on=first + at, **data) for at in range(count)]


def one(kind: str, /, *, on: int = 10, **data: Any) -> News:
    """One fact, named N-0."""
    return times(1, kind, first=on, **data)


def without_one(facts: Any) -> Sequence[Any]:
    """The first of them is taken back."""
    return [facts.retracted("N-0")]


def both(*some: News) -> News:
    """The facts of all."""
    return lambda f: [fact for news in some for fact in news(f)]


def later(kind: str, /, **data: Any) -> News:
    """One fact of the day before the business day."""
    return lambda f: [f(kind, on=1, **data)]


def older(count: int, kind: str, /, **data: Any) -> News:
    """As many, of long before."""
    return lambda f: [f(kind, on=100 + at % 200, **data) for at in range(count)]


def related(name: str, many: float, few: float, **more: Any) -> Case:
    """A count of relations that becomes smaller."""
    return Case(related={name: many}, unrelated={name: few}, **more)


def above_peers(count: int, kind: str, /, **data: Any) -> Case:
    """More than the peers, until these have as many."""
    return Case(times(count, kind, **data), bound=2.0, higher_bound=50.0)


ELEVATOR = {"equipment_ref": "E-1"}
FOUND = later("inspection_completed", result_codes=["no_problem"])
LICENCE = {"licence_kind": "food_operation"}

CASES: Mapping[str, Case] = {
    "annual_report_due": Case(ends=later("annual_report_filed", report_year=2025), calendar=True),
    "reports_missed": Case(
        lambda f: [
            f(
                "annual_report_missed",
                report_year=year,
                fact_id=f"N-{year - 2023}",
                on=700 - 365 * (year - 2023),
            )
            for year in (2023, 2024)
        ],
        without_one,
    ),
    "report_falsified": Case(
        one("annual_report_falsified", report_year=2024), later("annual_report_corrected", report_year=2024)
    ),
    "over_indebted": Case(
        one("annual_report_filed", on=300, report_year=2024, assets_fen=100, liabilities_fen=500),
        later("annual_report_filed", report_year=2025, assets_fen=500, liabilities_fen=100),
    ),
    "disclosure_overdue": Case(
        one("disclosure_missed", due_day=TODAY - 5), later("disclosure_made", missed_fact_id="N-0")
    ),
    "unreachable": Case(one("inspection_completed", result_codes=["unreachable"]), FOUND),
    "crowded_address": related("address", 25, 3),
    "many_entities_of_person": related("person", 12, 2),
    "fresh_shells": related("young_at_address", 8, 2, registration={"established_on_day": TODAY - 30}),
    "revoked_person": related("revoked_of_person", 1, 0),
    "risky_related": related("risky_related", 3, 0),
    "changes_unusual": Case(
        times(5, "registration_changed", field="business_scope"), older(40, "registration_changed", field="x")
    ),
    "staff_fall": Case(
        both(
            one("staffing_reported", on=200, insured=100),
            one("staffing_reported", on=10, name="M", insured=20),
        ),
        later("staffing_reported", insured=90),
    ),
    "licence_expiring": Case(
        one("licence_granted", on=700, valid_until_day=TODAY + 30, **LICENCE),
        later("licence_renewed", licence_fact_id="N-0", valid_until_day=TODAY + 900),
    ),
    "licence_expired": Case(
        one("licence_granted", on=700, valid_until_day=TODAY - 5, **LICENCE),
        later("licence_renewed", licence_fact_id="N-0", valid_until_day=TODAY + 900),
    ),
    "licence_revoked": Case(
        one("licence_ended", how="revoked", licence_fact_id="L-9"), later("licence_granted", **LICENCE)
    ),
    "certification_withdrawn": Case(
        one("certification_ended", how="withdrawn", certification_fact_id="C-9"),
        later("certification_granted", valid_until_day=TODAY + 900),
    ),
    "penalty_imposed": Case(
        one("penalty_imposed", severity="ordinary"), later("penalty_annulled", penalty_fact_id="N-0")
    ),
    "listed": Case(
        one("listing_entered", list="abnormal"),
        later("listing_removed", list="abnormal", listing_fact_id="N-0"),
    ),
    "repeated_violation": Case(
        times(2, "penalty_imposed", violation="unsafe-food"), later("penalty_annulled", penalty_fact_id="N-0")
    ),
    "penalties_unfulfilled": Case(
        times(3, "penalty_imposed"), later("penalty_fulfilled", penalty_fact_id="N-0")
    ),
    "order_overdue": Case(
        one("correction_ordered", due_day=TODAY - 3),
        later("correction_completed", order_fact_id="N-0", outcome="corrected"),
    ),
    "inspection_refused": Case(one("inspection_completed", result_codes=["refused"]), FOUND),
    "critical_inspection": Case(one("inspection_completed", critical_violations=1), FOUND),
    "problems_above_peers": above_peers(4, "inspection_completed", result_codes=["refused"]),
    "authority_listed": Case(
        one("authority_list_entered", list="tax_major_violation"),
        later("authority_list_removed", entry_fact_id="N-0"),
    ),
    "judgment_defaulter": Case(
        one("defaulter_entered", amount_fen=5), later("defaulter_removed", defaulter_fact_id="N-0")
    ),
    "heavy_enforcement": Case(
        one("enforcement_begun", amount_fen=2_000_000_000),
        later("enforcement_closed", enforcement_fact_id="N-0"),
    ),
    "equity_frozen": Case(
        one("equity_frozen", until_day=TODAY + 100), later("equity_unfrozen", freeze_fact_id="N-0")
    ),
    "insolvency": Case(
        one("insolvency_opened", proceeding="liquidation"),
        later("insolvency_closed", insolvency_fact_id="N-0"),
    ),
    "complaints_rising": Case(times(3, "complaint_received", first=3), older(6, "complaint_received")),
    "complaints_unusual": Case(times(6, "complaint_received"), older(90, "complaint_received")),
    "complaints_above_peers": above_peers(8, "complaint_received"),
    "complaints_undecided": Case(
        times(10, "complaint_received"),
        later("complaint_decided", complaint_fact_id="N-0", outcome="mediated"),
    ),
    "negative_opinion": Case(times(3, "opinion_observed", sentiment="negative"), without_one),
    "opinion_wide": Case(
        one("opinion_observed", sentiment="negative", reach=20_000),
        later("opinion_observed", sentiment="positive", verified=True),
    ),
    "platform_action": Case(
        one("platform_action_taken", action="suspension"),
        later("platform_operator_reported", platform="meals", registered=True),
    ),
    "unregistered_shop": Case(
        one("platform_operator_reported", platform="meals", registered=False),
        later("platform_operator_reported", platform="meals", registered=True),
    ),
    "commitment_breached": Case(
        one("commitment_breached", commitment_fact_id="K"),
        later("commitment_fulfilled", commitment_fact_id="K"),
    ),
    "product_test_failed": Case(
        one("product_tested", product="p", passed=False), later("product_tested", product="p", passed=True)
    ),
    "product_test_serious": Case(
        one("product_tested", product="p", passed=False, serious=True),
        later("product_tested", product="p", passed=True),
    ),
    "recall": Case(one("recall_begun", product="p"), later("recall_completed", recall_fact_id="N-0")),
    "accident": Case(one("accident_occurred", kind="fire", responsible=True), without_one),
    "accidents_repeated": Case(times(2, "accident_occurred", kind="fire", responsible=True), without_one),
    "food_tests_failed": Case(times(2, "product_tested", field="food", passed=False), without_one),
    "drug_tests_failed": Case(times(1, "product_tested", field="drug", passed=False), without_one),
    "device_report_due": Case(
        one("licence_granted", on=700, licence_kind="device_operation"),
        lambda f: [f("self_report_filed", kind="device_annual", report_year=2025, on=85)],
        day=as_day(date(2026, 3, 10)),
        calendar=True,
    ),
    "equipment_overdue": Case(
        one("equipment_registered", on=700, next_due_day=TODAY - 3, **ELEVATOR),
        later("equipment_inspected", next_due_day=TODAY + 300, passed=True, **ELEVATOR),
    ),
    "equipment_due": Case(
        one("equipment_registered", on=700, next_due_day=TODAY + 30, **ELEVATOR),
        later("equipment_inspected", next_due_day=TODAY + 300, passed=True, **ELEVATOR),
    ),
    "equipment_failed": Case(
        one("equipment_inspected", next_due_day=TODAY + 300, passed=False, **ELEVATOR),
        later("equipment_inspected", next_due_day=TODAY + 300, passed=True, **ELEVATOR),
    ),
    "elevator_trapped": Case(
        one("elevator_failed", trapped=True, **ELEVATOR), later("elevator_maintained", **ELEVATOR)
    ),
    "elevator_failing_again": Case(times(4, "elevator_failed", **ELEVATOR), without_one),
    "elevator_failures_unusual": Case(times(6, "elevator_failed"), older(90, "elevator_failed")),
    "elevator_late": Case(
        both(
            times(3, "elevator_maintained", late=True), times(3, "elevator_maintained", name="M", late=False)
        ),
        times(20, "elevator_maintained", name="O", late=False),
    ),
    "key_product_failed_again": Case(
        times(2, "product_tested", field="key_industrial_product", product="p", passed=False), without_one
    ),
    "advert_serious": Case(one("advert_monitored", finding="serious_violation"), without_one),
    "adverts_unlawful": Case(times(3, "advert_monitored", finding="violation"), without_one),
    "price_gouging": Case(one("price_monitored", finding="fraud"), without_one),
    "report_conflict": Case(
        both(
            one("annual_report_missed", report_year=2024),
            one("annual_report_filed", name="M", on=400, report_year=2024),
        ),
        without_one,
    ),
    "trade_after_exit": Case(
        both(one("registration_cancelled", on=100), one("price_monitored", name="M", finding="lawful")),
        later("registration_restored"),
    ),
    "found_again": Case(
        both(
            one("listing_entered", on=100, list="abnormal", reason="unreachable"),
            one("inspection_completed", name="M", on=5, result_codes=["no_problem"]),
        ),
        later("listing_removed", list="abnormal", listing_fact_id="N-0"),
    ),
}
