"""Spans that end on a day, and anniversaries, by the calendar."""

from calendar import monthrange
from datetime import date, timedelta


def first_day(window: str, today: date, times: int = 1) -> date:
    """The first day inside a window such as `12m` or `90d`, or inside one so many times as long."""
    length = int(window[:-1]) * times
    if window.endswith("d"):
        return today - timedelta(days=length - 1)
    years, months = divmod(today.year * 12 + today.month - 1 - length, 12)
    same_day = date(years, months + 1, min(today.day, monthrange(years, months + 1)[1]))
    return same_day + timedelta(days=1)


def anniversaries(since: date, today: date) -> int:
    """Completed years; 29 February has its anniversary on 1 March of other years."""
    years = today.year - since.year
    return max(0, years if (today.month, today.day) >= (since.month, since.day) else years - 1)
