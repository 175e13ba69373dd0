"""What a batch of facts opens and stops: the same in whatever order the facts arrive.

Every order to stop is kept, so that one which comes before its record is applied when the record comes. Of several
stops the earliest day holds; publicity is reported as stopped once, when the first of them is known.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from vocabulary.calendar import business_date
from vocabulary.uscc import USCC

from repair_service.model import (
    Event,
    Fact,
    NoticeDue,
    Opened,
    Opening,
    RecordId,
    Ruling,
    Standing,
    Stop,
    StopOrder,
    StopReason,
)
from repair_service.rules.law import Law
from repair_service.rules.publicity import ruling

_PRECEDENCE = {reason: place for place, reason in enumerate(StopReason)}


@dataclass(frozen=True, slots=True)
class Changes:
    """What to store and to tell.

    Attributes:
        opened: records to add, each as it stands from the start.
        restated: known records whose stop is new or earlier than the one known.
        orders: orders to keep.
        events: what to tell the other services, in order.
    """

    opened: tuple[Opened, ...]
    restated: tuple[Standing, ...]
    orders: tuple[StopOrder, ...]
    events: tuple[Event, ...]


def settle(
    facts: Sequence[Fact], known: Iterable[Standing], orders: Iterable[StopOrder], law: Law
) -> Changes:
    """What these facts change, given every known record and order of `concerned`; facts already known do nothing."""
    before = {standing.record_id: standing for standing in known}
    openings = _openings(facts, before, law)
    arrived = _new_orders(facts, orders := list(orders))
    after = before | {record_id: opening.standing for record_id, opening in openings.items()}
    stopped = _stopped(after, [*orders, *arrived], law)
    opened = [_opened(opening, stopped[record_id]) for record_id, opening in openings.items()]
    restated = [stopped[record_id] for record_id in sorted(before) if stopped[record_id] != before[record_id]]
    return Changes(
        opened=tuple(opened),
        restated=tuple(restated),
        orders=tuple(arrived),
        events=(*_told(opened), *_newly_stopped(restated, before)),
    )


def concerned(facts: Iterable[Fact]) -> tuple[list[USCC], list[RecordId]]:
    """The entities that facts are about, and the records they open or name, which may be under another code."""
    entities: set[USCC] = set()
    records: set[RecordId] = set()
    for fact in facts:
        entities.add(fact.uscc)
        named = fact.target if isinstance(fact, StopOrder) else fact.record_id
        if named is not None:
            records.add(named)
    return sorted(entities), sorted(records)


def earlier(first: Stop | None, second: Stop) -> Stop:
    """The stop that holds: the earliest day; on one day, the graver reason."""
    if first is None:
        return second
    return min(first, second, key=lambda stop: (stop.on, _PRECEDENCE[stop.reason], stop.cause))


def covers(order: StopOrder, record: Standing) -> bool:
    """Whether the order stops the record.

    One that names a record stops that, under whatever code of its entity (换码); an identifier is one record's only. A
    removal that names no listing stops those entered before it; cancellation of the entity stops every record.
    """
    if order.target is not None:
        return order.target == record.record_id
    if order.uscc != record.uscc:
        return False
    if order.kind is None:
        return True
    return order.kind is record.kind and record.occurred_at_ms <= order.ordered_at_ms


def _openings(facts: Sequence[Fact], known: dict[RecordId, Standing], law: Law) -> dict[RecordId, Opening]:
    opened: dict[RecordId, Opening] = {}
    for fact in facts:
        if not isinstance(fact, StopOrder) and fact.record_id not in known:
            opened.setdefault(fact.record_id, Opening(fact, ruling(fact, law)))
    return opened


def _new_orders(facts: Sequence[Fact], known: Iterable[StopOrder]) -> list[StopOrder]:
    seen = {order.key for order in known}
    arrived: dict[tuple[str, bool], StopOrder] = {}
    for fact in facts:
        if isinstance(fact, StopOrder) and fact.key not in seen:
            arrived.setdefault(fact.key, fact)
    return list(arrived.values())


def _stopped(
    records: dict[RecordId, Standing], orders: list[StopOrder], law: Law
) -> dict[RecordId, Standing]:
    about: dict[str, list[StopOrder]] = defaultdict(list)
    for order in orders:
        about[order.target or order.uscc].append(order)
    return {
        record_id: _with_orders(record, [*about.get(record.uscc, ()), *about.get(record_id, ())], law)
        for record_id, record in records.items()
    }


def _with_orders(record: Standing, orders: Iterable[StopOrder], law: Law) -> Standing:
    stop = record.stop
    for order in orders:
        if covers(order, record):
            stop = earlier(stop, _stop(order, record, law))
    return record if stop is record.stop else replace(record, stop=stop)


def _stop(order: StopOrder, record: Standing, law: Law) -> Stop:
    day = max(order.ordered_on, record.starts_on)
    return Stop(
        reason=order.reason,
        on=day,
        cause=order.order_id,
        recorded_at_ms=max(order.recorded_at_ms, record.recorded_at_ms),
        citation=law.on(day).rule_of(order).citation,
    )


def _opened(opening: Opening, standing: Standing) -> Opened:
    issued_on = business_date(datetime.fromtimestamp(opening.subject.recorded_at_ms / 1000, UTC))
    due = standing.stop is None and _is_repairable(opening.ruling, issued_on)
    return Opened(opening, standing, NoticeDue(opening, issued_on) if due else None)


def _is_repairable(ruled: Ruling, day: date) -> bool:
    """Whether there is something to repair: a publicity, and one that is not over."""
    return ruled.published_on is not None and (ruled.stops_on is None or day < ruled.stops_on)


def _told(opened: Iterable[Opened]) -> Iterable[Event]:
    for new in opened:
        yield new.opening
        if new.notice is not None:
            yield new.notice
        if new.standing.stopped is not None:
            yield new.standing.stopped


def _newly_stopped(restated: Iterable[Standing], before: dict[RecordId, Standing]) -> Iterable[Event]:
    for standing in restated:
        if standing.stopped is not None and before[standing.record_id].stop is None:
            yield standing.stopped
