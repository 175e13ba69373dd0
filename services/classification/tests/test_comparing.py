"""Two decisions are held against each other: what the model did is told apart from what the facts did."""

from collections.abc import Callable

from classification_service.model.intervention import Intervention, InterventionKind
from classification_service.model.judgement import IndicatorsChanged
from classification_service.model.risk_model import Catalogue
from classification_service.rules.cases import Case
from classification_service.rules.choosing import ScorerSet
from classification_service.rules.comparing import compare


def test_a_new_fact_is_named_with_its_points_and_the_rule_that_began(
    change: Callable[..., IndicatorsChanged], case_of: Callable[..., Case], catalogue: Catalogue
) -> None:
    """Why did it become worse since spring?"""
    before = case_of(change(1, regulatory_penalties_36m=1))
    after = case_of(change(2, regulatory_penalties_36m=2, regulatory_abnormal_listed_now=1))

    found = compare(before, after, catalogue)

    assert [(each.code, each.points_before, each.points_after, each.why) for each in found.indicators] == [
        ("regulatory.penalties_36m", 105, 180, "facts")
    ]
    assert [(each.code, each.change) for each in found.rules] == [("abnormal_listing", "began")]
    assert found.before == found.by_model
    assert found.by_facts == found.after
    assert found.sentence == (
        "从第1号决定（2026年5月27日）到第2号决定（2026年5月27日），该主体由B类变为C类，风险得分由270分变为345分。"
        "近36个月行政处罚由“1次”变为“2次”，计分由105分变为180分（事实变化）。开始适用：列入经营异常名录，不优于C类。"
    )
    assert found.sentence_en == (
        "From decision 1 (27 May 2026) to decision 2 (27 May 2026) the class went from B to C, "
        "the score from 270 to 345. Penalties in effect of 36 months: 1, now 2; points 105, now 180 (by the facts). "
        "Now holds: On the abnormal list, C at best."
    )


def test_the_same_facts_under_another_model_are_the_models_doing(
    change: Callable[..., IndicatorsChanged],
    case_of: Callable[..., Case],
    shipped_set: ScorerSet,
    catalogue: Catalogue,
) -> None:
    """An entity must not be blamed for a change of weights."""
    before = case_of(change(1, regulatory_penalties_36m=1))
    after = case_of(change(2, regulatory_penalties_36m=1), shipped_set)

    found = compare(before, after, catalogue)

    assert (found.model_before, found.model_after) == ("general@1", "general@2")
    assert found.by_model == found.by_facts == found.after
    assert found.by_model != found.before
    assert {each.why for each in found.indicators} == {"model"}
    assert "模型由通用型信用风险分类模型第1版换为通用型信用风险分类模型第2版" in found.sentence
    assert "version 2, judges in place of" in found.sentence_en


def test_model_and_facts_together_add_up(
    change: Callable[..., IndicatorsChanged],
    case_of: Callable[..., Case],
    shipped_set: ScorerSet,
    catalogue: Catalogue,
) -> None:
    """Each indicator's difference is the model's and the facts' together."""
    before = case_of(change(1, regulatory_penalties_36m=1, food_production_member=1))
    after = case_of(
        change(2, regulatory_penalties_36m=3, social_awards_now=1, food_production_member=1), shipped_set
    )

    found = compare(before, after, catalogue)

    assert all(
        each.points_before + each.by_model + each.by_facts + each.by_people == each.points_after
        for each in found.indicators
    )
    penalties = next(each for each in found.indicators if each.code == "regulatory.penalties_36m")
    assert (penalties.by_model, penalties.by_facts, penalties.why) == (75 - 105, 225 - 75, "both")
    assert [(each.sector, each.before, each.after) for each in found.sectors] == [
        ("food_production", "", "A")
    ]


def test_what_people_decided_is_told_apart(
    change: Callable[..., IndicatorsChanged], case_of: Callable[..., Case], catalogue: Catalogue
) -> None:
    """A class that a person set is neither the model's doing nor the entity's."""
    event = change(2, regulatory_penalties_36m=1)
    resting = Intervention(3, event.uscc, InterventionKind.RESTING, indicator="regulatory.penalties_36m")
    before, after = case_of(change(1, regulatory_penalties_36m=1)), case_of(event, people=[resting])

    found = compare(before, after, catalogue)

    assert found.before == found.by_model == found.by_facts
    assert (found.by_facts.score - found.after.score, found.people_after) == (105, (3,))
    assert [(each.by_facts, each.by_people, each.why) for each in found.indicators] == [(0, -105, "people")]
    assert "因人工调整和异议，该主体由B类变为A类，风险得分减少105分。" in found.sentence
    assert "计分由105分变为0分（人工决定变化）" in found.sentence


def test_a_class_set_by_hand_is_told_by_its_class(
    change: Callable[..., IndicatorsChanged], case_of: Callable[..., Case], catalogue: Catalogue
) -> None:
    """It moves no point, and everything else."""
    event = change(2, regulatory_penalties_36m=1)
    before = case_of(change(1, regulatory_penalties_36m=1))
    after = case_of(event, people=[Intervention(3, event.uscc, InterventionKind.MANUAL, risk_class=4)])

    found = compare(before, after, catalogue)

    assert "因人工调整和异议，该主体由B类变为D类，风险得分不变。" in found.sentence
    assert "By what people decided the class went from B to D, no other score." in found.sentence_en


def test_a_decision_compared_with_itself_shows_nothing(
    change: Callable[..., IndicatorsChanged], case_of: Callable[..., Case], catalogue: Catalogue
) -> None:
    """What did not change is not listed."""
    case = case_of(change(regulatory_penalties_36m=1))

    found = compare(case, case, catalogue)

    assert (found.indicators, found.rules, found.sectors) == ((), (), ())
