"""Whatever the order of arrival and the size of batches, the values are those of a slow, obvious reference."""

import asyncio
import math
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

import msgspec
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from profiling_service.use_cases.record import record_facts


class Said(NamedTuple):
    """A fact in the reference's own terms: kind, age in days on the business day, and a parameter."""

    kind: str
    age: int
    number: int
    target: int


KINDS = (
    "penalty", "heavy_penalty", "annulled", "abnormal", "serious", "removed", "removed_all", "stopped", "complaint",
    "upheld", "problem", "clean", "late_report", "missed_report", "moved", "new_person", "suspended", "ended",
)  # fmt: skip

said = st.lists(
    st.builds(Said, st.sampled_from(KINDS), st.integers(-3, 1300), st.just(0), st.integers(0, 12)),
    max_size=14,
).map(lambda items: [item._replace(number=index) for index, item in enumerate(items)])


def fact_of(item: Said, facts: Any, today: int) -> Any:
    name, target, on = f"N-{item.number}", f"N-{item.target}", item.age
    made = {
        "penalty": lambda: facts.penalty(name, on=on, fine_fen=1_000_000),
        "heavy_penalty": lambda: facts.penalty(name, on=on, kinds=["closure"], fine_fen=0),
        "annulled": lambda: facts("penalty_annulled", fact_id=name, on=on, penalty_fact_id=target),
        "abnormal": lambda: facts("listing_entered", fact_id=name, on=on, list="abnormal"),
        "serious": lambda: facts("listing_entered", fact_id=name, on=on, list="serious"),
        "removed": lambda: facts(
            "listing_removed", fact_id=name, on=on, list="abnormal", listing_fact_id=target
        ),
        "removed_all": lambda: facts("listing_removed", fact_id=name, on=on, list="abnormal"),
        "stopped": lambda: facts.stopped(f"bureau|{target}", on=on),
        "complaint": lambda: facts("complaint_received", fact_id=name, on=on),
        "upheld": lambda: facts("complaint_received", fact_id=name, on=on, upheld=True),
        "problem": lambda: facts("inspection_completed", fact_id=name, on=on, result_codes=["refused"]),
        "clean": lambda: facts("inspection_completed", fact_id=name, on=on, result_codes=["no_problem"]),
        "late_report": lambda: facts("annual_report_filed", fact_id=name, on=on, report_year=2024, late=True),
        "missed_report": lambda: facts("annual_report_missed", fact_id=name, on=on, report_year=2024),
        "moved": lambda: facts("registration_changed", fact_id=name, on=on, field="address", after="x"),
        "new_person": lambda: facts(
            "registration_changed", fact_id=name, on=on, field="legal_person_ref", after="y"
        ),
        "suspended": lambda: facts(
            "suspension_declared", fact_id=name, on=on, until_day=today + item.target - 6
        ),
        "ended": lambda: facts("suspension_ended", fact_id=name, on=on),
    }
    return made[item.kind]()


def reference(items: Sequence[Said], today: date) -> dict[str, float]:
    """The indicators over facts, one fact at a time."""
    penalties = [item for item in items if item.kind in {"penalty", "heavy_penalty"}]
    listings = [item for item in items if item.kind in {"abnormal", "serious"}]
    annulling = {item.target for item in items if item.kind == "annulled"}
    removing = {item.target for item in items if item.kind == "removed"}
    stopping = {item.target for item in items if item.kind == "stopped"}
    ended = annulling | removing | stopping
    last_removal = min((item.age for item in items if item.kind == "removed_all"), default=math.inf)
    last_end = min((item.age for item in items if item.kind == "ended"), default=math.inf)
    penalties = [item for item in penalties if item.number not in ended]
    listings = [
        item
        for item in listings
        if item.number not in ended and not (item.kind == "abnormal" and item.age >= last_removal)
    ]

    def young(months: int, among: Sequence[Said], *kinds: str) -> list[Said]:
        year, month = divmod(today.year * 12 + today.month - 1 - months, 12)
        start = date(year, month + 1, today.day)
        return [item for item in among if item.kind in kinds and today - timedelta(item.age) > start]

    return {
        "dynamic.changes_12m": len(young(12, items, "moved", "new_person")),
        "dynamic.legal_person_changes_12m": len(young(12, items, "new_person")),
        "dynamic.address_changes_12m": len(young(12, items, "moved")),
        "dynamic.annual_reports_missed_36m": len(young(36, items, "missed_report")),
        "dynamic.annual_reports_late_36m": len(young(36, items, "late_report")),
        "dynamic.suspended_now": any(
            item.kind == "suspended" and item.target - 6 >= 0 and item.age < last_end for item in items
        ),
        "regulatory.penalties_12m": len(young(12, penalties, "penalty", "heavy_penalty")),
        "regulatory.penalties_36m": len(young(36, penalties, "penalty", "heavy_penalty")),
        "regulatory.penalty_amount_36m": len(young(36, penalties, "penalty")),
        "regulatory.heavy_penalties_36m": len(young(36, penalties, "heavy_penalty")),
        "regulatory.abnormal_listed_now": any(item.kind == "abnormal" for item in listings),
        "regulatory.serious_listed_now": any(item.kind == "serious" for item in listings),
        "regulatory.inspections_with_problems_24m": len(young(24, items, "problem")),
        "regulatory.inspections_clean_24m": len(young(24, items, "clean")),
        "social.complaints_90d": sum(
            item.kind in {"complaint", "upheld"} and item.age < 90 for item in items
        ),
        "social.complaints_12m": len(young(12, items, "complaint", "upheld")),
        "social.complaints_upheld_12m": len(young(12, items, "upheld")),
    }


@given(said=said, order=st.randoms(use_true_random=False), cuts=st.integers(1, 5))
@hypothesis_settings(
    max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_values_are_those_of_the_reference_in_any_order(
    said: list[Said], order: Any, cuts: int, book: Any, facts: Any, indicator: Any, sample: Any, fresh_tx: Any
) -> None:
    """Order, lateness and batch size are accidents of transport; a profile must not know them."""
    expected = reference(said, sample.today)
    news = [fact_of(item, facts, sample.day) for item in said] + [facts.registration()]
    order.shuffle(news)
    tx = fresh_tx()

    for start in range(0, len(news), cuts):
        asyncio.run(record_facts(news[start : start + cuts], tx, book))

    entity = tx.known[sample.uscc]
    assert {code: indicator(entity, code) for code in expected} == expected


@given(
    said=st.lists(said, min_size=2, max_size=6),
)
@hypothesis_settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_many_entities_at_once_are_as_each_alone(
    said: list[list[Said]], book: Any, facts: Any, sample: Any, fresh_tx: Any
) -> None:
    """The vectorised rules must never let one entity's facts touch another's."""
    usccs = [f"91510104YY{number:08d}" for number in range(len(said))]
    alone, together = fresh_tx(), fresh_tx()
    news = [
        [msgspec.structs.replace(fact_of(item, facts, sample.day), uscc=uscc) for item in items]
        for uscc, items in zip(usccs, said, strict=True)
    ]

    for mine in news:
        if mine:
            asyncio.run(record_facts(mine, alone, book))
    everything = [fact for mine in news for fact in mine]
    if everything:
        asyncio.run(record_facts(everything, together, book))

    assert together.known == alone.known
    assert together.open == alone.open
