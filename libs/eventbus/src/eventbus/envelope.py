"""The envelope of an event: CloudEvents in Kafka's binary content mode.

Source: CloudEvents 1.0, Kafka protocol binding §3.2; W3C Trace Context for `traceparent`.
"""

import zlib
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import msgspec

from eventbus.errors import Poison

Headers = Sequence[tuple[str, bytes]]


class Outgoing(NamedTuple):
    """An event to publish: full protobuf name, key (USCC or draw id) and protobuf bytes.

    `about` is a word, of lower-case letters, by which readers of the type may pass it over unread; it is told only for
    many events at once (see `record_set`). Events about nothing are read by all.
    """

    type: str
    key: str
    value: bytes
    about: str = ""


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
    headers: Headers = ()


class Stamped(NamedTuple):
    """An outgoing event with its place in the producer's stream, as the outbox keeps it."""

    partition: int
    sequence: int
    type: str
    key: str
    value: bytes
    timestamp_ms: int
    traceparent: str
    about: str = ""


def partition_of(key: str, partitions: int) -> int:
    """The partition of a key, 0 to `partitions - 1`.

    Source: librdkafka's `consistent` partitioner, CRC-32 of the key.
    """
    return zlib.crc32(key.encode()) % partitions


def headers_of(event: Stamped, source: bytes) -> list[tuple[str, bytes]]:
    """The record headers of an event; `source` names the producer and its lane."""
    return [
        ("ce_specversion", b"1.0"),
        ("ce_type", _bytes(event.type)),
        ("ce_source", source),
        ("ce_id", b"%d-%d" % (event.partition, event.sequence)),
        ("content-type", b"application/protobuf"),
        ("traceparent", _bytes(event.traceparent)),
    ]


Place = tuple[str, str, int, bytes]
"""What the headers of one of our own records tell: type, source, sequence, trace context."""


def place_of(headers: Headers) -> Place:
    """Read the headers of a record that this bus wrote: in its order, which costs least, or in any other.

    Raises:
        Poison: The record was not written by this bus.
    """
    try:
        _, (type_name, type_), (_, source), (id_name, id_), _, (_, traceparent) = headers
        if type_name == "ce_type" and id_name == "ce_id":
            return _text(type_), _text(source), int(id_[id_.rindex(b"-") + 1 :]), traceparent
    except (ValueError, AttributeError):
        pass  # fewer headers, or more, or other ones, or one without a value
    return _place_by_name(headers)


def _place_by_name(headers: Headers) -> Place:
    try:
        found = dict(headers)
        id_ = found["ce_id"]
        sequence = int(id_[id_.rindex(b"-") + 1 :])
        return _text(found["ce_type"]), _text(found["ce_source"]), sequence, found.get("traceparent", b"")
    except (KeyError, ValueError, AttributeError) as error:
        raise Poison(f"not an event of this bus: {sorted(name for name, _ in headers)}") from error


@lru_cache(maxsize=4096)
def _text(value: bytes) -> str:
    """Types and sources repeat from record to record."""
    return value.decode()


@lru_cache(maxsize=4096)
def lenient_text(value: bytes) -> str:
    """A trace context as text, whatever a stranger put there; that of a request repeats from record to record."""
    return value.decode("ascii", "replace")


@lru_cache(maxsize=4096)
def _bytes(value: str) -> bytes:
    return value.encode()
