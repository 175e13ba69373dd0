"""Known entities are judged anew by what is known of them, because people or the calendar moved what judges."""

from collections.abc import Mapping
from datetime import date
from itertools import groupby

from msgspec.structs import replace

from classification_service.ports.governing import GovernedUnitOfWork
from classification_service.rules.judging import Given, judge_again
from classification_service.use_cases.classify import judge_beside

_EPOCH = date(1970, 1, 1)


async def reconsider(
    causes: Mapping[str, str], tx: GovernedUnitOfWork, *, today: date, decided_at_ms: int
) -> frozenset[str]:
    """The entities, each with its cause, are decided anew as of today; gives those that can be.

    An entity never judged, or whose values are not kept yet, is decided with its next event.
    """
    scorers, interventions = await tx.in_force()
    known, heads = await tx.interventions.known(causes.keys())
    day = (today - _EPOCH).days
    changes = [
        replace(each, business_day=max(day, each.business_day), cause=causes[each.uscc]) for each in known
    ]
    changes.sort(key=lambda change: change.business_day)
    for scorer_set, some in groupby(changes, key=lambda change: scorers.on(change.business_day)):
        given = Given(list(some), heads, scorer_set, interventions)
        judgement = judge_again(given, decided_at_ms=decided_at_ms)
        if judgement.heads:
            await tx.save(judgement)
            tx.publish_changes(judgement.announced)
            await judge_beside(judgement, scorer_set, interventions, tx, decided_at_ms)
    return frozenset(each.uscc for each in changes)
