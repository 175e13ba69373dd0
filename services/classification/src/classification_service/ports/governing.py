"""What the use cases and the HTTP edge need from the outside where people decide."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

from classification_service.model.explanation import Decision
from classification_service.model.governing import (
    Draft,
    Live,
    Mover,
    Moves,
    Rollback,
    ShadowRun,
    Step,
    Tried,
    Who,
)
from classification_service.model.intervention import KeptIntervention, Objection
from classification_service.model.judgement import Head, IndicatorsChanged
from classification_service.model.risk_model import RiskModel
from classification_service.ports import UnitOfWork
from classification_service.ports.work import Waiting
from classification_service.rules.drafting import Versions
from classification_service.rules.objecting import Change, Earlier
from classification_service.rules.promoting import Course
from classification_service.rules.replaying import Known


class Drafts(Protocol):
    """Drafts and what is done to them, inside a transaction."""

    async def add(self, draft: Draft) -> Draft:
        """The draft is in the books, with its id."""
        ...

    async def offer(self, draft: Draft) -> Draft | None:
        """As `add`, for what the service ships with; None where this was offered before."""
        ...

    async def lock(self, draft_id: int) -> Draft:
        """The draft, nobody else's to change until the transaction ends.

        Raises:
            Unknown: there is none.
        """
        ...

    async def save(self, draft: Draft) -> None:
        """The draft is in the books as it is given.

        Raises:
            InvalidModel: the books do not give its document back as it was.
        """
        ...

    async def note(self, step: Step) -> None:
        """It can be read who did what."""
        ...

    async def tried(self, what_if: int) -> Tried:
        """The what-if of this number.

        Raises:
            Unknown: there is none.
        """
        ...

    async def writers(self, draft_id: int) -> frozenset[str]:
        """Whoever saved a text of the draft."""
        ...

    async def versions(self) -> Versions:
        """The versions in the books, and which of each code was promoted last."""
        ...

    async def newest_judged(self) -> date | None:
        """The newest business day that any entity was judged on; looks at all of them."""
        ...

    async def is_judged(self, day: date) -> bool:
        """Whether any entity was judged on that day or later."""
        ...

    async def course(self, code: str, newest_judged: date | None, today: date) -> Course:
        """How the code came to be where it is."""
        ...

    async def model(self, model_id: str) -> RiskModel:
        """The version with this id.

        Raises:
            Unknown: there is none.
        """
        ...

    async def add_rollback(self, rollback: Rollback) -> Rollback:
        """The proposal is in the books, with its number.

        Raises:
            NotInThisState: another one for the code waits.
        """
        ...

    async def lock_rollback(self, number: int) -> Rollback:
        """The proposal, nobody else's to change.

        Raises:
            Unknown: there is none.
        """
        ...

    async def save_rollback(self, rollback: Rollback) -> None:
        """The proposal is in the books as it is given."""
        ...

    async def start_shadow(self, run: ShadowRun, model: RiskModel) -> ShadowRun:
        """The run is at work from the next batch on.

        Raises:
            NotInThisState: the draft runs already.
            InvalidModel: the books do not give the model back as it was.
        """
        ...

    async def stop_shadow(self, draft_id: int, by: str, at: datetime) -> ShadowRun:
        """The draft's run is at an end.

        Raises:
            NotInThisState: it has none at work.
        """
        ...


class Interventions(Protocol):
    """What people decide about classes, inside a transaction."""

    async def standing(self) -> None:
        """Nobody judges until this transaction ends, and who does afterwards knows what it decided."""
        ...

    async def add(self, kept: KeptIntervention) -> KeptIntervention:
        """It is in the books, with its id.

        Raises:
            NotInThisState: the entity has one in force that it would contradict.
        """
        ...

    async def lock(self, number: int) -> KeptIntervention:
        """The one with this id, nobody else's to change.

        Raises:
            Unknown: there is none.
        """
        ...

    async def save(self, kept: KeptIntervention) -> None:
        """It is in the books as it is given; raises as `add`."""
        ...

    async def any_over(self, day: date, at: datetime) -> bool:
        """Whether any that is in force expired before `day`, or rests for a record that its source corrected by now."""
        ...

    async def end_over(self, day: date, who: Who, limit: int) -> Sequence[tuple[str, int]]:
        """So many of those are in force no longer; gives entity and id of each."""
        ...

    async def known(self, usccs: Collection[str]) -> tuple[Sequence[IndicatorsChanged], Mapping[str, Head]]:
        """What is known of these entities and what was decided, for those that can be judged anew."""
        ...

    async def add_objection(self, objection: Objection) -> Objection:
        """It is in the books, with its number."""
        ...

    async def lock_objection(self, number: int) -> Objection:
        """The objection, nobody else's to change.

        Raises:
            Unknown: there is none.
        """
        ...

    async def save_objection(self, objection: Objection) -> None:
        """It is in the books as it is given."""
        ...

    async def of_objection(self, objection: int) -> Sequence[KeptIntervention]:
        """The newest of each item that rests or rested for it, nobody else's to change."""
        ...

    async def objections_of(self, uscc: str) -> Sequence[Earlier]:
        """What was filed for the entity before."""
        ...

    async def changes_by(self, uscc: str, record: str) -> Sequence[Change]:
        """The values before and after each decision that the record caused."""
        ...


