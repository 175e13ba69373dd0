"""How grave a record is, from when repair may be applied for, and when its publicity stops."""

import re
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from repair_builders import (
    FINE,
    FOOD,
    HEAVY,
    LIGHT,
    STALL,
    WAN_FEN,
    WARNING,
    annulment,
    listing,
    penalty,
    removal,
    serious,
)
from repair_service.errors import RegimeFault
from repair_service.model import Penalty, RecordKind, Tier
from repair_service.rules import Law, ruling, tier_of
from repair_service.settings import load_law, read_law
from vocabulary.penalties import KeyField, PenaltyKind, SeverityGrade

TODAY = date(2026, 3, 1)
BUSINESS_SUSPENSION = PenaltyKind.BUSINESS_SUSPENSION


def test_a_small_light_fine_in_food_is_minor_and_stops_after_three_months(law: Law) -> None:
    """Edge case 1: a key field makes serious only what is not minor."""
    fine = penalty("P-1", TODAY, fine_fen=49 * WAN_FEN // 10, grade=LIGHT, key_field=FOOD)

    ruled = ruling(fine, law)

    assert (ruled.tier, ruled.stops_on, ruled.apply_from) == (Tier.MINOR, date(2026, 6, 1), None)
    assert ruled.rule == "2025-12-25 §7"


def test_a_smaller_heavy_fine_in_food_is_serious_for_one_to_three_years(law: Law) -> None:
    """Edge case 2: the grade decides, not the amount."""
    fine = penalty("P-1", TODAY, fine_fen=2 * WAN_FEN, grade=HEAVY, key_field=FOOD)

    ruled = ruling(fine, law)

    assert (ruled.tier, ruled.apply_from, ruled.stops_on) == (
        Tier.SERIOUS,
        date(2027, 3, 1),
        date(2029, 3, 1),
    )


def test_a_light_fine_above_the_line_in_no_key_field_is_general(law: Law) -> None:
    """Edge case 3: 51,000 CNY is no low fine, however light the grade."""
    fine = penalty("P-1", TODAY, fine_fen=51 * WAN_FEN // 10, grade=LIGHT)

    ruled = ruling(fine, law)

    assert (ruled.tier, ruled.apply_from, ruled.stops_on) == (
        Tier.GENERAL,
        date(2026, 6, 1),
        date(2027, 3, 1),
    )


def test_the_line_itself_still_counts_as_low(law: Law) -> None:
    """The law says at most 50,000 CNY."""
    fine = penalty("P-1", TODAY, fine_fen=5 * WAN_FEN, grade=LIGHT)

    assert tier_of(fine, law.on(TODAY)) is Tier.MINOR


def test_a_warning_alone_is_never_published_but_a_warning_with_a_fine_is(law: Law) -> None:
    """Edge case 4: of several penalties in one decision the longest period holds."""
    alone = penalty("P-1", TODAY, WARNING)
    with_low_fine = penalty("P-2", TODAY, WARNING, FINE, fine_fen=WAN_FEN, grade=LIGHT)
    with_high_fine = penalty("P-3", TODAY, WARNING, FINE, fine_fen=6 * WAN_FEN)

    tiers = [ruling(each, law).tier for each in (alone, with_low_fine, with_high_fine)]

    assert tiers == [Tier.NEVER_PUBLISHED, Tier.MINOR, Tier.GENERAL]
    assert ruling(alone, law).published_on is None


def test_a_fine_the_source_forgot_to_name_is_seen_by_its_amount(law: Law) -> None:
    """Sources send `warning` with an amount; the amount is a fine."""
    fine = penalty("P-1", TODAY, WARNING, fine_fen=6 * WAN_FEN)

    assert ruling(fine, law).tier is Tier.GENERAL


@pytest.mark.parametrize(
    "kind",
    [
        PenaltyKind.LICENCE_REVOCATION,
        PenaltyKind.PERMIT_REVOCATION,
        PenaltyKind.QUALIFICATION_DOWNGRADE,
        PenaltyKind.CLOSURE,
    ],
)
def test_revocation_has_no_early_repair(kind: PenaltyKind, law: Law) -> None:
    """Edge case 5: one year after a revocation nothing may be applied for."""
    ruled = ruling(penalty("P-1", TODAY, kind), law)

    assert (ruled.tier, ruled.apply_from, ruled.stops_on) == (Tier.SERIOUS_NO_EARLY, None, date(2029, 3, 1))


def test_repair_waits_for_the_end_of_a_restriction(law: Law) -> None:
    """Edge case 6: a business suspended for 18 months may apply when that has ended, not after 12."""
    until = date(2027, 8, 31)
    suspended = penalty("P-1", TODAY, BUSINESS_SUSPENSION, restriction_until=until)

    ruled = ruling(suspended, law)

    assert (ruled.tier, ruled.apply_from, ruled.stops_on) == (
        Tier.SERIOUS,
        until + timedelta(days=1),
        date(2029, 3, 1),
    )


def test_a_restriction_longer_than_three_years_is_public_for_its_real_length(law: Law) -> None:
    """A ban of five years stays known for five years."""
    ruled = ruling(penalty("P-1", TODAY, BUSINESS_SUSPENSION, restriction_until=date(2031, 2, 28)), law)

    assert ruled.stops_on == date(2031, 3, 1)


@pytest.mark.parametrize(
    ("listed_on", "one_year"),
    [(date(2026, 3, 1), date(2027, 3, 1)), (date(2028, 2, 29), date(2029, 2, 28))],
)
def test_a_serious_listing_may_be_applied_for_after_exactly_one_year(
    listed_on: date, one_year: date, law: Law
) -> None:
    """Edge case 7: a leap day has its year on the last of February."""
    assert ruling(serious("S-1", listed_on), law).apply_from == one_year


def test_an_individual_business_leaves_the_abnormal_list_on_30_june_of_the_next_year(law: Law) -> None:
    """Edge case 14: for individual businesses a missed annual report is public for a year and no longer."""
    individual = ruling(listing("L-1", date(2026, 7, 1), uscc=STALL), law)
    enterprise = ruling(listing("L-2", date(2026, 7, 1)), law)

    assert individual.stops_on == date(2027, 6, 30)
    assert enterprise.stops_on is None


def test_an_abnormal_listing_may_be_applied_for_at_once_and_says_how(law: Law) -> None:
    """There is no minimum publicity: who puts the cause right leaves."""
    ruled = ruling(listing("L-1", TODAY), law)

    assert ruled.apply_from == TODAY
    assert ruled.conditions == ("file_missing_report", "publicise")


def test_former_rules_hold_for_what_ended_under_them(law: Law) -> None:
    """A decision of 2022 that was over before the new rules is replayed by the rules of its day."""
    ruled = ruling(penalty("P-1", date(2022, 1, 10), fine_fen=6 * WAN_FEN), law)

    assert ruled.rule.startswith("2021-09-01")
    assert ruled.stops_on == date(2025, 1, 10)
    assert ruled.apply_from == date(2022, 7, 10)


def test_an_open_record_stops_by_the_later_rules_unless_they_are_later(law: Law) -> None:
    """Project-chosen: the later rules shorten what is open on their first day, and never lengthen it."""
    over_at_once = ruling(penalty("P-1", date(2024, 1, 10), fine_fen=6 * WAN_FEN), law)
    shortened = ruling(penalty("P-2", date(2025, 6, 10), fine_fen=6 * WAN_FEN), law)
    as_before = ruling(penalty("P-3", date(2025, 11, 10), fine_fen=WAN_FEN, grade=LIGHT), law)

    assert over_at_once.stops_on == date(2025, 12, 25)
    assert (shortened.stops_on, shortened.apply_from) == (date(2026, 6, 10), date(2025, 12, 10))
    assert as_before.stops_on == date(2026, 2, 10)


def test_who_may_not_apply_early_is_told_no_conditions(law: Law) -> None:
    """A suspension that outlasts the period: the letter must not name conditions of an application there is not."""
    suspended = penalty(
        "P-1", date(2025, 3, 1), PenaltyKind.PERMIT_SUSPENSION, restriction_until=date(2026, 12, 31)
    )
    banned = penalty("P-2", TODAY, BUSINESS_SUSPENSION, restriction_until=date(2031, 2, 28))

    rulings = [ruling(each, law) for each in (suspended, banned)]

    assert [(ruled.apply_from, ruled.conditions) for ruled in rulings] == [(None, ()), (None, ())]
    assert [ruled.stops_on for ruled in rulings] == [date(2027, 1, 1), date(2031, 3, 1)]


def test_what_a_letter_cites_is_the_instrument_and_its_article_in_chinese(law: Law) -> None:
    """A legal letter names the act itself, not our short form of it."""
    cited = [
        rule.citation
        for regime in law.regimes
        for rule in (
            *regime.rules.values(),
            *regime.stops.values(),
            *regime.removals.values(),
            regime.individual_listing,
        )
    ]

    assert [text for text in cited if re.search(r"[A-Za-z§:;]", text)] == []
    assert [text for text in cited if "《" not in text and "国市监信规" not in text] == []


def test_an_annulment_cites_the_rule_that_withdraws_penalties(law: Law) -> None:
    """It stands in another instrument than the rules of repair, whatever day it is."""
    order = annulment(TODAY)

    cited = [law.on(day).rule_of(order).citation for day in (date(2023, 1, 1), TODAY)]

    assert cited == ["《市场监督管理行政处罚信息公示规定》（国家市场监督管理总局令第45号）"] * 2


def test_a_removal_cites_the_rule_of_its_list(law: Law) -> None:
    """Leaving the abnormal list has nothing to do with the rules of the serious one."""
    regime = law.on(TODAY)

    abnormal = regime.rule_of(removal(TODAY)).citation
    serious_list = regime.rule_of(removal(TODAY, kind=RecordKind.SERIOUS_LISTING)).citation

    assert ("异常名录" in abnormal, "严重违法" in abnormal) == (True, False)
    assert ("异常名录" in serious_list, "严重违法" in serious_list) == (False, True)


def test_decisions_before_the_first_rule_set_are_ruled_by_it(law: Law) -> None:
    """Old facts of a registry must not stop the stream."""
    assert ruling(penalty("P-1", date(2015, 5, 5), WARNING), law).tier is Tier.NEVER_PUBLISHED


penalties = st.builds(
    lambda on, kinds, fine, grade, field, restricted, published: penalty(
        "P-1",
        on,
        *kinds,
        published_on=on + timedelta(days=published),
        fine_fen=fine,
        grade=grade,
        key_field=field,
        restriction_until=None if restricted is None else on + timedelta(days=restricted),
    ),
    on=st.dates(date(2014, 1, 1), date(2032, 12, 31)),
    kinds=st.sets(st.sampled_from(PenaltyKind), min_size=1),
    fine=st.integers(0, 100 * WAN_FEN),
    grade=st.sampled_from(SeverityGrade),
    field=st.none() | st.sampled_from(KeyField),
    restricted=st.none() | st.integers(1, 3000),
    published=st.integers(0, 400),
)
_LAW = load_law()


@given(penalties)
def test_publicity_never_stops_before_repair_may_be_applied_for(fine: Penalty) -> None:
    """Whatever the penalty and the day, the two dates of a record agree."""
    ruled = ruling(fine, _LAW)

    if ruled.published_on is None:
        assert ruled.apply_from is None
        assert ruled.stops_on is None
    else:
        assert ruled.stops_on is not None
        assert ruled.published_on < ruled.stops_on
        assert ruled.apply_from is None or ruled.published_on <= ruled.apply_from < ruled.stops_on
    assert ruled.apply_from is not None or ruled.conditions == ()


def test_a_rule_set_that_refers_to_nothing_stops_the_service() -> None:
    """Law is data, and data may be mistyped."""
    (_, text) = _documents()
    broken = text.replace(b"closure: no_early", b"closure: never_heard_of")

    with pytest.raises(RegimeFault, match="never_heard_of"):
        read_law([broken])


def test_a_gap_between_rule_sets_stops_the_service() -> None:
    """A day without law would be a record without an end."""
    former, later = _documents()

    with pytest.raises(RegimeFault, match="begins 2025-12-26"):
        read_law([former, later.replace(b"valid_from: 2025-12-25", b"valid_from: 2025-12-26")])


def _documents() -> list[bytes]:
    from repair_service import settings  # noqa: PLC0415

    return [path.read_bytes() for path in sorted((settings._PACKS / "regimes").glob("*.yaml"))]
