"""What facts do to an entity."""

from collections.abc import Callable
from typing import Any

import pytest
from profiling_service.model.entities import Entity, EntityStatus
from profiling_service.model.events import EntityDescribed, IndicatorsChanged, SignalCleared, SignalRaised
from profiling_service.rules.profiles import RuleBook
from profiling_service.rules.sense import MOST_EVIDENCE
from profiling_service.use_cases.record import record_facts
from profiling_service.use_cases.signals import clear_signal

Value = Callable[[Entity, str], float]


def told(tx: Any, kind: type) -> list[Any]:
    return [event for event in tx.events if type(event) is kind]


async def test_a_penalty_counts_in_every_window_it_is_young_enough_for(
    tx: Any, book: RuleBook, facts: Any, indicator: Value, sample: Any
) -> None:
    """The windows are the point of the indicators: twelve months are not thirty-six."""
    await record_facts([facts.penalty(on=10), facts.penalty(on=500), facts.penalty(on=1200)], tx, book)

    entity = tx.known[sample.uscc]
    assert indicator(entity, "regulatory.penalties_12m") == 1
    assert indicator(entity, "regulatory.penalties_36m") == 2
    assert indicator(entity, "regulatory.penalty_amount_36m") == 6.0


@pytest.mark.parametrize("annulled_first", [True, False])
async def test_an_annulled_penalty_stops_counting_whichever_came_first(
    tx: Any, book: RuleBook, facts: Any, indicator: Value, sample: Any, *, annulled_first: bool
) -> None:
    """Courts' systems are often faster than the bureau's own."""
    both = [facts.penalty("P-1"), facts("penalty_annulled", penalty_fact_id="P-1")]

    for fact in reversed(both) if annulled_first else both:
        await record_facts([fact], tx, book)

    assert indicator(tx.known[sample.uscc], "regulatory.penalties_12m") == 0
    assert not tx.open


async def test_a_record_stopped_by_repair_no_longer_counts(
    tx: Any, book: RuleBook, facts: Any, indicator: Value, sample: Any
) -> None:
    """Repaired facts drop out of live scoring: 停止公示 means 停止使用."""
    await record_facts([facts.penalty("P-1"), facts.penalty("P-2")], tx, book)

    await record_facts([facts.stopped("bureau|P-1")], tx, book)

    assert indicator(tx.known[sample.uscc], "regulatory.penalties_12m") == 1
    assert [event.family for event in told(tx, SignalCleared)] == ["penalty_imposed"]


async def test_an_annulment_of_another_entitys_penalty_does_nothing(
    tx: Any, book: RuleBook, facts: Any, indicator: Value, sample: Any
) -> None:
    """The same identifier under two entities of one batch must not meet."""
    news = [facts.penalty("P-1"), facts("penalty_annulled", uscc=sample.other, penalty_fact_id="P-1")]

    await record_facts(news, tx, book)

    assert indicator(tx.known[sample.uscc], "regulatory.penalties_12m") == 1


async def test_a_removal_without_a_name_ends_every_listing_of_its_list(
    tx: Any, book: RuleBook, facts: Any, indicator: Value, sample: Any
) -> None:
    """The other list stays, and so does a listing that came after the removal."""
    await record_facts(
        [
            facts("listing_entered", list="abnormal", on=50),
            facts("listing_entered", list="serious", on=50),
            facts("listing_removed", list="abnormal", on=20),
        ],
        tx,
        book,
    )

    entity = tx.known[sample.uscc]
    assert indicator(entity, "regulatory.abnormal_listed_now") == 0
    assert indicator(entity, "regulatory.serious_listed_now") == 1

    await record_facts([facts("listing_entered", list="abnormal", on=5)], tx, book)
    assert indicator(tx.known[sample.uscc], "regulatory.abnormal_listed_now") == 1


async def test_facts_before_the_registration_make_a_blank_entity_it_fills(
    tx: Any, book: RuleBook, facts: Any, indicator: Value, sample: Any
) -> None:
    """Sources do not wait for one another."""
    await record_facts([facts.penalty()], tx, book)
    blank = tx.known[sample.uscc]
    assert blank.status == EntityStatus.UNSPECIFIED
    assert indicator(blank, "base.capital_wan") != indicator(blank, "base.capital_wan")

    await record_facts([facts.registration()], tx, book)

    entity = tx.known[sample.uscc]
    assert (entity.status, entity.area_code) == (EntityStatus.ACTIVE, "510104")
    assert indicator(entity, "base.capital_wan") == 50
    assert indicator(entity, "base.age_years") == 3
    assert [event.version for event in told(tx, EntityDescribed)] == [1, 2]


async def test_a_change_that_came_before_its_registration_still_wins(
    tx: Any, book: RuleBook, facts: Any, sample: Any
) -> None:
    """A particular has the value that was last so in the world, not that which came last."""
    await record_facts([facts("registration_changed", field="name", after="新名称", on=5)], tx, book)

    await record_facts([facts.registration(on=900)], tx, book)

    assert tx.particulars[sample.uscc].name == "新名称"
    assert tx.particulars[sample.uscc].industry == "H62"


async def test_what_changes_nothing_visible_is_recorded_and_not_told(
    tx: Any, book: RuleBook, facts: Any, sample: Any
) -> None:
    """Classification need not look again at what looks the same."""
    await record_facts([facts.registration()], tx, book)
    before = len(tx.events)

    await record_facts([facts("annual_report_filed", report_year=2024)], tx, book)

    assert len(tx.events) == before
    assert len(tx.facts) == 2
    assert tx.known[sample.uscc].profile_version == 1


