"""Finds the fewest and smallest changes by trying them on the scorer."""

from collections.abc import Iterator, Sequence
from itertools import combinations, islice, product

import numpy as np

from classification_service.model.judgement import Matrix, Vector
from classification_service.model.risk_model import Reaches
from classification_service.rules.cases import Case
from classification_service.rules.counterfactual.ladders import Ladder
from classification_service.rules.scoring import Dense

Steps = tuple[tuple[Ladder, int], ...]
_ROWS = 20_000
"""Tried at once."""


def shortest(case: Case, ladders: Sequence[Ladder], target: int) -> Steps | None:
    """The changes that reach the target, or a better class, by the fewest indicators, and of those by the fewest rungs.

    Of as many the one is taken whose indicators come first. None where none reach it.

    First only the rungs are tried that can matter: of those that leave the same rules holding the one with the least
    points, since points never make a class better.
    """
    useful = [(ladder, _useful(case, ladder)) for ladder in ladders]
    useful = [(ladder, steps) for ladder, steps in useful if steps]
    for count in range(1, len(useful) + 1):
        tried = (
            tuple(zip([ladder for ladder, _ in chosen], steps, strict=True))
            for chosen in combinations(useful, count)
            for steps in product(*(each for _, each in chosen))
        )
        reaching = {tuple(ladder for ladder, _ in each) for each in _reaching(case, tried, target)}
        if reaching:
            return _smallest(
                case, [each for each in combinations(ladders, count) if each in reaching], target
            )
    return None


def _smallest(case: Case, chosen: Sequence[tuple[Ladder, ...]], target: int) -> Steps | None:
    every = [
        tuple(zip(each, steps, strict=True))
        for each in chosen
        for steps in product(*(range(len(ladder.rungs)) for ladder in each))
    ]
    every.sort(key=lambda steps: sum(step for _, step in steps))
    return next(_reaching(case, iter(every), target), None)


def _reaching(case: Case, tried: Iterator[Steps], target: int) -> Iterator[Steps]:
    while some := list(islice(tried, _ROWS)):
        reached = case.judged(_values(case, some)).risk_class <= target
        yield from (some[row] for row in np.flatnonzero(reached))


def _values(case: Case, tried: Sequence[Steps]) -> Matrix:
    values = np.repeat(case.values, len(tried), axis=0)
    for row, steps in enumerate(tried):
        for ladder, step in steps:
            values[row, ladder.position] = np.float32(ladder.rungs[step])
    return values


def _useful(case: Case, ladder: Ladder) -> list[int]:
    """The rungs with the least points of those that meet the same conditions; none where nothing gets better."""
    values = np.array([ladder.was, *ladder.rungs], np.float32).astype(np.float64)
    points, met = _points(case, ladder, values), _met(case, ladder, values)
    best: dict[tuple[bool, ...], int] = {}
    for row in range(1, len(values)):
        if met[row] not in best or points[row] < points[best[met[row]]]:
            best[met[row]] = row
    return sorted(row - 1 for key, row in best.items() if key != met[0] or points[row] < points[0])


def _points(case: Case, ladder: Ladder, values: Vector) -> Sequence[float]:
    column = np.repeat(case.values, len(values), axis=0)
    column[:, ladder.position] = values
    for place, item in enumerate(case.scorer.model.items):
        if item.indicator == ladder.mend.indicator:
            found: list[float] = case.scorer.item_points(place, Dense(column)).tolist()
            return found
    return [0.0] * len(values)


def _met(case: Case, ladder: Ladder, values: Vector) -> list[tuple[bool, ...]]:
    """By value: which of the conditions on this indicator, of any rule, it meets."""
    conditions = [
        condition
        for rule in case.scorer.model.adjustments
        for condition in rule.when
        if isinstance(condition, Reaches) and condition.indicator == ladder.mend.indicator
    ]
    return [
        tuple(value <= each.threshold if each.from_above else value >= each.threshold for each in conditions)
        for value in values.tolist()
    ]
