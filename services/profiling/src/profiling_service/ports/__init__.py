"""What the use cases need of the world."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

import msgspec

from profiling_service.model.entities import Entity, Identity
from profiling_service.model.events import DomainEvent, SignalRaised, SignalUpdated
from profiling_service.model.facts import Fact, Statement
from profiling_service.ports.names import Names
from profiling_service.rules.as_of import Moment, Standing
from profiling_service.rules.profiles import RuleBook
from profiling_service.rules.suppressing import Sensing


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
            or was.next_look != is_.next_look
            or len(was.signals) != len(is_.signals)
        )

    @property
    def moves_signals(self) -> bool:
        """Whether signals raised before are in another area or other sectors now."""
        was, is_ = self.before, self.after
        return (
            self.identity is not None
            and bool(was.signals)
            and (was.area_code, was.sectors) != (is_.area_code, is_.sectors)
        )


class NumberedFact(msgspec.Struct, frozen=True, gc=False):
    """A fact with its number within its entity, from 1."""

    fact: Fact
    number: int


NEVER_RUN = -1


class RunState(msgspec.Struct, frozen=True):
    """Where the daily run stands; days since 1970-01-01.

    Attributes:
        business_day: The day up to which indicators hold.
        after_uscc: The last entity brought to that day while a run is at work; None when it is complete.
        entities, changed: How many the run has looked at, and of how many the profile changed; `NEVER_RUN` entities
            before the first run.
    """

    business_day: int
    after_uscc: str | None
    entities: int
    changed: int

    def holds_for(self, day: int) -> bool:
        """Whether the run of that day is at work or complete."""
        return day == self.business_day and (self.after_uscc is not None or self.entities > NEVER_RUN)


class CityChunk(msgspec.Struct, frozen=True):
    """Some entities in order of code.

    Attributes:
        identities: Their particulars, in the same order.
        recorded_at_ms: Recorded time of the newest fact of each.
        relations: Counts of each by name, see `model.relations.COUNTS`; not a number where it has no such relation.
    """

    entities: Mapping[str, Entity]
    identities: Sequence[Identity]
    recorded_at_ms: Sequence[int]
    relations: Mapping[str, Sequence[float]]


class SignalChanges(msgspec.Struct, frozen=True):
    """What becomes of stored signals.

    Attributes:
        raised: New, and told.
        silent: New, and kept without being told.
        again: Kept silent until now, or over, and told.
        silent_again: Over until now, and still kept without being told.
        grown: Open ones that have grown.
        over: Those whose cause is over, by identifier; true for those that were open.
        moved: Those whose entity is in another area or in other sectors now, by identifier.
    """

    raised: Sequence[SignalRaised]
    silent: Sequence[SignalRaised]
    again: Sequence[SignalRaised]
    silent_again: Sequence[SignalRaised]
    grown: Sequence[SignalUpdated]
    over: Mapping[str, bool]
    moved: Sequence[str]


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

    async def statements(self, usccs: Collection[str]) -> dict[str, list[Statement]]:
        """What stored facts say of the registered particulars of each."""
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

    async def save_holdings(self, stakes: Mapping[str, Sequence[int]]) -> None:
        """Of the stakes recorded of each entity these, by the number of their fact, are held now."""
        ...

    async def save_signals(self, changes: SignalChanges, day: int) -> None:
        """The changes are stored.

        Raises:
            StaleCopy: One of the signals was not in the state it was read in.
        """
        ...

    async def sensing(self) -> Sensing:
        """What is suppressed, and the bounds of peers; neither moves before this transaction ends."""
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
        """Relations are counted anew; what they became is kept with the time, and whose they are is due."""
        ...

    async def prepare_signals(self, day: int, book: RuleBook) -> None:
        """The bounds of peers are those of the values last told, and the run is to look at whom they may concern.

        And at whose signals were suppressed and still hold: it may be over.
        """
        ...

    async def collect_due(self, day: int, catalogue_version: int) -> int:
        """The run is to look at those whom something may have changed by `day`: how many that are.

        The calendar, another catalogue than they were told by, or other relations than at the run before.
        """
        ...

    async def looked_at(self, up_to: str) -> None:
        """The run has looked at those that are due up to this code."""
        ...

    async def chunk(self, after_uscc: str, limit: int) -> CityChunk:
        """Up to `limit` entities that are due, in order of code after `after_uscc`, locked until the end."""
        ...


class EntityRow(msgspec.Struct, frozen=True):
    """An entity as people see it.

    Attributes:
        inferred_industry: What its business scope says, where the register names no industry.
        sectors: Bits of `model.entities.SECTORS`.
        catalogue_version: By which its values were told.
        values: In the catalogue's order, not a number where not known, or told by another catalogue.
    """

    uscc: str
    name: str
    entity_type: str
    status: int
    area_code: str
    industry: str
    established_on: date | None
    capital_fen: int | None
    address: str
    legal_person_ref: str
    platforms: Sequence[str]
    fact_count: int
    profile_version: int
    business_day: date
    recorded_at: datetime
    inferred_industry: str
    sectors: int
    catalogue_version: int
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


class Reads(Names, Protocol):
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

    async def entities(self, area_code: str | None, after: str, limit: int) -> Sequence[EntityRow]:
        """Entities in order of code after `after`."""
        ...

    async def facts(self, uscc: str, after: int, limit: int) -> Sequence[FactRow]:
        """Facts of an entity in order of number after `after`."""
        ...

    async def statistics(self, area_code: str | None) -> Sequence[tuple[str, int, int, int]]:
        """Area, status, number of entities, and how many of them have an open signal."""
        ...


class History(Protocol):
    """What was so, and known, at other times."""

    async def business_day(self, known_at: datetime) -> int:
        """The business day then; the first there was, before any."""
        ...

    async def standing(self, uscc: str, moment: Moment, known_at: datetime) -> Standing | None:
        """The entity as of a moment, with the relations counted by `known_at`; None when nothing was known of it."""
        ...
