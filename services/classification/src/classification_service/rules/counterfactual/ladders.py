"""Which values an indicator passes when it is mended, as far as they make a difference to the model."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto

import numpy as np

from classification_service.model.mending import Mend
from classification_service.model.risk_model import Bins, Catalogue, Curve, Reaches, RiskModel
from classification_service.rules.cases import Case

_WHOLE = ("count", "yes_no")


class Side(Enum):
    """On which side of a mark its own value is."""

    FROM = auto()
    """The far side begins with it, seen from below."""
    UP_TO = auto()
    """The near side ends with it, seen from below."""
    AT = auto()
    """On both: a knot of a curve."""


_MIRRORED = {Side.FROM: Side.UP_TO, Side.UP_TO: Side.FROM, Side.AT: Side.AT}


@dataclass(frozen=True, slots=True)
class Ladder:
    """An indicator that can be mended.

    Attributes:
        position: in the catalogue.
        was: its value as it is.
        rungs: better values, the nearest first; between two of them nothing changes for a stepped scale.
    """

    mend: Mend
    position: int
    was: float
    rungs: tuple[float, ...]


def ladders_of(case: Case, mends: Sequence[Mend], catalogue: Catalogue) -> tuple[Ladder, ...]:
    """The ladder of each indicator that is known and can be mended further, in the order of `mends`."""
    model, positions = case.scorer.model, catalogue.positions
    units = {each.code: each.unit for each in catalogue.indicators}
    ladders = []
    for mend in mends:
        position = positions[mend.indicator]
        was = float(case.values[0, position])
        marks = _marks(model, mend.indicator)
        rungs = _rungs(mend, was, marks, whole=units[mend.indicator] in _WHOLE)
        if rungs:
            ladders.append(Ladder(mend, position, was, rungs))
    return tuple(ladders)


def _marks(model: RiskModel, indicator: str) -> list[tuple[Side, float]]:
    """Values at which something changes."""
    marks: list[tuple[Side, float]] = []
    for item in model.items:
        if item.indicator == indicator:
            scale = item.scale
            marks += [(Side.FROM, edge) for edge in scale.edges] if isinstance(scale, Bins) else _knots(scale)
    for rule in model.adjustments:
        for condition in rule.when:
            if isinstance(condition, Reaches) and condition.indicator == indicator:
                marks.append((Side.UP_TO if condition.from_above else Side.FROM, condition.threshold))
    return marks


def _knots(curve: Curve) -> list[tuple[Side, float]]:
    return [(Side.AT, knot) for knot in curve.at]


def _rungs(mend: Mend, was: float, marks: Sequence[tuple[Side, float]], *, whole: bool) -> tuple[float, ...]:
    """Where a stepped scale changes, or both ends of every stretch of a curve on which the same rules hold."""
    above = {_beyond(side, mark, whole=whole) for side, mark in marks}
    below = {0.0 - _beyond(_MIRRORED[side], -mark, whole=whole) for side, mark in marks}
    if any(side is Side.AT for side, _ in marks):
        above = below = {mend.until, *above, *below}
    if mend.rises:
        return tuple(sorted(each for each in above if was < each <= mend.until))
    return tuple(sorted((each for each in below if mend.until <= each < was), reverse=True))


def _beyond(side: Side, mark: float, *, whole: bool) -> float:
    """The least value at the mark, or above it where the mark itself is still on this side."""
    if whole:
        return float(np.floor(mark) + 1) if side is Side.UP_TO else float(np.ceil(mark))
    single = np.float32(mark)
    too_low = float(single) <= mark if side is Side.UP_TO else float(single) < mark
    return float(np.nextafter(single, np.float32(np.inf)) if too_low else single)
