"""What files need from the outside: where they lie, who reads them, what is known of them."""

from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Protocol
from uuid import UUID

from ingestion_service.model.file import (
    Advance,
    File,
    Job,
    JobKind,
    JobState,
    ListingPage,
    Opened,
    Piece,
    ReadOrder,
    ReportOrder,
)
from ingestion_service.model.mapping import Mapping, StoredMapping
from ingestion_service.model.verdict import Problem


class FileProgress(Protocol):
    """How far a job is, inside the transaction that records its rows."""

    async def holds(self, job_id: int, owner: str) -> bool:
        """Whether the job is this owner's; until the transaction ends nobody else can take it over."""
        ...

    async def advance(self, advance: Advance) -> bool:
        """The job stands where this says; done again, nothing changes. False when it is another owner's by now."""
        ...


class Mappings(Protocol):
    """The mappings of the sources, in all their versions."""

    async def put(self, source: str, name: str, mapping: Mapping, by: str) -> StoredMapping:
        """This is the mapping's newest version; the same again makes no new one.

        Raises:
            UnknownSource: The source is not registered.
        """
        ...

    async def get(self, source: str, name: str, version: int | None = None) -> StoredMapping:
        """That version; the newest when none is named.

        Raises:
            UnknownMapping: There is none.
        """
        ...

    async def newest(self, source: str) -> Sequence[StoredMapping]:
        """The newest version of each mapping of the source, by name."""
        ...


class Files(Protocol):
    """The files that were announced."""

    async def add(self, file: File, quota: int) -> None:
        """The file is known.

        Raises:
            UnknownSource: Its source is not registered.
            QuotaUsed: With it the source's files would have more than `quota` bytes.
        """
        ...

    async def get(self, file_id: UUID) -> File:
        """The file.

        Raises:
            UnknownFile: There is none of that id, or it was deleted.
        """
        ...

    async def complete(self, file_id: UUID, sha256: bytes) -> None:
        """All of it is here."""
        ...

    async def delete(self, file_id: UUID) -> None:
        """It is gone; what its loads recorded stays.

        Raises:
            JobAtWork: A job of it has not ended.
        """
        ...

    async def page(
        self, *, source: str | None, by: str | None, before: UUID | None, limit: int
    ) -> Sequence[File]:
        """Up to `limit`, newest first, announced before that one."""
        ...


class AgedFiles(Protocol):
    """Files that are no longer needed."""

    async def retire(self, unfinished_days: int, kept_days: int, limit: int) -> Collection[UUID]:
        """Up to `limit` files that are gone from now on: half received, or long done with; none with a job at work."""
        ...

    async def wanted(self, ids: Collection[UUID]) -> Collection[UUID]:
        """Those of the ids that are files which were not deleted."""
        ...


class Jobs(Protocol):
    """Checks and loads, each taken by one process at a time."""

    async def add(self, file: File, kind: JobKind, mapping_version: int, by: str, *, every_row: bool) -> Job:
        """The job waits.

        Raises:
            JobAtWork: Another job of the file has not ended.
            UnknownFile: The file was deleted.
        """
        ...

    async def claim(self, owner: str, lease_s: float) -> Job | None:
        """A job that waits, or whose owner was not alive for `lease_s` seconds, is this owner's; None when none is."""
        ...

    async def alive(self, job_id: int, owner: str) -> bool:
        """The owner is at work; False when the job is no longer its own, or is to be given up."""
        ...

    async def goes_on(self, job_id: int, owner: str) -> bool:
        """Whether the job is still this owner's and not to be given up."""
        ...

    def progress(self) -> AbstractAsyncContextManager[FileProgress]:
        """How far a job is, in a transaction of its own."""
        ...

    async def finish(self, job_id: int, owner: str, state: JobState, problem: Problem | None = None) -> None:
        """The job has ended; it changes nothing where it is another owner's by now."""
        ...

    async def release(self, job_id: int, owner: str) -> None:
        """The job waits for another owner, who goes on where it stands."""
        ...

    async def cancel(self, file_id: UUID) -> None:
        """The file's job, if one has not ended, is to end as it stands."""
        ...

    async def checked_version(self, file_id: UUID) -> int | None:
        """The version of the mapping in the file's last check; None where there is none that got through."""
        ...

    async def latest(self, file_id: UUID) -> Job | None:
        """The newest job of the file."""
        ...

    async def get(self, job_id: int) -> Job:
        """The job as it stands."""
        ...


class KnownFacts(Protocol):
    """What the ledger has already."""

    async def known(self, source_id: int, ids: Sequence[str]) -> Collection[str]:
        """Those of the ids that are there."""
        ...


class Seen(Protocol):
    """The ids of one file, however many."""

    async def again(self, ids: Sequence[str]) -> Sequence[bool]:
        """For each id whether it came before; from now on it did."""
        ...

    async def close(self) -> None:
        """They are forgotten."""
        ...


class FileDisk(Protocol):
    """Where the bytes of files, listings and reports lie."""

    async def length(self, file_id: UUID) -> int:
        """How much of the file is here."""
        ...

    async def append(
        self, file_id: UUID, start: int, chunks: AsyncIterator[bytes], most: int, *, anew: bool = False
    ) -> int:
        """These bytes follow those before `start`; what is here already is passed over. Answers the new length.

        Begun `anew`, what was here of a file that is not all here is gone.

        Raises:
            WrongOffset: Bytes before `start` are not here yet, or somebody else sends too.
            FileRefused: The file would be longer than `most`.
        """
        ...

    async def digest(self, file_id: UUID) -> bytes:
        """SHA-256 of the file."""
        ...

    async def discard(self, file_id: UUID) -> None:
        """The bytes, and all that was made of them, are gone."""
        ...

    async def folders(self, older_than_s: float) -> Collection[UUID]:
        """Files of which something is here, where that began longer ago."""
        ...

    async def write_listing(self, job: Job, at: int, lines: Sequence[bytes]) -> int:
        """The job's listing goes on at `at` with these lines; answers its new length."""
        ...

    async def read_listing(self, job: Job, start: int, limit: int, verdict: str | None) -> ListingPage:
        """Up to `limit` lines of the job's listing, of that verdict where one is given, from `start`; 0 is the first.

        Raises:
            NoSuchPlace: No line begins there.
        """
        ...

    def content(self, file_id: UUID) -> str:
        """Path of the file's bytes."""
        ...

    def listing(self, job: Job) -> str:
        """Path of the job's listing."""
        ...

    def report(self, job: Job) -> str:
        """Path of the job's report."""
        ...

    def seen(self, job: Job) -> Seen:
        """Ids of the file that the job goes through, none so far."""
        ...


class FileReader(Protocol):
    """Reads files, in bounded memory, without keeping requests waiting."""

    def read(self, order: ReadOrder) -> AsyncIterator[Opened | Piece]:
        """How the file was opened, then its rows.

        Raises:
            FileRefused: It cannot be read, or not further.
        """
        ...

    async def header(self, order: ReadOrder) -> Opened:
        """Names of its columns.

        Raises:
            FileRefused: It cannot be read.
        """
        ...

    async def report(self, order: ReportOrder) -> None:
        """The report is written.

        Raises:
            FileRefused: It cannot be.
        """
        ...
