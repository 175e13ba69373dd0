"""What is corrected or taken back never was so: not for the values, not for particulars, not as of days before."""

from typing import Any

import pytest
from profiling_service.model.entities import EntityStatus
from profiling_service.model.facts import STATING
from profiling_service.model.relations import COUNTS
from profiling_service.rules.as_of import Moment, standing
from profiling_service.rules.profiles import RuleBook
from profiling_service.use_cases.record import record_facts

DAY_MS = 86_400_000


@pytest.fixture(params=["memory", "postgresql"])
def world(request: pytest.FixtureRequest, memory_world: Any, sql_world: Any) -> Any:
    """Both kinds of world."""
    return memory_world if request.param == "memory" else sql_world


async def record(world: Any, book: RuleBook, *facts: Any) -> None:
    async with world.transaction() as tx:
        await record_facts(facts, tx, book)


async def particulars(world: Any, uscc: str) -> Any:
    async with world.transaction() as tx:
        return (await tx.identities([uscc]))[uscc]


@pytest.mark.parametrize("corrected_first", [True, False])
async def test_a_corrected_registration_says_nothing_whichever_came_first(
    world: Any, book: RuleBook, facts: Any, sample: Any, *, corrected_first: bool
) -> None:
    """The register mistyped a name and left out nothing else; the correction occurred when the registration did."""
    wrong = facts.registration(fact_id="R-1", name="错误店", address="")
    right = facts.registration(fact_id="R-2", name="正确店", address="", supersedes="R-1", entity_type="")

    for fact in (right, wrong) if corrected_first else (wrong, right):
        await record(world, book, fact)

    found = await particulars(world, sample.uscc)
    assert (found.name, found.entity_type) == ("正确店", "")


async def test_a_retracted_change_leaves_what_was_so_before(
    world: Any, book: RuleBook, facts: Any, sample: Any
) -> None:
    """The change of legal representative was another firm's."""
    change = facts("registration_changed", fact_id="C-1", field="legal_person_ref", after="p-9")
    await record(world, book, facts.registration(), change)

    await record(world, book, facts("fact_retracted", retracted="C-1"))

    assert (await particulars(world, sample.uscc)).legal_person_ref == "p-1"


async def test_of_a_retracted_registration_nothing_is_left(
    world: Any, book: RuleBook, facts: Any, sample: Any, indicator: Any
) -> None:
    """An entity of which nothing is registered has no capital, and no address: that is known."""
    await record(world, book, facts.registration(fact_id="R-1"))
    await record(world, book, facts("fact_retracted", retracted="R-1"))

    async with world.transaction() as tx:
        (entity,) = await tx.entities([sample.uscc])
    assert (entity.status, entity.area_code) == (EntityStatus.UNSPECIFIED, "")
    assert indicator(entity, "base.capital_wan") != indicator(entity, "base.capital_wan")
    assert indicator(entity, "base.address_known") == 0


def test_a_correction_is_heeded_on_days_before_it(
    book: RuleBook, facts: Any, sample: Any, indicator: Any
) -> None:
    """With what is known today, a penalty entered with a wrong date never was on that date."""
    history = [facts.penalty("P-1", on=100), facts.penalty("P-2", on=10, supersedes="P-1")]
    none = {name: [float("nan")] for name in COUNTS}
    then = sample.day - 50

    now_known = standing(history, Moment(then, (then + 1) * DAY_MS, sample.day * DAY_MS), book, none)
    then_known = standing(history, Moment(then, (then + 1) * DAY_MS, then * DAY_MS), book, none)

    assert now_known is not None
    assert then_known is not None
    assert indicator(now_known.entity, "regulatory.penalties_12m") == 0
    assert indicator(then_known.entity, "regulatory.penalties_12m") == 1


def test_every_type_that_speaks_of_particulars_is_named(facts: Any) -> None:
    """Whose statements are read again when one of them is corrected."""
    telling = {
        *(facts.registration().type, facts("registration_moved", direction="in", to_area="510104").type),
        facts("registration_changed", field="name", after="新名称").type,
    }

    assert telling == set(STATING)
