"""The month that is over is judged by itself, in time or not at all."""

from datetime import date

import pytest
from classification_service.errors import InvalidModel
from classification_service.rules.cadence import Cadence, cadences_of, due, most_behind
from classification_service.store import packs

FIRST = Cadence(date(2026, 1, 1), 1, 5, "c", "project-chosen")
TENTH = Cadence(date(2026, 7, 1), 10, 2, "c", "project-chosen")


@pytest.mark.parametrize(
    ("today", "ran", "expected"),
    [
        (date(2026, 3, 1), None, date(2026, 2, 28)),
        (date(2026, 3, 6), date(2026, 1, 31), date(2026, 2, 28)),
        (date(2026, 3, 7), date(2026, 1, 31), None),
        (date(2026, 3, 1), date(2026, 2, 28), None),
        (date(2026, 3, 1), date(2026, 3, 15), date(2026, 2, 28)),
        (date(2026, 6, 1), date(2026, 6, 1), date(2026, 5, 31)),
        (date(2026, 3, 1), date(2026, 3, 31), None),
        (date(2025, 12, 1), None, None),
        (date(2026, 7, 9), None, None),
        (date(2026, 7, 10), None, date(2026, 6, 30)),
        (date(2026, 7, 13), None, None),
    ],
)
def test_a_run_is_due_once_for_the_last_day_of_the_month_before(
    today: date, ran: date | None, expected: date | None
) -> None:
    """The cadence in force today counts; who comes too late would judge by what is known later.

    A run asked ahead for a day in the middle of a month is no month's.
    """
    assert due(today, [FIRST, TENTH], [ran] if ran else []) == expected


@pytest.mark.parametrize("cadence", [FIRST, TENTH])
def test_a_run_that_is_due_on_the_last_late_day_is_not_too_far_behind(cadence: Cadence) -> None:
    """By then some are judged for that very day."""
    today = date(2026, 8, cadence.day_of_month + cadence.days_late)

    last = due(today, [cadence], [])

    assert last is not None
    assert today - last == most_behind([cadence])


def test_the_shipped_cadence_says_where_it_is_from() -> None:
    """It is data, and dated."""
    (cadence,) = packs.shipped_cadences()

    assert (cadence.day_of_month, cadence.days_late) == (1, 5)
    assert "市场监管总局" in cadence.citation


@pytest.mark.parametrize(("day", "late"), [(0, 1), (29, 1), (1, -1)])
def test_a_day_that_not_every_month_has_is_refused(day: int, late: int) -> None:
    """A month without a run is a gap for good."""
    row = {
        "valid_from": date(2026, 1, 1),
        "day_of_month": day,
        "days_late": late,
        "citation": "c",
        "confidence": "x",
    }

    with pytest.raises(InvalidModel, match="day_of_month"):
        cadences_of({"cadences": [row]})
