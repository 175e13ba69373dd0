"""What the use cases need of the world."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

import msgspec

from profiling_service.model.catalogue import Aggregate
from profiling_service.model.entities import Entity, Identity
from profiling_service.model.events import DomainEvent, SignalCleared, SignalRaised
from profiling_service.model.facts import Fact


class EntityStep(msgspec.Struct, frozen=True, gc=False):
    """One entity's step from the state it was read in to the next.

    Attributes:
        before, after: The states.
        identity: Its registered particulars, when they are new or changed.
        recorded_at_ms: Recorded time of its newest fact in this step; 0 when there is none.
    """

    uscc: str
    before: Entity
    after: Entity
    identity: Identity | None
    recorded_at_ms: int

    @property
    def moves(self) -> bool:
        """Whether anything stored of it changes: most facts change nothing."""
        was, is_ = self.before, self.after
        return (
            was.profile_version != is_.profile_version
            or was.description_version != is_.description_version
            or self.identity is not None
        )


class NumberedFact(msgspec.Struct, frozen=True, gc=False):
    """A fact with its number within its entity, from 1."""

    fact: Fact
    number: int


class RunState(msgspec.Struct, frozen=True):
    """Where the daily run stands; days since 1970-01-01.

    Attributes:
        business_day: The day up to which indicators hold.
        after_uscc: The last entity brought to that day while a run is at work; None when it is complete.
        entities, changed: How many the run has looked at, and of how many the profile changed.
    """

    business_day: int
    after_uscc: str | None
    entities: int
    changed: int


class CityChunk(msgspec.Struct, frozen=True):
    """Some entities in order of code, with the recorded time of the newest fact of each and its relations."""

    entities: Mapping[str, Entity]
    recorded_at_ms: Sequence[int]
    relations: Mapping[Aggregate, Sequence[float]]


class UnitOfWork(Protocol):
    """The service's state inside one transaction."""

    async def business_day(self) -> int:
        """The business day; it does not move before this transaction ends."""
        ...

    async def entities(self, usccs: Sequence[str]) -> list[Entity]:
        """Their states, `BLANK` for those not known, in the order asked for."""
        ...

    async def identities(self, usccs: Collection[str]) -> dict[str, Identity]:
        """Registered particulars of those that are known."""
        ...

    async def fact_names(self, wanted: Collection[tuple[str, int]]) -> dict[tuple[str, int], str]:
        """`source|fact_id` of facts by entity and number."""
        ...

    async def add_facts(self, facts: Sequence[NumberedFact]) -> None:
        """The facts are stored.

        Raises:
            StaleCopy: Another writer stored facts of the same entity meanwhile.
        """
        ...

    async def save(self, steps: Sequence[EntityStep]) -> None:
        """The entities are stored in their new state, where it is another.

        Raises:
            StaleCopy: One of them was not in the state it was read in.
        """
        ...

    async def save_signals(self, raised: Sequence[SignalRaised], over: Mapping[str, bool], day: int) -> None:
        """The raised signals are stored; those `over` are marked so and, where true, closed.

        Raises:
            StaleCopy: One of them was closed meanwhile.
        """
        ...

    def publish(self, events: Sequence[DomainEvent]) -> None:
        """The events are told when the transaction commits."""
        ...


class DailyUnitOfWork(UnitOfWork, Protocol):
    """What the daily run needs besides."""

    async def run_state(self) -> RunState:
        """Where the daily run stands, locked until the transaction ends."""
        ...

    async def save_run_state(self, state: RunState) -> None:
        """It stands there now."""
        ...

    async def has_entities(self) -> bool:
        """Whether any entity is known."""
        ...

    async def count_relations(self) -> None:
        """Entities of the same legal representative, and at the same address, are counted anew."""
        ...

    async def chunk(self, after_uscc: str, limit: int) -> CityChunk:
        """Up to `limit` entities in order of code after `after_uscc`, locked until the transaction ends."""
        ...


class SignalUnitOfWork(Protocol):
    """What clearing a signal by hand needs."""

    async def business_day(self) -> int:
        """The business day."""
        ...

    async def close_signal(self, signal_id: str, reason: str, by: str, day: int) -> SignalCleared:
        """The signal is closed for a person's reason.

        Raises:
            UnknownSignal: There is none.
            SignalAlreadyCleared: It is not open.
        """
        ...

    def publish(self, events: Sequence[DomainEvent]) -> None:
        """The events are told when the transaction commits."""
        ...


class EntityRow(msgspec.Struct, frozen=True):
    """An entity as people see it; `values` in the catalogue's order, not a number where not known."""

    uscc: str
    name: str
    entity_type: str
    status: int
    area_code: str
    industry: str
    established_on: date | None
    capital_fen: int | None
    address: str
    platforms: Sequence[str]
    fact_count: int
    profile_version: int
    business_day: date
    recorded_at: datetime
    values: Sequence[float]


class FactRow(msgspec.Struct, frozen=True):
    """A fact as people see it, with its three clocks and what it says."""

    number: int
    type: int
    source: str
    fact_id: str
    occurred_at: datetime
    recorded_at: datetime
    decided_at: datetime
    counts: bool
    particulars: Mapping[str, object]


class SignalRow(msgspec.Struct, frozen=True):
    """A signal as people see it; `entity_area` is the area of the entity now."""

    signal_id: str
    uscc: str
    family: str
    severity: int
    suggested_step: str
    evidence: Sequence[str]
    raised_on: date
    due_on: date
    raised_at: datetime
    is_open: bool
    cleared_on: date | None
    cleared_reason: str | None
    cleared_by: str | None
    entity_area: str


class SignalFilter(msgspec.Struct, frozen=True):
    """Which signals are asked for; None asks for all."""

    area_code: str | None
    family: str | None
    uscc: str | None
    is_open: bool | None


class Reads(Protocol):
    """What people ask."""

    async def business_day(self) -> RunState:
        """The business day and where its run stands."""
        ...

    async def entity(self, uscc: str) -> EntityRow | None:
        """The entity, or None."""
        ...

    async def area_of(self, uscc: str) -> str | None:
        """The entity's area, None when the entity or its area is not known."""
        ...

    async def entities(self, area_code: str | None, text: str, after: str, limit: int) -> Sequence[EntityRow]:
        """Entities in order of code after `after` whose name contains or whose code starts with `text`."""
        ...

    async def facts(self, uscc: str, after: int, limit: int) -> Sequence[FactRow]:
        """Facts of an entity in order of number after `after`."""
        ...

    async def signal(self, signal_id: str) -> SignalRow | None:
        """The signal, or None."""
        ...

    async def signals(self, wanted: SignalFilter, after: str, limit: int) -> Sequence[SignalRow]:
        """Signals in order of identifier after `after`."""
        ...

    async def statistics(self, area_code: str | None) -> Sequence[tuple[str, int, int, int]]:
        """Area, status, number of entities, and how many of them have an open signal."""
        ...
