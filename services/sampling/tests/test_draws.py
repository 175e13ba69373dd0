"""The draw end to end: commit, reveal, visits; exclusions, quotas, probabilities."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import honestdraw
import pytest
from honestdraw import SeedRule
from hypothesis import given, settings
from hypothesis import strategies as st
from memory import (
    AREA,
    NEIGHBOUR,
    NOW,
    REVEAL,
    RULE,
    SECRETS,
    SEED,
    TODAY,
    MemoryUnitOfWork,
    Recorded,
    described,
    inspector,
    news,
    order,
    uscc,
)
from sampling_service.errors import (
    DayOutOfReach,
    DrawIsOpen,
    DrawIsSettled,
    NobodyToDraw,
    PlanNotInForce,
    SeedIsKnown,
    SeedNotKnown,
    UnfitSeed,
    UnknownDraw,
    UnknownItem,
    UnknownPlan,
)
from sampling_service.model.draws import DrawOrder, Seed
from sampling_service.model.events import DrawPublished, InspectionAssigned
from sampling_service.model.plans import Packs
from sampling_service.store.packs import shipped
from sampling_service.use_cases.draws import abandon_draw, audit_file, commit_draw, reveal_draw
from sampling_service.use_cases.pools import follow_classes, follow_descriptions
from sampling_service.use_cases.tasks import assign_waiting, put_inspectors

_LETTERS = "A" * 60 + "B" * 30 + "C" * 7 + "D" * 3


async def _city(tx: Recorded, count: int = 200) -> None:
    await follow_descriptions([described(number) for number in range(count)], tx)
    await follow_classes([news(number, _LETTERS[number % 100]) for number in range(count)], tx)
    await put_inspectors([inspector(f"I{number}") for number in range(5)], tx)


async def _draw(tx: Recorded, packs: Packs, wish: DrawOrder | None = None) -> str:
    draw = await commit_draw(wish or order(), packs, tx, secrets=SECRETS, now=NOW)
    await reveal_draw(draw.draw_id, SEED, packs, tx, now=REVEAL)
    return draw.draw_id


async def test_a_draw_publishes_itself_and_gives_every_drawn_entity_one_visit_by_two(
    tx: Recorded, packs: Packs
) -> None:
    """The whole of 双随机: random objects, random inspectors, published."""
    await _city(tx)

    draw_id = await _draw(tx, packs, order("publicity", "registration"))

    published = next(event for event in tx.published if isinstance(event, DrawPublished))
    assigned = [event.task for event in tx.published if isinstance(event, InspectionAssigned)]
    assert published.draw_id == draw_id == "plan-2026-0001"
    assert published.drawn == len(assigned) == len({task.uscc for task in assigned})
    assert all(len(set(task.inspectors)) == 2 for task in assigned)
    assert all(task.items == ("publicity", "registration") for task in assigned)
    assert all(task.due_on == TODAY + timedelta(days=30) for task in assigned)


async def test_the_audit_file_and_the_published_root_agree(tx: Recorded, packs: Packs) -> None:
    """What is told on Kafka, shown to the public and shown to auditors is one draw."""
    await _city(tx)
    draw_id = await _draw(tx, packs)

    file = await audit_file(draw_id, SEED.text, REVEAL, tx)

    published = next(event for event in tx.published if isinstance(event, DrawPublished))
    assert honestdraw.verify(file) == []
    assert json.loads(file)["commitment"]["population_root"] == published.population_root


async def test_the_commitment_comes_before_the_seed_and_tells_no_secret(tx: Recorded, packs: Packs) -> None:
    """Nobody may know the winners when the population is fixed."""
    await _city(tx)

    draw = await commit_draw(order(), packs, tx, secrets=SECRETS, now=NOW)

    text = json.dumps(draw.commitment)
    assert SECRETS.secret.hex() not in text
    assert SECRETS.sealing_key.hex() not in text
    assert "class" not in text


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"status": "cancelled"}, "cancelled"),
        ({"status": "revoked"}, "revoked"),
        ({"status": "suspended"}, "suspended"),
    ],
)
async def test_those_who_cannot_be_visited_are_left_out_and_counted(
    tx: Recorded, packs: Packs, change: dict[str, str], reason: str
) -> None:
    """Exclusions are decided before the commitment and are part of it."""
    await follow_descriptions([described(1), described(2, **change)], tx)
    await follow_classes([news(3)], tx)

    draw = await commit_draw(order(), packs, tx, secrets=SECRETS, now=NOW)

    assert draw.commitment["excluded"] == {reason: 1, "not_described": 1}
    assert draw.commitment["population"] == 1


async def test_an_entity_in_suspension_may_be_checked_on_paper(tx: Recorded, packs: Packs) -> None:
    """歇业 keeps visitors away; its annual report is still due."""
    await follow_descriptions([described(1, status="suspended")], tx)

    draw = await commit_draw(order("annual_report"), packs, tx, secrets=SECRETS, now=NOW)

    assert draw.commitment["population"] == 1


async def test_nobody_is_drawn_twice_for_an_item_in_a_year_nor_beyond_the_cap(
    tx: Recorded, packs: Packs
) -> None:
    """Burden is a budget: the law on one side, the cap of two visits on the other."""
    await follow_descriptions([described(1)], tx)
    await follow_classes([news(1, by_law=True)], tx)
    await _draw(tx, packs, order("publicity"))

    with pytest.raises(NobodyToDraw) as same_item:
        await commit_draw(order("publicity"), packs, tx, secrets=SECRETS, now=NOW)
    await _draw(tx, packs, order("registration"))
    with pytest.raises(NobodyToDraw) as cap:
        await commit_draw(order("price"), packs, tx, secrets=SECRETS, now=NOW)
    new_year = datetime(2027, 1, 5, 4, 0, tzinfo=UTC)
    later = replace(order(day=date(2027, 1, 5)), seed_rule=replace(RULE, known_from="2027-01-05T07:00:00Z"))
    next_year = await commit_draw(later, packs, tx, secrets=SECRETS, now=new_year)

    assert same_item.value.excluded == {"drawn_this_year": 1}
    assert cap.value.excluded == {"visit_cap": 1}
    assert next_year.commitment["population"] == 1


async def test_an_area_draws_from_its_own(tx: Recorded, packs: Packs) -> None:
    """An officer of one area has no business in another."""
    await follow_descriptions([described(1), described(2, area_code=NEIGHBOUR)], tx)

    draw = await commit_draw(order(area_code=AREA), packs, tx, secrets=SECRETS, now=NOW)

    assert draw.commitment["population"] == 1


async def test_draws_over_one_area_wait_for_each_other(tx: Recorded, packs: Packs) -> None:
    """Two open draws could take one entity past its cap."""
    await follow_descriptions([described(1), described(2, area_code=NEIGHBOUR)], tx)
    first = await commit_draw(order(area_code=AREA), packs, tx, secrets=SECRETS, now=NOW)

    await commit_draw(order(area_code=NEIGHBOUR), packs, tx, secrets=SECRETS, now=NOW)
    with pytest.raises(DrawIsOpen) as refused:
        await commit_draw(order(), packs, tx, secrets=SECRETS, now=NOW)

    assert refused.value.draw_id == first.draw_id


async def test_a_redraw_is_a_new_number_and_the_abandoned_one_stays(tx: Recorded, packs: Packs) -> None:
    """Trying until the result pleases must leave traces."""
    await follow_descriptions([described(1)], tx)
    first = await commit_draw(order(), packs, tx, secrets=SECRETS, now=NOW)

    await abandon_draw(first.draw_id, "the witness fell ill", "officer", tx, now=NOW)
    second = await commit_draw(order(), packs, tx, secrets=SECRETS, now=NOW)

    assert (first.number, second.number) == (1, 2)
    with pytest.raises(DrawIsSettled):
        await reveal_draw(first.draw_id, SEED, packs, tx, now=REVEAL)


async def test_a_draw_is_revealed_once(tx: Recorded, packs: Packs) -> None:
    """A second seed would be a choice between two results."""
    await _city(tx, 20)
    draw_id = await _draw(tx, packs)

    with pytest.raises(DrawIsSettled):
        await reveal_draw(draw_id, Seed("3401.24", "x"), packs, tx, now=REVEAL)


async def test_what_is_not_there_cannot_be_drawn(tx: Recorded, packs: Packs) -> None:
    """No unlisted item may be inspected; no unknown plan or draw is guessed."""
    with pytest.raises(UnknownItem):
        await commit_draw(order("palm_reading"), packs, tx, secrets=SECRETS, now=NOW)
    with pytest.raises(UnknownPlan):
        await commit_draw(replace(order(), plan_id="none"), packs, tx, secrets=SECRETS, now=NOW)
    with pytest.raises(UnknownDraw):
        await reveal_draw("none", SEED, packs, tx, now=REVEAL)


async def test_visits_without_inspectors_wait_until_there_are_some(tx: Recorded, packs: Packs) -> None:
    """Fewer than two is none: the law wants two."""
    await _city(tx, 20)
    await put_inspectors([replace(inspector(f"I{n}"), licence_valid_until=TODAY) for n in range(5)], tx)
    await _draw(tx, packs)
    before = [event for event in tx.published if isinstance(event, InspectionAssigned)]

    await put_inspectors([inspector("J1"), inspector("J2")], tx)
    assigned, waiting = await assign_waiting(None, packs, tx, today=TODAY)

    after = [event.task for event in tx.published if isinstance(event, InspectionAssigned)]
    assert before == []
    assert assigned == len(after) > 0
    assert waiting == 0
    assert {task.inspectors for task in after} == {("J1", "J2")}


async def test_teams_of_visits_that_waited_are_drawn_too(packs: Packs) -> None:
    """Whoever asks for assignments must not know beforehand who goes where: another seed, other pairs."""
    teams = set()
    for cents in range(12):
        tx = MemoryUnitOfWork()
        await follow_descriptions([described(1)], tx)
        draw = await commit_draw(order(), packs, tx, secrets=SECRETS, now=NOW)
        await reveal_draw(draw.draw_id, Seed(f"3401.{cents:02}", "x"), packs, tx, now=REVEAL)
        await put_inspectors([inspector(f"I{number}") for number in range(8)], tx)
        await assign_waiting(None, packs, tx, today=TODAY)
        teams |= {task.inspectors for task in tx.tasks.rows.values()}

    assert len(teams) > 4


async def test_an_overdue_visit_needs_a_licence_that_holds_today(tx: Recorded, packs: Packs) -> None:
    """The due day is past; the visit is still to come."""
    await follow_descriptions([described(1)], tx)
    await _draw(tx, packs)
    lapsed = [replace(inspector(f"I{n}"), licence_valid_until=TODAY + timedelta(days=30)) for n in range(2)]
    await put_inspectors(lapsed, tx)

    overdue = await assign_waiting(None, packs, tx, today=TODAY + timedelta(days=31))
    in_time = await assign_waiting(None, packs, tx, today=TODAY)

    assert (overdue, in_time) == ((0, 1), (1, 0))


@pytest.mark.parametrize(
    "day", [TODAY + timedelta(days=1), TODAY - timedelta(days=2), date(2027, 1, 1), date(9999, 12, 31)]
)
async def test_a_draw_is_of_today_or_yesterday(tx: Recorded, packs: Packs, day: date) -> None:
    """Another day would be another year's cap, a due date in the past, or none that a calendar has."""
    await follow_descriptions([described(1)], tx)

    with pytest.raises(DayOutOfReach):
        await commit_draw(order(day=day), packs, tx, secrets=SECRETS, now=NOW)


