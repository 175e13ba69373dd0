"""The closed set of ways to get one value per entity from facts; pure, the same for one entity and for a city."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from profiling_service.model.catalogue import Aggregate, Indicator, Selector
from profiling_service.rules.columns import Facts, Mask, Rows
from profiling_service.rules.windows import first_minute

Column = npt.NDArray[Any]
_FEN_PER_WAN = 1_000_000


class InEffect:
    """Facts that count on a day.

    Attributes:
        facts: All of them.
        counts: Which count.
        day: The business day.
    """

    def __init__(self, facts: Facts, counts: Mask, day: int) -> None:
        self.facts = facts
        self.counts = counts
        self.day = day
        self._of_type: dict[int, Rows] = {}

    def of_type(self, kind: int) -> Rows:
        """Rows of the facts of this type that count."""
        known = self._of_type.get(kind)
        if known is None:
            rows = self.facts.rows(kind)
            known = self._of_type[kind] = rows[self.counts[rows]]
        return known

    def select(self, selectors: tuple[Selector, ...]) -> Rows:
        """Rows of the facts that one of these selects."""
        found = []
        for selector in selectors:
            if self.facts.has(selector.type):
                rows = self.of_type(selector.type)
                if selector.flags:
                    flags = np.uint16(selector.flags)
                    rows = rows[(self.facts.table["flags"][rows] & flags) == flags]
                found.append(rows)
        if len(found) == 1:
            return found[0]
        return np.unique(np.concatenate(found)) if found else _NOTHING

    def looked_at(self, indicator: Indicator) -> Rows:
        """Rows of the facts an indicator looks at, whatever its window."""
        rows = self.select(indicator.of)
        if indicator.overdue:
            rows = rows[self.facts.table["value"][rows] < self.day]
        if indicator.without:
            rows = rows[~self.facts.named(rows, self.select(indicator.without))]
        return rows


_NOTHING: Rows = np.empty(0, np.intp)


def value(indicator: Indicator, view: InEffect) -> Column | float:
    """The indicator's value for every entity; one number where it is the same for all."""
    rows = view.looked_at(indicator)
    young = _young(indicator, view, rows)
    return _AGGREGATES[indicator.aggregate](indicator, view, young, rows)


def _young(indicator: Indicator, view: InEffect, rows: Rows) -> Rows:
    if indicator.window is None or not len(rows):
        return rows
    return rows[view.facts.table["minute"][rows] >= first_minute(indicator.window, view.day)]


def _counted(view: InEffect, rows: Rows) -> Column:
    return np.bincount(view.facts.entity[rows], minlength=view.facts.size)


def _count(_indicator: Indicator, view: InEffect, young: Rows, _all: Rows) -> Column | float:
    return _counted(view, young) if len(young) else 0.0


def _sum_wan(_indicator: Indicator, view: InEffect, young: Rows, _all: Rows) -> Column | float:
    if not len(young):
        return 0.0
    facts = view.facts
    summed = np.bincount(facts.entity[young], weights=facts.table["value"][young], minlength=facts.size)
    return summed / _FEN_PER_WAN


def _present(_indicator: Indicator, view: InEffect, young: Rows, _all: Rows) -> Column | float:
    if not len(young):
        return 0.0
    present = np.zeros(view.facts.size, np.float32)
    present[view.facts.entity[young]] = 1.0
    return present


def _distinct(_indicator: Indicator, view: InEffect, young: Rows, _all: Rows) -> Column | float:
    if not len(young):
        return 0.0
    _, firsts = np.unique(view.facts.within("group", young), return_index=True)
    return _counted(view, young[firsts])


def _repeats(indicator: Indicator, view: InEffect, young: Rows, every: Rows) -> Column | float:
    if not len(young):
        return 0.0
    return _counted(view, young) - _distinct(indicator, view, young, every)


def _newest(view: InEffect, rows: Rows) -> Rows:
    """The row of each entity's fact that occurred last; of several at once, the one of the greatest value."""
    table = view.facts.table
    order = rows[np.lexsort((table["value"][rows], table["minute"][rows], view.facts.entity[rows]))]
    entity = view.facts.entity[order]
    newest: Rows = order[np.append(entity[1:] != entity[:-1], True)]
    return newest


def _latest(_indicator: Indicator, view: InEffect, young: Rows, _all: Rows) -> Column | float:
    if not len(young):
        return np.nan
    latest = np.full(view.facts.size, np.nan)
    newest = _newest(view, young)
    latest[view.facts.entity[newest]] = view.facts.table["value"][newest]
    return latest


def _fall(indicator: Indicator, view: InEffect, young: Rows, every: Rows) -> Column | float:
    if not len(young):
        return np.nan
    facts = view.facts
    greatest = np.zeros(facts.size)
    np.maximum.at(greatest, facts.entity[young], facts.table["value"][young])
    latest = np.asarray(_latest(indicator, view, young, every))
    said = (_counted(view, young) > 1) & (greatest > 0)
    return np.where(said, 1 - latest / np.where(greatest > 0, greatest, 1), np.nan)


def _share(indicator: Indicator, view: InEffect, young: Rows, _all: Rows) -> Column | float:
    per = _young(indicator, view, view.select(indicator.per))
    if not len(per):
        return np.nan
    whole = _counted(view, per)
    said = whole >= indicator.at_least
    return np.where(said, _counted(view, young) / np.maximum(whole, 1), np.nan)


def _growth(indicator: Indicator, view: InEffect, young: Rows, every: Rows) -> Column | float:
    if not len(young) or indicator.window is None:
        return 0.0
    now = _counted(view, young)
    start = first_minute(indicator.window.doubled, view.day)
    wide = every[view.facts.table["minute"][every] >= start]
    growth: Column = now / np.maximum(_counted(view, wide) - now, 1)
    return growth


def _last_days(view: InEffect, rows: Rows) -> tuple[Rows, npt.NDArray[np.int64]]:
    """A row of each group, and its last day: that of the fact that occurred last; of two at once, the later day."""
    table = view.facts.table[rows]
    groups = view.facts.within("group", rows)
    order = np.lexsort((table["value"], table["minute"], groups))
    newest = order[np.append(groups[order][1:] != groups[order][:-1], True)]
    return rows[newest], table["value"][newest]


def _lapsed(_indicator: Indicator, view: InEffect, young: Rows, _all: Rows) -> Column | float:
    if not len(young):
        return 0.0
    rows, last = _last_days(view, young)
    return _counted(view, rows[last < view.day])


def _lapsing(indicator: Indicator, view: InEffect, young: Rows, _all: Rows) -> Column | float:
    if not len(young):
        return 0.0
    rows, last = _last_days(view, young)
    return _counted(view, rows[(last >= view.day) & (last <= view.day + indicator.ahead)])


_AGGREGATES: Mapping[Aggregate, Callable[[Indicator, InEffect, Rows, Rows], Column | float]] = {
    Aggregate.COUNT: _count,
    Aggregate.SUM_WAN: _sum_wan,
    Aggregate.PRESENT: _present,
    Aggregate.DISTINCT: _distinct,
    Aggregate.REPEATS: _repeats,
    Aggregate.LATEST: _latest,
    Aggregate.FALL: _fall,
    Aggregate.SHARE: _share,
    Aggregate.GROWTH: _growth,
    Aggregate.LAPSED: _lapsed,
    Aggregate.LAPSING: _lapsing,
}
