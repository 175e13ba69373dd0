"""On which day a version may go live."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from classification_service.errors import DayNotFree, NotInThisState, TooFarAhead
from classification_service.model.risk_model import RiskModel

MOST_AHEAD = timedelta(days=400)
"""A version promoted for a slip of the pen holds every later one of its code up until then; project-chosen."""
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Course:
    """How a code comes to be where it is.

    Attributes:
        promoted: each version with its first day, in the order in which they hold; none for a new code.
        newest_judged: newest business day of any state, None where none is.
        today: the business day of now.
    """

    promoted: Sequence[tuple[RiskModel, date]]
    newest_judged: date | None
    today: date

    def on(self, day: date) -> RiskModel | None:
        """The version that holds on this day."""
        return next((model for model, first in reversed(self.promoted) if first <= day), None)

    def after(self, day: date) -> Sequence[tuple[RiskModel, date]]:
        """What takes over later."""
        return [each for each in self.promoted if each[1] > day]

    def before(self, model_id: str) -> RiskModel | None:
        """The version that this one took over from when it was first promoted."""
        ids = [model.id for model, _ in self.promoted]
        place = ids.index(model_id) if model_id in ids else 0
        return self.promoted[place - 1][0] if place else None


def require_free_day(model: RiskModel, day: date, course: Course) -> None:
    """A new version may judge from that day on.

    Raises:
        DayNotFree: the day is judged, or it does not follow the version promoted last, or is not valid then.
        TooFarAhead: the day is.
    """
    _require_near(day, course)
    if course.newest_judged is not None and day <= course.newest_judged:
        raise judged(course.newest_judged)
    _require_valid(model, day)
    if not course.promoted:
        return
    last, first = course.promoted[-1]
    if day <= first:
        raise DayNotFree(f"{last.id} begins on {first}, and the later of two holds", _after(first))
    if last.valid_to is not None and day <= last.valid_to:
        raise DayNotFree(f"{last.id} is in force up to {last.valid_to}", _after(last.valid_to))


def require_way_back(model: RiskModel, day: date, course: Course) -> None:
    """An earlier version may judge again from that day on, in place of the one that holds then; later ones stay.

    The day may be the newest that is judged: what is left is not to judge another hour.

    Raises:
        DayNotFree: later days are judged, nothing holds on that day yet, or the version is not valid then.
        TooFarAhead: the day is.
        NotInThisState: it holds then as it is.
    """
    _require_near(day, course)
    if course.newest_judged is not None and day < course.newest_judged:
        raise judged(course.newest_judged, itself=True)
    _require_valid(model, day)
    held = course.on(day)
    if held is None:
        first, begins = course.promoted[0]
        raise DayNotFree(f"{first.id}, the first of its code, begins on {begins}", begins)
    if held.id == model.id:
        raise NotInThisState("version", f"the one in force on {day}", "another one")


def judged(newest: date, *, itself: bool = False) -> DayNotFree:
    """Days up to this one are judged; it is free only to go back, where `itself` says so."""
    earliest = newest if itself else _after(newest)
    return DayNotFree(f"days up to {newest} are judged by others already", earliest)


def _after(day: date) -> date:
    return day if day == date.max else day + _ONE_DAY


def _require_near(day: date, course: Course) -> None:
    last = max(course.today, course.newest_judged or course.today) + MOST_AHEAD
    if day > last:
        raise TooFarAhead("is too far ahead: nothing else of its code could go live until then", last)


def _require_valid(model: RiskModel, day: date) -> None:
    if day < model.valid_from:
        raise DayNotFree(f"{model.id} says it is valid from {model.valid_from}", model.valid_from)
    if model.valid_to is not None and day > model.valid_to:
        raise DayNotFree(f"{model.id} says it is valid up to {model.valid_to} only", model.valid_from)
