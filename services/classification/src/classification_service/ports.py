"""What the use cases and the HTTP edge need from the outside."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from classification_service.model.explanation import ClassCount, CurrentState, Decision
from classification_service.model.judgement import ClassChanged, Head, Judgement
from classification_service.model.review import InspectionResult, ReviewScope, Tally
from classification_service.model.risk_model import RiskModel


class UnitOfWork(Protocol):
    """One transaction over this service's books; what it publishes goes out only if it commits."""

    async def heads(self, usccs: Collection[str]) -> Mapping[str, Head]:
        """The heads of those of these entities that were judged before."""
        ...

    async def save(self, judgement: Judgement) -> None:
        """The judgement's states and decisions are in the books.

        Raises:
            Exception: Another writer changed one of the states; nothing may be committed.
        """
        ...

    async def add_results(self, results: Sequence[InspectionResult]) -> None:
        """These results are in the books; those already there are left as they are."""
        ...

    async def lock_models(self) -> Mapping[str, str]:
        """SHA-256 by id of every model in the books; nobody else changes them until the transaction ends."""
        ...

    async def add_model(self, model: RiskModel, promoted_at: datetime) -> None:
        """The model is in the books."""
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

    async def states(self, after: str, limit: int, area_code: str | None) -> Sequence[CurrentState]:
        """Entities after this USCC, in order of USCC."""
        ...

    async def lookup(self, usccs: Sequence[str], area_code: str | None) -> Sequence[CurrentState]:
        """Those of these entities that are known, in order of USCC."""
        ...

    async def decision(self, uscc: str, as_of: datetime | None) -> Decision | None:
        """The newest decision made at or before `as_of`, or of all."""
        ...

    async def decisions(self, uscc: str, before: int, limit: int) -> Sequence[Decision]:
        """Decisions with a lower number, newest first."""
        ...

    async def counts(self, by: str, area_code: str | None) -> Sequence[ClassCount]:
        """Entities in the population by class and by `area`, `industry` or `none`."""
        ...


class Reviews(Protocol):
    """Reads of inspection results."""

    async def tallies(self, by: str, scope: ReviewScope) -> Sequence[Tally]:
        """Counts by `class`, `area` or `industry`."""
        ...

    async def results_of(self, uscc: str) -> Sequence[InspectionResult]:
        """All results of one entity, oldest first."""
        ...


class Models(Protocol):
    """Every model version in the books, by id."""

    def all(self) -> Sequence[RiskModel]:
        """In order of code and version."""
        ...

    def get(self, model_id: str) -> RiskModel | None:
        """The version with this id."""
        ...
