"""Sources that contradict one another, and facts that should not follow what they follow."""

import numpy as np
import numpy.typing as npt

from profiling_service.model.signals import SignalFamily
from profiling_service.rules.causes.view import NEVER_SO, Cause, OneEpisode, Shown, View
from profiling_service.rules.columns import MIX, Rows
from profiling_service.rules.windows import MINUTES

_NEVER = np.iinfo(np.int32).max


def conflict(family: SignalFamily, view: View) -> Cause:
    """Facts of both kinds have the same value: the same report year was filed and was missed."""
    mine, others = view.in_effect.select(family.rule.of), view.in_effect.select(family.rule.against)
    if not len(mine) or not len(others):
        return NEVER_SO
    said, denied = _values(view, mine), _values(view, others)
    both = np.concatenate([mine[np.isin(said, denied)], others[np.isin(denied, said)]])
    counted = view.counted(both)
    return OneEpisode(view, family, counted > 0, Shown(counted, lambda: both))


def _values(view: View, rows: Rows) -> npt.NDArray[np.uint64]:
    """The values of these rows, different between entities too."""
    entity = view.facts.entity[rows].astype(np.uint64)
    values: npt.NDArray[np.uint64] = view.facts.table["value"][rows].view(np.uint64) + entity * MIX
    return values


def after(family: SignalFamily, view: View) -> Cause:
    """Facts occurred more than so many days after the first of those they should not follow."""
    rule = family.rule
    ends, rows = view.in_effect.select(rule.against), view.in_effect.select(rule.of)
    if not len(ends) or not len(rows):
        return NEVER_SO
    minutes = view.facts.table["minute"]
    first = np.full(view.facts.size, _NEVER, np.int64)
    np.minimum.at(first, view.facts.entity[ends], minutes[ends])
    late = rows[minutes[rows] > first[view.facts.entity[rows]] + rule.days * MINUTES]
    counted = view.counted(late)
    return OneEpisode(view, family, counted > 0, Shown(counted, lambda: np.concatenate([ends, late])))
