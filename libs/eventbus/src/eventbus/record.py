"""How the records of a partition are read: as the client decoded them, and none that is not wanted."""

from collections.abc import Collection, Iterator
from typing import Any, Protocol

from aiokafka.consumer import fetcher
from aiokafka.errors import CorruptRecordException

from eventbus import record_set
from eventbus.envelope import Headers
from eventbus.record_set import PassedOver, Wanted


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


class Unpacking:
    """Given to a consumer as its `key_deserializer`, this makes it hand on records just as they were decoded.

    aiokafka copies every record into a frozen dataclass, which takes longer than all the rest of reading it. There is
    no public way to do without, so its unpacking is replaced for consumers that ask: topic and partition of a record
    are those it was fetched from. A whole record set that is not wanted comes as one `PassedOver`.

    Args:
        wanted: Which events are read.
        foreign: Topics that others write to, whose labels mean nothing.
    """

    def __init__(self, wanted: Wanted, foreign: Collection[str] = ()) -> None:
        self._wanted = wanted
        self._foreign = foreign

    def __call__(self, key: bytes) -> bytes:
        """Keys stay as they are."""
        return key

    def passed_over(self, topic: str, batch: Any, first: Record) -> PassedOver | None:
        """The record set, whose first record this is, where it is not wanted."""
        if topic in self._foreign or first.offset != batch.base_offset:
            return None
        size = batch.next_offset - batch.base_offset
        return record_set.passed_over(first.offset, first.headers, size, self._wanted)


_fetcher: Any = fetcher


class _Unpacked(_fetcher.PartitionRecords):  # type: ignore[misc]  # the module is taken as untyped
    """The records of one answer and partition."""

    next_fetch_offset: int

    def __iter__(self) -> Iterator[Any]:
        """Without a call of `__next__` between the loop and the generator."""
        return self._records_iterator or iter(())

    def _unpack_records(self) -> Iterator[Any]:
        unpacking = self._key_deserializer
        if isinstance(unpacking, Unpacking):
            return self._as_decoded(unpacking)
        theirs: Iterator[Any] = super()._unpack_records()
        return theirs

    def _as_decoded(self, unpacking: Unpacking) -> Iterator[Any]:
        """What the client's own generator does without transactions: a record already passed is not given again."""
        while self._records.has_next():
            batch = self._records.next_batch()
            if not batch.validate_crc():
                raise CorruptRecordException(f"Invalid CRC - {self._tp}")
            looked_at = False
            for record in () if batch.is_control_batch else batch:
                if not looked_at and record.offset >= self.next_fetch_offset:
                    looked_at = True
                    if (whole := unpacking.passed_over(self._tp.topic, batch, record)) is not None:
                        self.next_fetch_offset = batch.next_offset
                        yield whole
                        break
                if record.offset >= self.next_fetch_offset:
                    self.next_fetch_offset = record.offset + 1
                    yield record
            self.next_fetch_offset = batch.next_offset


_fetcher.PartitionRecords = _Unpacked
