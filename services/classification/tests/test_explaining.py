"""A decision is explained in full, and in words."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from classification_service.model.explanation import Account
from classification_service.model.intervention import Intervention, InterventionKind
from classification_service.model.judgement import IndicatorsChanged
from classification_service.model.risk_model import Catalogue, RiskModel
from classification_service.rules.cases import Case
from classification_service.rules.choosing import ScorerSet
from classification_service.rules.explaining import explain
from classification_service.rules.judging import age_days_of

FOOD = {"food_production_member": 1, "food_production_penalties_36m": 2, "social_complaints_12m": 1}


def total(account: Account) -> float:
    cuts = sum(each.cut for each in account.parts.dimensions)
    lines = sum(line.points for line in account.lines)
    return account.base + lines + cuts + (account.general or 0.0) + account.cap


@pytest.mark.parametrize("of", ["general@1", "shipped"])
def test_the_lines_add_up_to_the_score(
    of: str,
    change: Callable[..., IndicatorsChanged],
    case_of: Callable[..., Case],
    shipped_set: ScorerSet,
    catalogue: Catalogue,
) -> None:
    """Whoever checks an explanation with a calculator must come to the score, in each sector too."""
    sets = {"general@1": None, "shipped": shipped_set}
    given = FOOD | {
        "regulatory_penalties_36m": 9,
        "regulatory_heavy_penalties_36m": 5,
        "base_age_years": None,
    }
    case = case_of(change(**given, regulatory_inspections_clean_24m=2), sets[of])

    why = explain(case, catalogue)

    assert total(why.account) == case.decision.score == why.account.score
    assert len(why.account.lines) == len(case.scorer.model.items)
    assert [total(each.account) for each in why.sectors] == [each.account.score for each in why.sectors]


def test_the_sentence_names_class_score_reasons_and_the_rule_that_decided(
    change: Callable[..., IndicatorsChanged], case_of: Callable[..., Case], catalogue: Catalogue
) -> None:
    """Staff read it to the entity's file, and to each other."""
    given = {"regulatory_penalties_36m": 1, "regulatory_penalties_12m": 1, "social_complaints_12m": 1}
    case = case_of(change(**given, regulatory_abnormal_listed_now=1))

    why = explain(case, catalogue)

    assert why.sentence == (
        "截至2026年5月27日，该主体信用风险类别为C类（信用风险较高），"
        "风险得分366分（0至1000分，分数越高风险越高），其中基础分150分。"
        "主要风险项：近36个月行政处罚1次，计105分；近12个月行政处罚1次，计60分；近12个月投诉举报1次，计36分。"
        "列入经营异常名录，不优于C类。仅按得分应为B类。"
    )
    assert why.sentence_en == (
        "As of 27 May 2026 the credit-risk class is C (elevated risk), with 366 points (0 to 1000, more is riskier), "
        "150 of which everybody has. "
        "What weighs most: Penalties in effect of 36 months: 1, adds 105 points; "
        "Penalties in effect of 12 months: 1, adds 60 points; "
        "Complaints and reports in 12 months: 1, adds 36 points. "
        "On the abnormal list, C at best. By the score alone it would be B."
    )


def test_missing_and_ignored_indicators_say_how_they_were_treated(
    change: Callable[..., IndicatorsChanged], case_of: Callable[..., Case], catalogue: Catalogue
) -> None:
    """Missing data is not good news, and what is at rest must not look like a clean record."""
    new = change(established_on_day=20_600 - 100, base_age_years=None, regulatory_penalties_36m=3)

    account = explain(case_of(new), catalogue).account

    lines = {line.code: line for line in account.lines}
    assert lines["base.age_years"].treatment == "missing:mean"
    assert lines["base.age_years"].value is None
    assert lines["base.age_years"].points == 30
    assert lines["regulatory.penalties_36m"].treatment == "ignored:observation_year"
    assert lines["regulatory.penalties_36m"].points == 0
    assert [(rule.code, rule.floor, rule.decided) for rule in account.applied] == [
        ("observation_year", "B", True)
    ]


