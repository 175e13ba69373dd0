"""Explains a decision from its frozen values and points and its models, in words a person can read aloud."""

from collections.abc import Mapping

from classification_service.model.explanation import DecidedByPeople, Explanation
from classification_service.model.intervention import Intervention, InterventionKind
from classification_service.model.risk_model import Catalogue, Indicator, RiskClass
from classification_service.rules.cases import Case
from classification_service.rules.explaining.accounts import Made, account_of
from classification_service.rules.explaining.lines import value_in_en, value_in_zh
from classification_service.rules.explaining.sectors import sector_classes
from classification_service.rules.explaining.sentences import sentences_of

__all__ = ["explain"]


def explain(case: Case, catalogue: Catalogue) -> Explanation:
    """Why the class is what it is, by the model versions that made the decision."""
    decision = case.decision
    indicators = {indicator.code: indicator for indicator in catalogue.indicators}
    made = Made(case.scorer, decision.points, decision.score, decision.override_code)
    account = account_of(case, made, indicators)
    people = tuple(_decided(each, case, indicators) for each in case.interventions)
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


def _decided(each: Intervention, case: Case, indicators: Mapping[str, Indicator]) -> DecidedByPeople:
    if each.kind is InterventionKind.MANUAL:
        return _set_by_hand(each, case)
    indicator, number = indicators[each.indicator], each.id
    zh = f"“{indicator.zh}”处于异议期间，暂不计分（第{number}号）"
    en = f"“{indicator.en}” is objected to and gives no points meanwhile (number {number})"
    if each.share is not None:
        part_zh, part_en = (tell(indicator, abs(each.share)) for tell in (value_in_zh, value_in_en))
        zh = f"“{indicator.zh}”中有{part_zh}处于异议期间，暂不作为计分依据（第{number}号）"
        en = f"{part_en} of “{indicator.en}” is objected to and does not count meanwhile (number {number})"
    return DecidedByPeople(number, str(each.kind), "", each.indicator, each.share, applied=True, zh=zh, en=en)


def _set_by_hand(each: Intervention, case: Case) -> DecidedByPeople:
    letter = RiskClass(each.risk_class).name
    against = [
        rule
        for rule in case.held(case.scorer)
        if rule.kind == "override" and rule.floor is not None and rule.floor > each.risk_class
    ]
    if against:
        rule = max(against, key=lambda one: one.floor or 0)
        zh = f"人工调整为{letter}类（第{each.id}号），因“{rule.zh}”未生效"
        en = f"A person set class {letter} (number {each.id}), against which stands: {rule.en}"
    else:
        zh = f"经人工调整，以{letter}类为准（第{each.id}号）"
        en = f"A person set the class to {letter} (number {each.id})"
    return DecidedByPeople(each.id, str(each.kind), letter, "", None, applied=not against, zh=zh, en=en)
