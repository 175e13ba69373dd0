"""What facts do to an entity."""

from collections.abc import Callable
from typing import Any

import pytest
from profiling_service.model.entities import Entity, EntityStatus
from profiling_service.model.events import EntityDescribed, IndicatorsChanged, SignalCleared, SignalRaised
from profiling_service.rules.causes.view import MOST_EVIDENCE
from profiling_service.rules.profiles import RuleBook
from profiling_service.use_cases.record import record_facts
from profiling_service.use_cases.signals import clear_signal

Value = Callable[[Entity, str], float]


def told(tx: Any, kind: type, family: str = "") -> list[Any]:
    return [event for event in tx.events if type(event) is kind and (not family or event.family == family)]


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

    await record_facts([facts("annual_report_corrected", report_year=2024)], tx, book)

    assert len(tx.events) == before
    assert len(tx.facts) == 2
    assert tx.known[sample.uscc].profile_version == 1


async def test_a_look_still_ahead_is_not_put_off_by_a_fact(
    tx: Any, book: RuleBook, facts: Any, sample: Any
) -> None:
    """Its relations are still to be counted; and a day moved with every fact would be a write with every fact."""
    await record_facts([facts.registration()], tx, book)
    tomorrow = tx.known[sample.uscc].next_look

    await record_facts([facts("annual_report_filed", report_year=2025)], tx, book)

    assert tx.known[sample.uscc].next_look == tomorrow == sample.day + 1


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
    (raised,) = told(tx, SignalRaised, "complaints_rising")
    assert (raised.family, raised.episode, len(raised.evidence)) == ("complaints_rising", 1, 3)

    await record_facts([facts("complaint_received", on=120) for _ in range(6)], tx, book)
    assert len(told(tx, SignalCleared, "complaints_rising")) == 1

    await record_facts([facts("complaint_received", on=1) for _ in range(20)], tx, book)
    assert [event.episode for event in told(tx, SignalRaised, "complaints_rising")] == [1, 2]


async def test_a_signal_names_no_more_facts_than_an_event_can_carry(
    tx: Any, book: RuleBook, facts: Any
) -> None:
    """Ten thousand complaints must not make a warning that the broker refuses."""
    await record_facts([facts("complaint_received", on=day % 80) for day in range(10_000)], tx, book)

    (raised,) = told(tx, SignalRaised, "complaints_rising")
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


async def test_an_industry_is_inferred_only_where_the_register_names_none(
    tx: Any, book: RuleBook, facts: Any, sample: Any
) -> None:
    """What the business scope says is a guess, and says so; a registered code is never overwritten."""
    scope = "餐饮服务；食品销售。（依法须经批准的项目，经相关部门批准后方可开展经营活动）"
    await record_facts([facts.registration(industry="", business_scope=scope)], tx, book)
    guessed = tx.particulars[sample.uscc]

    await record_facts([facts("registration_changed", on=0, field="industry", after="F52")], tx, book)

    assert (guessed.industry, guessed.best_industry[:1]) == ("", "H")
    assert tx.particulars[sample.uscc].best_industry == "F52"


async def test_a_sector_is_entered_by_licence_or_by_scope(
    tx: Any, book: RuleBook, facts: Any, sample: Any, indicator: Any
) -> None:
    """Whoever holds a food licence works in food, whatever the register calls the trade."""
    await record_facts([facts.registration(industry="M75")], tx, book)
    assert indicator(tx.known[sample.uscc], "food_production.member") == 0

    licence = facts("licence_granted", fact_id="L-1", licence_kind="food_production")
    await record_facts([licence], tx, book)
    assert indicator(tx.known[sample.uscc], "food_production.member") == 1

    await record_facts([facts("licence_ended", licence_fact_id="L-1", how="revoked")], tx, book)
    assert indicator(tx.known[sample.uscc], "food_production.member") == 0


async def test_a_corrected_fact_never_counts_whichever_comes_first(
    tx: Any, book: RuleBook, facts: Any, sample: Any, indicator: Any
) -> None:
    """A department types one zero too many and sends the penalty again."""
    right = facts.penalty("P-2", fine_fen=3_000_000, supersedes="P-1")
    await record_facts([facts.registration(), right], tx, book)

    await record_facts([facts.penalty("P-1", fine_fen=30_000_000)], tx, book)

    assert indicator(tx.known[sample.uscc], "regulatory.penalties_12m") == 1
    assert indicator(tx.known[sample.uscc], "regulatory.penalty_amount_36m") == 3


async def test_a_retracted_annulment_lets_the_penalty_count_again(
    tx: Any, book: RuleBook, facts: Any, sample: Any, indicator: Any
) -> None:
    """The court's letter was about another firm."""
    annulled = facts("penalty_annulled", fact_id="A-1", penalty_fact_id="P-1")
    await record_facts([facts.registration(), facts.penalty("P-1"), annulled], tx, book)
    assert indicator(tx.known[sample.uscc], "regulatory.penalties_12m") == 0

    await record_facts([facts("fact_retracted", retracted="A-1")], tx, book)

    assert indicator(tx.known[sample.uscc], "regulatory.penalties_12m") == 1


async def test_an_entity_that_moved_away_has_left_the_register_until_it_comes_back(
    tx: Any, book: RuleBook, facts: Any, sample: Any
) -> None:
    """迁出: another city answers for it now."""
    await record_facts([facts.registration(), facts("registration_moved", on=5, direction="out")], tx, book)
    assert tx.known[sample.uscc].status == EntityStatus.CANCELLED

    await record_facts([facts("registration_moved", on=2, direction="in")], tx, book)

    assert tx.known[sample.uscc].status == EntityStatus.ACTIVE


async def test_a_scope_that_says_nothing_ends_what_an_earlier_one_said(
    tx: Any, book: RuleBook, facts: Any, sample: Any
) -> None:
    """A restaurant that becomes a holding is no restaurant any more."""
    await record_facts([facts.registration(industry="", business_scope="餐饮服务")], tx, book)

    await record_facts([facts("registration_changed", on=0, field="business_scope", after="其他")], tx, book)

    assert tx.particulars[sample.uscc].best_industry == ""


async def test_a_renewed_licence_ends_whole(
    tx: Any, book: RuleBook, facts: Any, sample: Any, indicator: Any
) -> None:
    """A surrendered licence must not be called expired for ever by its last renewal."""
    granted = facts(
        "licence_granted",
        on=900,
        fact_id="L",
        licence_kind="food_operation",
        valid_until_day=sample.day - 400,
    )
    renewed = facts("licence_renewed", on=420, licence_fact_id="L", valid_until_day=sample.day - 30)
    await record_facts([facts.registration(), granted, renewed], tx, book)
    assert indicator(tx.known[sample.uscc], "dynamic.licences_expired") == 1

    await record_facts([facts("licence_ended", on=10, licence_fact_id="L", how="surrendered")], tx, book)

    assert indicator(tx.known[sample.uscc], "dynamic.licences_expired") == 0


async def test_an_inspection_sets_the_next_day_whatever_the_registration_left_open(
    tx: Any, book: RuleBook, facts: Any, sample: Any, indicator: Any
) -> None:
    """An elevator registered without a day is overdue once its last inspection says so."""
    registered = facts("equipment_registered", on=500, equipment_ref="E", kind="elevator")
    inspected = facts(
        "equipment_inspected", on=400, equipment_ref="E", passed=True, next_due_day=sample.day - 35
    )

    await record_facts([facts.registration(), registered, inspected], tx, book)

    assert indicator(tx.known[sample.uscc], "special_equipment.overdue") == 1
