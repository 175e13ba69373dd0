"""What taking signals in hand needs of the world."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Protocol

import msgspec

from profiling_service.errors import Standing
from profiling_service.model.events import DomainEvent, SignalRaised
from profiling_service.model.work import Action, StepKind


class WorkStep(msgspec.Struct, frozen=True):
    """A step somebody takes with signals.

    Attributes:
        assignee: Who has them from now on; of `acted`, who has those that nobody had.
        only_own: Only signals that nobody has, or that `by` has.
        until: Of `snoozed`: the last day they may wait.
    """

    kind: StepKind
    by: str
    note: str
    assignee: str | None = None
    until: date | None = None
    action: Action | None = None
    only_own: bool = False


class StepRow(msgspec.Struct, frozen=True):
    """A step that was taken; `assignee` is who had the signal afterwards."""

    step_id: int
    signal_id: str
    at: datetime
    by: str
    kind: str
    action: str | None
    assignee: str | None
    until: date | None
    note: str


class Closing(msgspec.Struct, frozen=True):
    """How a signal ended, if it did.

    Attributes:
        holds: What caused it is still so.
        by_person_for: How long ago a person cleared it; None when no person did.
    """

    is_open: bool
    holds: bool
    by_person_for: timedelta | None


class SignalWork(Protocol):
    """Taking signals in hand, inside one transaction of a person's."""

    async def business_day(self) -> int:
        """The business day; it does not move before this transaction ends."""
        ...

    async def take_step(
        self, signal_ids: Collection[str], area_code: str | None, step: WorkStep
    ) -> Sequence[StepRow]:
        """The step is taken with those that are open, and of the area where one is given; what was written down."""
        ...

    async def standing(self, signal_id: str) -> Standing:
        """How it stands now.

        Raises:
            UnknownSignal: There is none.
        """
        ...

    async def closing(self, signal_id: str) -> Closing | None:
        """How it ended, locked; None when there is no such signal."""
        ...

    async def reopen(self, signal_id: str, reason: str, by: str) -> tuple[SignalRaised, StepRow]:
        """A closed signal is open as it was before."""
        ...

    def publish(self, events: Sequence[DomainEvent]) -> None:
        """The events are told when the transaction commits."""
        ...
