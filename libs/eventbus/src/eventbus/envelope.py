"""The envelope of an event: CloudEvents in Kafka's binary content mode.

Source: CloudEvents 1.0, Kafka protocol binding §3.2; W3C Trace Context for `traceparent`.
"""

import zlib
from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from eventbus.errors import Poison

Headers = Sequence[tuple[str, bytes]]


class Outgoing(NamedTuple):
    """An event to publish: full protobuf name, key (USCC or draw id) and protobuf bytes."""

    type: str
    key: str
    value: bytes


class Received(msgspec.Struct, frozen=True, gc=False):
    """An event read from a partition; `sequence` is 0 when the producer is not one of ours."""

    topic: str
    partition: int
    offset: int
    type: str
    source: str
    sequence: int
    key: str
    value: bytes
    timestamp_ms: int
    traceparent: str
    content_type: str = ""


class Stamped(NamedTuple):
    """An outgoing event with its place in the producer's stream, as the outbox keeps it."""

    partition: int
    sequence: int
    type: str
    key: str
    value: bytes
    timestamp_ms: int
    traceparent: str


def partition_of(key: str, partitions: int) -> int:
    """The partition of a key, 0 to `partitions - 1`.

    Source: librdkafka's `consistent` partitioner, CRC-32 of the key.
    """
    return zlib.crc32(key.encode()) % partitions


def headers_of(event: Stamped, source: bytes) -> list[tuple[str, bytes]]:
    """The record headers of an event; `source` names the producer and its lane."""
    return [
        ("ce_specversion", b"1.0"),
        ("ce_type", event.type.encode()),
        ("ce_source", source),
        ("ce_id", b"%d-%d" % (event.partition, event.sequence)),
        ("content-type", b"application/protobuf"),
        ("traceparent", event.traceparent.encode()),
    ]


def type_of(headers: Headers) -> str:
    """The event's type, empty when the record carries none: enough to pass a record over unread."""
    for name, value in headers:
        if name == "ce_type":
            return value.decode("ascii", "replace")
    return ""


def stream_position(headers: Headers) -> tuple[str, int]:
    """The producer lane of a record and its sequence there.

    Raises:
        Poison: The record was not written by this bus.
    """
    found = dict(headers)
    try:
        return found["ce_source"].decode(), int(found["ce_id"].rpartition(b"-")[2])
    except (KeyError, ValueError, UnicodeDecodeError) as error:
        raise Poison(f"not an event of this bus: {sorted(found)}") from error
