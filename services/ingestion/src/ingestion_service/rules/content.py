"""Is what a fact says possible? Only checks that the schema of its data cannot make."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import cache

import msgspec
from vocabulary.penalties import abnormal_listing_reasons, serious_violation_reasons

from ingestion_service.model.data import (
    MOST_CHARACTERS,
    MOST_FEN,
    ChangedField,
    Data,
    FactRetracted,
    ListingEntered,
    ListName,
    MoveDirection,
    RegistrationChanged,
    RegistrationMoved,
    RegistrationRecorded,
)
from ingestion_service.model.fact import Event
from ingestion_service.model.verdict import Problem, Reason
from ingestion_service.rules.members import MEMBERS
from ingestion_service.rules.values import VALUE_CHECKS, ValueCheck, area

Checked = Data | Reason | Problem
_ANOTHER = "the id of another fact of the same source"


def check(event: Event, latest: date) -> Checked:
    """The data in its one spelling; or what is wrong with the event; or why it must be quarantined.

    Args:
        event: A CloudEvent whose data satisfies its schema.
        latest: The last day on which something may already have happened.
    """
    if event.supersedes and event.supersedes == event.id:
        return Problem("supersedes", "is this fact itself", _ANOTHER)
    says = event.data
    kind = type(says)
    steps = _STEPS[kind]
    valued = _check_values(says, steps, latest) if steps else says
    whole = _OF_TYPE.get(kind)
    if whole is None or isinstance(valued, Problem):
        return valued
    found = whole(event, says if isinstance(valued, Reason) else valued)
    return valued if isinstance(valued, Reason) and not isinstance(found, Problem) else found


def _check_values(says: Data, steps: Sequence[tuple[str, ValueCheck]], latest: date) -> Checked:
    changes: dict[str, object] | None = None
    reason: Reason | None = None
    for name, step in steps:
        value = getattr(says, name)
        if value is None:
            continue
        found = step(value, latest)
        if found is value:
            continue
        if isinstance(found, Problem):
            return msgspec.structs.replace(found, field=f"data.{name}")
        if isinstance(found, Reason):
            reason = reason or found
        else:
            changes = {**(changes or {}), name: found}
    return reason or (msgspec.structs.replace(says, **changes) if changes else says)


_STEPS: Mapping[type[Data], Sequence[tuple[str, ValueCheck]]] = {
    of: tuple((member.name, VALUE_CHECKS[member.check]) for member in members.values() if member.check)
    for of, members in MEMBERS.items()
}


def _change(_event: Event, says: Data) -> Checked:
    assert isinstance(says, RegistrationChanged)  # noqa: S101 - tells the type checker what the table says
    if not says.after:
        return Problem(
            "data.after", "is empty", "the value after the change: nothing registered becomes nothing"
        )
    if says.field is ChangedField.AREA_CODE:
        code = area(says.after, date.max)
        return code if isinstance(code, Reason) else msgspec.structs.replace(says, after=code)
    if says.field is ChangedField.REGISTERED_CAPITAL_FEN:
        expected = f"fen of CNY as decimal digits, at most {MOST_FEN}"
        return says if _is_amount(says.after) else Problem("data.after", "is not an amount", expected)
    longest, form = _forms()[says.field]
    if len(says.after) <= longest and (form is None or form.search(says.after)):
        return says
    expected = f"text that creditloop.registration.recorded.v1 takes as data.{says.field}"
    return Problem("data.after", f"is no {says.field}", expected)


def _move(_event: Event, says: Data) -> Checked:
    """Areas outside the city are their registries' business."""
    assert isinstance(says, RegistrationMoved)  # noqa: S101
    if says.direction is not MoveDirection.WITHIN:
        return says
    left, entered = (area(code, date.max) for code in (says.from_area, says.to_area))
    if isinstance(left, Reason) or isinstance(entered, Reason):
        return Reason.UNKNOWN_AREA
    return msgspec.structs.replace(says, from_area=left, to_area=entered)


def _listing(_event: Event, says: Data) -> Checked:
    assert isinstance(says, ListingEntered)  # noqa: S101
    known = _listing_reasons()[says.list]
    if says.reason in known:
        return says
    return Problem("data.reason", "is none of this list's reasons", f"one of {', '.join(sorted(known))}")


def _retraction(event: Event, says: Data) -> Checked:
    assert isinstance(says, FactRetracted)  # noqa: S101
    if event.supersedes:
        return Problem("supersedes", "is not for a retraction", "no such attribute on a retraction")
    if says.fact_id == event.id:
        return Problem("data.fact_id", "is this fact itself", _ANOTHER)
    return says


_OF_TYPE: Mapping[type[Data], Callable[[Event, Data], Checked]] = {
    RegistrationChanged: _change,
    RegistrationMoved: _move,
    ListingEntered: _listing,
    FactRetracted: _retraction,
}
"""What only holds between the members of one type."""


@cache
def _forms() -> Mapping[str, tuple[int, re.Pattern[str] | None]]:
    """Longest text and pattern of each particular, as its registration has them."""
    kinds = {name: member.kind for name, member in MEMBERS[RegistrationRecorded].items()}
    return {
        name: (kind.max_length or MOST_CHARACTERS, re.compile(kind.pattern) if kind.pattern else None)
        for name, kind in kinds.items()
        if isinstance(kind, msgspec.inspect.StrType)
    }


@cache
def _listing_reasons() -> Mapping[ListName, frozenset[str]]:
    return {
        ListName.ABNORMAL: frozenset(abnormal_listing_reasons()),
        ListName.SERIOUS: frozenset(serious_violation_reasons()),
    }


def _is_amount(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 16 and int(text) <= MOST_FEN