def test_a_rule_that_the_calendar_ends_says_its_last_day(
    change: Callable[..., IndicatorsChanged], case_of: Callable[..., Case], catalogue: Catalogue
) -> None:
    """Who asks when the observation year is over must not be left to count."""
    case = case_of(change(established_on_day=20_600 - 100))

    why = explain(case, catalogue)

    last = date(1970, 1, 1) + timedelta(days=20_600 - 100 + 364)
    assert [rule.last_day for rule in why.account.applied] == [last]
    assert f"至{last.year}年{last.month}月{last.day}日止" in why.sentence


def test_what_is_above_full_marks_is_shown_as_cut_off(
    change: Callable[..., IndicatorsChanged],
    case_of: Callable[..., Case],
    shipped_set: ScorerSet,
    catalogue: Catalogue,
) -> None:
    """Otherwise the points of the lines would seem to be added wrongly."""
    case = case_of(change(regulatory_penalties_36m=9, regulatory_heavy_penalties_36m=9), shipped_set)

    why = explain(case, catalogue)

    portion = next(each for each in why.account.parts.dimensions if each.code == "regulatory")
    assert (portion.points, portion.full, portion.cut) == (440, 440, 440 - 270 - 230)
    assert "监管一项满分440分，超出的60分不计。" in why.sentence
    assert "no more than 440 points count; 60 are left out" in why.sentence_en


def test_static_and_dynamic_faith_and_harm_general_and_sector_are_seen_apart(
    change: Callable[..., IndicatorsChanged],
    case_of: Callable[..., Case],
    shipped_set: ScorerSet,
    catalogue: Catalogue,
) -> None:
    """静态+动态, 信用+风险, 通用+行业: each a sum of its own, and each time the whole."""
    case = case_of(change(**FOOD, regulatory_penalties_36m=2), shipped_set)

    why = explain(case, catalogue)

    (food,) = why.sectors
    score, parts = food.account.score, food.account.parts
    assert (food.sector, food.account.model_id, food.level_zh) == (
        "food_production",
        "food_production@3",
        "B级（风险一般）",
    )
    assert {each.code: each.points for each in parts.origin} == {"sector": score - 5, "general": 5}
    assert [each.code for each in parts.nature] == ["static", "dynamic", "general"]
    for seen in (parts.nature, parts.aspects, parts.origin):
        assert sum(each.points for each in seen) + food.account.base + food.account.cap == score
    assert "其中通用信用类别计5分" in food.sentence
    assert "The general class gives 5 of them." in food.sentence_en
    whole = why.account
    assert sum(each.points for each in whole.parts.nature) + whole.base + whole.cap == whole.score


def test_a_class_set_by_a_person_and_an_item_that_rests_are_named(
    change: Callable[..., IndicatorsChanged], case_of: Callable[..., Case], catalogue: Catalogue
) -> None:
    """What people did must never look like the model's doing."""
    event = change(regulatory_penalties_36m=2)
    people = [
        Intervention(7, event.uscc, InterventionKind.MANUAL, risk_class=3),
        Intervention(8, event.uscc, InterventionKind.RESTING, indicator="regulatory.penalties_36m"),
    ]

    case = case_of(event, people=people)
    why = explain(case, catalogue)

    line = next(each for each in why.account.lines if each.code == "regulatory.penalties_36m")
    assert (line.treatment, line.points) == ("resting", 0)
    assert [(each.id, each.risk_class, each.indicator) for each in why.people] == [
        (7, "C", ""),
        (8, "", "regulatory.penalties_36m"),
    ]
    assert "经人工调整，以C类为准（第7号）。" in why.sentence
    assert "is objected to and gives no points meanwhile (number 8)." in why.sentence_en


def test_a_part_that_rests_is_told_apart_from_what_counts(
    change: Callable[..., IndicatorsChanged], case_of: Callable[..., Case], catalogue: Catalogue
) -> None:
    """Two penalties that nobody disputes are read out with their points, and so is the one that waits."""
    event = change(regulatory_penalties_36m=3)
    resting = Intervention(
        8, event.uscc, InterventionKind.RESTING, indicator="regulatory.penalties_36m", share=1.0
    )

    why, two = (
        explain(case_of(each, people=people), catalogue)
        for each, people in ((event, [resting]), (change(regulatory_penalties_36m=2), []))
    )

    line = next(each for each in why.account.lines if each.code == "regulatory.penalties_36m")
    assert (line.treatment, line.value, why.account.score) == ("resting", 3, two.account.score)
    assert line.sentence == "近36个月行政处罚3次，其中1次处于异议期间，不计在内，计180分"
    assert "“近36个月行政处罚”中有1次处于异议期间，暂不作为计分依据（第8号）。" in why.sentence


