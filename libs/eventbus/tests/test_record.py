"""What stands in for a part of aiokafka is held against it, so that a new version of it cannot surprise us."""

import itertools
from typing import Any

import pytest
from aiokafka import TopicPartition
from aiokafka.consumer import fetcher
from aiokafka.errors import CorruptRecordException
from aiokafka.record.default_records import DefaultRecordBatchBuilder
from aiokafka.record.memory_records import MemoryRecords
from aiokafka.structs import ConsumerRecord
from eventbus.envelope import Stamped, headers_of
from eventbus.record import Unpacking
from eventbus.record_set import HEADER, PassedOver

SOURCE = b"creditloop/ingestion/http-0"


def read_all(_type: str, _about: str) -> bool:
    return True


def read_none(_type: str, _about: str) -> bool:
    return False


def record_set(first: int, count: int, label: bytes | None = b"") -> bytes:
    """A batch of events with these offsets, whose sequences are one more."""
    batch = DefaultRecordBatchBuilder(
        magic=2, compression_type=0, is_transactional=0, producer_id=1, producer_epoch=0, base_sequence=0,
        batch_size=100_000,
    )  # fmt: skip
    for number in range(count):
        headers = headers_of(Stamped(0, first + number + 1, "T", "k", b"", 0, ""), SOURCE)
        if label != b"" and not number:
            headers.append((HEADER, label))  # type: ignore[arg-type] - strangers may leave it out
        batch.append(number, 1_700_000_000_000, b"k", b"value", headers)
    built = bytearray(batch.build())
    built[:8] = first.to_bytes(8, "big")
    return bytes(built)


def unpacked(sets: bytes, key_deserializer: Any, *, fetched_from: int = 0, topic: str = "topic") -> Any:
    """What the fetcher makes of an answer."""
    module: Any = fetcher
    place = TopicPartition(topic, 3)
    return module.PartitionRecords(
        place, MemoryRecords(sets), [], fetched_from, key_deserializer, None, True, 0
    )


def test_a_record_as_decoded_says_what_the_clients_own_says() -> None:
    """Nothing that a stage asks of a record is lost."""
    (theirs,) = unpacked(record_set(0, 1), None)
    (ours,) = unpacked(record_set(0, 1), Unpacking(read_all))

    assert isinstance(theirs, ConsumerRecord)
    assert not isinstance(ours, ConsumerRecord)
    assert (ours.offset, ours.timestamp, ours.key, ours.value, list(ours.headers)) == (
        theirs.offset,
        theirs.timestamp,
        theirs.key,
        theirs.value,
        list(theirs.headers),
    )


def test_other_consumers_of_the_process_get_the_clients_own_records() -> None:
    """Replacing a part of a library must not be felt by who did not ask for it."""
    (record,) = unpacked(record_set(0, 1), None)

    assert (record.topic, record.partition) == ("topic", 3)


def test_reading_in_portions_gives_each_record_once() -> None:
    """A poll takes so many records and leaves the rest of the answer for the next one."""
    records = unpacked(record_set(0, 5) + record_set(5, 5), Unpacking(read_all))

    offsets = [next(iter(records)).offset for _ in range(3)]
    offsets += [record.offset for record in records]

    assert offsets == list(range(10))
    assert records.next_fetch_offset == 10


def test_a_set_of_a_kind_nobody_reads_comes_as_one() -> None:
    """That is what saves a service the nineteen events in twenty that it does not read."""
    sets = record_set(0, 5) + record_set(5, 40, b"40 ") + record_set(45, 5)

    records = unpacked(sets, Unpacking(read_none))
    read = list(records)

    assert [type(item) is PassedOver for item in read] == [*[False] * 5, True, *[False] * 5]
    assert read[5].offset == 5
    assert read[5].sequences == range(6, 46)
    assert records.next_fetch_offset == 50


def test_a_set_passed_over_at_the_end_of_a_portion_is_not_given_again() -> None:
    """The client remembers how far it was asked to read when it stops in the middle of an answer."""
    records = unpacked(record_set(0, 40, b"40 ") + record_set(40, 1), Unpacking(read_none))

    first = next(iter(records))
    reached = records.next_fetch_offset

    assert (type(first), reached) == (PassedOver, 40)
    assert [record.offset for record in records] == [40]


@pytest.mark.parametrize(
    ("sets", "unpacking", "where"),
    [
        (record_set(0, 40, b"40 "), Unpacking(read_all), {}),
        (record_set(0, 40, b"41 "), Unpacking(read_none), {}),
        (record_set(0, 40, b"all"), Unpacking(read_none), {}),
        (record_set(0, 40, None), Unpacking(read_none), {}),
        (record_set(0, 40, b"40 "), Unpacking(read_none), {"fetched_from": 7}),
        (record_set(0, 40, b"40 "), Unpacking(read_none, foreign={"inbound"}), {"topic": "inbound"}),
    ],
    ids=[
        "it is wanted",
        "it came apart",
        "no label of ours",
        "a label without a value",
        "read from its middle",
        "a stranger labelled it",
    ],
)
def test_a_set_is_read_record_by_record_when(sets: bytes, unpacking: Unpacking, where: Any) -> None:
    """Passing over is only ever a saving: in doubt everything is looked at."""
    read = list(unpacked(sets, unpacking, **where))

    assert [record.offset for record in read] == list(range(where.get("fetched_from", 0), 40))


@pytest.mark.parametrize("portion", [1, 3, 100])
@pytest.mark.parametrize("fetched_from", [0, 4, 10, 19])
def test_who_reads_all_is_given_what_the_client_gives(fetched_from: int, portion: int) -> None:
    """Offsets and the place to go on from are the same, wherever one begins and however much one takes at once."""
    sets = record_set(0, 5) + record_set(5, 10, b"10 x") + record_set(15, 5)

    def read(unpacking: Any) -> list[tuple[list[int], int]]:
        records, portions = unpacked(sets, unpacking, fetched_from=fetched_from), []
        while offsets := [record.offset for record in itertools.islice(records, portion)]:
            portions.append((offsets, records.next_fetch_offset))
        return portions

    assert read(Unpacking(read_all)) == read(None)


def test_a_set_with_a_broken_checksum_is_not_read() -> None:
    """The client fetches it again."""
    broken = bytearray(record_set(0, 3))
    broken[-1] ^= 1

    with pytest.raises(CorruptRecordException):
        list(unpacked(bytes(broken), Unpacking(read_all)))
