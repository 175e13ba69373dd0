"""What a set of models and what people decided make of entities: class of the whole, and class in each sector."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np
from vocabulary.industries import Sector

from classification_service.model.intervention import Intervention, InterventionKind
from classification_service.model.judgement import Integers, Rested, Scores, Verdicts
from classification_service.model.risk_model import Flag
from classification_service.model.sectors import SECTORS
from classification_service.rules.choosing import ScorerSet
from classification_service.rules.scoring import Rows, Scorer, Subjects, Values
from classification_service.rules.taken import Taken

INDIVIDUAL = "base.is_individual"
MANUAL = "manual"
SECTOR_BITS = 3
PLACES: Mapping[Sector, int] = {Sector(each.code): SECTOR_BITS * each.place for each in SECTORS}
"""Of each sector the lowest of its bits in `Verdicts.sectors`."""
ByRow = Mapping[int, Sequence[Intervention]]
Score = Callable[[Scorer, Values, Subjects], Scores]


def verdicts(
    scorers: ScorerSet,
    values: Values,
    subjects: Subjects,
    interventions: ByRow | None = None,
    score: Score = Scorer.score,
) -> Verdicts:
    """The verdicts on entities, one per row; `subjects` says neither general class nor what rests.

    `score` is `totals.score` where nobody asks for the points.
    """
    applied = interventions or {}
    subjects = _resting(subjects, applied)
    parts = [
        (rows, scorer, score(scorer, *_some(values, subjects, rows)))
        for rows, scorer in _by_model(scorers, values)
    ]
    whole = _Whole(values.size, parts)
    _set_by_people(whole, applied, (scorers, values, subjects))
    sectors, sector_scores = _sectors(scorers, values, subjects, (whole.risk_class, score))
    return Verdicts(
        score=whole.score,
        score_class=whole.score_class,
        risk_class=whole.risk_class,
        flags=whole.flags,
        deciding=whole.deciding,
        codes=whole.codes,
        model=whole.model,
        model_ids=tuple(scorer.model.id for scorer in scorers.whole),
        points=tuple((rows, scores.points) for rows, _, scores in parts),
        sectors=sectors,
        sector_scores=sector_scores,
        interventions={row: tuple(each.id for each in some) for row, some in applied.items()},
    )


def class_in(sectors: int, sector: Sector) -> int:
    """The class in one sector, 0 for who is no member."""
    return sectors >> PLACES[sector] & 7


class _Whole:
    """The verdicts on the whole entities, put together from those of each model."""

    def __init__(self, size: int, parts: Sequence[tuple[Rows, Scorer, Scores]]) -> None:
        self.score = np.zeros(size)
        self.score_class, self.risk_class = np.zeros(size, np.int8), np.zeros(size, np.int8)
        self.flags, self.deciding = np.zeros(size, np.int16), np.full(size, -1, np.int16)
        self.model = np.zeros(size, np.int8)
        codes: list[str] = []
        for index, (rows, scorer, scores) in enumerate(parts):
            self.score[rows] = scores.score
            self.score_class[rows], self.risk_class[rows] = scores.score_class, scores.risk_class
            self.flags[rows], self.model[rows] = scores.flags, index
            self.deciding[rows] = np.where(scores.deciding < 0, -1, scores.deciding + len(codes))
            codes += [rule.code for rule in scorer.model.adjustments]
        self.codes = (*codes, MANUAL)


def _by_model(scorers: ScorerSet, values: Values) -> list[tuple[Rows, Scorer]]:
    """Each model of the whole entity with the rows it judges, in the order of `ScorerSet.whole`."""
    every = np.arange(values.size)
    if scorers.individual is None:
        return [(every, scorers.general)]
    individual = _members(scorers.individual, values, INDIVIDUAL)
    others = np.setdiff1d(every, individual, assume_unique=True)
    return [(others, scorers.general), (individual, scorers.individual)]


def _members(scorer: Scorer, values: Values, indicator: str) -> Rows:
    return np.flatnonzero(scorer.reached(indicator, 1.0, values))


def _some(values: Values, subjects: Subjects, rows: Rows) -> tuple[Values, Subjects]:
    if len(rows) == values.size:
        return values, subjects
    return Taken(values, rows), _taken(subjects, rows)


def _taken(subjects: Subjects, rows: Rows) -> Subjects:
    resting = {code: _rested_of(rows, rested) for code, rested in (subjects.resting or {}).items()}
    days = subjects.days if isinstance(subjects.days, int) else subjects.days[rows]
    general = None if subjects.general_class is None else subjects.general_class[rows]
    return Subjects(subjects.age_days[rows], days, general, resting)


def _rested_of(rows: Rows, rested: Rested) -> Rested:
    here = np.isin(rested.rows, rows)
    return Rested(np.searchsorted(rows, rested.rows[here]), rested.shares[here])


def _resting(subjects: Subjects, applied: ByRow) -> Subjects:
    shares: dict[str, dict[int, float]] = defaultdict(dict)
    for row, some in sorted(applied.items()):
        for each in some:
            if each.kind is InterventionKind.RESTING:
                share = np.nan if each.share is None else each.share
                shares[each.indicator][row] = shares[each.indicator].get(row, 0.0) + share
    resting = {code: Rested(np.array([*some]), np.array([*some.values()])) for code, some in shares.items()}
    return Subjects(subjects.age_days, subjects.days, subjects.general_class, resting)


def _set_by_people(whole: _Whole, applied: ByRow, judged: tuple[ScorerSet, Values, Subjects]) -> None:
    """A person's class holds, but for what any override of the model says; both are flagged."""
    manual: dict[int, Intervention] = {}
    for row, some in applied.items():
        for each in some:
            if each.kind is InterventionKind.RESTING:
                whole.flags[row] |= np.int16(Flag.FROZEN)
            else:
                manual[row] = each
    for row, floor in _floors(whole.model, np.array(sorted(manual), np.int64), *judged):
        whole.flags[row] |= np.int16(Flag.MANUAL)
        if manual[row].risk_class >= floor:
            whole.risk_class[row] = manual[row].risk_class
            differs = manual[row].risk_class != whole.score_class[row]
            whole.deciding[row] = len(whole.codes) - 1 if differs else -1


