"""What one record of a partition is read into."""

from typing import Any

import msgspec
from aiokafka.consumer import fetcher


class Record(msgspec.Struct, gc=False):
    """aiokafka's `ConsumerRecord`, field by field.

    That one is a frozen dataclass: to make it takes longer than all the rest of reading a record, and a service that
    passes most records over does little else. aiokafka has no public way to choose another, so it is put in its place.
    """

    topic: str
    partition: int
    offset: int
    timestamp: int
    timestamp_type: int
    key: bytes | None
    value: bytes | None
    checksum: int | None
    serialized_key_size: int
    serialized_value_size: int
    headers: tuple[tuple[str, bytes], ...]


_fetcher: Any = fetcher
_fetcher.ConsumerRecord = Record