async def test_profile_versions_are_gapless_and_carry_their_cause(
    tx: Any, book: RuleBook, facts: Any
) -> None:
    """Downstream tells old news from new by the version alone."""
    for number in range(1, 4):
        await record_facts(
            [facts("complaint_received", fact_id=f"C-{number}", channel_kind="complaint")], tx, book
        )

    changes = told(tx, IndicatorsChanged)
    assert [change.profile_version for change in changes] == [1, 2, 3]
    assert [change.cause for change in changes] == ["bureau|C-1", "bureau|C-2", "bureau|C-3"]


async def test_an_inspection_result_of_the_draw_is_a_fact(
    tx: Any, book: RuleBook, facts: Any, indicator: Value, sample: Any
) -> None:
    """The loop closes here: results change the profile."""
    await record_facts([facts.inspected("R-1", "no_problem"), facts.inspected("R-2", "corrected")], tx, book)

    entity = tx.known[sample.uscc]
    assert indicator(entity, "regulatory.inspections_clean_24m") == 1
    assert indicator(entity, "regulatory.inspections_with_problems_24m") == 1


async def test_a_suspended_business_is_so_until_its_last_day_or_its_end(
    tx: Any, book: RuleBook, facts: Any, indicator: Value, sample: Any
) -> None:
    """歇业 ends by declaration or by itself."""
    await record_facts([facts.registration()], tx, book)
    await record_facts([facts("suspension_declared", until_day=sample.day + 30, on=20)], tx, book)
    assert tx.known[sample.uscc].status == EntityStatus.SUSPENDED
    assert indicator(tx.known[sample.uscc], "dynamic.suspended_now") == 1

    await record_facts([facts("suspension_ended", reason="resumed", on=1)], tx, book)

    assert tx.known[sample.uscc].status == EntityStatus.ACTIVE


async def test_a_signal_is_raised_once_with_its_evidence(
    tx: Any, book: RuleBook, facts: Any, sample: Any
) -> None:
    """An officer must see which facts speak, and must not see one warning twice."""
    await record_facts([facts.registration(), facts.penalty("P-1")], tx, book)

    await record_facts([facts("complaint_received")], tx, book)

    (raised,) = told(tx, SignalRaised)
    assert raised.signal_id == f"penalty_imposed|{sample.uscc}|2"
    assert raised.evidence == ("bureau|P-1",)
    assert raised.platforms == ("meals",)


async def test_an_old_penalty_raises_no_signal(tx: Any, book: RuleBook, facts: Any) -> None:
    """History loaded late is not a reason to interview anybody."""
    await record_facts([facts.penalty(on=400)], tx, book)

    assert not told(tx, SignalRaised)


async def test_rising_complaints_warn_once_end_and_warn_again(tx: Any, book: RuleBook, facts: Any) -> None:
    """Three in ninety days and none before is rising; six in the span before is not."""
    await record_facts([facts("complaint_received", on=day) for day in (3, 4, 5)], tx, book)
    await record_facts([facts("complaint_received", on=2)], tx, book)
    (raised,) = told(tx, SignalRaised)
    assert (raised.family, raised.episode, len(raised.evidence)) == ("complaints_rising", 1, 3)

    await record_facts([facts("complaint_received", on=120) for _ in range(6)], tx, book)
    assert len(told(tx, SignalCleared)) == 1

    await record_facts([facts("complaint_received", on=1) for _ in range(20)], tx, book)
    assert [event.episode for event in told(tx, SignalRaised)] == [1, 2]


async def test_a_signal_names_no_more_facts_than_an_event_can_carry(
    tx: Any, book: RuleBook, facts: Any
) -> None:
    """Ten thousand complaints must not make a warning that the broker refuses."""
    await record_facts([facts("complaint_received", on=day % 80) for day in range(10_000)], tx, book)

    (raised,) = told(tx, SignalRaised)
    assert len(raised.evidence) == MOST_EVIDENCE


async def test_a_signal_cleared_by_a_person_is_not_raised_for_the_same_cause(
    tx: Any, book: RuleBook, facts: Any, sample: Any
) -> None:
    """What an officer settled stays settled, and is not cleared twice when the cause ends."""
    await record_facts([facts.penalty("P-1")], tx, book)
    await clear_signal(f"penalty_imposed|{sample.uscc}|1", "interviewed", "officer", tx)

    await record_facts([facts("complaint_received")], tx, book)
    await record_facts([facts("penalty_annulled", penalty_fact_id="P-1")], tx, book)

    assert len(told(tx, SignalRaised)) == 1
    assert [event.reason for event in told(tx, SignalCleared)] == ["interviewed"]


async def test_a_description_names_what_is_new_and_is_not_told_for_what_it_does_not_say(
    tx: Any, book: RuleBook, facts: Any, sample: Any
) -> None:
    """A change of legal representative moves indicators; to tell everybody of an unchanged description is noise."""
    await record_facts([facts.registration()], tx, book)
    await record_facts([facts("registration_changed", field="legal_person_ref", after="P-9")], tx, book)
    await record_facts([facts("registration_changed", field="address", after="虚构路9号")], tx, book)
    await record_facts([facts("registration_cancelled", reason="closed")], tx, book)

    descriptions = told(tx, EntityDescribed)
    assert [event.version for event in descriptions] == [1, 2, 3]
    assert [event.news for event in descriptions] == [(), ("address",), ("status",)]
    assert tx.particulars[sample.uscc].legal_person_ref == "P-9"
