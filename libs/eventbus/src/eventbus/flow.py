"""What flows through a service: how far each lane has read, what it has yet to read, and what waits to be published.

Asked for by a person or a page, never kept by the loop: it costs a fact nothing.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import NamedTuple

from aiokafka import TopicPartition
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from eventbus.held import lane_name
from eventbus.outbox import unpacked

_LANES = text("""
    select name, next_offset, next_sequence, pending, oldest.records as oldest
    from lane
    cross join lateral (select count(*) as pending from outbox where outbox.lane = lane.name) as waiting
    left join lateral (
        select records from outbox where outbox.lane = lane.name order by batch limit 1
    ) as oldest on true
    order by name
""")
_LETTERS = text("select count(*) from dead_letter where settled_at is null")


class LaneFlow(NamedTuple):
    """How one lane flows.

    Attributes:
        topic: What it reads; None for a lane that only publishes.
        read: Records of its partition read so far; only ever grows.
        end_offset: Records there are; None when it reads none or the broker does not answer.
        lag: Records not yet read; None like `end_offset`.
        published: Events it has published or is about to; only ever grows.
        pending_batches: Committed batches that Kafka has not acknowledged.
        oldest_pending_at: When the oldest of these was committed.
    """

    name: str
    topic: str | None
    partition: int | None
    read: int
    end_offset: int | None
    lag: int | None
    published: int
    pending_batches: int
    oldest_pending_at: datetime | None


class Flow(NamedTuple):
    """The lanes of a service at one moment, and how many events wait for a person."""

    at: datetime
    lanes: list[LaneFlow]
    open_dead_letters: int


class Reading(NamedTuple):
    """How far a partition reaches, and how far this process knows it to be read; either None when unknown."""

    end_offset: int | None
    next_offset: int | None


Readings = Mapping[TopicPartition, Reading]
"""By what the service's stages read."""


async def flow_of(connection: AsyncConnection, readings: Readings) -> Flow:
    """What flows, as stored; where this process has read on in memory alone, as it knows."""
    by_lane = {lane_name(place): (place, reading) for place, reading in readings.items()}
    rows = (await connection.execute(_LANES)).all()
    letters = int((await connection.execute(_LETTERS)).scalar_one())
    lanes = []
    for row in rows:
        place, reading = by_lane.get(row.name, (None, Reading(None, None)))
        read = max(row.next_offset, reading.next_offset or 0)
        lanes.append(
            LaneFlow(
                name=row.name,
                topic=place and place.topic,
                partition=place and place.partition,
                read=read,
                end_offset=reading.end_offset,
                lag=None if reading.end_offset is None else max(reading.end_offset - read, 0),
                published=sum(row.next_sequence) - len(row.next_sequence),
                pending_batches=row.pending,
                oldest_pending_at=_committed_at(row.oldest),
            )
        )
    return Flow(datetime.now(UTC), lanes, letters)


def _committed_at(records: bytes | None) -> datetime | None:
    """The moment its events were stamped at, just before the commit."""
    events = unpacked(records) if records else []
    return datetime.fromtimestamp(events[0].timestamp_ms / 1000, UTC) if events else None
