"""What stands in for a part of aiokafka is held against it, so that a new version of it cannot surprise us."""

from typing import Any

from aiokafka import TopicPartition
from aiokafka.consumer import fetcher
from aiokafka.record.default_records import DefaultRecordBatchBuilder
from aiokafka.record.memory_records import MemoryRecords
from aiokafka.structs import ConsumerRecord
from eventbus.record import as_decoded


def one_record(key_deserializer: Any) -> Any:
    """A record of one batch, as the fetcher unpacks it for a consumer with this `key_deserializer`."""
    batch = DefaultRecordBatchBuilder(
        magic=2, compression_type=0, is_transactional=0, producer_id=1, producer_epoch=0, base_sequence=0,
        batch_size=1000,
    )  # fmt: skip
    batch.append(0, 1_700_000_000_000, b"key", b"value", [("ce_id", b"0-1")])
    records = MemoryRecords(bytes(batch.build()))
    unpacked: Any = fetcher
    (record,) = unpacked.PartitionRecords(
        TopicPartition("topic", 3), records, [], 0, key_deserializer, None, True, 0
    )
    return record


def test_a_record_as_decoded_says_what_the_clients_own_says() -> None:
    """Nothing that a stage asks of a record is lost."""
    theirs, ours = one_record(None), one_record(as_decoded)

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
    record = one_record(None)

    assert (record.topic, record.partition) == ("topic", 3)
