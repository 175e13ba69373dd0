"""Once is enough: which facts of a batch are the first of their key, and what each sender is told."""

from collections.abc import Sequence
from enum import IntEnum

from ingestion_service.model.fact import Fact
from ingestion_service.model.verdict import Outcome, Reason, Tally, Verdict
from ingestion_service.rules.retracting import OF_OTHER_ENTITY


class Entered(IntEnum):
    """What the ledger says when a fact is entered."""

    NEW = 1
    """It was not there and now is."""
    OURS = 2
    """This very batch entered it, in an attempt whose answer was lost."""
    KNOWN = 3
    """It was there."""


def first_of_each_key(facts: Sequence[Fact]) -> Sequence[int]:
    """Places of the facts whose key no earlier fact of the batch has."""
    if len({(fact.source_id, fact.id) for fact in facts}) == len(facts):
        return range(len(facts))
    seen: dict[tuple[int, str], int] = {}
    for place, fact in enumerate(facts):
        seen.setdefault((fact.source_id, fact.id), place)
    return list(seen.values())


def outcomes(facts: Sequence[Fact], firsts: Sequence[int], entered: Sequence[Entered]) -> list[Outcome]:
    """What is told of each fact of the batch, in order."""
    told = [Outcome.DUPLICATE] * len(facts)
    for place, how in zip(firsts, entered, strict=True):
        if how is not Entered.KNOWN:
            told[place] = Outcome.QUARANTINED if facts[place].reason else Outcome.ACCEPTED
    return told


def verdict_of(fact: Fact, outcome: Outcome) -> Verdict:
    """The answer for a fact that reached the ledger."""
    if outcome is Outcome.QUARANTINED and not fact.reason:
        return Verdict(fact.id, outcome, Reason.OTHER_ENTITY, (OF_OTHER_ENTITY,))
    return Verdict(fact.id, outcome, fact.reason if outcome is Outcome.QUARANTINED else None)


def count(verdicts: Sequence[Verdict], tally: Tally) -> None:
    """Add these verdicts to the tally."""
    for verdict in verdicts:
        outcome = verdict.verdict
        if outcome is Outcome.ACCEPTED:
            tally.accepted += 1
        elif outcome is Outcome.DUPLICATE:
            tally.duplicate += 1
        elif outcome is Outcome.QUARANTINED:
            tally.quarantined += 1
        else:
            tally.rejected += 1
