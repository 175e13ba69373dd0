"""The work of one micro-batch, before any of it touches the database: what to apply, what to bury, where lanes go."""

import time
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from aiokafka import TopicPartition

from eventbus import lane
from eventbus.envelope import Outgoing, Place, Received, lenient_text, place_of
from eventbus.errors import Gap, Poison, TooManyDeadLetters
from eventbus.held import lane_name
from eventbus.lane import Position
from eventbus.outbox import Advance
from eventbus.record import Record
from eventbus.record_set import PassedOver, Wanted
from eventbus.tracing import BatchSpans
from eventbus.transaction import Transaction


class Handler(NamedTuple):
    """How one type of event is read and applied.

    Attributes:
        decode: What an event says; None for one that changes nothing here.
        apply: Applies what was decoded, in order.
        about: Words; an event that is about another one may be passed over unread. None: all are read.
    """

    decode: Callable[[Received], Any]
    apply: Callable[[Sequence[Any], Transaction], Awaitable[None]]
    about: Collection[str] | None = None


Handlers = Mapping[str, Handler]
Polled = Sequence[tuple[TopicPartition, Sequence[Record | PassedOver]]]
"""Records, and record sets nobody here reads, in order, by the partition they came from."""


def wanted_by(handlers: Handlers) -> Wanted:
    """Whether a handler wants an event of this type and about this; one that is about nothing is always wanted."""

    def wanted(type_: str, about: str) -> bool:
        handler = handlers.get(type_)
        return handler is not None and (handler.about is None or not about or about in handler.about)

    return wanted


class StageOptions(NamedTuple):
    """What a stage may be tuned with.

    Attributes:
        batch_size: Most records of one poll, and so of one transaction.
        linger_s: How long a poll waits for the first record.
        gather_bytes: The broker holds an answer back until it has so many bytes: fuller batches cost less per event.
        gather_s: But not longer than this.
        dead_letters_in_a_row: More than this many of one lane stop the stage, before they are buried.
        foreign: Topics written by others than this bus: their records carry no sequence.
        foreign_type: The type under which every foreign record is handled; its own headers are in `Received.headers`.
    """

    batch_size: int = 4000
    linger_s: float = 0.2
    gather_bytes: int = 64 * 1024
    gather_s: float = 0.06
    dead_letters_in_a_row: int = 20
    foreign: Collection[str] = ()
    foreign_type: str = "foreign"


PATIENT = StageOptions(batch_size=5000, gather_bytes=1024 * 1024, gather_s=0.3)
"""For a stage that passes most records over and that nobody waits for within a second."""


class Run(NamedTuple):
    """Items in order that one callable applies."""

    apply: Callable[[Sequence[Any], Transaction], Awaitable[None]]
    items: list[Any]


class Cause(NamedTuple):
    """Where the newest event of a key came from: its partition and trace context."""

    place: TopicPartition
    traceparent: str


