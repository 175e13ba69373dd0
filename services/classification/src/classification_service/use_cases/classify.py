"""Classifies entities whose indicators changed."""

from collections.abc import Sequence
from itertools import groupby

from classification_service.model.judgement import IndicatorsChanged, Judgement
from classification_service.ports import UnitOfWork
from classification_service.rules.choosing import ScorerSet
from classification_service.rules.judging import Given, Interventions, judge
from classification_service.rules.shadowing import shadowed


async def classify(
    changes: Sequence[IndicatorsChanged], transaction: UnitOfWork, *, decided_at_ms: int
) -> None:
    """Every entity's state has its newest indicators and class; decisions and class changes say what is new.

    A change that is not newer than the state is passed over; one that changes nothing writes no decision. What drafts
    that run beside the live models make of it is kept, and nothing else comes of that.
    """
    scorers, interventions = await transaction.in_force()
    sets = {day: scorers.on(day) for day in {change.business_day for change in changes}}
    for scorer_set, some in groupby(changes, key=lambda change: sets[change.business_day]):
        together = list(some)
        heads = await transaction.heads({change.uscc for change in together})
        judgement = judge(Given(together, heads, scorer_set, interventions), decided_at_ms=decided_at_ms)
        if judgement.heads:
            await transaction.save(judgement)
            transaction.publish_changes(judgement.announced)
            await judge_beside(judgement, scorer_set, interventions, transaction, decided_at_ms)


async def judge_beside(
    judgement: Judgement,
    live: ScorerSet,
    interventions: Interventions,
    transaction: UnitOfWork,
    decided_at_ms: int,
) -> None:
    """What each draft at work makes of what the live models judged is kept."""
    for shadow in await transaction.shadows():
        found = shadowed(judgement, live, shadow, interventions)
        await transaction.add_shadow_verdicts(shadow, found, decided_at_ms)
