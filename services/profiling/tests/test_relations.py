"""Relations of the whole city: who is related to whom, and what these are like (关联关系)."""

from collections.abc import Callable
from typing import Any

import pytest
from profiling_service.rules.profiles import RuleBook
from profiling_service.use_cases.daily_run import DailyRun, advance, begin
from profiling_service.use_cases.record import record_facts


def code(number: int) -> str:
    return f"91510104YY{number:08d}"


async def alone(work: Any) -> None:
    await work()


@pytest.fixture
async def city(sql_world: Any, book: RuleBook, sample: Any) -> Callable[..., Any]:
    """Records facts, runs the next day, and gives an indicator by number of the entity."""
    days = iter(range(sample.day + 1, sample.day + 50))

    async def rolled(*news: Any) -> None:
        if news:
            async with sql_world.transaction() as tx:
                await record_facts(news, tx, book)
        await DailyRun(sql_world.daily, alone, book)(next(days))

    return rolled


@pytest.fixture
def value(sql_world: Any, indicator: Any) -> Callable[..., Any]:
    """The value of a relation of an entity, by its number."""

    async def of(number: int, name: str) -> float:
        async with sql_world.transaction() as tx:
            (entity,) = await tx.entities([code(number)])
        return float(indicator(entity, f"relation.{name}"))

    return of


def firm(facts: Any, number: int, **data: Any) -> Any:
    apart = {"legal_person_ref": f"p-{number}", "address": f"虚构路{number}号"}
    return facts.registration(uscc=code(number), **(apart | data))


def listed(facts: Any, number: int) -> Any:
    return facts(
        "listing_entered", uscc=code(number), list="serious", reason="food_safety", fact_id=f"L-{number}"
    )


async def test_who_has_a_person_in_common_with_a_risky_firm_is_told(
    city: Any, facts: Any, value: Any
) -> None:
    """The representative of a listed firm opens the next one across the road."""
    mine = [firm(facts, number, legal_person_ref="p-same") for number in (1, 2, 3)]

    await city(*mine, firm(facts, 4), listed(facts, 1))

    assert [await value(number, "entities_of_person") for number in (1, 2, 3, 4)] == [3, 3, 3, 1]
    assert [await value(number, "risky_of_person") for number in (1, 2, 3, 4)] == [0, 1, 1, 0]


async def test_a_relation_is_over_when_its_cause_is(city: Any, facts: Any, value: Any) -> None:
    """A removed listing must not stick to the neighbours."""
    await city(*[firm(facts, number, address="虚构路8号") for number in (1, 2)], listed(facts, 1))
    assert await value(2, "risky_at_address") == 1

    await city(facts("listing_removed", uscc=code(1), list="serious", listing_fact_id="L-1"))

    assert await value(2, "risky_at_address") == 0


async def test_one_risky_firm_related_twice_counts_once(city: Any, facts: Any, value: Any) -> None:
    """Same person, same address, same contact: still one firm."""
    same = {"legal_person_ref": "p-same", "address": "虚构路8号", "contact_ref": "c-same"}

    await city(firm(facts, 1, **same), firm(facts, 2, **same), listed(facts, 1))

    assert await value(2, "risky_related") == 1
    assert await value(1, "risky_related") == 0


async def test_an_address_of_hundreds_says_nothing_of_each(city: Any, facts: Any, value: Any) -> None:
    """Firms registered at an agent's desk are not accomplices."""
    crowd = [firm(facts, number, address="集群注册地址") for number in range(1, 61)]

    await city(*crowd, listed(facts, 1))

    assert await value(2, "entities_at_address") == 60
    assert await value(2, "risky_related") == 0


async def test_branches_and_heads_answer_for_each_other(city: Any, facts: Any, value: Any) -> None:
    """A chain is judged with its shops, and a shop with its chain."""
    await city(firm(facts, 1), *[firm(facts, n, head_uscc=code(1)) for n in (2, 3)], listed(facts, 2))
    assert await value(1, "branches") == 2
    assert await value(1, "risky_branches") == 1
    assert await value(3, "risky_head") == 0

    await city(listed(facts, 1))

    assert await value(3, "risky_head") == 1


