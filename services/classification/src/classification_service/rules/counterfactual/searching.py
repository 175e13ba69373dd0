"""Finds the fewest and smallest changes by trying them on the scorer, so many and no more."""

from collections.abc import Iterator, Sequence
from itertools import combinations, islice, product
from math import prod
from typing import NamedTuple

import numpy as np

from classification_service.model.judgement import Matrix, Vector
from classification_service.model.risk_model import Reaches
from classification_service.rules.cases import Case
from classification_service.rules.counterfactual.ladders import Ladder
from classification_service.rules.scoring import Dense

Steps = tuple[tuple[Ladder, int], ...]
Useful = Sequence[tuple[Ladder, Sequence[int]]]
AT_ONCE = 20_000
AT_MOST = 60_000
"""Lists tried for one question; with thirty indicators that is every list of three of them, and more of fewer."""


class Search(NamedTuple):
    """What was found; where not every list was tried, the changes are needed each, but other, fewer ones may do.

    Attributes:
        steps: None where no list that was tried reaches the target.
    """

    steps: Steps | None
    is_complete: bool


def shortest(case: Case, ladders: Sequence[Ladder], target: int, at_most: int = AT_MOST) -> Search:
    """The changes that reach the target, or a better class, by the fewest indicators, and of those by the fewest rungs.

    Of as many the one is taken whose indicators come first.

    First only the rungs are tried that can matter: of those that leave the same rules holding the one with the least
    points, since points never make a class better. Where that is too much, everything is mended, and then taken back
    what is not needed.
    """
    useful = [(ladder, _useful(case, ladder)) for ladder in ladders]
    useful = [(ladder, steps) for ladder, steps in useful if steps]
    left = at_most
    for count, lists in enumerate(_lists_by_count(useful), start=1):
        left -= lists
        if left < 0:
            return Search(_needed(case, useful, target), is_complete=False)
        reaching = {
            tuple(ladder for ladder, _ in each) for each in _reaching(case, _tried(useful, count), target)
        }
        if reaching:
            chosen = [each for each in combinations(ladders, count) if each in reaching]
            return Search(_smallest(case, chosen, target, at_most), is_complete=True)
    return Search(None, is_complete=True)


def _lists_by_count(useful: Useful) -> list[int]:
    """How many lists of one change there are, of two, and so on."""
    lists = [1, *(0 for _ in useful)]
    for _, steps in useful:
        lists = [have + len(steps) * fewer for have, fewer in zip(lists, [0, *lists], strict=False)]
    return lists[1:]


def _tried(useful: Useful, count: int) -> Iterator[Steps]:
    return (
        tuple(zip([ladder for ladder, _ in chosen], steps, strict=True))
        for chosen in combinations(useful, count)
        for steps in product(*(each for _, each in chosen))
    )


def _needed(case: Case, useful: Useful, target: int) -> Steps | None:
    """Of all changes together, those without which the target is not reached; None where all of them do not."""
    steps: Steps = tuple((ladder, each[-1]) for ladder, each in useful)
    if not _reaches(case, steps, target):
        return None
    for each in steps:
        fewer = tuple(other for other in steps if other is not each)
        if _reaches(case, fewer, target):
            steps = fewer
    return _nearest(case, steps, target)


def _nearest(case: Case, steps: Steps, target: int) -> Steps:
    """The same changes, one after the other made as small as the others allow."""
    for place, (ladder, last) in enumerate(steps):
        tried = [(*steps[:place], (ladder, step), *steps[place + 1 :]) for step in range(last + 1)]
        steps = next(_reaching(case, iter(tried), target), steps)
    return steps


def _smallest(case: Case, chosen: Sequence[tuple[Ladder, ...]], target: int, at_most: int) -> Steps | None:
    if sum(prod(len(ladder.rungs) for ladder in each) for each in chosen) > at_most:
        furthest = ([(ladder, len(ladder.rungs) - 1) for ladder in each] for each in chosen)
        found = next(_reaching(case, (tuple(each) for each in furthest), target), None)
        return found and _nearest(case, found, target)
    every = [
        tuple(zip(each, steps, strict=True))
        for each in chosen
        for steps in product(*(range(len(ladder.rungs)) for ladder in each))
    ]
    every.sort(key=lambda steps: sum(step for _, step in steps))
    return next(_reaching(case, iter(every), target), None)


def _reaches(case: Case, steps: Steps, target: int) -> bool:
    return next(_reaching(case, iter([steps]), target), None) is not None


def _reaching(case: Case, tried: Iterator[Steps], target: int) -> Iterator[Steps]:
    while some := list(islice(tried, AT_ONCE)):
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
