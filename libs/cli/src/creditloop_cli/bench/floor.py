"""The floor: one textbook stage in two processes, measured in the same run with the same events.

Kafka → one transaction {inbox rows, upsert, outbox rows} → polling relay → Kafka; asyncpg and aiokafka, no framework.
It does what every outbox tutorial does, in micro-batches: a row per event in the inbox and the outbox, the entity's
profile (60 values as jsonb, of which a fact changes five) read `for update` and written back, a record sent per event.
It does none of creditloop's work: no HTTP, no validation, no windows, no classes.

`thin` leaves the profile out: inbox, a counter per entity, outbox. It is printed beside, so that nobody has to guess
how much of the floor is its profile.
"""

import asyncio
import os
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence

import asyncpg
import msgspec
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

BATCH = 1000
DATABASE = "CREDITLOOP_FLOOR_DATABASE"
_WIDTH = 60
_CHANGED = 5
_INDICATORS = [f"indicator_{number}" for number in range(_WIDTH)]

SCHEMA = """
create table inbox (source text, id text, primary key (source, id));
create table entity (uscc text primary key, facts bigint not null, last_type text not null, last_time text not null);
create table profile (uscc text primary key, version bigint not null, indicators jsonb not null);
create table outbox (id bigint generated always as identity primary key, key text not null, payload bytea not null,
                     published_at timestamptz);
create index outbox_unpublished on outbox (id) where published_at is null;
"""


class Fact(msgspec.Struct):
    """What the bare stage reads of an event."""

    id: str
    source: str
    type: str
    subject: str
    time: str


_decode = msgspec.json.Decoder(Fact).decode


async def stage(dsn: str, bootstrap: str, topic: str, kind: str) -> None:
    """Consume, apply in one transaction, commit the offsets; for ever. `kind` is textbook or thin."""
    upsert = {"textbook": _upsert_profiles, "thin": _upsert_counters}[kind]
    connection = await asyncpg.connect(dsn)
    consumer = AIOKafkaConsumer(
        topic,
        bootstrap_servers=bootstrap,
        group_id="floor",
        enable_auto_commit=False,
        auto_offset_reset="earliest",
    )
    await consumer.start()
    try:
        while True:
            polled = await consumer.getmany(timeout_ms=200, max_records=BATCH)
            records = [record for batch in polled.values() for record in batch]
            if records:
                await _apply(
                    connection,
                    upsert,
                    [(_decode(raw), raw) for raw in (record.value or b"" for record in records)],
                )
                await consumer.commit()
    finally:
        await consumer.stop()


Facts = Sequence[tuple[Fact, bytes]]
Upsert = Callable[[asyncpg.Connection, Facts], Awaitable[None]]


async def _apply(connection: asyncpg.Connection, upsert: Upsert, facts: Facts) -> None:
    async with connection.transaction():
        new = await connection.fetch(
            "insert into inbox select * from unnest($1::text[], $2::text[]) on conflict do nothing returning id",
            [fact.source for fact, _ in facts],
            [fact.id for fact, _ in facts],
        )
        fresh_ids = {row["id"] for row in new}
        fresh = [(fact, raw) for fact, raw in facts if fact.id in fresh_ids]
        await upsert(connection, fresh)
        await connection.execute(
            "insert into outbox (key, payload) select * from unnest($1::text[], $2::bytea[])",
            [fact.subject for fact, _ in fresh],
            [raw for _, raw in fresh],
        )


async def _upsert_profiles(connection: asyncpg.Connection, facts: Facts) -> None:
    codes = sorted({fact.subject for fact, _ in facts})
    rows = await connection.fetch(
        "select uscc, version, indicators from profile where uscc = any($1) order by uscc for update", codes
    )
    profiles = {row["uscc"]: (row["version"], msgspec.json.decode(row["indicators"])) for row in rows}
    for fact, _ in facts:
        version, indicators = profiles.get(fact.subject) or (0, dict.fromkeys(_INDICATORS, 0.0))
        first = hash(fact.type) % _WIDTH
        for step in range(_CHANGED):
            indicators[_INDICATORS[(first + step) % _WIDTH]] += 1.0
        profiles[fact.subject] = (version + 1, indicators)
    await connection.execute(
        """insert into profile select * from unnest($1::text[], $2::bigint[], $3::jsonb[])
           on conflict (uscc) do update set version = excluded.version, indicators = excluded.indicators""",
        codes,
        [profiles[code][0] for code in codes],
        [msgspec.json.encode(profiles[code][1]).decode() for code in codes],
    )


async def _upsert_counters(connection: asyncpg.Connection, facts: Facts) -> None:
    counts = Counter(fact.subject for fact, _ in facts)
    last = {fact.subject: fact for fact, _ in facts}
    codes = sorted(counts)
    await connection.execute(
        """insert into entity select * from unnest($1::text[], $2::bigint[], $3::text[], $4::text[])
           on conflict (uscc) do update set facts = entity.facts + excluded.facts,
           last_type = excluded.last_type, last_time = excluded.last_time""",
        codes,
        [counts[code] for code in codes],
        [last[code].type for code in codes],
        [last[code].time for code in codes],
    )


async def relay(dsn: str, bootstrap: str, topic: str) -> None:
    """Poll the outbox, publish, await the acknowledgements, mark; for ever."""
    connection = await asyncpg.connect(dsn)
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap, acks="all", compression_type="zstd", linger_ms=5)
    await producer.start()
    try:
        while True:
            rows = await connection.fetch(
                "select id, key, payload from outbox where published_at is null order by id limit $1", BATCH
            )
            if not rows:
                await asyncio.sleep(0.01)
                continue
            sent = [await producer.send(topic, row["payload"], key=row["key"].encode()) for row in rows]
            await asyncio.gather(*sent)
            await connection.execute(
                "update outbox set published_at = now() where id = any($1)", [row["id"] for row in rows]
            )
    finally:
        await producer.stop()


async def records_in(bootstrap: str, topic: str, partitions: int) -> int:
    """How many records a topic holds."""
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap)
    await consumer.start()
    try:
        ends = await consumer.end_offsets([TopicPartition(topic, number) for number in range(partitions)])
        return sum(ends.values())
    finally:
        await consumer.stop()


async def measure(bootstrap: str, topic: str, partitions: int, expected: int, *, warm: int) -> float:
    """Facts per second through the running stage, from the first `warm` facts to the last.

    Raises:
        TimeoutError: The floor did not finish within five minutes.
    """
    started = 0.0
    counted = 0
    async with asyncio.timeout(300):
        while True:
            done = await records_in(bootstrap, topic, partitions)
            if not started and done >= warm:
                started, counted = time.perf_counter(), done
            if done >= expected:
                return (done - counted) / (time.perf_counter() - started)
            await asyncio.sleep(0.1)


if __name__ == "__main__":
    import uvloop

    role, *addresses = sys.argv[1:]
    dsn = os.environ[DATABASE]
    uvloop.run(stage(dsn, *addresses) if role == "stage" else relay(dsn, *addresses))
