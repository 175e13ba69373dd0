"""Is one value possible? Checks of days and areas that the schema of a member cannot make."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from vocabulary.areas import areas, current_code

from ingestion_service.model.data import Check
from ingestion_service.model.verdict import Problem, Reason

EARLIEST_ESTABLISHMENT = date(1840, 1, 1)
"""No entity is older; project-chosen."""
EARLIEST_DAY, LATEST_DAY = date(1949, 10, 1), date(2200, 1, 1)
"""Nothing else that is recorded happened before, or ends after; project-chosen. No reader needs to take more."""
WITHOUT_END = date(9999, 12, 31)
"""What senders write as a last day that never comes; recorded as `LATEST_DAY`."""
_NO_MONTH = Problem("", "is not the first day of a month", "the first day of the month, such as 2026-07-01")

ValueCheck = Callable[[Any, date], Any]
"""From a value and the last day on which something may already have happened: the value in its one spelling; or the
`Reason` for which the fact must be quarantined; or a `Problem` whose field is yet to be filled in."""


def area(code: str, _latest: date) -> str | Reason:
    """Today's code of the area; empty stays empty."""
    today = current_code(code) if code else code
    return today if not today or today in areas() else Reason.UNKNOWN_AREA


def _establishment(day: date, latest: date) -> date | Reason:
    return day if EARLIEST_ESTABLISHMENT <= day <= latest else Reason.IMPOSSIBLE_DATE


def _past_day(day: date, latest: date) -> date | Reason:
    return day if EARLIEST_DAY <= day <= latest else Reason.IMPOSSIBLE_DATE


def _day(day: date, _latest: date) -> date | Reason:
    return day if EARLIEST_DAY <= day <= LATEST_DAY else Reason.IMPOSSIBLE_DATE


def _last_day(day: date, latest: date) -> date | Reason:
    return LATEST_DAY if day == WITHOUT_END else _day(day, latest)


def _month(day: date, latest: date) -> date | Reason | Problem:
    return _past_day(day, latest) if day.day == 1 else _NO_MONTH


VALUE_CHECKS: Mapping[Check, ValueCheck] = {
    Check.AREA: area,
    Check.ESTABLISHMENT: _establishment,
    Check.PAST_DAY: _past_day,
    Check.LAST_DAY: _last_day,
    Check.DAY: _day,
    Check.MONTH: _month,
}