def _floors(
    model: Integers, rows: Rows, scorers: ScorerSet, values: Values, subjects: Subjects
) -> Iterator[tuple[int, int]]:
    """Of these entities the best class that overrides leave, however bad the score is by itself; 1 for any."""
    for index, scorer in enumerate(scorers.whole):
        mine = rows[model[rows] == index]
        if len(mine):
            floors = np.ones(len(mine), np.int8)
            holds = scorer.holds(Taken(values, mine), _taken(subjects, mine))
            for rule, held in zip(scorer.model.adjustments, holds, strict=True):
                if rule.kind == "override" and rule.floor:
                    floors[held] = np.maximum(floors[held], int(rule.floor))
            yield from zip(mine.tolist(), floors.tolist(), strict=True)


def _sectors(
    scorers: ScorerSet, values: Values, subjects: Subjects, judged: tuple[Integers, Score]
) -> tuple[Integers, Mapping[str, tuple[Integers, Scores]]]:
    general_class, score = judged
    sectors, found = np.zeros(values.size, np.int32), {}
    for sector, scorer in scorers.sectors.items():
        rows = _members(scorer, values, scorer.model.member)
        if len(rows):
            taken = _taken(subjects, rows)
            known = Subjects(taken.age_days, taken.days, general_class[rows], taken.resting)
            scores = score(scorer, Taken(values, rows), known)
            sectors[rows] |= scores.risk_class.astype(np.int32) << PLACES[sector]
            found[str(sector)] = (rows, scores)
    return sectors, found
