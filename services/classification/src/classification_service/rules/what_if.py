"""What a draft makes of a city in comparison with what is decided."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from vocabulary.entity_types import statuses

from classification_service.model.city import Booleans
from classification_service.model.intervention import Intervention
from classification_service.model.judgement import Integers, Vector, Verdicts
from classification_service.model.risk_model import Catalogue, Flag, Kind, Reaches, RiskModel
from classification_service.model.what_if import CLASSES, Counts, Moves, Ratio
from classification_service.rules import totals
from classification_service.rules.choosing import ScorerSet
from classification_service.rules.scoring import Scorer, Subjects, Values
from classification_service.rules.verdicts import INDIVIDUAL, PLACES, verdicts

_OUTSIDE = {code for code, row in statuses().items() if not row.in_population}
_KEY = np.int16(Flag.KEY_SUPERVISION)


@dataclass(frozen=True, slots=True)
class Draft:
    """What is tried: the models in force, with the draft in the place of its like.

    Attributes:
        scorers: those that say something about the entities the draft would judge.
        scorer: the draft's.
    """

    scorers: ScorerSet
    scorer: Scorer

    def needed(self) -> list[str]:
        """The indicators that are asked for."""
        models = self.scorers.models
        codes = {item.indicator for model in models for item in model.items}
        codes |= {model.member for model in models if model.member}
        codes |= {
            each.indicator
            for model in models
            for rule in model.adjustments
            for each in rule.when
            if isinstance(each, Reaches)
        }
        return sorted(codes | ({INDIVIDUAL} if self.scorers.individual else set()))


def draft_of(live: ScorerSet, model: RiskModel, catalogue: Catalogue) -> Draft:
    """The draft among the models in force; models of other sectors say nothing about it and are left out."""
    scorer = Scorer(model, catalogue)
    whole = {each.model.kind: each for each in live.whole}
    whole[model.kind] = scorer
    return Draft(ScorerSet(list(whole.values())), scorer)


@dataclass(frozen=True, slots=True)
class Part:
    """Entities of a snapshot, with what was decided of them.

    Attributes:
        area, industry, status: index into the words of the same name.
    """

    values: Values
    age_days: Vector
    business_day: int
    risk_class: Integers
    flags: Integers
    sectors: Integers
    area: tuple[Integers, Sequence[str]]
    industry: tuple[Integers, Sequence[str]]
    status: tuple[Integers, Sequence[str]]
    interventions: Mapping[int, Sequence[Intervention]]


@dataclass(frozen=True, slots=True)
class Compared:
    """Each entity's class now and by the draft, 0 for none; `counted` are those in the population."""

    before: Integers
    after: Integers
    score: Vector
    counted: Booleans
    moves: Moves


def compared(part: Part, draft: Draft) -> Compared:
    """What the draft makes of these entities."""
    subjects = Subjects(part.age_days, part.business_day)
    made = verdicts(draft.scorers, part.values, subjects, part.interventions, score=totals.score)
    before, after, score = _classes(part, made, draft.scorer.model)
    counted = _in_population(part) & ((before > 0) | (after > 0))
    moves = Moves(
        all=_matrix(before, after, counted),
        by_area=_by_group(*part.area, (before, after, counted)),
        by_section=_by_group(
            part.industry[0], [word[:1] for word in part.industry[1]], (before, after, counted)
        ),
        visits=np.stack([_visits(before, part.flags, counted), _visits(after, made.flags, counted)]),
    )
    return Compared(before, after, score, counted, moves)


def scores_of(part: Part, draft: Draft) -> Counts:
    """How many entities of the population would have each whole score, from the lowest up."""
    scorer, model = draft.scorer, draft.scorer.model
    general = None
    subjects = Subjects(part.age_days, part.business_day)
    if model.kind is Kind.SECTOR:
        general = verdicts(
            ScorerSet(list(draft.scorers.whole)),
            part.values,
            subjects,
            part.interventions,
            score=totals.score,
        ).risk_class
    scores = totals.scores_alone(scorer, part.values, Subjects(part.age_days, part.business_day, general))
    mine = scores[_judged_by(part, draft) & _in_population(part)]
    width = int(model.highest - model.lowest) + 1
    return np.bincount(np.floor(mine - model.lowest).astype(np.int64), minlength=width)


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
    return draft_of(draft.scorers, replace(draft.scorer.model, cuts=cuts), catalogue)


def load_of(visits: Counts, ratios: Mapping[str, Ratio]) -> dict[str, float]:
    """Visits a year by class, and of those under key supervision, whatever their class."""
    ordinary = {letter: visits[0, index] * ratios[letter].share for index, letter in enumerate("ABCD", 1)}
    load = ordinary | {"key": visits[1].sum() * ratios["key"].share}
    return {name: round(float(each), 1) for name, each in load.items()}


def _classes(part: Part, made: Verdicts, model: RiskModel) -> tuple[Integers, Integers, Vector]:
    if model.kind is not Kind.SECTOR:
        return part.risk_class, made.risk_class, made.score
    place = next(place for sector, place in PLACES.items() if sector == model.sector)
    score = np.zeros(len(part.risk_class))
    for rows, scores in made.sector_scores.values():
        score[rows] = scores.score
    return (part.sectors >> place & 7).astype(np.int8), (made.sectors >> place & 7).astype(np.int8), score


def _judged_by(part: Part, draft: Draft) -> Booleans:
    kind, model = draft.scorer.model.kind, draft.scorer.model
    if kind is Kind.SECTOR:
        return draft.scorer.reached(model.member, 1.0, part.values)
    if draft.scorers.individual is None:
        return np.ones(len(part.risk_class), bool)
    individual = draft.scorer.reached(INDIVIDUAL, 1.0, part.values)
    return individual if kind is Kind.INDIVIDUAL else ~individual


def _in_population(part: Part) -> Booleans:
    index, words = part.status
    found: Booleans = np.array([word not in _OUTSIDE for word in words], bool)[index]
    return found


def _matrix(before: Integers, after: Integers, counted: Booleans) -> Counts:
    pairs = before[counted].astype(np.int64) * CLASSES + after[counted]
    return np.bincount(pairs, minlength=CLASSES * CLASSES).reshape(CLASSES, CLASSES)


def _by_group(
    index: Integers, words: Iterable[str], classes: tuple[Integers, Integers, Booleans]
) -> dict[str, Counts]:
    names = list(words)
    groups = sorted(set(names))
    group = np.array([groups.index(name) for name in names], np.int64)[index]
    before, after, counted = classes
    cells = (group[counted] * CLASSES + before[counted]) * CLASSES + after[counted]
    counts = np.bincount(cells, minlength=len(groups) * CLASSES * CLASSES).reshape(-1, CLASSES, CLASSES)
    return {name: counts[number] for number, name in enumerate(groups) if counts[number].any()}


def _visits(classes: Integers, flags: Integers, counted: Booleans) -> Counts:
    is_key = (flags & _KEY != 0).astype(np.int64)
    cells = is_key[counted] * CLASSES + classes[counted]
    return np.bincount(cells, minlength=2 * CLASSES).reshape(2, CLASSES)
