"""On which days the whole city is judged without being asked (月度全量分类)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from classification_service.errors import InvalidModel, Problem
from classification_service.rules.reading import Document


@dataclass(frozen=True, slots=True)
class Cadence:
    """From which day of a month on, and up to how many days later, the month before is judged."""

    valid_from: date
    day_of_month: int
    days_late: int
    citation: str
    confidence: str


def cadences_of(document: Document) -> tuple[Cadence, ...]:
    """The cadences in this document, oldest first.

    Raises:
        InvalidModel: one has a day that not every month has.
    """
    found = sorted((Cadence(**row) for row in document["cadences"]), key=lambda each: each.valid_from)
    wrong = [each for each in found if not 1 <= each.day_of_month <= 28 or each.days_late < 0]
    if wrong:
        raise InvalidModel(
            "cadence", [Problem("cadences", "day_of_month is from 1 to 28, days_late from 0 on")]
        )
    return tuple(found)


def most_behind(cadences: Sequence[Cadence]) -> timedelta:
    """How far behind the newest day judged a run may be: on the last day that is not too late it still begins."""
    return timedelta(days=max(each.day_of_month + each.days_late for each in cadences))


def due(today: date, cadences: Sequence[Cadence], ran: Collection[date]) -> date | None:
    """The day to judge the city for, where a run is due: the last of the month before.

    `ran` are the days for which runs were begun. One asked for another day is no month's; after a later month's the
    one before cannot be judged any more.
    """
    begun = [each for each in cadences if each.valid_from <= today]
    last = today.replace(day=1) - timedelta(days=1)
    if not begun or any(day >= last and _ends_a_month(day) for day in ran):
        return None
    return last if 0 <= today.day - begun[-1].day_of_month <= begun[-1].days_late else None


def _ends_a_month(day: date) -> bool:
    return (day + timedelta(days=1)).day == 1
