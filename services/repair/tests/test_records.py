"""Records open with their notice and stop for a reason, whatever the order the facts arrive in."""

from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from repair_builders import (
    FIRM,
    LIGHT,
    OTHER_FIRM,
    STALL,
    WAN_FEN,
    WARNING,
    annulment,
    at,
    cancellation,
    listing,
    penalty,
    removal,
    retraction,
    serious,
    supersession,
)
from repair_fakes import MemoryUnitOfWork
from repair_service import use_cases
from repair_service.model import Description, Fact, RecordKind, Stop, StopReason, Subject
from repair_service.rules import Law
from repair_service.settings import load_law

MARCH, APRIL, MAY = date(2026, 3, 1), date(2026, 4, 1), date(2026, 5, 1)


@pytest.fixture
def tx() -> MemoryUnitOfWork:
    return MemoryUnitOfWork()


async def record(tx: MemoryUnitOfWork, law: Law, *facts: Fact) -> None:
    await use_cases.record_facts(facts, tx, law)


async def run_day(tx: MemoryUnitOfWork, day: date, limit: int = 100) -> int:
    return (await use_cases.stop_expired(day, tx, limit=limit, recorded_at_ms=1)).stopped


async def test_a_penalty_opens_a_record_and_its_notice_is_due_at_once(tx: MemoryUnitOfWork, law: Law) -> None:
    """Both papers are served together (两书同达): the notice must not wait for a nightly job."""
    await record(tx, law, penalty("P-1", MARCH, fine_fen=6 * WAN_FEN))

    assert [opening.subject.record_id for opening in tx.openings] == ["penalties|P-1"]
    assert [notice.notice_id for notice in tx.notices] == ["penalties|P-1|notice-1"]


async def test_a_warning_opens_a_record_with_no_notice(tx: MemoryUnitOfWork, law: Law) -> None:
    """It is never published, so there is nothing to repair and nothing to tell."""
    await record(tx, law, penalty("P-1", MARCH, WARNING))

    assert len(tx.openings) == 1
    assert tx.notices == []


async def test_a_fact_that_arrives_twice_opens_one_record(tx: MemoryUnitOfWork, law: Law) -> None:
    """A dead letter may be replayed after its fact came through after all."""
    await record(tx, law, penalty("P-1"), penalty("P-1"))

    await record(tx, law, penalty("P-1"))

    assert len(tx.openings) == len(tx.notices) == 1


async def test_filing_one_of_two_missing_reports_leaves_the_other_listing(
    tx: MemoryUnitOfWork, law: Law
) -> None:
    """Edge case 12: each missed year is a listing of its own."""
    await record(tx, law, listing("year-2023", MARCH), listing("year-2024", MARCH))

    await record(tx, law, removal(APRIL, "year-2023"))

    assert tx.stop_of("lists|year-2023") is not None
    assert tx.stop_of("lists|year-2024") is None


async def test_listed_for_two_reasons_each_is_left_by_itself(tx: MemoryUnitOfWork, law: Law) -> None:
    """Edge case 13: being reachable again does not file a report."""
    await record(tx, law, listing("report", MARCH), listing("address", MARCH, reason="unreachable"))

    await record(tx, law, removal(APRIL, "address"))
    after_one = [tx.stop_of("lists|report"), tx.stop_of("lists|address")]
    await record(tx, law, removal(MAY, "report"))

    assert [stop is None for stop in after_one] == [True, False]
    assert tx.stop_of("lists|report") is not None


async def test_a_removal_that_names_no_listing_stops_all_of_that_list_entered_before(
    tx: MemoryUnitOfWork, law: Law
) -> None:
    """Some sources say only that the firm left the list; what is entered later is not covered."""
    await record(tx, law, listing("L-1", MARCH), listing("L-2", MARCH), serious("S-1", MARCH), removal(APRIL))

    await record(tx, law, listing("L-3", MAY))

    assert sorted(stop.record_id for stop in tx.stops) == ["lists|L-1", "lists|L-2"]


