"""What a draft makes of a city in comparison with the models in force, both for the same day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from vocabulary.industries import Sector

from classification_service.model.city import Booleans
from classification_service.model.intervention import Intervention
from classification_service.model.judgement import Integers, Scores, Vector, Verdicts
from classification_service.model.risk_model import Catalogue, Kind, Reaches, RiskModel
from classification_service.model.what_if import CLASSES, Counts, Moves
from classification_service.rules import totals
from classification_service.rules.choosing import ScorerSet
from classification_service.rules.inspecting import Judged, Words, in_population, visits
from classification_service.rules.scoring import Scorer, Sparse, Subjects, Values
from classification_service.rules.verdicts import INDIVIDUAL, PLACES, verdicts


@dataclass(frozen=True, slots=True)
class Draft:
    """What is tried.

    Attributes:
        live: the models in force; for a sector's draft, of the sectors only its own.
        scorers: the same, with the draft in the place of its like.
        scorer: the draft's.
    """

    live: ScorerSet
    scorers: ScorerSet
    scorer: Scorer

    @property
    def sector(self) -> Sector | None:
        """Whose class the draft gives; None where it is that of the whole entity."""
        model = self.scorer.model
        return Sector(model.sector) if model.kind is Kind.SECTOR else None


def draft_of(live: ScorerSet, model: RiskModel, catalogue: Catalogue) -> Draft:
    """The draft among the models in force."""
    scorer = Scorer(model, catalogue)
    like = (model.kind, model.sector)
    sectors = [each for each in live.sectors.values() if like[0] is not Kind.SECTOR or _like(each) == like]
    others = [each for each in (*live.whole, *sectors) if _like(each) != like]
    return Draft(ScorerSet([*live.whole, *sectors]), ScorerSet([*others, scorer]), scorer)


def _like(scorer: Scorer) -> tuple[Kind, str]:
    return scorer.model.kind, scorer.model.sector


def needed(*sets: ScorerSet) -> list[str]:
    """The indicators that these models ask for."""
    models = {model.id: model for each in sets for model in each.models}.values()
    codes = {item.indicator for model in models for item in model.items}
    codes |= {model.member for model in models if model.member}
    codes |= {
        each.indicator
        for model in models
        for rule in model.adjustments
        for each in rule.when
        if isinstance(each, Reaches)
    }
    return sorted(codes | ({INDIVIDUAL} if any(each.individual for each in sets) else set()))


@dataclass(frozen=True, slots=True)
class Part:
    """Entities of a snapshot, with what was decided of them.

    Attributes:
        standing: as it was decided.
        is_open: whom a run would judge; the others are left as they are.
    """

    values: Values
    age_days: Vector
    business_day: int
    standing: Judged
    is_open: Booleans
    area: Words
    industry: Words
    status: Words
    interventions: Mapping[int, Sequence[Intervention]]


@dataclass(frozen=True, slots=True)
class Compared:
    """Each entity's class and score by the models in force and by the draft, 0 for none."""

    before: Integers
    after: Integers
    score_before: Vector
    score_after: Vector
    counted: Booleans
    moves: Moves


class _Side(NamedTuple):
    """What one of the two sets of models makes of a part; class and score are those that the draft is about."""

    judged: Judged
    risk_class: Integers
    score: Vector


def compared(part: Part, draft: Draft) -> Compared:
    """What the draft makes of these entities, and what the models in force do."""
    subjects, reused, values = Subjects(part.age_days, part.business_day), _Reused(), _Looked(part.values)
    now, then = (
        _side(part, verdicts(each, values, subjects, part.interventions, score=reused), draft.sector)
        for each in (draft.live, draft.scorers)
    )
    before, after = now.risk_class, then.risk_class
    counted = in_population(part.status) & ((before > 0) | (after > 0))
    return Compared(before, after, now.score, then.score, counted, _moves(part, draft, (now, then), counted))


