"""Windows and anniversaries, where calendars are uneven."""

from datetime import date

import numpy as np
import pytest
from profiling_service.model.catalogue import Window
from profiling_service.rules.windows import MINUTES, as_date, as_day, completed_years, first_minute


@pytest.mark.parametrize(
    ("window", "today", "first"),
    [
        (Window(months=12), date(2026, 3, 31), date(2025, 4, 1)),
        (Window(months=12), date(2024, 2, 29), date(2023, 3, 1)),
        (Window(months=36), date(2026, 1, 1), date(2023, 1, 2)),
        (Window(days=90), date(2026, 3, 31), date(2026, 1, 1)),
    ],
)
def test_a_window_ends_with_the_business_day(window: Window, today: date, first: date) -> None:
    """Both ends included; a month without that day is clipped to its last."""
    assert as_date(first_minute(window, as_day(today)) // MINUTES) == first


@pytest.mark.parametrize(
    ("established", "today", "years"),
    [
        (date(2020, 6, 1), date(2026, 5, 31), 5),
        (date(2020, 6, 1), date(2026, 6, 1), 6),
        (date(2020, 2, 29), date(2021, 2, 28), 0),
        (date(2020, 2, 29), date(2021, 3, 1), 1),
        (date(1956, 7, 1), date(2026, 6, 1), 69),
        (date(2027, 1, 1), date(2026, 6, 1), 0),
    ],
)
def test_age_is_in_completed_years(established: date, today: date, years: int) -> None:
    """So that it moves once a year and not every day."""
    assert completed_years(np.array([as_day(established)]), as_day(today)) == [years]
