"""Reports that are due in a season of the year."""

from collections.abc import Iterable
from datetime import date

import numpy as np
import numpy.typing as npt

from profiling_service.model.signals import NO_TAIL, SignalFamily
from profiling_service.rules.causes.figures import all_reached
from profiling_service.rules.causes.view import View
from profiling_service.rules.columns import Mask
from profiling_service.rules.windows import as_date, as_day

Season = tuple[tuple[int, int], tuple[int, int]]


class ReportDue:
    """The year reported on is the episode; it is raised by the daily run only."""

    def __init__(self, family: SignalFamily, view: View) -> None:
        self._family, self._view = family, view
        self._year = as_date(view.day).year - 1
        self._owing: Mask | None = None

    def begins(self) -> Iterable[tuple[int, int]]:
        """See `Cause`."""
        if self._view.calendar and in_season(self._family.rule.season, self._view.day):
            for entity in np.flatnonzero(self._who_owes()).tolist():
                known = self._view.entities[entity].signals
                if not any(said[:2] == (self._family.code, self._year) for said in known):
                    yield entity, self._year

    def holds(self, entity: int, episode: int) -> bool:
        """See `Cause`."""
        due = episode == self._year and in_season(self._family.rule.season, self._view.day)
        return due and bool(self._who_owes()[entity])

    def returns(self, entity: int, episode: int) -> bool:
        """See `Cause`."""
        return self.holds(entity, episode)

    def measure(self, entity: int) -> float:  # noqa: ARG002 - one report is one report
        """See `Cause`."""
        return 1.0

    def tail(self, entity: int) -> float:  # noqa: ARG002
        """See `Cause`."""
        return NO_TAIL

    def facts(self, entity: int, episode: int) -> tuple[int, ...]:  # noqa: ARG002
        """See `Cause`: no fact shows that one is missing."""
        return ()

    def _who_owes(self) -> Mask:
        if self._owing is None:
            self._owing = owing(self._family, self._view, self._year)
        return self._owing


def owing(family: SignalFamily, view: View, year: int) -> Mask:
    """Those concerned, registered before the end of `year`, that have not filed its report."""
    facts, owes = view.facts, concerned(family, view)
    if not owes.any():
        return owes
    rows = view.in_effect.select(family.rule.of)
    filed = np.zeros(facts.size, bool)
    filed[facts.entity[rows[facts.table["value"][rows] == year]]] = True
    owes &= ~filed & (view.established < as_day(date(year + 1, 1, 1)))
    return owes


def concerned(family: SignalFamily, view: View) -> Mask:
    """Who has to file such a report at all."""
    return view.there & all_reached(family.rule.reaches, view)


def look_again(family: SignalFamily, view: View, look: npt.NDArray[np.int64]) -> None:
    """The day to look at each again is no later than when the season begins or is over for it.

    Tomorrow for who owes a report in its season: reminding is for the daily run.
    """
    season, day = family.rule.season, view.day
    who = concerned(family, view)
    look[who] = np.minimum(look[who], _next_boundary(season, day))
    if not view.calendar and in_season(season, day):
        look[owing(family, view, as_date(day).year - 1)] = day + 1


def in_season(season: Season, day: int) -> bool:
    """Whether a day is in the season."""
    today = as_date(day)
    return season[0] <= (today.month, today.day) <= season[1]


def _next_boundary(season: Season, day: int) -> int:
    """The next first day of the season, or the next day after its last."""
    year = as_date(day).year
    days = [as_day(date(y, *season[0])) for y in (year, year + 1)]
    days += [as_day(date(y, *season[1])) + 1 for y in (year, year + 1)]
    return min(boundary for boundary in days if boundary > day)
