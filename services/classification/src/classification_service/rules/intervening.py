"""What becomes of what people decided about a class."""

from dataclasses import replace
from datetime import date

from classification_service.errors import NotInThisState, SamePerson, TooFarAhead
from classification_service.model.governing import Who
from classification_service.model.intervention import (
    InterventionKind,
    KeptIntervention,
    Objection,
    ObjectionState,
    Ruling,
    Standing,
)


def require_begun(day: date, today: date, newest_judged: date | None) -> None:
    """The day may be run.

    Raises:
        TooFarAhead: it is neither begun by the clock nor judged.
    """
    last = max(today, newest_judged or today)
    if day > last:
        raise TooFarAhead("is ahead of the city: what is in force would end before its day", last)


def begun(kept: KeptIntervention, who: Who) -> KeptIntervention:
    """A proposed adjustment is in force.

    Raises:
        SamePerson: who approves proposed it.
        NotInThisState: it is no longer proposed.
    """
    _require(kept, Standing.PROPOSED)
    if who.by == kept.proposed_by:
        raise SamePerson("proposer")
    return replace(kept, state=Standing.IN_FORCE, decided_by=who.by, decided_at=who.at)


def refused(kept: KeptIntervention, reason: str, who: Who) -> KeptIntervention:
    """Nothing comes of a proposed adjustment.

    Raises:
        NotInThisState: it is no longer proposed.
    """
    _require(kept, Standing.PROPOSED)
    return replace(kept, state=Standing.REFUSED, decided_by=who.by, decided_at=who.at, refuse_reason=reason)


def ended(kept: KeptIntervention, reason: str, who: Who) -> KeptIntervention:
    """It is in force no longer.

    Raises:
        NotInThisState: it was not.
    """
    _require(kept, Standing.IN_FORCE)
    return replace(kept, state=Standing.ENDED, ended_by=who.by, ended_at=who.at, end_reason=reason)


def revoked(kept: KeptIntervention, reason: str, who: Who) -> KeptIntervention:
    """A manual adjustment is in force no longer; an item rests until its objection is decided or corrected.

    Raises:
        NotInThisState: it was not in force, or is no manual one.
    """
    if kept.kind is not InterventionKind.MANUAL:
        raise NotInThisState("intervention", str(kept.kind), "manual")
    return ended(kept, reason, who)


def decided(objection: Objection, ruling: Ruling, who: Who) -> Objection:
    """The objection is upheld or rejected.

    Raises:
        SamePerson: who decides filed it.
        NotInThisState: it was decided before.
    """
    if objection.state is not ObjectionState.OPEN:
        raise NotInThisState("objection", objection.state, ObjectionState.OPEN)
    if who.by == objection.filed_by:
        raise SamePerson("filer")
    return replace(
        objection,
        state=ObjectionState.UPHELD if ruling.upheld else ObjectionState.REJECTED,
        decided_by=who.by,
        decided_at=who.at,
        reason=ruling.reason,
        must_happen=ruling.must_happen,
        rests_until=ruling.rests_until,
    )


def begun_again(kept: KeptIntervention, last_day: date, who: Who) -> KeptIntervention:
    """An item whose day came before its objection was decided rests anew, as another in the books."""
    return replace(
        kept,
        id=0,
        state=Standing.IN_FORCE,
        expires_on=last_day,
        proposed_by=who.by,
        proposed_at=who.at,
        ended_by=None,
        ended_at=None,
        end_reason="",
    )


def _require(kept: KeptIntervention, state: Standing) -> None:
    if kept.state is not state:
        raise NotInThisState("intervention", kept.state, state)
