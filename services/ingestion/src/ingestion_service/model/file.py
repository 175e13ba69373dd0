"""Files, and the jobs that check and load them (文件归集)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from msgspec import Struct

from ingestion_service.model.verdict import Outcome, Problem


class FileState(StrEnum):
    """Whether all of a file is here."""

    RECEIVING = "receiving"
    COMPLETE = "complete"
    DELETED = "deleted"


class JobKind(StrEnum):
    """What is done with a file: only judged (试运行), or its facts recorded (入库)."""

    CHECK = "check"
    LOAD = "load"


class JobState(StrEnum):
    """Where a job stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def ended(self) -> bool:
        """Whether nothing more will come of it."""
        return self not in {JobState.WAITING, JobState.RUNNING}


@dataclass(frozen=True, slots=True)
class File:
    """A file that was announced; `sha256` is known at the latest when it is complete."""

    id: UUID
    source: str
    mapping: str
    name: str
    size: int
    sha256: bytes | None
    state: FileState
    created_by: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Job:
    """A job as it was last told of.

    Attributes:
        position: Number of the last row that is done with, as a spreadsheet counts rows.
        share: How much of the file is done with, 0 to 1.
        counts: How many rows got which verdict.
        reasons: How many rows for which reason; see `Tallied`.
        listing_bytes: How long the listing of rows is; `listed` is how many rows it has.
        begun_at: When its present owner began, with `begun_rows` done before.
        problem: Why it failed.
    """

    id: int
    file: File
    kind: JobKind
    mapping_version: int
    every_row: bool
    state: JobState
    cancel_asked: bool
    position: int
    share: float
    counts: dict[Outcome, int]
    reasons: dict[str, int]
    listing_bytes: int
    listed: int
    begun_at: datetime | None
    begun_rows: int
    ended_at: datetime | None
    problem: Problem | None

    @property
    def rows(self) -> int:
        """Rows that have a verdict."""
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class Advance:
    """A job gets on: from row `start` to row `end`, with what became of the rows between; the rest are totals."""

    job_id: int
    owner: str
    start: int
    end: int
    share: float
    counts: dict[Outcome, int]
    reasons: dict[str, int]
    listing_bytes: int
    listed: int


class Listed(Struct, frozen=True, array_like=True, gc=False):
    """One line of a report: a row, its verdict, and one thing that is wrong with it."""

    row: int
    verdict: str
    column: str
    field: str
    problem: str
    expected: str
    cells: list[str]


class ListingPage(Struct, frozen=True):
    """Some lines of a listing, with the file's header; `next` is where more begin, None where there are none."""

    header: list[str]
    lines: list[Listed]
    next: int | None


class Piece(Struct, frozen=True, gc=False, tag="piece"):
    """Some rows of a file as they were read.

    Attributes:
        start: Number of the last row before them; `end` is that of their last.
        share: How much of the file is read by then, 0 to 1.
        rows: Numbers of the rows, without empty ones.
        events: The CloudEvent of each row; empty bytes where there is none.
        refused: What is wrong with a row that is no CloudEvent, by its place in `rows`.
        cells: The rows' cells as text, encoded; decoded only where some are to be shown.
    """

    start: int
    end: int
    share: float
    rows: list[int]
    events: list[bytes]
    refused: dict[int, tuple[str | None, tuple[Problem, ...]]]
    cells: bytes


class Opened(Struct, frozen=True, tag="opened"):
    """The file could be opened: its header, its kind, and its encoding where it is text."""

    header: list[str]
    format: str
    encoding: str


class Trouble(Struct, frozen=True, tag="trouble"):
    """The file cannot be read, or not further."""

    field: str
    problem: str
    expected: str


class Ended(Struct, frozen=True, tag="ended"):
    """The file was read to its end."""

    rows: int


Message = Opened | Piece | Trouble | Ended


class ReadOrder(Struct, frozen=True):
    """What is to be read: which file, as what, and after which row."""

    path: str
    name: str
    mapping: bytes
    source: str
    after: int = 0


class ReportOrder(Struct, frozen=True):
    """What a report is made of: a listing and a summary, and where it is written."""

    listing: str
    listing_bytes: int
    into: str
    summary: list[tuple[str, str]]
    reasons: list[tuple[str, str, str, int]]
