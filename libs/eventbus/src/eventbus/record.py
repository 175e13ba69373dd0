"""What one record of a partition is read into."""

from collections.abc import Iterator, Sequence
from typing import Any, Protocol

from aiokafka.consumer import fetcher
from aiokafka.errors import CorruptRecordException

Headers = Sequence[tuple[str, bytes]]


class Record(Protocol):
    """What a stage asks of a record; the client's decoder makes one, and so does anyone who tests."""

    @property
    def offset(self) -> int:
        """Its place in the partition."""
        ...

    @property
    def timestamp(self) -> int | None:
        """Milliseconds since the epoch."""
        ...

    @property
    def key(self) -> bytes | None:
        """Its key."""
        ...

    @property
    def value(self) -> bytes | None:
        """Its value."""
        ...

    @property
    def headers(self) -> Headers:
        """Its headers, in order."""
        ...


def as_decoded(key: bytes) -> bytes:
    """Given to a consumer as its `key_deserializer`, this makes it hand on records just as they were decoded.

    aiokafka copies every record into a frozen dataclass, which takes longer than all the rest of reading it; a service
    that passes most records over does little else. There is no public way to do without, so its unpacking is replaced
    for consumers that ask: topic and partition of a record are those it was fetched from.
    """
    return key


_fetcher: Any = fetcher


class _Unpacked(_fetcher.PartitionRecords):  # type: ignore[misc]  # the module is taken as untyped
    """The records of one answer and partition."""

    next_fetch_offset: int

    def __iter__(self) -> Iterator[Any]:
        """Without a call of `__next__` between the loop and the generator."""
        return self._records_iterator or iter(())

    def _unpack_records(self) -> Iterator[Any]:
        bare = self._key_deserializer is as_decoded and self._check_crcs
        return self._as_decoded() if bare else super()._unpack_records()

    def _as_decoded(self) -> Iterator[Any]:
        """What the client's own generator does without transactions: a record already passed is not given again."""
        while self._records.has_next():
            batch = self._records.next_batch()
            if not batch.validate_crc():
                raise CorruptRecordException(f"Invalid CRC - {self._tp}")
            if not batch.is_control_batch:
                for record in batch:
                    if record.offset >= self.next_fetch_offset:
                        self.next_fetch_offset = record.offset + 1
                        yield record
            self.next_fetch_offset = batch.next_offset


_fetcher.PartitionRecords = _Unpacked
