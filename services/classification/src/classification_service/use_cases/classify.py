"""Classifies entities whose indicators changed."""

from collections.abc import Sequence

from classification_service.model.judgement import IndicatorsChanged
from classification_service.ports import UnitOfWork
from classification_service.rules.judging import judge
from classification_service.rules.scoring import Scorer


async def classify(
    changes: Sequence[IndicatorsChanged], transaction: UnitOfWork, scorer: Scorer, *, decided_at_ms: int
) -> None:
    """Every entity's state has its newest indicators and class; decisions and class changes say what is new.

    A change that is not newer than the state is passed over; one that changes nothing writes no decision.
    """
    heads = await transaction.heads({change.uscc for change in changes})
    judgement = judge(changes, heads, scorer, decided_at_ms=decided_at_ms)
    if judgement.heads:
        await transaction.save(judgement)
        transaction.publish_changes(judgement.announced)
