"""In which state signals are, and which are asked for, said in SQL."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, case, exists, false, func, not_, or_, select
from vocabulary.areas import CITY

from profiling_service.ports.signals import SignalFilter
from profiling_service.tables import BUSINESS_DAY, SIGNAL, SUPPRESSION

TODAY = select(BUSINESS_DAY.c.day).scalar_subquery()
SNOOZED = func.coalesce(
    and_(
        SIGNAL.c.snoozed_until >= TODAY,
        SIGNAL.c.snoozed_updates == SIGNAL.c.updates,
        SIGNAL.c.snoozed_at >= SIGNAL.c.raised_at,
    ),
    false(),
)
"""It waits on the business day, and has not grown or been raised anew since it was made to."""


def in_force() -> ColumnElement[bool]:
    """A suppression is, on the business day."""
    return and_(SUPPRESSION.c.ended_at.is_(None), SUPPRESSION.c.until >= TODAY)


def is_suppressed() -> ColumnElement[bool]:
    """On the business day, of itself, of its area or of the city; each is looked up alone, and not again by row."""
    return or_(exists().where(_same(), SUPPRESSION.c.uscc == SIGNAL.c.uscc), is_suppressed_in_scope())


def is_suppressed_in_scope() -> ColumnElement[bool]:
    """On the business day, of its area or of the city."""
    said = SUPPRESSION.c.area_code
    return or_(
        exists().where(_same(), said == SIGNAL.c.area_code, said != ""),
        exists().where(_same(), said == CITY),
    )


def _same() -> ColumnElement[bool]:
    return and_(SUPPRESSION.c.family == SIGNAL.c.family, in_force())


def conditions(wanted: SignalFilter) -> Sequence[ColumnElement[bool]]:
    """What holds of signals that are asked for."""
    asked = (
        (SIGNAL.c.area_code, wanted.area_code),
        (SIGNAL.c.family, wanted.family),
        (SIGNAL.c.uscc, wanted.uscc),
        (SIGNAL.c.is_open, wanted.is_open),
        (SIGNAL.c.severity, wanted.severity),
    )
    found = [column == value for column, value in asked if value is not None]
    if wanted.due_before is not None:
        found.append(SIGNAL.c.due_on < wanted.due_before)
    if wanted.sector is not None:
        works_in_it = SIGNAL.c.sectors.op("&")(wanted.sector) != 0
        found.append(or_(works_in_it, SIGNAL.c.family.in_(wanted.sector_families)))
    if wanted.assignee is not None:
        nobody = SIGNAL.c.assignee.is_(None)
        found.append(SIGNAL.c.assignee == wanted.assignee if wanted.assignee else nobody)
    if wanted.state is not None:
        found.append(_in_state(wanted.state))
    return found


def _in_state(state: str) -> ColumnElement[bool]:
    if state == "cleared":
        return SIGNAL.c.cleared_on.is_not(None)
    if state == "suppressed":
        return and_(SIGNAL.c.cleared_on.is_(None), or_(SIGNAL.c.silent, is_suppressed()))
    waits = SNOOZED if state == "snoozed" else not_(SNOOZED)
    return and_(SIGNAL.c.is_open, not_(is_suppressed()), waits)


def state() -> ColumnElement[str]:
    """The state of a signal."""
    return case(
        (SIGNAL.c.cleared_on.is_not(None), "cleared"),
        (or_(SIGNAL.c.silent, is_suppressed()), "suppressed"),
        (SNOOZED, "snoozed"),
        else_="open",
    )
