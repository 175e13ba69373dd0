"""Why no change that the entity can make reaches a better class."""

from collections.abc import Iterator, Sequence

import numpy as np

from classification_service.model.intervention import Intervention, InterventionKind
from classification_service.model.mending import Obstacle
from classification_service.model.risk_model import Adjustment, Flag, Reaches, RiskClass
from classification_service.rules.cases import Case
from classification_service.rules.counterfactual.ladders import Ladder
from classification_service.rules.explaining.sentences import day_en, day_zh
from classification_service.rules.scoring import Dense

_CANCELLED = Obstacle(
    "cancelled",
    "登记已注销，分类不再变动",
    "its registration was cancelled: the class is final",
)
_TOGETHER = Obstacle(
    "together",
    "每项改变单独有利，但合在一起仍达不到该类别",
    "each change helps by itself, but all of them together do not reach that class",
)


def is_shut(case: Case, ladders: Sequence[Ladder], target: int) -> bool:
    """Whether the decision is final, or a person's decision or a rule that nobody can mend keeps the target away."""
    if case.decision.flags & Flag.CANCELLED:
        return True
    by_people = any(_keeps(each, target) for each in case.interventions)
    mendable = {ladder.mend.indicator for ladder in ladders}
    return by_people or any(
        rule.floor is not None and rule.floor > target and not _can_end(rule, mendable)
        for rule in case.held(case.scorer)
    )


def _keeps(each: Intervention, target: int) -> bool:
    """Whether a person's decision keeps the target away."""
    return each.kind is InterventionKind.MANUAL and each.risk_class > target


def obstacles_of(case: Case, ladders: Sequence[Ladder], target: int) -> tuple[Obstacle, ...]:
    """People's decisions, rules that keep the class and cannot be mended, and a score that stays too high."""
    if case.decision.flags & Flag.CANCELLED:
        return (_CANCELLED,)
    found = (*_people(case, target), *_rules(case, ladders, target), *_score(case, ladders, target))
    return found or (_TOGETHER,)


def _people(case: Case, target: int) -> Iterator[Obstacle]:
    for each in case.interventions:
        if _keeps(each, target):
            yield Obstacle(
                "manual",
                f"人工调整为{RiskClass(each.risk_class).name}类（第{each.id}号），须待其到期或撤销",
                f"A person set the class to {RiskClass(each.risk_class).name} (number {each.id}): it must end first",
            )


def _rules(case: Case, ladders: Sequence[Ladder], target: int) -> Iterator[Obstacle]:
    mendable = {ladder.mend.indicator for ladder in ladders}
    for rule in case.held(case.scorer):
        keeps = (rule.floor is not None and rule.floor > target) or rule.shift > 0
        if keeps and not _can_end(rule, mendable):
            last = case.last_day(rule)
            zh = f"{rule.zh}；{f'至{day_zh(last)}止' if last else '主体自身无法消除，须待影响期届满'}"
            en = f"{rule.en}; {f'up to {day_en(last)}' if last else 'not for the entity to mend: its effect must end'}"
            yield Obstacle(rule.code, zh, en)


def _can_end(rule: Adjustment, mendable: set[str]) -> bool:
    """Whether one of its conditions is on an indicator that can be mended."""
    return any(isinstance(each, Reaches) and each.indicator in mendable for each in rule.when)


def _score(case: Case, ladders: Sequence[Ladder], target: int) -> Iterator[Obstacle]:
    cuts = case.scorer.model.cuts
    best = _best_score(case, ladders)
    if cuts is not None and best > cuts[target - 1]:
        letter = RiskClass(target).name
        yield Obstacle(
            "score",
            f"即使全部可修复事项均已改正，得分仍为{best:g}分，{letter}类至多{cuts[target - 1]:g}分；其余须待影响期届满",
            f"With everything mended the score would still be {best:g}, {letter} has {cuts[target - 1]:g} at most; "
            "the rest must run out",
        )


def _best_score(case: Case, ladders: Sequence[Ladder]) -> float:
    """The score with each indicator at the rung that gives the least points."""
    values = case.values.copy()
    places = {item.indicator: place for place, item in enumerate(case.scorer.model.items)}
    for ladder in ladders:
        if ladder.mend.indicator in places:
            tried = np.repeat(case.values, 1 + len(ladder.rungs), axis=0)
            tried[1:, ladder.position] = ladder.rungs
            points = case.scorer.item_points(places[ladder.mend.indicator], Dense(tried))
            values[0, ladder.position] = tried[int(np.argmin(points)), ladder.position]
    return float(case.judged(values).score[0])
