"""Signals grow, are kept silent for a time, and are told to the others once: in memory and on PostgreSQL alike."""

from typing import Any

import pytest
from profiling_service.rules.profiles import RuleBook
from profiling_service.use_cases.daily_run import DailyRun
from profiling_service.use_cases.signals import clear_signal
from profiling_signal_steps import RISING, alone, complaints, quieten, record, told


@pytest.fixture(params=["memory", "postgresql"])
def world(request: pytest.FixtureRequest, memory_world: Any, sql_world: Any) -> Any:
    """Both kinds of world."""
    return memory_world if request.param == "memory" else sql_world


async def test_a_signal_is_told_again_when_it_has_doubled_and_not_for_every_fact(
    world: Any, book: RuleBook, facts: Any, sample: Any
) -> None:
    """A noisy firm must not make as many events as it has complaints; twice as many is news."""
    await record(world, book, *complaints(facts, 1, 2, 3))
    for day in range(4, 13):
        await record(world, book, *complaints(facts, day))

    assert told(world) == ["SignalRaised", "SignalUpdated", "SignalUpdated"]
    async with world.transaction() as tx:
        (entity,) = await tx.entities([sample.uscc])
    assert {said.measure for said in entity.signals if said.family == RISING} == {12.0}


async def test_a_signal_is_told_again_when_it_is_more_severe(
    world: Any, book: RuleBook, facts: Any, sample: Any
) -> None:
    """Twenty complaints are an alarm, though nineteen were told a moment ago."""
    await record(world, book, *complaints(facts, *range(1, 20)))
    await record(world, book, *complaints(facts, 20))

    assert told(world) == ["SignalRaised", "SignalUpdated"]
    async with world.transaction() as tx:
        (entity,) = await tx.entities([sample.uscc])
    assert {said.severity for said in entity.signals if said.family == RISING} == {3}


async def test_what_a_person_cleared_is_not_told_again_though_it_grows(
    world: Any, book: RuleBook, facts: Any, sample: Any
) -> None:
    """The officer has dealt with this matter; more of the same is not another."""
    await record(world, book, *complaints(facts, 1, 2, 3))
    async with world.transaction() as tx:
        await clear_signal(f"{RISING}|{sample.uscc}|1", "interviewed", "officer", tx)

    await record(world, book, *complaints(facts, *range(4, 12)))

    assert told(world) == ["SignalRaised", "SignalCleared"]


@pytest.mark.parametrize("scope", ["entity", "area", "city"])
async def test_a_suppressed_signal_is_told_when_its_suppression_is_over(
    world: Any, book: RuleBook, facts: Any, sample: Any, scope: str
) -> None:
    """Known already is not the same as over: what still holds on the day after is raised by the daily run."""
    scopes = {"entity": {"uscc": sample.uscc}, "area": {"area": "510104"}, "city": {"area": "510100"}}
    await record(world, book, facts.registration())
    await quieten(world, RISING, until=sample.day + 1, **scopes[scope])
    await record(world, book, *complaints(facts, 1, 2, 3))
    await DailyRun(world.daily, alone, book)(sample.day + 1)
    assert told(world) == []

    await DailyRun(world.daily, alone, book)(sample.day + 2)

    assert told(world) == ["SignalRaised"]
    await record(world, book, *complaints(facts, 4, 5, 6))
    assert told(world) == ["SignalRaised", "SignalUpdated"]


async def test_a_suppression_of_others_suppresses_nothing(
    world: Any, book: RuleBook, facts: Any, sample: Any
) -> None:
    """Another entity, another area, another family."""
    await record(world, book, facts.registration())
    await quieten(world, RISING, until=sample.day + 9, uscc=sample.other)
    await quieten(world, RISING, until=sample.day + 9, area="510117")
    await quieten(world, "listed", until=sample.day + 9, uscc=sample.uscc)

    await record(world, book, *complaints(facts, 1, 2, 3))

    assert told(world) == ["SignalRaised"]


async def test_what_was_silent_to_its_end_is_never_told(
    world: Any, book: RuleBook, facts: Any, sample: Any
) -> None:
    """Nobody heard that it began; nobody is to hear that it ended."""
    await record(world, book, facts.registration())
    await quieten(world, "penalty_imposed", until=sample.day + 9, uscc=sample.uscc)
    await record(world, book, facts.penalty("P-1"))
    await record(world, book, facts("penalty_annulled", penalty_fact_id="P-1"))

    await DailyRun(world.daily, alone, book)(sample.day + 10)

    assert told(world, "penalty_imposed") == []


async def test_an_open_signal_under_a_suppression_does_not_grow_and_still_ends(
    world: Any, book: RuleBook, facts: Any, sample: Any
) -> None:
    """It was told, so its end must be; that it grows is not to be heard."""
    await record(world, book, *complaints(facts, 1, 2, 3))
    await quieten(world, RISING, until=sample.day + 9, uscc=sample.uscc)
    await record(world, book, *complaints(facts, 4, 5, 6, 7))
    await record(world, book, *complaints(facts, *range(100, 110)))

    assert told(world) == ["SignalRaised", "SignalCleared"]


async def test_a_burst_is_unusual_on_the_day_its_history_is_long_enough(
    world: Any, book: RuleBook, facts: Any, sample: Any
) -> None:
    """Nine in 30 days have a chance of (30 ÷ (30 + h))⁹ after h quiet ones: below 1 in 2,000 from the 40th on."""
    family = "complaints_unusual"
    await record(world, book, facts.registration(established_on_day=sample.day - 50, on=50))
    await record(world, book, *complaints(facts, *range(1, 10)))
    heard = []
    for days in range(1, 21):
        await DailyRun(world.daily, alone, book)(sample.day + days)
        heard.append(len(told(world, family)))

    assert heard == [0] * 18 + [1] * 2


async def test_who_is_far_above_its_peers_is_found_by_the_daily_run(
    world: Any, book: RuleBook, facts: Any
) -> None:
    """The bound of an industry and area is what the run before it told; a group too small has none."""
    usccs = [f"91510104YY{number:08d}" for number in range(210)]
    elsewhere = [f"91510117YY{number:08d}" for number in range(20)]
    news = [facts.registration(uscc=uscc, address="", legal_person_ref="") for uscc in usccs]
    news += [facts.registration(uscc=uscc, area_code="510117", legal_person_ref="") for uscc in elsewhere]
    noisy = (usccs[0], elsewhere[0])
    news += [fact for uscc in noisy for fact in complaints(facts, *range(100, 112), uscc=uscc)]
    await record(world, book, *news)
    await DailyRun(world.daily, alone, book)(world_day(news))

    family = "complaints_above_peers"
    found = [event for event in world.events if family.encode() in event.value]
    assert [event.key for event in found] == [usccs[0]]


def world_day(news: list[Any]) -> int:
    """A day after all of them."""
    return max(fact.occurred_at_ms for fact in news) // 86_400_000 + 101
