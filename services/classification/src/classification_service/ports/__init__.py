"""What the use cases and the HTTP edge need from the outside."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

from classification_service.model.alarms import Check, ReviewAlarm
from classification_service.model.evidence import Evidence
from classification_service.model.explanation import ClassCount, CurrentState, Decision
from classification_service.model.figures import Move
from classification_service.model.governing import Stored
from classification_service.model.judgement import ClassChanged, Head, Judgement
from classification_service.model.review import (
    InspectionResult,
    KnownBefore,
    Outcome,
    ReviewScope,
    Tally,
    Withdrawal,
)
from classification_service.model.risk_model import PromotedAt, RiskModel
from classification_service.model.sectors import AtRisk, SectorCount
from classification_service.rules.choosing import ScorerSet
from classification_service.rules.judging import InForce
from classification_service.rules.shadowing import Shadow, ShadowVerdict


class UnitOfWork(Protocol):
    """One transaction over this service's books; what it publishes goes out only if it commits."""

    async def heads(self, usccs: Collection[str]) -> Mapping[str, Head]:
        """The heads of those of these entities that were judged before."""
        ...

    async def in_force(self) -> InForce:
        """What judges; it does not move before this transaction ends."""
        ...

    async def shadows(self) -> Sequence[Shadow]:
        """The drafts that run beside the live models; they do not move before this transaction ends."""
        ...

    async def add_shadow_verdicts(
        self, shadow: Shadow, verdicts: Sequence[ShadowVerdict], decided_at_ms: int
    ) -> None:
        """These are the newest verdicts of their entities in this run, unless a newer one is there."""
        ...

    async def save(self, judgement: Judgement) -> None:
        """The judgement's states and decisions are in the books.

        Raises:
            Exception: Another writer changed one of the states; nothing may be committed.
        """
        ...

    async def known_before(self, results: Sequence[InspectionResult]) -> Mapping[str, KnownBefore]:
        """What was decided before each visit, and known of its entity, by result id.

        Of a drawn one it is the newest decision before the visit that gave the class at the draw.
        """
        ...

    async def add_outcomes(self, joined: Sequence[Outcome]) -> None:
        """These outcomes are in the books; those already there are left as they are."""
        ...

    async def add_withdrawals(self, withdrawals: Sequence[Withdrawal]) -> None:
        """The results named count no longer, known or still to come."""
        ...

    async def lock_models(self) -> Mapping[str, Stored]:
        """Every model in the books by id; nobody else changes them until the transaction ends."""
        ...

    async def add_model(self, model: RiskModel, promoted_at: datetime) -> None:
        """The model is in the books."""
        ...

    async def promote(self, model: RiskModel, at: PromotedAt) -> None:
        """The model judges from that day on."""
        ...

    async def name_sets(self) -> None:
        """Every set of models that may judge by what is promoted is in the books, under its code."""
        ...

    def publish_changes(self, changes: Sequence[ClassChanged]) -> None:
        """The others will know these class changes."""
        ...

    def publish_promotion(self, model: RiskModel) -> None:
        """The others will know that this model went live."""
        ...


class Classes(Protocol):
    """Reads of states and decisions; `area_code` limits a list to one area, None to none."""

    async def state(self, uscc: str) -> CurrentState | None:
        """The entity as it stands."""
        ...

    async def states(
        self, after: str, limit: int, area_code: str | None, *, risk_class: str | None, status: str | None
    ) -> Sequence[CurrentState]:
        """Entities after this USCC, in order of USCC; with `risk_class` or `status` those alone."""
        ...

    async def lookup(self, usccs: Sequence[str], area_code: str | None) -> Sequence[CurrentState]:
        """Those of these entities that are known, in order of USCC."""
        ...

    async def decision(self, uscc: str, as_of: datetime | None) -> Decision | None:
        """The newest decision made at or before `as_of`, or of all."""
        ...

    async def numbered(self, uscc: str, number: int) -> Decision | None:
        """The decision with this number."""
        ...

    async def decisions(self, uscc: str, before: int, limit: int) -> Sequence[Decision]:
        """Decisions with a lower number, newest first."""
        ...

    async def counts(self, by: str, area_code: str | None) -> Sequence[ClassCount]:
        """Entities in the population by class and by `area`, `industry` or `none`."""
        ...


class Reviews(Protocol):
    """Reads of outcomes, and of classes as they were."""

    async def tallies(self, by: str, scope: ReviewScope) -> Sequence[Tally]:
        """Counts of what was drawn by `class`, `area`, `industry`, `item`, `sector` or `stratum`."""
        ...

    async def reported_tallies(self, by: str, scope: ReviewScope) -> Sequence[Tally]:
        """The same of what other departments reported, without weights."""
        ...

    async def evidence(self, scope: ReviewScope) -> Evidence:
        """The outcomes in scope side by side."""
        ...

    async def scores_on(self, day: date, area_code: str | None) -> Mapping[str, Mapping[float, int]]:
        """Entities by the model that judged them and their score, at the end of this business day."""
        ...

    async def moves(self, before: date, after: date, area_code: str | None) -> Sequence[Move]:
        """Entities by their classes at the end of two business days."""
        ...

    async def left_d(self, since: date, until: date, area_code: str | None) -> tuple[int, int]:
        """Entities that came into D between these days, and those of them that left it within one month."""
        ...


class Alarms(Protocol):
    """Alarms about the model."""

    async def settle(self, day: date, checks: Sequence[Check], *, model_id: str, now: datetime) -> None:
        """What holds is open, what holds no longer is closed, what cannot be said stays.

        A day before the last one run changes nothing.
        """
        ...

    async def listed(self, before: int | None, limit: int) -> Sequence[ReviewAlarm]:
        """Alarms with a lower id, newest first."""
        ...

    async def acknowledge(self, alarm_id: int, note: str, *, by: str, now: datetime) -> ReviewAlarm | None:
        """The alarm with the first person's note; None when there is none such."""
        ...

    async def last_run(self) -> date | None:
        """The last business day that was run."""
        ...


class Sectors(Protocol):
    """Statistics of sectors; see `model.sectors`."""

    async def mix(self, by: str, area_code: str | None) -> Sequence[SectorCount]:
        """Members by sectors, class, override and `area` or `none`."""
        ...

    async def at_risk(self, area_code: str | None) -> Sequence[AtRisk]:
        """Members of class C or D, as a whole or in a sector, by the models that judged them.

        Whose values are not kept is left out until profiling tells them anew.
        """
        ...


class Models(Protocol):
    """Every model version in the books, by id; those that came since it was asked last too."""

    async def all(self) -> Sequence[RiskModel]:
        """In order of code and version."""
        ...

    async def get(self, model_id: str) -> RiskModel | None:
        """The version with this id."""
        ...

    async def judging(self, decision: Decision) -> ScorerSet | None:
        """Scorers of the models that made this decision."""
        ...

    async def named(self, code: str) -> ScorerSet | None:
        """Scorers of the set of this code, or of the one model of this id."""
        ...
