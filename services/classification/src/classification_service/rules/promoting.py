"""On which day a version may go live."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from classification_service.errors import DayNotFree
from classification_service.model.risk_model import RiskModel

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Course:
    """How a code came to be where it is.

    Attributes:
        last: the version promoted last, None for a new code.
        from_day: its first day.
        newest_judged: newest business day of any state, None where none is.
    """

    last: RiskModel | None
    from_day: date
    newest_judged: date | None


def require_free_day(model: RiskModel, day: date, course: Course) -> None:
    """A new version may judge from that day on.

    Raises:
        DayNotFree: days from then on are judged, or it does not follow the version before, or is not valid then.
    """
    _require_unjudged(day, course)
    _require_valid(model, day)
    if course.last is None:
        return
    if day <= course.from_day:
        raise DayNotFree(
            f"{course.last.id} begins on {course.from_day}, and the later of two holds",
            course.from_day + _ONE_DAY,
        )
    if course.last.valid_to is not None and day <= course.last.valid_to:
        raise DayNotFree(
            f"{course.last.id} is in force up to {course.last.valid_to}", course.last.valid_to + _ONE_DAY
        )


def require_way_back(model: RiskModel, day: date, course: Course) -> None:
    """An earlier version may judge again from that day on; the day of the version it replaces may be the same.

    Raises:
        DayNotFree: days from then on are judged, a later version is promoted, or it is not valid then.
    """
    _require_unjudged(day, course)
    _require_valid(model, day)
    if course.last is not None and day < course.from_day:
        raise DayNotFree(f"{course.last.id} begins on {course.from_day}", course.from_day)


def newest_of(versions: Sequence[RiskModel]) -> dict[str, int]:
    """Of each code the newest version."""
    newest: dict[str, int] = {}
    for model in versions:
        newest[model.code] = max(model.version, newest.get(model.code, 0))
    return newest


def _require_unjudged(day: date, course: Course) -> None:
    if course.newest_judged is not None and day < course.newest_judged:
        raise DayNotFree(
            f"days up to {course.newest_judged} are judged by others already", course.newest_judged
        )


def _require_valid(model: RiskModel, day: date) -> None:
    if day < model.valid_from:
        raise DayNotFree(f"{model.id} says it is valid from {model.valid_from}", model.valid_from)
    if model.valid_to is not None and day > model.valid_to:
        raise DayNotFree(f"{model.id} says it is valid up to {model.valid_to} only", model.valid_from)
