"""A unit of work in memory; it passes the suite of the real one."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date

from repair_service.model import (
    DailyRun,
    Description,
    Event,
    NoticeDue,
    Opened,
    Opening,
    RecordId,
    RecordStopped,
    Ruling,
    Standing,
    Stop,
    StopOrder,
    StopReason,
)
from vocabulary.uscc import USCC


class MemoryRecords:
    def __init__(self) -> None:
        self.standings: dict[RecordId, Standing] = {}
        self.rulings: dict[RecordId, Ruling] = {}

    async def lock(self, entities: Collection[USCC], records: Collection[RecordId]) -> Sequence[Standing]:
        return sorted(
            (
                standing
                for standing in self.standings.values()
                if standing.uscc in entities or standing.record_id in records
            ),
            key=lambda standing: standing.record_id,
        )

    async def add(self, opened: Iterable[Opened]) -> None:
        for new in opened:
            self.standings[new.standing.record_id] = new.standing
            self.rulings[new.standing.record_id] = new.opening.ruling

    async def restate(self, standings: Iterable[Standing]) -> None:
        self.standings |= {standing.record_id: standing for standing in standings}

    async def stop_expired(self, day: date, *, limit: int, recorded_at_ms: int) -> Sequence[RecordStopped]:
        due = [key for key in sorted(self.standings) if self._is_due(key, day)][:limit]
        return [self._expire(key, recorded_at_ms) for key in due]

    def _is_due(self, key: RecordId, day: date) -> bool:
        stops_on = self.rulings[key].stops_on
        return self.standings[key].stop is None and stops_on is not None and stops_on <= day

    def _expire(self, key: RecordId, recorded_at_ms: int) -> RecordStopped:
        ruled, standing = self.rulings[key], self.standings[key]
        assert ruled.stops_on is not None
        stop = Stop(
            reason=StopReason.EXPIRED,
            on=ruled.stops_on,
            cause="",
            recorded_at_ms=recorded_at_ms,
            citation=ruled.citation,
        )
        self.standings[key] = replace(standing, stop=stop)
        stopped = self.standings[key].stopped
        assert stopped is not None
        return stopped


class MemoryOrders:
    def __init__(self) -> None:
        self.orders: dict[tuple[str, bool], StopOrder] = {}

    async def of(self, entities: Collection[USCC], records: Collection[RecordId]) -> Sequence[StopOrder]:
        known = [self.orders[key] for key in sorted(self.orders)]
        return [order for order in known if order.uscc in entities or order.target in records]

    async def add(self, orders: Iterable[StopOrder]) -> None:
        self.orders |= {order.key: order for order in orders}


class MemoryDescriptions:
    def __init__(self) -> None:
        self.known: dict[USCC, Description] = {}

    async def replace(self, descriptions: Iterable[Description]) -> None:
        for said in descriptions:
            if said.uscc not in self.known or self.known[said.uscc].version < said.version:
                self.known[said.uscc] = said


class MemoryDailyRuns:
    def __init__(self) -> None:
        self.stopped: dict[date, int] = {}

    async def count(self, run: DailyRun) -> None:
        self.stopped[run.day] = self.stopped.get(run.day, 0) + run.stopped


class MemoryUnitOfWork:
    def __init__(self) -> None:
        self.records = MemoryRecords()
        self.orders = MemoryOrders()
        self.descriptions = MemoryDescriptions()
        self.daily_runs = MemoryDailyRuns()
        self.events: list[Event] = []

    def publish(self, *events: Event) -> None:
        self.events.extend(events)

    @property
    def openings(self) -> list[Opening]:
        return [event for event in self.events if isinstance(event, Opening)]

    @property
    def notices(self) -> list[NoticeDue]:
        return [event for event in self.events if isinstance(event, NoticeDue)]

    @property
    def stops(self) -> list[RecordStopped]:
        return [event for event in self.events if isinstance(event, RecordStopped)]

    def stop_of(self, record_id: str) -> Stop | None:
        return self.records.standings[RecordId(record_id)].stop