class Work:
    """What one transaction will do: events to apply, events to bury, and where each lane will stand.

    Attributes:
        positions: Where the lanes will stand.
        runs: What is applied, in order, in runs that one callable takes, be they of one type or of several.
        buried: Events that become dead letters, each with its error.
        traceparents: The trace contexts of what is applied.
    """

    def __init__(
        self, lanes: Mapping[TopicPartition, Position], handlers: Handlers, options: StageOptions
    ) -> None:
        self._lanes = lanes
        self._handlers = handlers
        self._options = options
        self.positions: dict[TopicPartition, Position] = {}
        self.buried: list[tuple[Received, str]] = []
        self.runs: list[Run] = []
        self.traceparents: set[str] = set()
        self._cause_of_key: dict[str, Cause] = {}
        self._burying = False

    def read(self, polled: Polled) -> None:
        """Sort the records into applied, passed over and buried."""
        for place, records in polled:
            position = self._position(place)
            accept = self._accept_foreign if place.topic in self._options.foreign else self._accept
            for record in records:
                if isinstance(record, PassedOver):
                    self._pass_over(place, position, record)
                elif record.offset >= position.next_offset:  # else it was fetched before the last seek
                    event = accept(place, position, record)
                    if event is not None:
                        self._decode(place, position, event)

    def _decode(self, place: TopicPartition, position: Position, event: Received) -> None:
        handler = self._handlers[event.type]
        try:
            item = handler.decode(event)
        except Poison as poison:
            self._bury(position, event, str(poison))
            return
        position.buried_in_a_row = 0
        if item is not None:
            self.add(handler, item, event, place)

    def add(self, handler: Handler, item: Any, event: Received, place: TopicPartition) -> None:
        """The item, read from an event of this partition, is applied after those before it."""
        if not self.runs or self.runs[-1].apply != handler.apply:
            self.runs.append(Run(handler.apply, []))
        self.runs[-1].items.append(item)
        self._cause_of_key[event.key] = Cause(place, event.traceparent)
        self.traceparents.add(event.traceparent)

    def bury_one(self, place: TopicPartition, record: Record, error: str) -> None:
        """Move past one record, keeping it as a dead letter."""
        position = self._position(place)
        if record.offset < position.next_offset:
            return
        self._burying = True
        accept = self._accept_foreign if place.topic in self._options.foreign else self._accept
        event = accept(place, position, record)
        if event is not None:
            self._bury(position, event, error)

    def _bury(self, position: Position, event: Received, error: str) -> None:
        """Keep the event as a dead letter.

        Raises:
            TooManyDeadLetters: It is one more in a row than the lane may bury.
        """
        position.buried_in_a_row += 1
        if position.buried_in_a_row > self._options.dead_letters_in_a_row:
            lane_ = f"{event.topic}/{event.partition}"
            raise TooManyDeadLetters(f"{lane_}: {position.buried_in_a_row} in a row; the last: {error}")
        self.buried.append((event, error))

    def advances(
        self, transaction: Transaction, dirty: Mapping[TopicPartition, Position], spans: BatchSpans | None
    ) -> list[Advance]:
        """The step of every lane that moved, each with the events it publishes."""
        now_ms = time.time_ns() // 1_000_000
        positions = {**{place: position.copy() for place, position in dirty.items()}, **self.positions}
        first = next(iter(positions))
        by_lane: dict[TopicPartition, list[Outgoing]] = {place: [] for place in positions}
        causes = self._cause_of_key
        for outgoing in transaction.outgoing:
            cause = causes.get(outgoing.key)
            by_lane[cause.place if cause else first].append(outgoing)
        onward = self._onward(transaction.outgoing, spans)
        return [
            Advance(
                lane_name(place),
                position.next_batch,
                position,
                lane.stamp(position, by_lane[place], now_ms, onward),
            )
            for place, position in positions.items()
        ]

    def _onward(self, outgoing: Iterable[Outgoing], spans: BatchSpans | None) -> dict[str, str]:
        """Trace contexts by key of what is published; under the empty key that of what no single event caused."""
        causes = self._cause_of_key
        if spans is None or not causes:
            return {}
        onward = {"": spans.onward(next(iter(causes.values())).traceparent)}
        for event in outgoing:
            if event.key in causes:
                onward[event.key] = spans.onward(causes[event.key].traceparent)
        return onward

    def _position(self, place: TopicPartition) -> Position:
        """The position that this work moves: a copy, so that nothing has moved if the transaction fails."""
        if place not in self.positions:
            self.positions[place] = self._lanes[place].copy()
        return self.positions[place]

    def _pass_over(self, place: TopicPartition, position: Position, whole: PassedOver) -> None:
        if whole.next_offset <= position.next_offset:  # fetched before the last seek
            return
        try:
            lane.pass_over(position, whole.next_offset, whole.place[1], whole.sequences)
        except Gap as gap:
            raise Gap(lane_name(place), gap.source, gap.expected, gap.found) from gap

    def _accept_foreign(self, place: TopicPartition, position: Position, record: Record) -> Received:
        """Move past a record of a topic that others write to."""
        position.next_offset = record.offset + 1
        return _received(place, record, (self._options.foreign_type, "", 0, _traceparent(record)))

    def _accept(self, place: TopicPartition, position: Position, record: Record) -> Received | None:
        """Move past one of our own records; the event when it is new and of a type that is handled."""
        try:
            found = place_of(record.headers)
            if not lane.accept(position, record.offset, found[1], found[2]):
                return None
        except Poison as poison:
            position.next_offset = record.offset + 1
            self._bury(position, _received(place, record, ("", "", 0, b"")), str(poison))
            return None
        except Gap as gap:
            raise Gap(lane_name(place), gap.source, gap.expected, gap.found) from gap
        if found[0] not in self._handlers and not self._burying:
            return None
        return _received(place, record, found)


def _traceparent(record: Record) -> bytes:
    return dict(record.headers).get("traceparent") or b""


def _received(place: TopicPartition, record: Record, found: Place) -> Received:
    type_, source, sequence, traceparent = found
    return Received(
        place.topic,
        place.partition,
        record.offset,
        type_,
        source,
        sequence,
        (record.key or b"").decode("utf-8", "replace"),
        record.value or b"",
        record.timestamp or 0,
        lenient_text(traceparent or b""),
        record.headers,
    )
