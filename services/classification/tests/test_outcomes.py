"""Outcomes are joined to what was believed before the visit, and never to what the visit brought."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from classification_service import wire
from classification_service.model.judgement import IndicatorsChanged
from classification_service.model.review import Evidence, InspectionResult, KnownBefore, Report, Withdrawal
from classification_service.model.risk_model import Catalogue
from classification_service.use_cases.review import record_reports, record_results
from contracts.ingestion.v1_pb2 import FactAccepted
from eventbus import Poison, Received

USCC = "91510104YY000001XM"
DAY = 20_600
DAY_MS = DAY * 86_400_000
NOON_MS = DAY_MS + 4 * 3_600_000


def received(message: FactAccepted) -> Received:
    return Received("t", 0, 0, wire.FACT_ACCEPTED, "s", 1, USCC, message.SerializeToString(), 0, "")


def fact(fact_id: str = "I-1", source: str = "fire", **says: Any) -> FactAccepted:
    told = says or {"inspection_completed": {"item": "fire_exits", "result_codes": ["corrected"]}}
    head = {"source": source, "fact_id": fact_id, "uscc": USCC, "recorded_at_ms": NOON_MS + 1}
    return FactAccepted(**head, occurred_at_ms=NOON_MS, **told)


def report(number: int = 1, **changes: Any) -> Report:
    result = wire.fact_accepted(received(fact(f"I-{number}"))).result
    return Report(result._replace(**changes), None)


def test_an_inspection_by_another_department_is_an_outcome_without_odds() -> None:
    """Nobody knows why they went there."""
    result, withdrawal = wire.fact_accepted(received(fact()))

    assert (result.result_id, result.stratum, result.probability) == ("fire|I-1", "reported", None)
    assert (result.is_problem, result.in_denominator, result.codes) == (True, True, ("corrected",))
    assert (result.occurred_on_day, result.class_at_draw) == (DAY, "")
    assert withdrawal is None


def test_a_correction_replaces_and_a_retraction_removes() -> None:
    """Whatever the fact corrected was: only an outcome is ended by it here."""
    said = {"inspection_completed": {"result_codes": ["no_problem"]}, "supersedes": "I-1"}
    corrected = wire.fact_accepted(received(fact("I-2", **said)))
    retracted = wire.fact_accepted(received(fact("X-1", fact_retracted={"fact_id": "I-2"})))

    assert corrected.result.result_id == "fire|I-2"
    assert corrected.withdrawal[:3] == ("fire|I-1", "fire|I-2", "corrected")
    assert retracted == Report(None, Withdrawal("fire|I-2", "fire|X-1", "retracted", NOON_MS + 1))


def test_what_is_annulled_is_taken_back_and_what_only_ended_is_not() -> None:
    """Whoever objected to a penalty waits for just that; leaving a list after mending says nothing of the listing."""
    listing = {"list": "abnormal", "listing_fact_id": "L-1"}
    said = [
        {"penalty_annulled": {"penalty_fact_id": "P-1"}},
        {"listing_removed": listing | {"reason": "annulled"}},
        {"listing_removed": listing | {"reason": "corrected"}},
    ]

    penalty, annulled, mended = (wire.fact_accepted(received(fact("X-2", **each))) for each in said)

    assert penalty.withdrawal[:3] == ("fire|P-1", "fire|X-2", "retracted")
    assert annulled.withdrawal[:3] == ("fire|L-1", "fire|X-2", "retracted")
    assert mended is None


def test_our_own_visits_and_other_facts_are_passed_over() -> None:
    """A visit drawn by sampling comes from sampling, with its odds."""
    own = wire.fact_accepted(received(fact(source="creditloop.sampling")))
    other = wire.fact_accepted(received(fact(penalty_imposed={})))

    assert (own, other) == (None, None)


@pytest.mark.parametrize("codes", [["luck"], ["no_problem", "corrected"], []])
def test_codes_that_contradict_each_other_are_poison(codes: list[str]) -> None:
    """A result that is clean and faulty counts as neither."""
    with pytest.raises(Poison, match="inspection 'I-1'"):
        wire.fact_accepted(received(fact(inspection_completed={"result_codes": codes})))


async def test_what_was_known_is_kept_in_bands(
    tx: Any, change: Callable[..., IndicatorsChanged], catalogue: Catalogue
) -> None:
    """Fairness is asked by size, age, kind and sector as they were believed then."""
    values = change(
        food_production_member=1, price_member=1, base_capital_wan=99.0, base_age_years=3.0
    ).values
    tx.books.known[USCC] = KnownBefore(
        7, "C", 612.0, "general@1", Evidence(values, 2), "510104", "H62", "1100"
    )

    await record_reports([report()], tx, catalogue)

    outcome = tx.books.results["fire|I-1"]
    assert (outcome.result.class_at_draw, outcome.result.area_code, outcome.result.industry) == (
        "C",
        "510104",
        "H62",
    )
    assert (outcome.decision_number, outcome.score, outcome.model_id) == (7, 612.0, "general@1")
    assert (outcome.ownership, outcome.size, outcome.age) == ("enterprise", "10_to_100_wan", "3_to_5_years")
    assert outcome.member_of == 0b10000001


async def test_an_entity_never_judged_before_its_visit_has_no_class(tx: Any, catalogue: Catalogue) -> None:
    """Not even by what the visit itself made of it."""
    await record_reports([report()], tx, catalogue)

    outcome = tx.books.results["fire|I-1"]
    assert (outcome.result.class_at_draw, outcome.score, outcome.size, outcome.member_of) == ("", None, "", 0)


async def joined(store: Any) -> list[tuple[Any, ...]]:
    return await store.rows(
        "select result_id, class_at_draw, decision_number, score from review_outcome order by result_id"
    )


async def test_the_visit_does_not_judge_itself(
    sql_store: Any,
    change: Callable[..., IndicatorsChanged],
    run: Callable[..., Awaitable[None]],
    catalogue: Catalogue,
) -> None:
    """The decision that the visit led to is later than the visit, and one of its day but made before counts."""
    early = {"recorded_at_ms": NOON_MS - 7_000_000, "business_day": DAY}
    await run(sql_store, change(1, **early), at_ms=NOON_MS - 3_600_000)
    listed = change(2, regulatory_serious_listed_now=1, business_day=DAY, recorded_at_ms=NOON_MS + 1)
    await run(sql_store, listed, at_ms=NOON_MS + 2)
    ahead = report(2, occurred_on_day=DAY - 1)  # the decision looked at a day that had not come

    async with sql_store.open() as unit_of_work:
        await record_reports([report(1), ahead], unit_of_work, catalogue)

    assert await joined(sql_store) == [("fire|I-1", "A", 1, 165.0), ("fire|I-2", "", None, None)]


async def test_a_drawn_visit_has_the_score_of_its_class_at_the_draw(
    sql_store: Any,
    change: Callable[..., IndicatorsChanged],
    run: Callable[..., Awaitable[None]],
    result: Callable[..., InspectionResult],
    catalogue: Catalogue,
) -> None:
    """Between draw and visit the class moved on; the odds were those of the class at the draw."""
    past = {"recorded_at_ms": 1, "business_day": DAY - 9}
    await run(sql_store, change(1, **past), at_ms=NOON_MS - 9_000)
    await run(sql_store, change(2, regulatory_serious_listed_now=1, **past), at_ms=NOON_MS - 8_000)

    async with sql_store.open() as unit_of_work:
        await record_results([result(1), result(2, class_at_draw="")], unit_of_work, catalogue)

    assert await joined(sql_store) == [("r-1", "A", 1, 165.0), ("r-2", "", None, None)]


async def test_twice_delivered_late_and_retracted(sql_store: Any, catalogue: Catalogue) -> None:
    """A retraction that comes first holds; what is withdrawn stays in the books, and counts nowhere."""
    gone = Report(None, Withdrawal("fire|I-3", "fire|X-1", "retracted", NOON_MS))
    for batch in ([report(1), gone], [report(1), report(2)], [report(3), gone]):
        async with sql_store.open() as unit_of_work:
            await record_reports(batch, unit_of_work, catalogue)

    assert [row[0] for row in await joined(sql_store)] == ["fire|I-1", "fire|I-2"]
    assert await sql_store.result_ids() == ["fire|I-1", "fire|I-2", "fire|I-3"]
    assert await sql_store.rows("select how from review_withdrawal") == [("retracted",)]


async def test_one_visit_told_by_both_counts_once(
    sql_store: Any, result: Callable[..., InspectionResult], catalogue: Catalogue
) -> None:
    """A department tells of the visit that sampling had drawn for it: the same entity, day and item."""
    drawn = result(1, item="fire_exits,price")
    async with sql_store.open() as unit_of_work:
        await record_results([drawn], unit_of_work, catalogue)
        await record_reports([report(1), report(2, item="hygiene")], unit_of_work, catalogue)

    assert [row[0] for row in await joined(sql_store)] == ["fire|I-2", "r-1"]