class GovernedUnitOfWork(UnitOfWork, Protocol):
    """A unit of work in which people decide."""

    @property
    def drafts(self) -> Drafts:
        """Drafts and models."""
        ...

    @property
    def interventions(self) -> Interventions:
        """Adjustments and objections."""
        ...


class People(Waiting, Protocol):
    """Reads of what people did; `area_code` limits a list to one area, None to none."""

    async def drafts(self, before: int, limit: int, state: str | None) -> Sequence[Draft]:
        """Drafts with a lower id, newest first."""
        ...

    async def draft(self, draft_id: int) -> Draft | None:
        """The draft with this id."""
        ...

    async def trail(self, model_id: str) -> Sequence[Step]:
        """Everything done to the version and the draft it was, oldest first."""
        ...

    async def draft_trail(self, draft_id: int) -> Sequence[Step]:
        """Everything done to the draft, oldest first."""
        ...

    async def lives(self) -> Sequence[Live]:
        """When each version went live and who let it, oldest first."""
        ...

    async def rollbacks(self, code: str) -> Sequence[Rollback]:
        """The proposals for a code, newest first."""
        ...

    async def shadow_run(self, draft_id: int) -> ShadowRun | None:
        """The draft's newest run."""
        ...

    async def shadow_moves(self, run: int, by: str, area_code: str | None) -> Sequence[Moves]:
        """How many go from which class to which, by `area`, `sector` or `none`."""
        ...

    async def movers(self, run: int, after: str, limit: int, area_code: str | None) -> Sequence[Mover]:
        """Entities whose class the draft would change, after this USCC."""
        ...

    async def interventions(
        self, before: int, limit: int, area_code: str | None, *, uscc: str | None, state: str | None
    ) -> Sequence[KeptIntervention]:
        """Interventions with a lower id, newest first."""
        ...

    async def intervention(self, number: int) -> KeptIntervention | None:
        """The one with this id."""
        ...

    async def objections(  # noqa: PLR0913 - one keyword for each filter
        self,
        after: tuple[date, int],
        limit: int,
        area_code: str | None,
        *,
        uscc: str | None,
        state: str | None,
        due: date | None,
    ) -> Sequence[Objection]:
        """Objections after this term and number, those due first first; with `due` those due before it."""
        ...

    async def objection(self, number: int) -> Objection | None:
        """The one with this number."""
        ...

    async def overdue(self, today: date) -> int:
        """How many open objections should have been decided before today."""
        ...


class Replays(Protocol):
    """Reads of decisions with everything they are derived from."""

    async def one(self, uscc: str, number: int) -> Decision | None:
        """The decision of the entity with this number."""
        ...

    async def sample(self, count: int, seed: int) -> Sequence[Decision]:
        """So many decisions at random, the same for the same seed over the same books."""
        ...

    async def after(self, uscc: str, number: int, limit: int) -> Sequence[Decision]:
        """The decisions that follow this one, in order of entity and number."""
        ...

    async def known(self, decisions: Sequence[Decision]) -> Known:
        """What these decisions are derived from beside their rows."""
        ...
