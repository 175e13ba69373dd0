"""Which models judge: of each code the version in force on the business day of what is judged."""

import hashlib
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

from vocabulary.industries import Sector

from classification_service.model.risk_model import Catalogue, Kind, Promotion, RiskModel
from classification_service.rules.scoring import Scorer

_EPOCH = date(1970, 1, 1)
_SECTORS = tuple(Sector)


class ScorerSet:
    """The scorers in force on a day: general, individual where there is one, of sectors in the order of `Sector`."""

    def __init__(self, scorers: Sequence[Scorer]) -> None:
        general = {scorer.model.kind: scorer for scorer in scorers if scorer.model.kind is not Kind.SECTOR}
        self.general = general[Kind.GENERAL]
        self.individual = general.get(Kind.INDIVIDUAL)
        by_sector = {Sector(each.model.sector): each for each in scorers if each.model.kind is Kind.SECTOR}
        self.sectors: Mapping[Sector, Scorer] = {
            each: by_sector[each] for each in _SECTORS if each in by_sector
        }
        self.catalogue_version = self.general.catalogue_version
        self.width = self.general.width

    @property
    def models(self) -> tuple[RiskModel, ...]:
        """Every model, general first."""
        return tuple(scorer.model for scorer in (*self.whole, *self.sectors.values()))

    @property
    def whole(self) -> tuple[Scorer, ...]:
        """Those that give the class of the whole entity."""
        return (self.general,) if self.individual is None else (self.general, self.individual)

    @property
    def code(self) -> str:
        """Names the set: the first 12 hex digits of SHA-256 over the ids and hashes of its models."""
        named = ",".join(f"{model.id}:{model.sha256}" for model in self.models)
        return hashlib.sha256(named.encode()).hexdigest()[:12]


class Scorers:
    """The sets of scorers, by day.

    A new version judges an entity when its next indicators come, or with the next monthly run; until then its state
    names the version before.

    Args:
        models: every version that was promoted.
        promotions: when each went live; of two for the same day the later number holds.
        catalogue: the order of values.
    """

    def __init__(
        self, models: Sequence[RiskModel], promotions: Sequence[Promotion], catalogue: Catalogue
    ) -> None:
        self._scorers = {model.id: Scorer(model, catalogue) for model in models}
        self._promotions = sorted(promotions, key=lambda each: (each.from_day, each.number))
        self._sets: dict[tuple[str, ...], ScorerSet] = {}
        self._from: dict[int, ScorerSet] = {}
        self._boundaries = sorted(self._all_boundaries())

    def on(self, business_day: int) -> ScorerSet:
        """The scorers of this day, days since 1970-01-01; before the first general model's day, those of that day."""
        day = self._boundaries[max(0, bisect_right(self._boundaries, business_day) - 1)]
        found = self._from.get(day)
        if found is None:
            found = self._from[day] = self._set(tuple(sorted(self._live(day).values())))
        return found

    def _set(self, ids: tuple[str, ...]) -> ScorerSet:
        if ids not in self._sets:
            self._sets[ids] = ScorerSet([self._scorers[each] for each in ids])
        return self._sets[ids]

    def sets(self) -> Sequence[ScorerSet]:
        """Every set there is to be, oldest first."""
        return [self.on(day) for day in self._boundaries]

    def _all_boundaries(self) -> set[int]:
        first = min(each.from_day for each in self._promotions if self._kind(each) is Kind.GENERAL)
        days = {each.from_day for each in self._promotions}
        ends = [self._scorers[each.model_id].model.valid_to for each in self._promotions]
        days |= {(end - _EPOCH).days + 1 for end in ends if end is not None}
        return {max(day, first) for day in days}

    def _live(self, day: int) -> Mapping[str, str]:
        """By code, the version in force: the last promoted that has not ended, general ones even after their end."""
        live: dict[str, str] = {}
        by_code: dict[str, list[Promotion]] = defaultdict(list)
        for promotion in self._promotions:
            if promotion.from_day <= day:
                by_code[self._scorers[promotion.model_id].model.code].append(promotion)
        for code, promoted in by_code.items():
            model = self._scorers[promoted[-1].model_id].model
            ended = model.valid_to is not None and (model.valid_to - _EPOCH).days < day
            if not ended or model.kind is Kind.GENERAL:
                live[code] = model.id
        return live

    def _kind(self, promotion: Promotion) -> Kind:
        return self._scorers[promotion.model_id].model.kind
