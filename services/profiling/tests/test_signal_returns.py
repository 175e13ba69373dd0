"""What ended a signal never was so: the signal goes on, in memory and on PostgreSQL alike."""

from typing import Any

import pytest
from profiling_service.rules.profiles import RuleBook
from profiling_service.use_cases.daily_run import DailyRun
from profiling_service.use_cases.signals import clear_signal
from profiling_signal_steps import alone, quieten, record, told

ENDED_BY_MISTAKE = ["SignalRaised", "SignalCleared", "SignalRaised"]


@pytest.fixture(params=["memory", "postgresql"])
def world(request: pytest.FixtureRequest, memory_world: Any, sql_world: Any) -> Any:
    """Both kinds of world."""
    return memory_world if request.param == "memory" else sql_world


def _listed(facts: Any) -> Any:
    return facts("listing_entered", fact_id="L-1", list="serious")


def _removed(facts: Any) -> Any:
    return facts("listing_removed", fact_id="R-1", list="serious", listing_fact_id="L-1")


async def test_a_removal_taken_back_brings_the_signal_of_the_listing_back(
    world: Any, book: RuleBook, facts: Any
) -> None:
    """The entity is on the list of serious offenders, and nobody would be warned any more."""
    for fact in (facts.registration(), _listed(facts), _removed(facts), facts.retracted("R-1")):
        await record(world, book, fact)
    assert told(world, "listed") == ENDED_BY_MISTAKE

    await record(world, book, facts("listing_removed", list="serious", listing_fact_id="L-1"))
    assert told(world, "listed") == [*ENDED_BY_MISTAKE, "SignalCleared"]


async def test_a_signal_comes_back_however_old_its_fact_is(
    world: Any, book: RuleBook, facts: Any, sample: Any
) -> None:
    """Without the mistakes it would have been open all the time, though by now it would not be raised any more."""
    await record(world, book, facts.registration(), facts.penalty("P-1", on=80))
    for number in range(2):
        annulment = f"A-{number}"
        await record(world, book, facts("penalty_annulled", fact_id=annulment, penalty_fact_id="P-1"))
        await DailyRun(world.daily, alone, book)(sample.day + 30 * (number + 1))
        await record(world, book, facts.retracted(annulment))

    assert told(world, "penalty_imposed") == [*ENDED_BY_MISTAKE, "SignalCleared", "SignalRaised"]


async def test_a_corrected_removal_of_another_listing_brings_the_signal_back(
    world: Any, book: RuleBook, facts: Any
) -> None:
    """The wrong listing was named; the correction names the right one."""
    await record(world, book, facts.registration(), _listed(facts), facts("listing_entered", fact_id="L-2"))
    await record(world, book, _removed(facts))
    await record(world, book, facts("listing_removed", supersedes="R-1", listing_fact_id="L-2"))

    assert told(world, "listed") == ["SignalRaised", *ENDED_BY_MISTAKE, "SignalCleared"]


async def test_what_a_person_cleared_stays_closed(
    world: Any, book: RuleBook, facts: Any, sample: Any
) -> None:
    """They dealt with it; that a removal came and went changes nothing."""
    await record(world, book, facts.registration(), _listed(facts))
    async with world.transaction() as tx:
        await clear_signal(f"listed|{sample.uscc}|2", "interviewed", "officer", tx)
    for fact in (_removed(facts), facts.retracted("R-1")):
        await record(world, book, fact)

    assert told(world, "listed") == ["SignalRaised", "SignalCleared"]


async def test_what_settled_a_matter_and_is_taken_back_settles_nothing(
    world: Any, book: RuleBook, facts: Any
) -> None:
    """The test that was passed was another product's."""
    failed = facts("product_tested", product="p", passed=False, on=10)
    passed = facts("product_tested", fact_id="T-1", product="p", passed=True, on=5)
    for fact in (facts.registration(), failed, passed, facts.retracted("T-1")):
        await record(world, book, fact)

    assert told(world, "product_test_failed") == ENDED_BY_MISTAKE


async def test_a_matter_that_was_settled_stays_so_when_what_settled_it_is_over(
    world: Any, book: RuleBook, facts: Any, sample: Any
) -> None:
    """A certificate granted after one was withdrawn expires in its time, and nothing is withdrawn again."""
    withdrawn = facts("certification_ended", how="withdrawn", certification_fact_id="C-0", on=20)
    granted = facts("certification_granted", valid_until_day=sample.day + 3, on=10)
    for fact in (facts.registration(), withdrawn, granted):
        await record(world, book, fact)
    await DailyRun(world.daily, alone, book)(sample.day + 9)
    await record(world, book, facts("complaint_received"), facts.retracted("F-99"))

    assert told(world, "certification_withdrawn") == ["SignalRaised", "SignalCleared"]


async def test_a_fact_that_was_over_when_it_came_raises_once_it_counts(
    world: Any, book: RuleBook, facts: Any
) -> None:
    """Whether the removal came in the same batch as the listing is an accident of transport."""
    await record(world, book, facts.registration(), _listed(facts), _removed(facts))
    assert told(world, "listed") == []

    await record(world, book, facts.retracted("R-1"))

    assert told(world, "listed") == ["SignalRaised"]


async def test_a_report_taken_back_is_due_again(world: Any, book: RuleBook, facts: Any, sample: Any) -> None:
    """It was filed for another entity; this one still owes its own."""
    await record(world, book, facts.registration())
    await DailyRun(world.daily, alone, book)(sample.day + 1)
    for fact in (
        facts("annual_report_filed", fact_id="Y-1", report_year=2025),
        facts.retracted("Y-1"),
    ):
        await record(world, book, fact)

    assert told(world, "annual_report_due") == ENDED_BY_MISTAKE


async def test_a_suppressed_signal_comes_back_silent_and_is_told_afterwards(
    world: Any, book: RuleBook, facts: Any, sample: Any
) -> None:
    """Nobody heard of it, and nobody is to hear of it before the suppression is over."""
    await record(world, book, facts.registration())
    await quieten(world, "listed", until=sample.day + 9, uscc=sample.uscc)
    for fact in (_listed(facts), _removed(facts), facts.retracted("R-1")):
        await record(world, book, fact)
    assert told(world, "listed") == []

    await DailyRun(world.daily, alone, book)(sample.day + 10)

    assert told(world, "listed") == ["SignalRaised"]


async def test_a_signal_told_before_a_suppression_comes_back_told(
    world: Any, book: RuleBook, facts: Any, sample: Any
) -> None:
    """Its end was told in spite of the suppression; left at that, everybody would believe it."""
    await record(world, book, facts.registration(), _listed(facts))
    await quieten(world, "listed", until=sample.day + 9, uscc=sample.uscc)
    for fact in (_removed(facts), facts.retracted("R-1")):
        await record(world, book, fact)

    assert told(world, "listed") == ENDED_BY_MISTAKE
