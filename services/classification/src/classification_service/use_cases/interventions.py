"""Manual adjustments (人工调整): proposed, approved by another, in force until they expire or are revoked."""

from collections.abc import Sequence
from datetime import date, datetime

from classification_service.errors import DayNotFree, SamePerson
from classification_service.model.governing import Who
from classification_service.model.intervention import InterventionKind, KeptIntervention, Proposal, Standing
from classification_service.model.risk_model import RiskClass
from classification_service.ports.governing import GovernedUnitOfWork
from classification_service.rules import intervening
from classification_service.use_cases.reconsider import reconsider


async def propose(proposal: Proposal, who: Who, tx: GovernedUnitOfWork, *, today: date) -> KeptIntervention:
    """The adjustment waits for another person.

    Raises:
        DayNotFree: its last day is over.
    """
    if proposal.expires_on < today:
        raise DayNotFree("an adjustment must be in force for a day at least", today, "expires_on")
    kept = KeptIntervention(
        0,
        proposal.uscc,
        InterventionKind.MANUAL,
        proposal.risk_class,
        indicator="",
        objection=None,
        share=None,
        reason=proposal.reason,
        evidence=proposal.evidence,
        expires_on=proposal.expires_on,
        state=Standing.PROPOSED,
        proposed_by=who.by,
        proposed_at=who.at,
    )
    return await tx.interventions.add(kept)


async def approve(number: int, who: Who, tx: GovernedUnitOfWork, *, today: date) -> KeptIntervention:
    """The adjustment is in force, and the entity is decided anew.

    Raises:
        Unknown, NotInThisState, SamePerson: it cannot be approved so, or another one is in force.
        DayNotFree: its last day is over.
    """
    await tx.interventions.standing()
    kept = intervening.begun(await tx.interventions.lock(number), who)
    if kept.expires_on < today:
        raise DayNotFree("its last day is over: propose it anew", today, "expires_on")
    await tx.interventions.save(kept)
    await decide_anew([(kept.uscc, kept.id)], who.at, tx, today=today)
    return kept


async def refuse(number: int, reason: str, who: Who, tx: GovernedUnitOfWork) -> KeptIntervention:
    """Nothing comes of the adjustment.

    Raises:
        Unknown, NotInThisState: it is no longer proposed.
    """
    kept = intervening.refused(await tx.interventions.lock(number), reason, who)
    await tx.interventions.save(kept)
    return kept


async def revoke(
    number: int, reason: str, who: Who, tx: GovernedUnitOfWork, *, today: date
) -> KeptIntervention:
    """The adjustment is in force no longer, and the entity is decided anew.

    Raises:
        Unknown, NotInThisState: it is not in force, or no manual one.
        SamePerson: without it the class is better, which its proposer does not decide alone.
    """
    await tx.interventions.standing()
    kept = intervening.revoked(await tx.interventions.lock(number), reason, who)
    await tx.interventions.save(kept)
    await decide_anew([(kept.uscc, kept.id)], who.at, tx, today=today)
    if who.by == kept.proposed_by and await _is_better_without(kept, tx):
        raise SamePerson("proposer")
    return kept


async def _is_better_without(kept: KeptIntervention, tx: GovernedUnitOfWork) -> bool:
    """Whether rules and score say better than it did; taken for so where nobody can say yet."""
    _, heads = await tx.interventions.known([kept.uscc])
    without = heads[kept.uscc].risk_class if kept.uscc in heads else RiskClass.A
    return kept.risk_class is not None and without < RiskClass[kept.risk_class]


async def end_what_is_over(day: date, who: Who, tx: GovernedUnitOfWork, limit: int) -> int:
    """What expired before that day, and items whose record was corrected, are in force no longer; gives how many.

    Their entities are decided anew together. When as many as `limit` were ended, more may be left. Where nothing is
    over, nobody who judges notices that it was looked for.
    """
    if not await tx.interventions.any_over(day, who.at):
        return 0
    await tx.interventions.standing()
    over = await tx.interventions.end_over(day, who, limit)
    await decide_anew(over, who.at, tx, today=day)
    return len(over)


async def decide_anew(
    moved: Sequence[tuple[str, int]], at: datetime, tx: GovernedUnitOfWork, *, today: date
) -> None:
    """The entities of these, each with the id of what moved it, are decided by what is in force now."""
    if moved:
        causes = {uscc: f"intervention|{number}" for uscc, number in moved}
        await reconsider(causes, tx, today=today, decided_at_ms=int(at.timestamp() * 1000))
