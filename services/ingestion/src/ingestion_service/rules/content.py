"""Is what a fact says possible? Only checks that the schema of its data cannot make."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from typing import get_type_hints

import msgspec
from vocabulary.areas import areas, current_code
from vocabulary.penalties import abnormal_listing_reasons, serious_violation_reasons

from ingestion_service.model.data import (
    MOST_CHARACTERS,
    MOST_FEN,
    ChangedField,
    Data,
    ListingEntered,
    ListName,
    PenaltyImposed,
    RegistrationChanged,
    RegistrationRecorded,
    SuspensionDeclared,
)
from ingestion_service.model.verdict import Problem, Reason

Checked = Data | Reason | Problem

EARLIEST_ESTABLISHMENT = date(1840, 1, 1)
"""No entity is older; project-chosen."""
EARLIEST_DAY, LATEST_DAY = date(1949, 10, 1), date(2200, 1, 1)
"""Nothing else that is recorded happened before, or ends after; project-chosen. No reader needs to take more."""
WITHOUT_END = date(9999, 12, 31)
"""What senders write as the last day of a restriction that never ends; recorded as `LATEST_DAY`."""


def check(says: Data, latest: date) -> Checked:
    """The data in its one spelling; or why it must be quarantined; or what is wrong with it.

    Args:
        says: Data that satisfies its schema.
        latest: The last day on which something may already have happened.
    """
    checking = _CHECKS.get(type(says))
    return says if checking is None else checking(says, latest)


def _registration(says: Data, latest: date) -> Checked:
    assert isinstance(says, RegistrationRecorded)  # noqa: S101 - tells the type checker what the table says
    if says.established_on is not None and not EARLIEST_ESTABLISHMENT <= says.established_on <= latest:
        return Reason.IMPOSSIBLE_DATE
    if not says.area_code:
        return says
    code = _area(says.area_code)
    if code is None:
        return Reason.UNKNOWN_AREA
    return says if code == says.area_code else msgspec.structs.replace(says, area_code=code)


def _change(says: Data, _latest: date) -> Checked:
    assert isinstance(says, RegistrationChanged)  # noqa: S101
    if not says.after:
        return Problem(
            "data.after", "is empty", "the value after the change: nothing registered becomes nothing"
        )
    if says.field is ChangedField.AREA_CODE:
        code = _area(says.after)
        return Reason.UNKNOWN_AREA if code is None else msgspec.structs.replace(says, after=code)
    if says.field is ChangedField.REGISTERED_CAPITAL_FEN:
        expected = f"fen of CNY as decimal digits, at most {MOST_FEN}"
        return says if _is_amount(says.after) else Problem("data.after", "is not an amount", expected)
    longest, form = _forms()[says.field]
    if len(says.after) <= longest and (form is None or form.search(says.after)):
        return says
    expected = f"text that creditloop.registration.recorded.v1 takes as data.{says.field}"
    return Problem("data.after", f"is no {says.field}", expected)


def _penalty(says: Data, latest: date) -> Checked:
    assert isinstance(says, PenaltyImposed)  # noqa: S101
    if says.published_on is not None and not EARLIEST_DAY <= says.published_on <= latest:
        return Reason.IMPOSSIBLE_DATE
    return _restricted(says, says.restriction_until)


def _listing(says: Data, _latest: date) -> Checked:
    assert isinstance(says, ListingEntered)  # noqa: S101
    known = _listing_reasons()[says.list]
    if says.reason in known:
        return _restricted(says, says.restriction_until)
    return Problem("data.reason", "is none of this list's reasons", f"one of {', '.join(sorted(known))}")


def _restricted(says: Data, until: date | None) -> Checked:
    if until == WITHOUT_END:
        return msgspec.structs.replace(says, restriction_until=LATEST_DAY)
    return says if until is None or EARLIEST_DAY <= until <= LATEST_DAY else Reason.IMPOSSIBLE_DATE


def _suspension(says: Data, _latest: date) -> Checked:
    assert isinstance(says, SuspensionDeclared)  # noqa: S101
    return says if EARLIEST_DAY <= says.until <= LATEST_DAY else Reason.IMPOSSIBLE_DATE


_CHECKS: Mapping[type[Data], Callable[[Data, date], Checked]] = {
    RegistrationRecorded: _registration,
    RegistrationChanged: _change,
    PenaltyImposed: _penalty,
    ListingEntered: _listing,
    SuspensionDeclared: _suspension,
}


@cache
def _forms() -> Mapping[str, tuple[int, re.Pattern[str] | None]]:
    """Longest text and pattern of each particular, as its registration has them."""
    hints = get_type_hints(RegistrationRecorded, include_extras=True)
    known = {name: _bare(msgspec.inspect.type_info(hint)) for name, hint in hints.items()}
    return {
        name: (info.max_length or MOST_CHARACTERS, re.compile(info.pattern) if info.pattern else None)
        for name, info in known.items()
        if isinstance(info, msgspec.inspect.StrType)
    }


def _bare(info: msgspec.inspect.Type) -> msgspec.inspect.Type:
    return info.type if isinstance(info, msgspec.inspect.Metadata) else info


@cache
def _listing_reasons() -> Mapping[ListName, frozenset[str]]:
    return {
        ListName.ABNORMAL: frozenset(abnormal_listing_reasons()),
        ListName.SERIOUS: frozenset(serious_violation_reasons()),
    }


def _area(code: str) -> str | None:
    today = current_code(code)
    return today if today in areas() else None


def _is_amount(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 16 and int(text) <= MOST_FEN
