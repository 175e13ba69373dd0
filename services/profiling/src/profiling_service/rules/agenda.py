"""When an entity has to be looked at again though no fact comes: the first day on which the calendar may change it.

A day too early costs a look that changes nothing; a day too late would be a wrong value. So days are
bounded from below: no window is left before `shortest` says, and no year is shorter than 365 days.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache

import msgspec
import numpy as np
import numpy.typing as npt

from profiling_service.model.catalogue import Aggregate, Catalogue, Selector, Window
from profiling_service.model.facts import NO_END
from profiling_service.model.forms import Forms
from profiling_service.rules.aggregates import InEffect
from profiling_service.rules.windows import MINUTES, completed_years, first_minute

Days = npt.NDArray[np.int64]
NEVER = NO_END
"""The day of an entity the calendar never changes; also the last a value can be."""
_SHORTEST_MONTHS = (0, 28, 59, 89, 120, 150, 181, 212, 242, 273, 303, 334)
_UNKNOWN_DAY = np.iinfo(np.int64).min


class Agenda(msgspec.Struct, frozen=True):
    """What of a catalogue the calendar moves.

    Attributes:
        windows: Types of fact that leave each window.
        last_days: Types of fact whose value is a day, by how many days before it something changes already.
    """

    windows: Mapping[Window, frozenset[int]]
    last_days: Mapping[int, frozenset[int]]


def agenda(
    catalogue: Catalogue, forms: Forms, windows: Iterable[tuple[Window, Iterable[int]]] = ()
) -> Agenda:
    """The agenda of a catalogue, and of further windows over types of fact."""
    leaving: dict[Window, set[int]] = defaultdict(set)
    lasting: dict[int, set[int]] = defaultdict(set)
    for window, types in windows:
        leaving[window] |= set(types)
    lasting[0] |= {form.type for form in forms.values() if form.lasts}
    for indicator in catalogue.indicators:
        types = _types((*indicator.of, *indicator.per))
        if indicator.window is not None:
            leaving[indicator.window] |= types
            if indicator.aggregate is Aggregate.GROWTH:
                leaving[indicator.window.doubled] |= types
        if indicator.overdue or indicator.aggregate in (Aggregate.LAPSED, Aggregate.LAPSING):
            lasting[0] |= types
        if indicator.aggregate is Aggregate.LAPSING:
            lasting[indicator.ahead + 1] |= types
    return Agenda(
        {window: frozenset(types) for window, types in leaving.items()},
        {ahead: frozenset(types) for ahead, types in lasting.items() if types},
    )


def _types(selectors: Iterable[Selector]) -> set[int]:
    return {selector.type for selector in selectors}


def next_look(agenda: Agenda, view: InEffect, established: Days) -> Days:
    """For each entity the first day after `view.day` on which its values may be others.

    Args:
        agenda: What moves.
        view: The facts that count.
        established: Day of establishment of each entity, the least number where it is not known.
    """
    look = _anniversaries(established, view.day)
    for window, types in agenda.windows.items():
        for kind in types:
            if view.facts.has(kind):
                _leaves(look, view, kind, window)
    for ahead, types in agenda.last_days.items():
        for kind in types:
            if view.facts.has(kind):
                _passes(look, view, kind, ahead)
    return look


def _leaves(look: Days, view: InEffect, kind: int, window: Window) -> None:
    rows = view.of_type(kind)
    minutes = view.facts.table["minute"][rows]
    inside = minutes >= first_minute(window, view.day)
    leaves = minutes[inside] // MINUTES + shortest(window)
    np.minimum.at(look, view.facts.entity[rows[inside]], np.maximum(leaves, view.day + 1))


def _passes(look: Days, view: InEffect, kind: int, ahead: int) -> None:
    """The day after the last one, or `ahead` - 1 days before the last one."""
    rows = view.of_type(kind)
    last = view.facts.table["value"][rows]
    moves = last + 1 if ahead == 0 else last - (ahead - 1)
    coming = (moves > view.day) & (last < NEVER)
    np.minimum.at(look, view.facts.entity[rows[coming]], moves[coming])


@lru_cache(maxsize=256)
def shortest(window: Window) -> int:
    """The fewest days after which what happened today has left a window."""
    years, months = divmod(window.months, 12)
    return (
        window.days
        if not window.months
        else 365 * years + years // 4 + _SHORTEST_MONTHS[months] - (years > 0)
    )


def _anniversaries(established: Days, day: int) -> Days:
    """A day shortly before each entity's next anniversary, but later than `day`."""
    look = np.full(len(established), NEVER, np.int64)
    known = established != _UNKNOWN_DAY
    since = established[known]
    years = completed_years(since, day).astype(np.int64) + 1
    look[known] = np.maximum(since + years * 365 + years // 4 - 1, day + 1)
    return look
