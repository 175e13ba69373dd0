"""What stands in for a part of aiokafka is held against it, so that a new version of it cannot surprise us."""

import dataclasses
from typing import Any

import msgspec
from aiokafka import TopicPartition
from aiokafka.consumer import fetcher
from aiokafka.record.default_records import DefaultRecordBatchBuilder
from aiokafka.record.memory_records import MemoryRecords
from aiokafka.structs import ConsumerRecord
from eventbus.record import Record


def one_record(made_by: Any) -> Any:
    """A record of one batch, as the fetcher unpacks it when it makes records with `made_by`."""
    batch = DefaultRecordBatchBuilder(
        magic=2, compression_type=0, is_transactional=0, producer_id=1, producer_epoch=0, base_sequence=0,
        batch_size=1000,
    )  # fmt: skip
    batch.append(0, 1_700_000_000_000, b"key", b"value", [("ce_id", b"0-1")])
    unpacker: Any = fetcher
    before, unpacker.ConsumerRecord = unpacker.ConsumerRecord, made_by
    try:
        records = MemoryRecords(bytes(batch.build()))
        (record,) = fetcher.PartitionRecords(TopicPartition("topic", 3), records, [], 0, None, None, True, 0)
    finally:
        unpacker.ConsumerRecord = before
    return record


def test_our_record_is_what_the_client_makes() -> None:
    """Nothing of a record is lost: same fields in the same order, with the same values."""
    theirs, ours = one_record(ConsumerRecord), one_record(Record)

    assert isinstance(theirs, ConsumerRecord)
    assert fetcher.ConsumerRecord is Record  # type: ignore[attr-defined]
    assert msgspec.structs.asdict(ours) == {
        field.name: getattr(theirs, field.name) for field in dataclasses.fields(theirs)
    }