class _Reused:
    """Scores by models that both sets have are reckoned once: the second set asks for most of them again."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, int], tuple[_Looked, Integers | None, Scores]] = {}

    def __call__(self, scorer: Scorer, values: Values, subjects: Subjects) -> Scores:
        key, general_class = (id(scorer), values.size), subjects.general_class
        looked, judged_with, scores = self._known.get(key, (_Looked(values), None, None))
        if scores is None or not _same(judged_with, general_class):
            scores = totals.score(scorer, looked, subjects)
            self._known[key] = (looked, general_class, scores)
        return scores


class _Looked:
    """Values of which each column is made out once."""

    def __init__(self, values: Values) -> None:
        self.size = values.size
        self._values = values
        self._columns: dict[int, Vector | Sparse] = {}

    def column(self, position: int) -> Vector | Sparse:
        """See `Values`."""
        if position not in self._columns:
            self._columns[position] = self._values.column(position)
        return self._columns[position]


def _same(one: Integers | None, other: Integers | None) -> bool:
    if one is None or other is None:
        return one is other
    return np.array_equal(one, other)


def _side(part: Part, made: Verdicts, sector: Sector | None) -> _Side:
    judged = Judged(made.risk_class, made.flags, made.sectors, made.deciding >= 0)
    if not part.is_open.all():
        kept = zip(judged, part.standing, strict=True)
        judged = Judged(*(np.where(part.is_open, mine, stands) for mine, stands in kept))
    if sector is None:
        return _Side(judged, judged.risk_class, made.score)
    rows, scores = made.sector_scores.get(str(sector), (np.zeros(0, np.int64), None))
    score = np.zeros(len(made.score))
    if scores is not None:
        score[rows] = scores.score
    return _Side(judged, _in_sector(judged, sector), score)


def _in_sector(judged: Judged, sector: Sector) -> Integers:
    found: Integers = (judged.sectors >> PLACES[sector] & 7).astype(np.int8)
    return found


def _moves(part: Part, draft: Draft, sides: tuple[_Side, _Side], counted: Booleans) -> Moves:
    now, then = sides
    standing = _in_sector(part.standing, draft.sector) if draft.sector else part.standing.risk_class
    classes = (now.risk_class, then.risk_class, counted)
    section = Words(part.industry.place, [word[:1] for word in part.industry.words])
    return Moves(
        all=_matrix(*classes),
        by_area=_by_group(part.area, classes),
        by_section=_by_group(section, classes),
        by_sector=_by_sector(draft, (now.judged, then.judged), in_population(part.status)),
        visits=np.stack([visits(each.judged, part.status) for each in sides]),
        anyway=int((counted & (standing != now.risk_class)).sum()),
        left=int((counted & ~part.is_open).sum()),
    )


def _by_sector(draft: Draft, sides: tuple[Judged, Judged], population: Booleans) -> dict[str, Counts]:
    found = {}
    for sector in [draft.sector] if draft.sector else draft.scorers.sectors:
        before, after = (_in_sector(each, sector) for each in sides)
        found[str(sector)] = _matrix(before, after, population & ((before > 0) | (after > 0)))
    return found


def _matrix(before: Integers, after: Integers, counted: Booleans) -> Counts:
    pairs = before[counted].astype(np.int64) * CLASSES + after[counted]
    return np.bincount(pairs, minlength=CLASSES * CLASSES).reshape(CLASSES, CLASSES)


def _by_group(words: Words, classes: tuple[Integers, Integers, Booleans]) -> dict[str, Counts]:
    groups = sorted(set(words.words))
    group = np.array([groups.index(name) for name in words.words], np.int64)[words.place]
    before, after, counted = classes
    cells = (group[counted] * CLASSES + before[counted]) * CLASSES + after[counted]
    counts = np.bincount(cells, minlength=len(groups) * CLASSES * CLASSES).reshape(-1, CLASSES, CLASSES)
    return {name: counts[number] for number, name in enumerate(groups) if counts[number].any()}


def scores_of(part: Part, draft: Draft) -> Counts:
    """How many entities of the population would have each whole score, from the lowest up."""
    scorer, model, general = draft.scorer, draft.scorer.model, None
    subjects = Subjects(part.age_days, part.business_day)
    if draft.sector:
        whole = ScorerSet(list(draft.live.whole))
        general = verdicts(whole, part.values, subjects, part.interventions, score=totals.score).risk_class
    scores = totals.scores_alone(scorer, part.values, replace(subjects, general_class=general))
    mine = scores[_judged_by(part, draft) & in_population(part.status) & part.is_open]
    width = int(model.highest - model.lowest) + 1
    return np.bincount(np.floor(mine - model.lowest).astype(np.int64), minlength=width)


def _judged_by(part: Part, draft: Draft) -> Booleans:
    kind, model = draft.scorer.model.kind, draft.scorer.model
    if kind is Kind.SECTOR:
        return draft.scorer.reached(model.member, 1.0, part.values)
    if draft.scorers.individual is None:
        return np.ones(part.values.size, bool)
    individual = draft.scorer.reached(INDIVIDUAL, 1.0, part.values)
    return individual if kind is Kind.INDIVIDUAL else ~individual


def cuts_at(shares: Sequence[float], counts: Counts, lowest: float) -> tuple[float, float, float]:
    """The scores up to which at most these shares of the city are; each cut is above the one before.

    Raises:
        ValueError: Nobody is scored, or the scores are too few to be cut in four.
    """
    reached = np.cumsum(counts) / max(int(counts.sum()), 1)
    cuts: list[int] = []
    for share in shares:
        below = int(np.searchsorted(reached, share, side="right")) - 1
        cuts.append(max(below, cuts[-1] + 1 if cuts else 0))
    if not counts.sum() or cuts[-1] >= len(counts) - 1:
        raise ValueError("the scores of the city are too few, or too much alike, to be cut in four")
    return cuts[0] + lowest, cuts[1] + lowest, cuts[2] + lowest


def with_cuts(draft: Draft, cuts: tuple[float, float, float], catalogue: Catalogue) -> Draft:
    """The draft with these cuts."""
    return draft_of(draft.live, replace(draft.scorer.model, cuts=cuts), catalogue)
