"""Objections (异议): an item rests from the filing on, until another person decides by the term."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from math import isnan

from vocabulary.calendar import business_date
from vocabulary.sparse_values import unpack

from classification_service.errors import UnknownItem
from classification_service.model.governing import Who
from classification_service.model.intervention import (
    Filing,
    InterventionKind,
    KeptIntervention,
    Objection,
    ObjectionState,
    Ruling,
    Standing,
)
from classification_service.model.risk_model import Catalogue
from classification_service.ports.governing import GovernedUnitOfWork
from classification_service.rules import intervening
from classification_service.rules.objecting import Term, due_on, moved_items
from classification_service.use_cases.interventions import decide_anew

_EPOCH = date(1970, 1, 1)


async def file_objection(
    filing: Filing, who: Who, terms: Sequence[Term], catalogue: Catalogue, tx: GovernedUnitOfWork
) -> Objection:
    """The items objected to rest, the entity is decided anew, and the objection waits for another person.

    Where only a record is named, the items are those that moved when it came.

    Raises:
        UnknownItem: no model in force scores an item named, or the record moved none.
        NotInThisState: an item rests already for another objection.
    """
    await tx.interventions.standing()
    items = await _items(filing, business_date(who.at), catalogue, tx)
    kept = await tx.interventions.add_objection(
        _objection(filing, items, who, due_on(filing.filed_on, terms))
    )
    resting = await _rest(kept, who, catalogue, tx)
    await decide_anew(resting, who.at, tx, today=business_date(who.at))
    return kept


def _objection(filing: Filing, items: tuple[str, ...], who: Who, due: date) -> Objection:
    return Objection(
        0,
        filing.uscc,
        filing.record,
        items,
        filing.ground,
        filing.evidence,
        who.by,
        filing.filed_on,
        who.at,
        due,
        ObjectionState.OPEN,
        decided_by=None,
        decided_at=None,
        reason="",
        must_happen="",
    )


async def _items(
    filing: Filing, today: date, catalogue: Catalogue, tx: GovernedUnitOfWork
) -> tuple[str, ...]:
    scorers = (await tx.in_force()).scorers.on((today - _EPOCH).days)
    scored = {item.indicator for model in scorers.models for item in model.items}
    for code in filing.indicators:
        if code not in scored:
            raise UnknownItem(code)
    if filing.indicators:
        return tuple(dict.fromkeys(filing.indicators))
    changes = await tx.interventions.changes_by(filing.uscc, filing.record)
    codes = [indicator.code for indicator in catalogue.indicators]
    items = moved_items(changes, codes, scored)
    if not items:
        raise UnknownItem(filing.record)
    return items


async def _rest(
    objection: Objection, who: Who, catalogue: Catalogue, tx: GovernedUnitOfWork
) -> Sequence[KeptIntervention]:
    values = await _values(objection.uscc, catalogue, tx)
    return [
        await tx.interventions.add(_resting(objection, code, who), values.get(code))
        for code in objection.indicators
    ]


async def _values(uscc: str, catalogue: Catalogue, tx: GovernedUnitOfWork) -> dict[str, float | None]:
    """What is known of the entity now, so that a correction is seen when it arrives."""
    known, _ = await tx.interventions.known([uscc])
    if not known:
        return {}
    row = unpack([known[0].values], len(catalogue.indicators))[0].tolist()
    codes = (indicator.code for indicator in catalogue.indicators)
    return {code: None if isnan(value) else value for code, value in zip(codes, row, strict=True)}


def _resting(objection: Objection, code: str, who: Who) -> KeptIntervention:
    return KeptIntervention(
        0,
        objection.uscc,
        InterventionKind.RESTING,
        risk_class=None,
        indicator=code,
        objection=objection.number,
        reason=objection.ground,
        evidence=objection.evidence,
        expires_on=None,
        state=Standing.IN_FORCE,
        proposed_by=who.by,
        proposed_at=who.at,
        decided_by=None,
        decided_at=None,
        ended_by=None,
        ended_at=None,
        end_reason="",
    )


async def decide_objection(
    number: int, ruling: Ruling, who: Who, tx: GovernedUnitOfWork, *, today: date
) -> Objection:
    """Upheld, the items rest on, until the correction arrives or the day named; rejected, they count again.

    Raises:
        Unknown, NotInThisState, SamePerson: it cannot be decided so.
    """
    await tx.interventions.standing()
    kept = intervening.decided(await tx.interventions.lock_objection(number), ruling, who)
    await tx.interventions.save_objection(kept)
    resting = await tx.interventions.resting_for(number)
    for each in resting:
        await tx.interventions.save(
            replace(each, expires_on=ruling.rests_until)
            if ruling.upheld
            else intervening.ended(each, f"objection rejected: {ruling.reason}", who)
        )
    await decide_anew(resting, who.at, tx, today=today)
    return kept
