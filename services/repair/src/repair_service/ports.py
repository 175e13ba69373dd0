"""What the use cases need from the outside."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from vocabulary.uscc import USCC

from repair_service.model import (
    DailyRun,
    Description,
    Event,
    Opened,
    RecordId,
    RecordStopped,
    Standing,
    StopOrder,
)


class Records(Protocol):
    """Records of all entities; each call is one statement."""

    async def lock(self, entities: Collection[USCC], records: Collection[RecordId]) -> Sequence[Standing]:
        """Every record of these entities, and these, locked in order of identifier until the transaction ends."""
        ...

    async def add(self, opened: Iterable[Opened]) -> None:
        """These records exist, as they stand."""
        ...

    async def restate(self, standings: Iterable[Standing]) -> None:
        """These records are stopped as said here."""
        ...

    async def stop_expired(self, day: date, *, limit: int, recorded_at_ms: int) -> Sequence[RecordStopped]:
        """Up to `limit` open records whose publicity ends on `day` or before are stopped on the day it ends."""
        ...


class Orders(Protocol):
    """Orders to stop, kept for records that come later."""

    async def of(self, entities: Collection[USCC], records: Collection[RecordId]) -> Sequence[StopOrder]:
        """Every order about these entities, and every one that names one of these records."""
        ...

    async def add(self, orders: Iterable[StopOrder]) -> None:
        """These orders are kept."""
        ...


class Descriptions(Protocol):
    """Who entities are, as profiling says."""

    async def replace(self, descriptions: Iterable[Description]) -> None:
        """The newest description of each entity is kept; older news changes nothing."""
        ...


class DailyRuns(Protocol):
    """What the daily runs did."""

    async def count(self, run: DailyRun) -> None:
        """The day's run stopped these records, beside those of earlier calls for the same day."""
        ...


class UnitOfWork(Protocol):
    """One transaction."""

    @property
    def records(self) -> Records:
        """The records."""
        ...

    @property
    def orders(self) -> Orders:
        """The orders to stop."""
        ...

    @property
    def descriptions(self) -> Descriptions:
        """The descriptions of entities."""
        ...

    @property
    def daily_runs(self) -> DailyRuns:
        """The daily runs."""
        ...

    def publish(self, *events: Event) -> None:
        """Tell the other services if the transaction commits."""
        ...


class RecordRow(Protocol):
    """A row of `record` with the entity's name and area, empty while unknown."""

    record_id: str
    uscc: str
    name: str
    area_code: str
    kind: str
    tier: str
    rule: str
    citation: str
    conditions: list[str]
    decided_on: date
    published_on: date | None
    apply_from: date | None
    stops_on: date | None
    document_number: str
    authority: str
    penalty_kinds: list[str]
    fine_fen: int
    confiscated_fen: int
    grade: str | None
    key_field: str | None
    violation: str
    reason: str
    restriction_until: date | None
    occurred_at: datetime
    recorded_at: datetime
    notice_id: str | None
    stop_reason: str | None
    stopped_on: date | None
    stop_cause: str | None
    stop_recorded_at: datetime | None
    stop_citation: str | None
    state: str


class StatisticsRow(Protocol):
    """How many records of one kind and tier are in one state; `stop_reason` is None while open."""

    kind: str
    tier: str
    state: str
    stop_reason: str | None
    records: int


@dataclass(frozen=True, slots=True)
class RecordFilter:
    """What a list is limited to; None does not limit."""

    area: str | None = None
    uscc: str | None = None
    kind: str | None = None
    tier: str | None = None
    state: str | None = None


class Reader(Protocol):
    """What people ask; read-only."""

    async def page(
        self, limited: RecordFilter, *, after: tuple[date, str] | None, limit: int
    ) -> Sequence[RecordRow]:
        """Up to `limit` records, newest decision first, after the one whose day and identifier are given."""
        ...

    async def get(self, record_id: str) -> RecordRow:
        """One record.

        Raises:
            UnknownRecord: There is none.
        """
        ...

    async def statistics(self, area: str | None) -> Sequence[StatisticsRow]:
        """Counts of records by kind, tier, state and reason of the stop, in one area or in all."""
        ...

    async def stopped_by_run(self, day: date) -> Mapping[str, int]:
        """Records stopped by the runs of a day, by kind of record, over all calls."""
        ...
