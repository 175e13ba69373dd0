"""Spans of days that end on the business day. Days are counted since 1970-01-01 (Asia/Shanghai)."""

from calendar import monthrange
from datetime import date
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from profiling_service.model.catalogue import Window

_EPOCH = date(1970, 1, 1).toordinal()
MINUTES = 1440


def as_date(day: int) -> date:
    """The date of a day number."""
    return date.fromordinal(day + _EPOCH)


def as_day(on: date) -> int:
    """The day number of a date."""
    return on.toordinal() - _EPOCH


@lru_cache(maxsize=256)
def first_minute(window: Window, day: int) -> int:
    """The first minute inside a window that ends with `day`; a month's missing last days are clipped.

    `12m` ending on 2026-03-31 starts on 2025-04-01; `90d` holds 90 days.
    """
    if not window.months:
        return (day - window.days + 1) * MINUTES
    today = as_date(day)
    month = today.year * 12 + today.month - 1 - window.months
    year, month = month // 12, month % 12 + 1
    clipped = min(today.day, monthrange(year, month)[1])
    return (as_day(date(year, month, clipped)) + 1) * MINUTES


def completed_years(established: npt.NDArray[np.int64], day: int) -> npt.NDArray[np.float32]:
    """Anniversaries passed by `day`, 0 or more; 29 February has its anniversary on 1 March of other years."""
    today = as_date(day)
    days = established.astype("datetime64[D]")
    months = days.astype("datetime64[M]")
    years = months.astype("datetime64[Y]").astype(np.int64) + 1970
    month = months.astype(np.int64) % 12 + 1
    day_of_month = (days - months.astype("datetime64[D]")).astype(np.int64) + 1
    before = (month * 32 + day_of_month) > (today.month * 32 + today.day)
    passed: npt.NDArray[np.int64] = np.maximum(today.year - years - before, 0)
    return passed.astype(np.float32)