async def test_a_shareholder_ties_until_the_stake_ends(city: Any, facts: Any, value: Any) -> None:
    """Who sold out is related no more; a corrected stake names another."""
    await city(
        firm(facts, 1),
        firm(facts, 2),
        facts("stake_recorded", uscc=code(1), holder_ref="h-1", fact_id="S-1"),
        facts("stake_recorded", uscc=code(2), holder_ref="h-1", fact_id="S-2"),
        listed(facts, 1),
    )
    assert await value(2, "entities_of_holder") == 2
    assert await value(2, "risky_related") == 1

    await city(facts("stake_ended", uscc=code(1), stake_fact_id="S-1"))

    assert await value(2, "entities_of_holder") == 1
    assert await value(2, "risky_related") == 0


async def test_a_risky_entity_that_holds_a_stake_is_told(city: Any, facts: Any, value: Any) -> None:
    """A listed firm behind a new name."""
    stake = facts("stake_recorded", uscc=code(2), holder_ref=code(1), holder_kind="entity")

    await city(firm(facts, 1), firm(facts, 2), stake, listed(facts, 1))

    assert await value(2, "risky_holders") == 1


async def test_firms_set_up_together_at_one_address_are_counted(
    city: Any, facts: Any, value: Any, sample: Any
) -> None:
    """Fresh shells: many within ninety days, and the old shop next door is none of them."""
    days = {1: 0, 2: 40, 3: 89, 4: 400}
    shells = [
        firm(facts, n, address="虚构路8号", established_on_day=sample.day - 500 + day)
        for n, day in days.items()
    ]

    await city(*shells)

    assert [await value(number, "young_at_address") for number in days] == [2, 2, 2, 0]


async def test_a_cancelled_firm_is_related_to_nobody(city: Any, facts: Any, value: Any) -> None:
    """It is gone: only history."""
    await city(*[firm(facts, number, legal_person_ref="p-same") for number in (1, 2)], listed(facts, 1))

    await city(facts("registration_cancelled", uscc=code(1)))

    assert await value(2, "entities_of_person") == 1
    assert await value(2, "risky_of_person") == 0


async def test_what_a_run_cut_short_had_still_to_look_at_is_looked_at_by_the_next(
    sql_world: Any, book: RuleBook, facts: Any, value: Any, sample: Any
) -> None:
    """The counts of the first night are stored; whoever they concern must not be forgotten with the run."""
    mine = [firm(facts, number, legal_person_ref="p-same") for number in (1, 2, 3)]
    async with sql_world.transaction() as tx:
        await record_facts(mine, tx, book)
    async with sql_world.daily() as tx:
        await tx.count_relations()
        await begin(sample.day + 1, tx, book)
    async with sql_world.daily() as tx:
        await advance(tx, book, limit=1)

    await DailyRun(sql_world.daily, alone, book)(sample.day + 2)

    assert [await value(number, "entities_of_person") for number in (1, 2, 3)] == [3, 3, 3]


async def test_a_relation_that_a_fact_made_known_is_counted_the_next_day(
    city: Any, facts: Any, value: Any
) -> None:
    """Branches that named their head before the head was registered are its branches all the same."""
    await city(*[firm(facts, number, head_uscc=code(1)) for number in (2, 3)])
    await city(facts("complaint_received", uscc=code(1)))

    await city(firm(facts, 1))

    assert await value(1, "branches") == 2


async def test_a_complete_run_is_not_run_again_though_nobody_was_due(
    city: Any, sql_world: Any, book: RuleBook
) -> None:
    """Asking twice for the same night must not count the city twice."""
    await city()
    async with sql_world.daily() as tx:
        state = await tx.run_state()

    assert (state.entities, state.holds_for(state.business_day)) == (0, True)
