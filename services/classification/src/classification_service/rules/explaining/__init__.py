"""Explains a decision from its frozen values and points and its models, in words a person can read aloud."""

from collections.abc import Mapping

from classification_service.model.explanation import DecidedByPeople, Explanation
from classification_service.model.intervention import Intervention, InterventionKind
from classification_service.model.risk_model import Catalogue, Indicator, RiskClass
from classification_service.rules.cases import Case
from classification_service.rules.explaining.accounts import Made, account_of
from classification_service.rules.explaining.sectors import sector_classes
from classification_service.rules.explaining.sentences import sentences_of

__all__ = ["explain"]


def explain(case: Case, catalogue: Catalogue) -> Explanation:
    """Why the class is what it is, by the model versions that made the decision."""
    decision = case.decision
    indicators = {indicator.code: indicator for indicator in catalogue.indicators}
    made = Made(case.scorer, decision.points, decision.score, decision.override_code)
    account = account_of(case, made, indicators)
    people = tuple(_decided(each, indicators) for each in case.interventions)
    zh, en = case.scorer.model.levels[RiskClass[decision.risk_class] - 1]
    sentence, sentence_en = sentences_of(decision, account, people, (zh, en))
    return Explanation(
        class_zh=zh,
        class_en=en,
        account=account,
        people=people,
        sectors=sector_classes(case, indicators),
        sentence=sentence,
        sentence_en=sentence_en,
    )


def _decided(each: Intervention, indicators: Mapping[str, Indicator]) -> DecidedByPeople:
    if each.kind is InterventionKind.MANUAL:
        letter = RiskClass(each.risk_class).name
        zh = f"人工调整为{letter}类（第{each.id}号）"
        en = f"Set to class {letter} by a person (number {each.id})"
        return DecidedByPeople(each.id, str(each.kind), letter, "", zh, en)
    indicator = indicators[each.indicator]
    zh = f"“{indicator.zh}”处于异议期间，暂不计分（第{each.id}号）"
    en = f"“{indicator.en}” is objected to and gives no points meanwhile (number {each.id})"
    return DecidedByPeople(each.id, str(each.kind), "", each.indicator, zh, en)
