"""A decision is explained in full, and in words."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from classification_service.model.explanation import Decision
from classification_service.model.judgement import IndicatorsChanged
from classification_service.model.risk_model import Catalogue, RiskModel
from classification_service.rules.explaining import explain
from classification_service.rules.judging import age_days_of, judge
from classification_service.rules.scoring import Scorer


@pytest.fixture
def decide(scorer: Scorer):
    """Builds the decision that follows one event."""

    def build(change: IndicatorsChanged) -> Decision:
        judgement = judge([change], {}, scorer, decided_at_ms=0)
        head = judgement.heads[change.uscc]
        return Decision(
            uscc=change.uscc,
            number=1,
            decided_at=datetime(2026, 5, 28, tzinfo=UTC),
            business_day=date(2026, 5, 27),
            recorded_at=datetime(2026, 5, 27, tzinfo=UTC),
            profile_version=1,
            model_id="general@1",
            values=tuple(judgement.values[0].tolist()),
            points=tuple(judgement.scores.points[0].tolist()),
            score=head.score,
            risk_class="ABCD"[head.risk_class - 1],
            score_class="ABCD"[int(judgement.scores.score_class[0]) - 1],
            override_code=head.override_code,
            flags=head.flags,
            cause=change.cause,
            previous_class="",
        )

    return build


def test_the_lines_add_up_to_the_score(
    change: Callable[..., IndicatorsChanged],
    decide: Callable[..., Decision],
    general: RiskModel,
    catalogue: Catalogue,
) -> None:
    """Whoever checks an explanation with a calculator must come to the score."""
    decision = decide(
        change(regulatory_penalties_36m=2, regulatory_inspections_clean_24m=2, base_age_years=None)
    )

    why = explain(decision, general, catalogue)

    assert why.base + sum(line.points for line in why.lines) + why.cap == decision.score
    assert len(why.lines) == len(general.items)


def test_the_sentence_names_class_score_reasons_and_the_rule_that_decided(
    change: Callable[..., IndicatorsChanged],
    decide: Callable[..., Decision],
    general: RiskModel,
    catalogue: Catalogue,
) -> None:
    """Staff read it to the entity's file, and to each other."""
    decision = decide(
        change(
            regulatory_penalties_36m=1,
            regulatory_penalties_12m=1,
            social_complaints_12m=1,
            regulatory_abnormal_listed_now=1,
        )
    )

    sentence = explain(decision, general, catalogue).sentence

    assert sentence == (
        "截至2026年5月27日，该主体信用风险类别为C类（信用风险较高），得分366分（0至1000分，分数越高风险越高）。"
        "主要加分项：近36个月行政处罚1次，加105分；近12个月行政处罚1次，加60分；近12个月投诉举报1次，加36分。"
        "列入经营异常名录，不优于C类。仅按得分应为B类。"
    )


def test_missing_and_ignored_indicators_say_how_they_were_treated(
    change: Callable[..., IndicatorsChanged],
    decide: Callable[..., Decision],
    general: RiskModel,
    catalogue: Catalogue,
) -> None:
    """Missing data is not good news, and what is at rest must not look like a clean record."""
    new = change(established_on_day=20_600 - 100, base_age_years=None, regulatory_penalties_36m=3)

    why = explain(decide(new), general, catalogue)

    lines = {line.code: line for line in why.lines}
    assert lines["base.age_years"].treatment == "missing:mean"
    assert lines["base.age_years"].value is None
    assert lines["base.age_years"].points == 30
    assert lines["regulatory.penalties_36m"].treatment == "ignored:observation_year"
    assert lines["regulatory.penalties_36m"].points == 0
    assert [(rule.code, rule.floor, rule.decided) for rule in why.applied] == [
        ("observation_year", "B", True)
    ]


def test_coverage_leaves_out_what_does_not_apply(
    change: Callable[..., IndicatorsChanged],
    decide: Callable[..., Decision],
    general: RiskModel,
    catalogue: Catalogue,
) -> None:
    """A firm without capital on the register is not badly known."""
    known = decide(change())
    no_capital = decide(change(base_capital_wan=None))
    no_age = decide(change(base_age_years=None))

    shares = [explain(each, general, catalogue).coverage for each in (known, no_capital, no_age)]

    assert shares == [1.0, 1.0, pytest.approx(19 / 20)]


def test_age_is_unknown_without_a_day_of_establishment(change: Callable[..., IndicatorsChanged]) -> None:
    """An unknown age must not look like a new firm."""
    ages = age_days_of([change(established_on_day=None), change(established_on_day=20_500)])

    assert str(ages.tolist()) == "[nan, 100.0]"
