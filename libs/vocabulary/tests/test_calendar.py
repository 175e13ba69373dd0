"""Working days, months and business days."""

import warnings
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vocabulary import calendar
from vocabulary.calendar import (
    UnknownYearWarning,
    add_months,
    add_working_days,
    announced_year,
    business_date,
    is_working_day,
    working_calendar,
    working_days_between,
)

known_days = st.dates(date(2005, 1, 1), date(2025, 6, 30))


@pytest.fixture(autouse=True)
def nothing_warned_of_yet() -> Iterator[None]:
    """The warning comes once a year and process; each test is its own process."""
    calendar._warn_of_unknown_year.cache_clear()
    yield
    calendar._warn_of_unknown_year.cache_clear()


def test_holidays_are_off_and_make_up_days_are_worked() -> None:
    """国庆 2025 ran from 1 to 8 October; the Sunday before and the Saturday after were worked."""
    assert not any(is_working_day(date(2025, 10, day)) for day in range(1, 9))
    assert is_working_day(date(2025, 9, 28))
    assert is_working_day(date(2025, 10, 11))
    assert not is_working_day(date(2025, 10, 12))


def test_working_days_across_the_national_day_with_make_up_days() -> None:
    """Seven working days from 26 September 2025: 28, 29, 30 September and 9, 10, 11, 13 October."""
    assert add_working_days(date(2025, 9, 26), 7) == date(2025, 10, 13)
    assert working_days_between(date(2025, 9, 26), date(2025, 10, 13)) == 7


def test_the_first_day_is_not_counted() -> None:
    """Periods run from the day after the event."""
    assert add_working_days(date(2025, 6, 9), 1) == date(2025, 6, 10)
    assert add_working_days(date(2025, 6, 14), 0) == date(2025, 6, 14)
    assert add_working_days(date(2025, 6, 16), -1) == date(2025, 6, 13)


@given(known_days, st.integers(1, 60))
def test_counting_and_adding_agree(start: date, count: int) -> None:
    """A deadline and the days left until it must never disagree."""
    end = add_working_days(start, count)

    assert is_working_day(end)
    assert working_days_between(start, end) == count


@given(known_days, known_days)
def test_counting_backwards_is_the_negative(one: date, other: date) -> None:
    """Days overdue are days left, below zero."""
    near = one + (other - one) % timedelta(days=90)

    assert working_days_between(one, near) == -working_days_between(near, one)


def test_an_unknown_year_warns_once_and_counts_monday_to_friday() -> None:
    """The announcement for a year comes late in the one before; deadlines cannot wait, nor may they crash."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        assert is_working_day(date(2099, 10, 2))
        assert not is_working_day(date(2099, 10, 3))
        assert is_working_day(date(2098, 10, 1))
        assert add_working_days(date(2099, 1, 1), 5) == date(2099, 1, 8)

    assert [warning.category for warning in caught] == [UnknownYearWarning] * 2
    assert ["2099" in str(warning.message) for warning in caught] == [True, False]


def test_every_year_from_2004_to_2026_is_known() -> None:
    """A gap would silently fall back on weekdays in a replay of the past."""
    assert working_calendar().years >= set(range(2004, 2027))


def test_our_own_table_replaces_a_whole_year() -> None:
    """A correction is an entry in the pack, not a release of a package."""
    entry = {
        "year": 2099,
        "holidays": [date(2099, 1, 1), [date(2099, 10, 1), date(2099, 10, 7)]],
        "workdays": [date(2099, 10, 10)],
        "source": "a test",
        "confidence": "project-chosen",
    }

    known = working_calendar().with_year(announced_year(entry))

    assert not known.is_working_day(date(2099, 10, 7))
    assert known.is_working_day(date(2099, 10, 8))
    assert known.is_working_day(date(2099, 10, 10))
    assert 2099 not in working_calendar().years


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2025, 11, 30), 3, date(2026, 2, 28)),
        (date(2023, 11, 30), 3, date(2024, 2, 29)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2025, 12, 25), 3, date(2026, 3, 25)),
        (date(2025, 10, 31), 1, date(2025, 11, 30)),
        (date(2025, 12, 31), 36, date(2028, 12, 31)),
        (date(2025, 3, 31), -1, date(2025, 2, 28)),
        (date(2025, 1, 15), -1, date(2024, 12, 15)),
        (date(2025, 1, 15), 0, date(2025, 1, 15)),
    ],
)
def test_months_end_on_the_same_day_or_the_months_last(start: date, months: int, end: date) -> None:
    """Publicity periods of three months, one year and three years are counted so, leap years too."""
    assert add_months(start, months) == end


def test_the_business_day_is_chinas() -> None:
    """An event at 16:00 UTC already belongs to tomorrow's books."""
    assert business_date(datetime(2025, 12, 24, 15, 59, 59, tzinfo=UTC)) == date(2025, 12, 24)
    assert business_date(datetime(2025, 12, 24, 16, 0, tzinfo=UTC)) == date(2025, 12, 25)
    assert business_date(datetime(2025, 12, 25, 0, 0, tzinfo=timezone(timedelta(hours=8)))) == date(
        2025, 12, 25
    )


def test_an_instant_without_a_zone_is_refused() -> None:
    """Guessing a zone moves a deadline by a day."""
    with pytest.raises(ValueError, match="time zone"):
        business_date(datetime(2025, 12, 24, 16, 0))  # noqa: DTZ001  # a naive instant is the point
