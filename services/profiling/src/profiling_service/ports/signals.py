"""What settling, suppressing and judging signals need of the world."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple, Protocol

import msgspec

from profiling_service.model.events import DomainEvent, SignalCleared
from profiling_service.ports import FactRow
from profiling_service.ports.signal_work import StepRow


class SuppressionOrder(msgspec.Struct, frozen=True):
    """Signals of a family are not to be told, of an area or of an entity, through a day.

    Attributes:
        area_code, uscc: One of the two; the other is empty.
    """

    family: str
    area_code: str
    uscc: str
    until: date
    reason: str


class SuppressionRow(msgspec.Struct, frozen=True):
    """A suppression as people see it; `entity_area` is the area it is about, or that of its entity."""

    suppression_id: int
    family: str
    area_code: str
    uscc: str
    until: date
    reason: str
    made_by: str
    made_at: datetime
    ended_by: str | None
    ended_at: datetime | None
    in_force: bool
    entity_area: str


class SignalUnitOfWork(Protocol):
    """Signals inside one transaction of a person's."""

    async def business_day(self) -> int:
        """The business day."""
        ...

    async def close_signal(self, signal_id: str, reason: str, by: str, day: int) -> SignalCleared:
        """The signal is closed for a person's reason.

        Raises:
            UnknownSignal: There is none.
            SignalNotOpen: It is not open.
        """
        ...

    async def close_signals(
        self, signal_ids: Collection[str], area_code: str | None, reason: str, by: str, day: int
    ) -> Sequence[SignalCleared]:
        """Those of them that are open, and of the area where one is given, are closed."""
        ...

    async def suppress(self, order: SuppressionOrder, by: str) -> int:
        """The suppression is in force from the next batch on; gives its identifier.

        Raises:
            SuppressedInThePast: Its last day is before the business day.
        """
        ...

    async def end_suppression(self, suppression_id: int, by: str) -> None:
        """It is no longer in force.

        Raises:
            UnknownSuppression: There is none, or it was ended before.
        """
        ...

    async def judge(self, signal_id: str, by: str, note: str, *, useful: bool) -> None:
        """The verdict is kept beside those before; it is the one that counts.

        Raises:
            UnknownSignal: There is none.
        """
        ...

    def publish(self, events: Sequence[DomainEvent]) -> None:
        """The events are told when the transaction commits."""
        ...


class SignalRow(msgspec.Struct, frozen=True):
    """A signal as people see it.

    Attributes:
        measure: What was held against the rule's bound when it was told last.
        silent: It was never told.
        suppressed: It is suppressed on the business day.
        useful: The last verdict; None for none.
        entity_area, entity_name: Those of the entity now.
        assignee: Who has it in hand; None for nobody.
        snoozed_until: The last day it waits; None when it does not wait.
    """

    signal_id: str
    uscc: str
    family: str
    episode: int
    severity: int
    suggested_step: str
    evidence: Sequence[str]
    measure: float
    raised_on: date
    due_on: date
    raised_at: datetime
    updated_at: datetime | None
    updates: int
    is_open: bool
    holds: bool
    silent: bool
    cleared_on: date | None
    cleared_reason: str | None
    cleared_by: str | None
    useful: bool | None
    suppressed: bool
    entity_area: str
    entity_name: str
    assignee: str | None
    snoozed_until: date | None

    @property
    def place(self) -> "Place":
        """Where it stands in a list."""
        return Place(-self.severity, self.due_on, self.signal_id)


class Place(NamedTuple):
    """Where a signal stands in a list: by severity, then by the day its step is due."""

    less_severe: int
    due_on: date
    signal_id: str


class VerdictRow(msgspec.Struct, frozen=True):
    """What somebody thought of a signal."""

    useful: bool
    note: str
    judged_by: str
    judged_at: datetime


class SignalFilter(msgspec.Struct, frozen=True):
    """Which signals are asked for; None asks for all.

    Attributes:
        sector: Bit of `rules.indicators.SECTORS`: of entities that work in it, and of `sector_families`.
        state: `open`, `snoozed`, `suppressed` or `cleared`.
        assignee: Who has it in hand; empty for those nobody has.
    """

    area_code: str | None = None
    family: str | None = None
    uscc: str | None = None
    is_open: bool | None = None
    severity: int | None = None
    sector: int | None = None
    sector_families: Sequence[str] = ()
    due_before: date | None = None
    state: str | None = None
    assignee: str | None = None


class SignalCount(msgspec.Struct, frozen=True):
    """How many signals are in a state and of a severity; of these, whose they are and how many are late."""

    state: str
    severity: int
    signals: int
    mine: int
    unassigned: int
    overdue: int


class FamilyCount(msgspec.Struct, frozen=True):
    """What became of the signals of a family that were raised in a month, its first day.

    Attributes:
        stricter: How many of those told there would have been with the bound one step higher.
    """

    family: str
    month: date
    raised: int
    suppressed: int
    open: int
    judged: int
    useful: int
    stricter: int


class SignalReads(Protocol):
    """What people ask of signals."""

    async def signal(self, signal_id: str) -> SignalRow | None:
        """The signal, or None."""
        ...

    async def signals(self, wanted: SignalFilter, after: Place | None, limit: int) -> Sequence[SignalRow]:
        """Signals in order of their places, those after `after`; None for the first."""
        ...

    async def counts(self, wanted: SignalFilter, me: str, cleared_since: date) -> Sequence[SignalCount]:
        """How many there are by state and severity; of those cleared, since a day."""
        ...

    async def steps(self, signal_id: str) -> Sequence[StepRow]:
        """What people did with it, in order."""
        ...

    async def evidence(self, signal: SignalRow) -> Sequence[FactRow]:
        """The facts that show it, with what they say, in order of number."""
        ...

    async def verdicts(self, signal_id: str) -> Sequence[VerdictRow]:
        """Everybody's, the last one first."""
        ...

    async def suppressions(
        self, area_code: str | None, after: int, limit: int, *, in_force: bool | None, uscc: str | None = None
    ) -> Sequence[SuppressionRow]:
        """Suppressions in order of identifier after `after`."""
        ...

    async def suppression(self, suppression_id: int) -> SuppressionRow | None:
        """The suppression, or None."""
        ...

    async def family_counts(
        self, area_code: str | None, since: date, steps: Mapping[str, tuple[float, float]]
    ) -> Sequence[FamilyCount]:
        """By family and month of raising, since a day.

        Args:
            area_code: Of its entities only; None for all.
            since: First day.
            steps: By family, the least measure and the greatest chance it would have asked for one step stricter.
        """
        ...