async def test_an_annulled_penalty_stops_counting(tx: MemoryUnitOfWork, law: Law) -> None:
    """A decision withdrawn must not weigh on anyone."""
    await record(tx, law, penalty("P-1", MARCH))

    await record(tx, law, annulment(APRIL))

    (stopped,) = tx.stops
    assert (stopped.stop.reason, stopped.stop.on) == (StopReason.ANNULLED, APRIL)
    assert stopped.stop_id == "penalties|P-1|stop-1"


@pytest.mark.parametrize("opened", [penalty("P-1", MARCH), listing("P-1", MARCH), serious("P-1", MARCH)])
async def test_a_retracted_fact_ends_its_record(opened: Subject, tx: MemoryUnitOfWork, law: Law) -> None:
    """What should never have been sent must not be shown on."""
    await record(tx, law, opened)

    await record(tx, law, retraction(APRIL, opened.record_id))

    (stopped,) = tx.stops
    assert (stopped.stop.reason, stopped.stop.on, stopped.was_public) == (StopReason.ANNULLED, APRIL, True)


@pytest.mark.parametrize("first", ["superseded", "superseding"])
async def test_a_corrected_penalty_takes_the_place_of_the_one_it_supersedes(
    first: str, tx: MemoryUnitOfWork, law: Law
) -> None:
    """One decision is one record in public, whichever of the two comes first."""
    wrong: list[Fact] = [penalty("P-1", MARCH)]
    right: list[Fact] = [penalty("P-2", MARCH), supersession(APRIL, "penalties|P-2", "penalties|P-1")]

    await record(tx, law, *(wrong if first == "superseded" else right))
    await record(tx, law, *(right if first == "superseded" else wrong))

    (stopped,) = tx.stops
    assert (stopped.record_id, stopped.stop.on) == ("penalties|P-1", APRIL)
    assert stopped.stop.cause == "penalties|P-2"
    assert tx.stop_of("penalties|P-2") is None
    assert len(tx.openings) == 2


async def test_an_annulment_may_supersede_a_fact_too(tx: MemoryUnitOfWork, law: Law) -> None:
    """It stops one record by what it says, and another by what it stands in for."""
    annulled = annulment(APRIL, "P-1")
    await record(tx, law, penalty("P-1", MARCH), penalty("P-2", MARCH))

    await record(tx, law, annulled, supersession(MAY, annulled.order_id, "penalties|P-2"))

    assert {stop.record_id: stop.stop.on for stop in tx.stops} == {
        "penalties|P-1": APRIL,
        "penalties|P-2": MAY,
    }


async def test_a_retraction_of_a_fact_without_a_record_changes_nothing(
    tx: MemoryUnitOfWork, law: Law
) -> None:
    """Most facts retracted are complaints, reports and the like."""
    await record(tx, law, penalty("P-1", MARCH), retraction(APRIL, "complaints|C-1"))

    assert tx.stops == []


async def test_an_annulment_that_comes_first_waits_for_its_penalty(tx: MemoryUnitOfWork, law: Law) -> None:
    """Two offices send on their own schedules; the late penalty is opened and stopped at once, without notice."""
    await record(tx, law, annulment(APRIL))

    await record(tx, law, penalty("P-1", MARCH))

    assert (len(tx.openings), len(tx.stops), tx.notices) == (1, 1, [])


async def test_a_stop_tells_whether_there_was_a_publicity_to_stop(tx: MemoryUnitOfWork, law: Law) -> None:
    """A letter that a warning is no longer public would tell what never happened."""
    later = penalty("late", MARCH, published_on=MAY)
    await record(tx, law, penalty("warning", MARCH, WARNING), penalty("fine", MARCH), later)

    await record(tx, law, *(annulment(APRIL, number) for number in ("warning", "fine", "late")))

    assert {stop.record_id: stop.was_public for stop in tx.stops} == {
        "penalties|warning": False,
        "penalties|fine": True,
        "penalties|late": False,
    }