async def test_a_draw_is_by_the_plan_of_its_year(tx: Recorded, packs: Packs) -> None:
    """Last year's plan has last year's ratios."""
    plan = packs.plans["plan-2026"]
    later = {**packs.plans, "plan-2025": replace(plan, id="plan-2025", year=2025)}

    with pytest.raises(PlanNotInForce):
        await commit_draw(
            replace(order(), plan_id="plan-2025"), replace(packs, plans=later), tx, secrets=SECRETS, now=NOW
        )


async def test_the_seed_is_an_event_that_is_still_to_come(tx: Recorded, packs: Packs) -> None:
    """Whoever commits after it could try secrets until the result suits."""
    known = replace(order(), seed_rule=replace(RULE, known_from="2026-11-23T04:00:00Z"))

    with pytest.raises(SeedIsKnown):
        await commit_draw(known, packs, tx, secrets=SECRETS, now=NOW)


async def test_the_reveal_waits_for_the_event_and_takes_only_its_format(tx: Recorded, packs: Packs) -> None:
    """The rule is part of the commitment; neither another moment nor another spelling is left to choose."""
    await _city(tx, 20)
    draw = await commit_draw(order(), packs, tx, secrets=SECRETS, now=NOW)

    with pytest.raises(SeedNotKnown):
        await reveal_draw(draw.draw_id, SEED, packs, tx, now=NOW)
    for spelling in ("3401.230", "3,401.23", "closing index 3401.23"):
        with pytest.raises(UnfitSeed):
            await reveal_draw(draw.draw_id, Seed(spelling, "x"), packs, tx, now=REVEAL)

    assert SeedRule(**draw.commitment["seed_rule"]) == RULE


