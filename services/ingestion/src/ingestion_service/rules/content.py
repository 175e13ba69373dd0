"""Is what a fact says possible? Only checks that the schema of its data cannot make."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import cache

import msgspec
from vocabulary.areas import areas, current_code
from vocabulary.penalties import abnormal_listing_reasons, serious_violation_reasons

from ingestion_service.model.data import (
    ChangedField,
    Data,
    ListingEntered,
    ListName,
    PenaltyImposed,
    RegistrationChanged,
    RegistrationRecorded,
)
from ingestion_service.model.verdict import Problem, Reason

Checked = Data | Reason | Problem

EARLIEST_DAY = date(1840, 1, 1)
"""No entity or event is older; project-chosen."""


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
    if says.established_on is not None and not EARLIEST_DAY <= says.established_on <= latest:
        return Reason.IMPOSSIBLE_DATE
    if not says.area_code:
        return says
    code = _area(says.area_code)
    if code is None:
        return Reason.UNKNOWN_AREA
    return says if code == says.area_code else msgspec.structs.replace(says, area_code=code)


def _change(says: Data, _latest: date) -> Checked:
    assert isinstance(says, RegistrationChanged)  # noqa: S101
    if says.field is ChangedField.AREA_CODE:
        code = _area(says.after)
        return Reason.UNKNOWN_AREA if code is None else msgspec.structs.replace(says, after=code)
    if says.field is ChangedField.REGISTERED_CAPITAL_FEN and not _is_amount(says.after):
        return Problem("data.after", "is not an amount", "fen of CNY as decimal digits")
    return says


def _penalty(says: Data, latest: date) -> Checked:
    assert isinstance(says, PenaltyImposed)  # noqa: S101
    if says.published_on is not None and not EARLIEST_DAY <= says.published_on <= latest:
        return Reason.IMPOSSIBLE_DATE
    return says


def _listing(says: Data, _latest: date) -> Checked:
    assert isinstance(says, ListingEntered)  # noqa: S101
    known = _listing_reasons()[says.list]
    if says.reason in known:
        return says
    return Problem("data.reason", "is none of this list's reasons", f"one of {', '.join(sorted(known))}")


_CHECKS: Mapping[type[Data], Callable[[Data, date], Checked]] = {
    RegistrationRecorded: _registration,
    RegistrationChanged: _change,
    PenaltyImposed: _penalty,
    ListingEntered: _listing,
}


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
    return text.isascii() and text.isdigit() and len(text) <= 16