async def test_a_notice_is_dated_the_day_the_decision_was_recorded(tx: MemoryUnitOfWork, law: Law) -> None:
    """A decision may be sent weeks late, and a letter must not be back-dated; 20:00 UTC is the next day in China."""
    await record(tx, law, penalty("P-1", MARCH, recorded_at_ms=at(APRIL, hour=20)))

    assert [notice.issued_on for notice in tx.notices] == [date(2026, 4, 2)]


async def test_no_notice_is_due_for_a_publicity_already_over(tx: MemoryUnitOfWork, law: Law) -> None:
    """A source that loads its history must not have thousands of letters sent on how to repair what is over."""
    low = {"fine_fen": WAN_FEN, "grade": LIGHT}
    on_its_last_day = penalty("P-1", MARCH, recorded_at_ms=at(date(2026, 5, 31)), **low)
    over = penalty("P-2", MARCH, recorded_at_ms=at(date(2026, 6, 1)), **low)

    await record(tx, law, on_its_last_day, over)

    assert [notice.opening.subject.record_id for notice in tx.notices] == ["penalties|P-1"]


async def test_an_order_stops_the_record_it_names_also_under_an_old_code(
    tx: MemoryUnitOfWork, law: Law
) -> None:
    """A firm that was re-coded has old records under its old code; whatever comes now is under the new one."""
    await record(
        tx, law, penalty("P-1", MARCH), penalty("P-2", MARCH), annulment(MAY, "P-3", uscc=OTHER_FIRM)
    )

    await record(tx, law, annulment(APRIL, "P-1", uscc=OTHER_FIRM), penalty("P-3", MARCH))

    assert {stop.record_id: stop.stop.on for stop in tx.stops} == {
        "penalties|P-1": APRIL,
        "penalties|P-3": MAY,
    }


async def test_an_order_that_names_no_record_stops_none_of_another_entity(
    tx: MemoryUnitOfWork, law: Law
) -> None:
    """Only its entity says what it is about."""
    await record(tx, law, listing("L-1", MARCH, uscc=OTHER_FIRM))

    await record(tx, law, removal(APRIL), cancellation(APRIL))

    assert tx.stops == []


async def test_cancelling_the_entity_stops_everything_it_has(tx: MemoryUnitOfWork, law: Law) -> None:
    """107号 §20: with the entity its publicity ends; other entities keep theirs."""
    await record(
        tx, law, penalty("P-1"), listing("L-1"), serious("S-1"), penalty("P-2", MARCH, uscc=OTHER_FIRM)
    )

    await record(tx, law, cancellation(APRIL))

    assert {stop.record_id for stop in tx.stops} == {"penalties|P-1", "lists|L-1", "lists|S-1"}
    assert {stop.stop.reason for stop in tx.stops} == {StopReason.CANCELLED_ENTITY}


async def test_the_daily_run_stops_what_is_over_with_no_application(tx: MemoryUnitOfWork, law: Law) -> None:
    """届满自动停止公示: on the last day itself, not the day before, and only once."""
    await record(tx, law, penalty("P-1", MARCH, fine_fen=WAN_FEN, grade=LIGHT))

    stopped = [await run_day(tx, day) for day in (date(2026, 5, 31), date(2026, 6, 1), date(2026, 6, 1))]

    assert stopped == [0, 1, 0]
    assert tx.daily_runs.stopped[date(2026, 6, 1)] == 1
    assert tx.stops[0].stop.reason is StopReason.EXPIRED


