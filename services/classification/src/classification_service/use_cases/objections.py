"""Objections (异议): what a record gave rests from the filing on, until another person decides or its day is over."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from vocabulary.calendar import business_date

from classification_service.errors import MovedNothing, UnknownItem
from classification_service.model.governing import Who
from classification_service.model.intervention import (
    EXPIRED,
    Filing,
    InterventionKind,
    KeptIntervention,
    Objection,
    Ruling,
    Standing,
)
from classification_service.model.risk_model import Catalogue, RiskModel
from classification_service.ports.governing import GovernedUnitOfWork
from classification_service.rules import intervening
from classification_service.rules.objecting import (
    Shares,
    Term,
    asked_by,
    due_on,
    require_new,
    rests_at_most_until,
    rests_undecided_until,
    scored_by,
    shares_of,
)
from classification_service.use_cases.interventions import decide_anew

_EPOCH = date(1970, 1, 1)


async def file_objection(
    filing: Filing, who: Who, terms: Sequence[Term], catalogue: Catalogue, tx: GovernedUnitOfWork
) -> Objection:
    """What is objected to rests, the entity is decided anew, and the objection waits for another person.

    Where only a record is named, the items are those it moved when it came. What it gave an item rests, of any other
    the whole; what only rules ask for rests not: no objection takes an override away.

    Raises:
        UnknownItem: no model in force asks for an item named.
        MovedNothing: the record moved none of the items.
        NotInThisState: an objection to the same is open, or something rests for it.
        RejectedBefore: an objection to the same was rejected, and nothing new is brought forward.
    """
    await tx.interventions.standing()
    today = business_date(who.at)
    models = (await tx.in_force()).scorers.on((today - _EPOCH).days).models
    items = await _items(filing, models, catalogue, tx)
    require_new(filing, items, await tx.interventions.objections_of(filing.uscc), terms)
    due = due_on(filing.filed_on, terms)
    kept = await tx.interventions.add_objection(_objection(filing, items, who, due))
    last_day, scored = rests_undecided_until(filing.filed_on, today, terms), scored_by(models)
    resting = [_resting(kept, item, last_day, who) for item in items.items() if item[0] in scored]
    await _decide_anew([await tx.interventions.add(each) for each in resting], who, tx)
    return kept


def _objection(filing: Filing, items: Shares, who: Who, due: date) -> Objection:
    return Objection(
        0,
        filing.uscc,
        filing.record,
        tuple(items),
        filing.ground,
        filing.evidence,
        who.by,
        filing.filed_on,
        who.at,
        due,
    )


async def _items(
    filing: Filing, models: Sequence[RiskModel], catalogue: Catalogue, tx: GovernedUnitOfWork
) -> Shares:
    asked = asked_by(models)
    for code in filing.indicators:
        if code not in asked:
            raise UnknownItem(code)
    changes = await tx.interventions.changes_by(filing.uscc, filing.record) if filing.record else ()
    moved = shares_of(changes, catalogue)
    named = frozenset(filing.indicators) or asked
    if filing.record and named.isdisjoint(moved):
        raise MovedNothing(filing.record)
    if filing.indicators:
        return {code: moved.get(code) for code in filing.indicators}
    return {code: share for code, share in moved.items() if code in asked}


def _resting(
    objection: Objection, item: tuple[str, float | None], last_day: date, who: Who
) -> KeptIntervention:
    code, share = item
    return KeptIntervention(
        0,
        objection.uscc,
        InterventionKind.RESTING,
        risk_class=None,
        indicator=code,
        objection=objection.number,
        share=share,
        reason=objection.ground,
        evidence=objection.evidence,
        expires_on=last_day,
        state=Standing.IN_FORCE,
        proposed_by=who.by,
        proposed_at=who.at,
    )


async def decide_objection(
    number: int, ruling: Ruling, who: Who, terms: Sequence[Term], tx: GovernedUnitOfWork
) -> Objection:
    """Upheld, what rests rests on until its record is corrected or the day named; rejected, it counts again.

    What counted again because nobody decided in time rests anew where it is upheld.

    Raises:
        Unknown, NotInThisState, SamePerson: it cannot be decided so.
    """
    await tx.interventions.standing()
    found = await tx.interventions.lock_objection(number)
    if ruling.upheld and ruling.rests_until is None:
        ruling = replace(ruling, rests_until=rests_at_most_until(found, business_date(who.at), terms))
    kept = intervening.decided(found, ruling, who)
    await tx.interventions.save_objection(kept)
    moved = [
        await _upheld(each, kept.rests_until, who, tx)
        if kept.rests_until
        else await _rejected(each, kept.reason, who, tx)
        for each in await tx.interventions.of_objection(number)
    ]
    await _decide_anew(moved, who, tx)
    return kept


async def _upheld(
    each: KeptIntervention, last_day: date, who: Who, tx: GovernedUnitOfWork
) -> KeptIntervention:
    if each.state is Standing.IN_FORCE:
        each = replace(each, expires_on=last_day)
        await tx.interventions.save(each)
    elif each.end_reason == EXPIRED:
        each = await tx.interventions.add(intervening.begun_again(each, last_day, who))
    return each


async def _rejected(
    each: KeptIntervention, reason: str, who: Who, tx: GovernedUnitOfWork
) -> KeptIntervention:
    if each.state is Standing.IN_FORCE:
        each = intervening.ended(each, f"objection rejected: {reason}", who)
        await tx.interventions.save(each)
    return each


async def _decide_anew(moved: Sequence[KeptIntervention], who: Who, tx: GovernedUnitOfWork) -> None:
    await decide_anew([(each.uscc, each.id) for each in moved], who.at, tx, today=business_date(who.at))
