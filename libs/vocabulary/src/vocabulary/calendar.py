"""Working days of China, months as the law counts them, and the business day of an instant.

Holidays and make-up working days (调休) are announced year by year by the State Council. The years known are
those of the ``chinesecalendar`` package and of ``packs/calendar.yaml``; in any other year Monday to Friday
are working days, and one ``UnknownYearWarning`` says so.
"""

import calendar
import warnings
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any, Final
from zoneinfo import ZoneInfo

from chinese_calendar import constants

from vocabulary.code_tables import Confidence, document

BUSINESS_ZONE: Final = ZoneInfo("Asia/Shanghai")

_ONE_DAY: Final = timedelta(days=1)
_FRIDAY: Final = 4


class UnknownYearWarning(UserWarning):
    """Working days of a year were counted without that year's announcement."""


@dataclass(frozen=True, slots=True)
class AnnouncedYear:
    """One year's announcement: which days are off, which weekend days are worked."""

    year: int
    holidays: frozenset[date]
    workdays: frozenset[date]
    source: str
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """Announced days off and make-up days, over the years in ``years``."""

    holidays: frozenset[date]
    workdays: frozenset[date]
    years: frozenset[int]

    def is_working_day(self, day: date) -> bool:
        """Whether offices work that day; Monday to Friday, with a warning, in a year never announced."""
        if day in self.workdays:
            return True
        if day.year not in self.years:
            _warn_of_unknown_year(day.year)
        return day.weekday() <= _FRIDAY and day not in self.holidays

    def with_year(self, announced: AnnouncedYear) -> "WorkingCalendar":
        """This calendar with one year replaced by its announcement."""
        return WorkingCalendar(
            frozenset(day for day in self.holidays if day.year != announced.year) | announced.holidays,
            frozenset(day for day in self.workdays if day.year != announced.year) | announced.workdays,
            self.years | {announced.year},
        )


@cache
def working_calendar() -> WorkingCalendar:
    """The calendar of the package, with the years of our own table over it."""
    known = WorkingCalendar(
        frozenset(constants.holidays),
        frozenset(constants.workdays),
        frozenset(day.year for day in constants.holidays),
    )
    for row in document("calendar")["years"]:
        known = known.with_year(announced_year(row))
    return known


def announced_year(row: dict[str, Any]) -> AnnouncedYear:
    """One entry of ``packs/calendar.yaml``: days, and runs of days given as their first and last."""
    return AnnouncedYear(
        year=row["year"],
        holidays=frozenset(day for span in row["holidays"] for day in _days(span)),
        workdays=frozenset(day for span in row["workdays"] for day in _days(span)),
        source=row["source"],
        confidence=Confidence(row["confidence"]),
    )


def is_working_day(day: date) -> bool:
    """Whether offices work that day, make-up days and holidays considered."""
    return working_calendar().is_working_day(day)


def add_working_days(start: date, count: int) -> date:
    """The ``count``-th working day after ``start``, which itself is not counted; before it where negative.

    Zero gives ``start`` itself, working day or not.
    """
    step = _ONE_DAY if count > 0 else -_ONE_DAY
    day, left = start, abs(count)
    while left:
        day += step
        left -= is_working_day(day)
    return day


def working_days_between(start: date, end: date) -> int:
    """How many working days come after ``start`` up to and including ``end``.

    Where ``end`` is earlier: the working days since then, negative.

    ``add_working_days(start, n)`` is n working days after ``start``.
    """
    if end < start:
        return -working_days_between(end, start)
    return sum(is_working_day(start + _ONE_DAY * offset) for offset in range(1, (end - start).days + 1))


def add_months(start: date, count: int) -> date:
    """The same day of the month ``count`` months later, or that month's last day where it has no such day.

    "满三个月" and "满一年" (12 months) are counted so: 30 November + 3 months is the last of February.
    """
    months = start.year * 12 + start.month - 1 + count
    year, month = divmod(months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(start.day, last))


def business_date(instant_utc: datetime) -> date:
    """The day it is in China at that instant.

    Raises:
        ValueError: the instant has no time zone.
    """
    if instant_utc.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return instant_utc.astimezone(UTC).astimezone(BUSINESS_ZONE).date()


@cache
def _warn_of_unknown_year(year: int) -> None:
    warnings.warn(
        f"holidays of {year} are not known: counting Monday to Friday; add the year to packs/calendar.yaml",
        UnknownYearWarning,
        stacklevel=4,
    )


def _days(span: date | list[date]) -> list[date]:
    first, last = (span, span) if isinstance(span, date) else span
    return [first + _ONE_DAY * offset for offset in range((last - first).days + 1)]
