"""Holds two decisions about an entity against each other: what the model, the facts and people changed."""

from dataclasses import replace

from vocabulary.industries import Sector, sector_names

from classification_service.model.comparison import Comparison, RuleMoved, SectorMoved, Stage
from classification_service.model.explanation import Decision
from classification_service.model.risk_model import Catalogue, RiskClass
from classification_service.rules.cases import Case
from classification_service.rules.comparing.lines import moved_of
from classification_service.rules.comparing.wording import sentences_of
from classification_service.rules.verdicts import class_in

__all__ = ["compare"]

_LETTERS = ("", *(each.name for each in RiskClass))


def compare(before: Case, after: Case, catalogue: Catalogue) -> Comparison:
    """What changed from the earlier to the later decision.

    The earlier facts are judged by the later models, so that what the model changed is told apart from what the facts
    and the calendar did; what is left is people's doing.
    """
    comparison = _compared((before, judged_by(before, after), _under(after, before), after), catalogue)
    sentence, sentence_en = sentences_of(comparison, (before.scorer.model, after.scorer.model))
    return replace(comparison, sentence=sentence, sentence_en=sentence_en)


def _compared(cases: tuple[Case, Case, Case, Case], catalogue: Catalogue) -> Comparison:
    before, old_facts, old_people, after = cases
    was, now = before.decision, after.decision
    return Comparison(
        uscc=now.uscc,
        number_before=was.number,
        number_after=now.number,
        day_before=was.business_day,
        day_after=now.business_day,
        before=_stage(before),
        by_model=_stage(old_facts),
        by_facts=_stage(old_people),
        after=_stage(after),
        model_before=was.model_id,
        model_after=now.model_id,
        people_before=tuple(each.id for each in before.interventions),
        people_after=tuple(each.id for each in after.interventions),
        indicators=moved_of((before, old_facts, old_people, after), catalogue),
        rules=_rules(before, after),
        sectors=_sectors(was, now),
        sentence="",
        sentence_en="",
    )


def judged_by(earlier: Case, later: Case) -> Case:
    """The earlier decision's facts and people's decisions as the later models judge them."""
    return _anew(replace(earlier, scorers=later.scorers))


def _under(later: Case, earlier: Case) -> Case:
    """The later decision as it would be had people decided nothing since the earlier."""
    return _anew(replace(later, interventions=earlier.interventions))


def _anew(case: Case) -> Case:
    """The decision that this case comes to."""
    made = case.judged(case.values)
    deciding, index = int(made.deciding[0]), int(made.model[0])
    rows_and_points = next(points for rows, points in made.points if len(rows))
    decision = replace(
        case.decision,
        model_id=made.model_ids[index],
        points=tuple(rows_and_points[0].tolist()),
        score=float(made.score[0]),
        risk_class=_LETTERS[int(made.risk_class[0])],
        score_class=_LETTERS[int(made.score_class[0])],
        override_code=made.codes[deciding] if deciding >= 0 else "",
        sectors=int(made.sectors[0]),
    )
    return replace(case, decision=decision)


def _stage(case: Case) -> Stage:
    return Stage(case.decision.score, case.decision.risk_class)


def _rules(before: Case, after: Case) -> tuple[RuleMoved, ...]:
    held = {rule.code: rule for rule in before.held(before.scorer)}
    holds = {rule.code: rule for rule in after.held(after.scorer)}
    began = [(rule, "began") for code, rule in holds.items() if code not in held]
    ended = [(rule, "ended") for code, rule in held.items() if code not in holds]
    return tuple(
        RuleMoved(rule.code, change, rule.zh, rule.en, rule.citation) for rule, change in (*began, *ended)
    )


def _sectors(was: Decision, now: Decision) -> tuple[SectorMoved, ...]:
    names = sector_names()
    return tuple(
        SectorMoved(
            str(sector),
            names[sector].zh,
            names[sector].en,
            _LETTERS[class_in(was.sectors, sector)],
            _LETTERS[class_in(now.sectors, sector)],
        )
        for sector in Sector
        if class_in(was.sectors, sector) != class_in(now.sectors, sector)
    )