def test_a_class_set_against_an_override_is_told_as_such(
    change: Callable[..., IndicatorsChanged], case_of: Callable[..., Case], catalogue: Catalogue
) -> None:
    """Who hears "set to B" of a class D must hear what stands against it."""
    event = change(regulatory_serious_listed_now=1)
    case = case_of(event, people=[Intervention(7, event.uscc, InterventionKind.MANUAL, risk_class=2)])

    why = explain(case, catalogue)

    assert [(each.risk_class, each.applied) for each in why.people] == [("B", False)]
    assert "人工调整为B类（第7号），因“列入严重违法失信名单，直接判定为D类”未生效。" in why.sentence
    assert "A person set class B (number 7), against which stands: " in why.sentence_en


def test_a_cancelled_entitys_class_is_told_as_final(
    change: Callable[..., IndicatorsChanged], case_of: Callable[..., Case], catalogue: Catalogue
) -> None:
    """Nobody should wait for it to change."""
    why = explain(case_of(change(status="cancelled")), catalogue)

    assert "登记已注销，本次分类不再变动。" in why.sentence


def test_great_numbers_are_read_as_numbers(
    change: Callable[..., IndicatorsChanged], case_of: Callable[..., Case], catalogue: Catalogue
) -> None:
    """Nobody reads 1e+06 aloud."""
    why = explain(case_of(change(base_capital_wan=1_234_567)), catalogue)

    line = next(each for each in why.account.lines if each.code == "base.capital_wan")
    assert line.sentence.startswith("注册资本1234567万元，")


@pytest.mark.parametrize("penalties", [0, 3])
def test_no_person_gets_past_an_override(
    penalties: int, change: Callable[..., IndicatorsChanged], case_of: Callable[..., Case]
) -> None:
    """Not even where the score by itself is as bad as what the override leaves."""
    given = {"regulatory_penalties_12m": penalties, "regulatory_penalties_36m": penalties}
    event = change(regulatory_abnormal_listed_now=1, **given)

    case = case_of(event, people=[Intervention(1, event.uscc, InterventionKind.MANUAL, risk_class=1)])

    assert case.decision.risk_class == "C"


def test_a_decision_of_one_model_alone_is_explained_by_its_flags(
    change: Callable[..., IndicatorsChanged],
    case_of: Callable[..., Case],
    scorer_set: ScorerSet,
    catalogue: Catalogue,
) -> None:
    """Decisions of the first year do not say the day of establishment, only what followed of it."""
    now = case_of(change(established_on_day=20_600 - 100)).decision
    old = replace(now, set_code="", established_on=None)

    why = explain(Case.of(old, scorer_set), catalogue)

    assert [rule.code for rule in why.account.applied] == ["observation_year"]


def test_coverage_leaves_out_what_does_not_apply(
    change: Callable[..., IndicatorsChanged], case_of: Callable[..., Case], catalogue: Catalogue
) -> None:
    """A firm without capital on the register is not badly known."""
    cases = [case_of(change()), case_of(change(base_capital_wan=None)), case_of(change(base_age_years=None))]

    shares = [explain(each, catalogue).account.coverage for each in cases]

    assert shares == [1.0, 1.0, pytest.approx(19 / 20)]


def test_age_is_unknown_without_a_day_of_establishment(change: Callable[..., IndicatorsChanged]) -> None:
    """An unknown age must not look like a new firm."""
    ages = age_days_of([change(established_on_day=None), change(established_on_day=20_500)])

    assert str(ages.tolist()) == "[nan, 100.0]"


def test_a_shipped_model_has_dimensions_that_the_first_did_not(
    general: RiskModel, shipped: list[RiskModel]
) -> None:
    """What the first version did not divide is not divided afterwards: its hash is in the books."""
    assert not general.dimensions
    assert all(model.dimensions for model in shipped if model.id != general.id)