async def test_the_public_file_names_nobody_drawn_for_a_class(packs: Packs) -> None:
    """Of a company drawn by ratio, C or D would be likelier than not, and of a listed one it would be certain."""
    tx = MemoryUnitOfWork()
    await _city(tx)
    await follow_classes([news(150, "B", change_number=2, by_law=True)], tx)

    draw_id = await _draw(tx, packs)

    file = tx.draws.settled[draw_id].file.decode()
    entries = tx.draws.entries[draw_id]
    assert {entry.uscc for entry in entries if entry.uscc in file} == {
        entry.uscc for entry in entries if entry.stratum == "uniform"
    }
    assert uscc(150) in {entry.uscc for entry in entries}
    assert honestdraw.verify(file.encode()) == []


@given(st.permutations(list(range(60))))
@settings(max_examples=10, deadline=None)
async def test_the_draw_does_not_depend_on_the_order_in_which_members_arrived(numbers: list[int]) -> None:
    """Row order is an accident; nobody may win or lose by it."""
    tx, packs = MemoryUnitOfWork(), shipped()
    await follow_descriptions([described(number) for number in numbers], tx)
    await follow_classes([news(number, _LETTERS[number]) for number in numbers], tx)

    draw = await commit_draw(order(), packs, tx, secrets=SECRETS, now=NOW)

    assert draw.commitment_sha256 == await _reference_digest()


async def _reference_digest() -> str:
    tx = MemoryUnitOfWork()
    await follow_descriptions([described(number) for number in range(60)], tx)
    await follow_classes([news(number, _LETTERS[number]) for number in range(60)], tx)
    return (await commit_draw(order(), shipped(), tx, secrets=SECRETS, now=NOW)).commitment_sha256
