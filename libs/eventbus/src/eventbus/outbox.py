"""The outbox: what a transaction wants published, stored with its effects.

One row per lane and transaction. Rows leave as an acknowledged prefix of their lane, never from the middle.
"""

import time
from collections.abc import Sequence
from typing import NamedTuple

import msgspec
from aiokafka.codec import zstd_decode, zstd_encode
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from eventbus.envelope import Outgoing, Stamped
from eventbus.errors import Fenced
from eventbus.lane import Position, stamp, widened

SHARED_LANE = "shared"
_ZSTANDARD = b"\x28\xb5\x2f\xfd"
_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(list[Stamped]).decode


def packed(events: Sequence[Stamped]) -> bytes:
    """The events as a row keeps them: a sixth of the bytes to send, to write twice and to throw away soon."""
    return zstd_encode(_encode(events))


def unpacked(records: bytes) -> list[Stamped]:
    """The events of a row; rows of before they were compressed are told by what they begin with."""
    return _decode(zstd_decode(records) if records.startswith(_ZSTANDARD) else records)


class Batch(NamedTuple):
    """The events of one committed transaction of one lane, in order."""

    lane: str
    number: int
    events: list[Stamped]


class Advance(NamedTuple):
    """One lane's step in a transaction: from `expected_batch` to `position`, publishing `events`."""

    lane: str
    expected_batch: int
    position: Position
    events: list[Stamped]


_ADVANCE = text("""
    update lane set next_offset = step.next_offset, seen = step.seen::jsonb,
        next_sequence = step.next_sequence::bigint[], next_batch = lane.next_batch + 1,
        buried_in_a_row = step.buried_in_a_row
    from unnest(cast(:names as text[]), cast(:expected as bigint[]), cast(:offsets as bigint[]),
                cast(:seen as text[]), cast(:sequences as text[]), cast(:buried as bigint[]))
        as step (name, expected_batch, next_offset, seen, next_sequence, buried_in_a_row)
    where lane.name = step.name and lane.next_batch = step.expected_batch
""")
_APPEND = text("""
    insert into outbox (lane, batch, records)
    select * from unnest(cast(:lanes as text[]), cast(:batches as bigint[]), cast(:records as bytea[]))
""")
_CREATE = text("""
    insert into lane (name, next_sequence)
    select name, array_fill(1::bigint, array[cast(:partitions as integer)])
    from unnest(cast(:names as text[])) as name order by name
    on conflict (name) do nothing
""")
_LOAD = text("""
    select name, next_offset, seen, next_sequence, next_batch, buried_in_a_row from lane where name = any(:names)
""")
_LOAD_LOCKED = text(_LOAD.text + " for update")
_PENDING = text("select batch, records from outbox where lane = :lane order by batch limit :limit")
_DELETE = text("""
    delete from outbox using unnest(cast(:lanes as text[]), cast(:batches as bigint[])) as acked (lane, batch)
    where outbox.lane = acked.lane and outbox.batch <= acked.batch
""")


async def advance(connection: AsyncConnection, steps: Sequence[Advance]) -> None:
    """Move the lanes and store what they publish, in the caller's transaction.

    Raises:
        Fenced: A lane is not where this writer left it.
    """
    ordered = sorted(steps)
    moved = await connection.execute(
        _ADVANCE,
        {
            "names": [step.lane for step in ordered],
            "expected": [step.expected_batch for step in ordered],
            "offsets": [step.position.next_offset for step in ordered],
            "seen": [msgspec.json.encode(step.position.seen).decode() for step in ordered],
            "sequences": [_array(step.position.next_sequence) for step in ordered],
            "buried": [step.position.buried_in_a_row for step in ordered],
        },
    )
    if moved.rowcount != len(ordered):
        raise Fenced(f"of lanes {[step.lane for step in ordered]} only {moved.rowcount} moved")
    publishing = [step for step in ordered if step.events]
    if publishing:
        await connection.execute(
            _APPEND,
            {
                "lanes": [step.lane for step in publishing],
                "batches": [step.expected_batch for step in publishing],
                "records": [packed(step.events) for step in publishing],
            },
        )


async def advance_shared(
    connection: AsyncConnection, partitions: int, outgoing: Sequence[Outgoing], traceparents: dict[str, str]
) -> None:
    """Store events in the lane that every process of the service may write to, one transaction after the other."""
    position = (await load(connection, [SHARED_LANE], partitions, locked=True))[SHARED_LANE]
    events = stamp(position, outgoing, time.time_ns() // 1_000_000, traceparents)
    await advance(connection, [Advance(SHARED_LANE, position.next_batch, position, events)])


async def load(
    connection: AsyncConnection, names: Sequence[str], partitions: int, *, locked: bool = False
) -> dict[str, Position]:
    """The lanes' stored positions, created where new; `locked` holds their rows until the transaction ends."""
    await connection.execute(_CREATE, {"names": sorted(names), "partitions": partitions})
    rows = await connection.execute(_LOAD_LOCKED if locked else _LOAD, {"names": list(names)})
    return {
        row.name: Position(
            row.next_offset,
            dict(row.seen),
            widened(row.next_sequence, partitions),
            row.next_batch,
            row.buried_in_a_row,
        )
        for row in rows
    }


async def pending(connection: AsyncConnection, lane: str, limit: int = 32) -> list[Batch]:
    """The oldest batches of a lane that Kafka has not acknowledged, in order."""
    rows = await connection.execute(_PENDING, {"lane": lane, "limit": limit})
    return [Batch(lane, row.batch, unpacked(row.records)) for row in rows]


async def delete(connection: AsyncConnection, acknowledged: dict[str, int]) -> None:
    """Forget every batch up to the acknowledged number of each lane.

    Losing this deletion in a crash only publishes again what consumers drop, so it need not wait for the disk.
    """
    await connection.execute(text("set local synchronous_commit = off"))
    await connection.execute(_DELETE, {"lanes": list(acknowledged), "batches": list(acknowledged.values())})


def _array(values: Sequence[int]) -> str:
    return "{" + ",".join(map(str, values)) + "}"
