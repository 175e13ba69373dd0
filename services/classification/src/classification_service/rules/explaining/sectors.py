"""The class in each sector, derived anew from the decision's values: the same code and data give the same points."""

from collections.abc import Mapping

from vocabulary.industries import Sector, sector_names

from classification_service.model.explanation import SectorClass
from classification_service.model.judgement import Scores
from classification_service.model.risk_model import Indicator, RiskClass
from classification_service.rules.cases import Case
from classification_service.rules.explaining.accounts import Made, account_of
from classification_service.rules.explaining.sentences import sector_sentences


def sector_classes(case: Case, indicators: Mapping[str, Indicator]) -> tuple[SectorClass, ...]:
    """Of each sector that the entity is a member of, in the order of `Sector`."""
    scored = case.judged(case.values).sector_scores
    return tuple(
        _class_in(sector, case, scored[sector][1], indicators) for sector in Sector if sector in scored
    )


def _class_in(sector: Sector, case: Case, scores: Scores, indicators: Mapping[str, Indicator]) -> SectorClass:
    scorer = case.scorers.sectors[sector]
    deciding, risk_class = int(scores.deciding[0]), int(scores.risk_class[0])
    override = scorer.model.adjustments[deciding].code if deciding >= 0 else ""
    made = Made(scorer, scores.points[0].tolist(), float(scores.score[0]), override)
    account = account_of(case, made, indicators)
    named = sector_names()[sector]
    level = scorer.model.levels[risk_class - 1]
    sentence, sentence_en = sector_sentences((named.zh, named.en), level, account, case.decision.business_day)
    return SectorClass(
        sector=str(sector),
        zh=named.zh,
        en=named.en,
        risk_class=RiskClass(risk_class).name,
        score_class=RiskClass(int(scores.score_class[0])).name,
        level_zh=level[0],
        level_en=level[1],
        account=account,
        sentence=sentence,
        sentence_en=sentence_en,
    )