async def test_a_penalty_that_arrives_after_its_period_opens_and_stops_with_the_next_run(
    tx: MemoryUnitOfWork, law: Law
) -> None:
    """Late facts are real facts: history shows them, and they do not count."""
    await record(tx, law, penalty("P-1", date(2022, 1, 10), fine_fen=WAN_FEN, grade=LIGHT))

    stopped = await run_day(tx, MARCH)

    assert stopped == 1
    assert tx.stop_of("penalties|P-1").on == date(2022, 4, 10)  # type: ignore[union-attr]


async def test_years_of_runs_replayed_in_one_call_stop_the_same(tx: MemoryUnitOfWork, law: Law) -> None:
    """A record stops on its own day, whichever day the run is made."""
    await record(tx, law, listing("L-1", date(2026, 7, 1), uscc=STALL), serious("S-1", MARCH))

    stopped = await run_day(tx, date(2035, 1, 1))

    assert stopped == 2
    assert {stop.stop.on for stop in tx.stops} == {date(2027, 6, 30), date(2029, 3, 1)}


async def test_an_earlier_stop_learned_later_is_kept_but_told_once(tx: MemoryUnitOfWork, law: Law) -> None:
    """The others know it as stopped; a second stop would be a second fact to them."""
    await record(tx, law, penalty("P-1", MARCH, fine_fen=WAN_FEN, grade=LIGHT))
    await run_day(tx, date(2026, 6, 1))

    await record(tx, law, annulment(APRIL))

    assert tx.stop_of("penalties|P-1").reason is StopReason.ANNULLED  # type: ignore[union-attr]
    assert len(tx.stops) == 1


async def test_an_older_description_changes_nothing(tx: MemoryUnitOfWork) -> None:
    """Descriptions may be replayed; the newest version holds."""
    newer = Description(uscc=FIRM, version=2, area_code="510107")

    await use_cases.describe_entities([newer, Description(uscc=FIRM, version=1, area_code="510104")], tx)

    assert tx.descriptions.known[FIRM].area_code == "510107"


_FACTS: tuple[Fact, ...] = (
    penalty("P-1", MARCH),
    penalty("P-2", APRIL, WARNING),
    listing("L-1", MARCH),
    listing("L-2", MAY),
    serious("S-1", MARCH),
    penalty("P-3", MARCH),
    penalty("P-4", MARCH),
    retraction(MAY, "penalties|P-3"),
    supersession(APRIL, "penalties|P-3", "penalties|P-4"),
    annulment(APRIL, "P-1"),
    annulment(MAY, "P-2"),
    removal(APRIL),
    removal(MAY, "L-1"),
    removal(APRIL, "S-1", RecordKind.SERIOUS_LISTING),
    cancellation(date(2026, 6, 1)),
)
_LAW = load_law()


@given(st.permutations(_FACTS), st.lists(st.integers(1, 4), max_size=12))
async def test_any_order_of_arrival_ends_in_the_same_state(
    order: Sequence[Fact], batches: Sequence[int]
) -> None:
    """Penalties, annulments and removals come from different systems, in batches nobody controls."""
    tx = MemoryUnitOfWork()
    left = list(order)

    for size in [*batches, len(order)]:
        taken, left = left[:size], left[size:]
        await record(tx, _LAW, *taken)

    assert {key: _told(standing.stop) for key, standing in tx.records.standings.items()} == {
        "penalties|P-1": (StopReason.ANNULLED, APRIL),
        "penalties|P-2": (StopReason.ANNULLED, MAY),
        "penalties|P-3": (StopReason.ANNULLED, MAY),
        "penalties|P-4": (StopReason.ANNULLED, APRIL),
        "lists|L-1": (StopReason.REMOVED, APRIL),
        "lists|L-2": (StopReason.CANCELLED_ENTITY, date(2026, 6, 1)),
        "lists|S-1": (StopReason.REMOVED, APRIL),
    }
    assert len(tx.stops) == len(tx.openings) == 7


def _told(stop: Stop | None) -> tuple[StopReason, date] | None:
    return None if stop is None else (stop.reason, stop.on)
