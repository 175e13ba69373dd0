"""Goes through one file for one job: piece by piece, from where the job stands.

A load's position, its counts and the end of its listing move in the very transaction that records the rows, so
whichever moment the process dies at, the next one goes on behind the last row that counts. The listing is on disk
before that transaction commits; what it holds beyond the job's word is cut off again.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from functools import partial

import msgspec

from ingestion_service.errors import FileRefused, IngestionError, WriterBusy, WriterUnavailable
from ingestion_service.model.file import Job, JobKind, Opened, Piece, ReadOrder
from ingestion_service.model.source import Source
from ingestion_service.model.verdict import Outcome
from ingestion_service.ports import FactWriter, UnitOfWork
from ingestion_service.ports.files import FileDisk, FileProgress, FileReader, Jobs, KnownFacts, Mappings, Seen
from ingestion_service.ports.sources import Senders
from ingestion_service.rules.judging import Bench, Judged
from ingestion_service.rules.listing import Lines, Told, listing
from ingestion_service.use_cases.go_through import (
    AT_A_STRETCH,
    ColumnOf,
    JudgedPiece,
    advanced,
    column_of,
    listed_lines,
    step,
    stretches,
)

_PATIENCE_S = 60.0
_PAUSE_S = 1.0
_DISK_S = 5.0
"""How long a piece of the listing may take: the transaction it is in is everybody's."""


class Lost(IngestionError):
    """Raised when the job is another owner's by now."""


class Stopped(IngestionError):
    """Raised when the job is to be given up as it stands."""


@dataclass(frozen=True, slots=True)
class JobParts:
    """What jobs are done with.

    Attributes:
        latest_ms: The last instant at which something may already have happened.
    """

    jobs: Jobs
    mappings: Mappings
    disk: FileDisk
    reader: FileReader
    writer: FactWriter
    senders: Senders
    ledger: KnownFacts
    latest_ms: Callable[[], int]


class FileRun:
    """One owner's work on one job.

    Args:
        parts: What it is done with.
        owner: Whose job it is.
        job: The job as it was claimed.
        given_up: Whether to end after the piece at hand.
    """

    def __init__(self, parts: JobParts, owner: str, job: Job, given_up: Callable[[], bool]) -> None:
        self.job = job
        self._parts = parts
        self._owner = owner
        self._given_up = given_up
        self._header: list[bytes] = []
        self._sources: Mapping[str, str] = {}
        self._fault: Exception | None = None
        self._is_ours = True

    async def to_the_end(self) -> None:
        """Every row has its verdict.

        Raises:
            FileRefused: The file cannot be read, or not further.
            Lost: The job is another's.
            Stopped: It was given up.
        """
        job = self.job
        stored = await self._parts.mappings.get(job.file.source, job.file.mapping, job.mapping_version)
        self._sources = stored.mapping.sources_of()
        order = ReadOrder(
            self._parts.disk.content(job.file.id),
            job.file.name,
            msgspec.json.encode(stored.mapping),
            job.file.source,
            job.position,
        )
        seen = self._parts.disk.seen(job)
        try:
            await self._read(order, seen)
        finally:
            await seen.close()

    async def _read(self, order: ReadOrder, seen: Seen) -> None:
        async with aclosing(self._parts.reader.read(order)) as messages:  # type: ignore[type-var]
            async for message in messages:
                if isinstance(message, Opened):
                    self._header = [msgspec.json.encode(message.header)]
                    continue
                await self._go_on()
                judged = await self._judge(message)
                await (self._load(judged) if self.job.kind is JobKind.LOAD else self._check(judged, seen))

    async def _go_on(self) -> None:
        """Asked before each piece: rows that another owner counts must not be recorded by this one."""
        if self._given_up() or not await self._parts.jobs.goes_on(self.job.id, self._owner):
            raise Stopped(str(self.job.id))

    async def _judge(self, piece: Piece) -> JudgedPiece:
        bench = Bench(await self._senders(), self._parts.latest_ms())
        judged: list[Judged] = []
        for some in stretches(piece, bench):
            judged += some
            await asyncio.sleep(0)
        return JudgedPiece(piece, judged)

    async def _senders(self) -> Mapping[str, Source]:
        senders = await self._parts.senders.sender(self.job.file.source)
        if not senders:
            raise FileRefused("source", "is suspended", "a source whose facts are taken")
        return senders

    # -- check -----------------------------------------------------------------------------------------------------

    async def _check(self, judged: JudgedPiece, seen: Seen) -> None:
        """Nothing is recorded: the ledger is only asked what it knows."""
        facts = judged.facts
        ids = [fact.id for fact in facts]
        known = await self._parts.ledger.known(facts[0].source_id, ids) if facts else ()
        again = await seen.again(ids)
        outcomes = [
            Outcome.DUPLICATE
            if repeated or fact.id in known
            else Outcome.QUARANTINED
            if fact.reason
            else Outcome.ACCEPTED
            for fact, repeated in zip(facts, again, strict=True)
        ]
        async with self._parts.jobs.progress() as progress:
            after = await self._behind(progress, judged, outcomes, again)
        self._require_sound()
        self.job = after or self.job

    # -- load ------------------------------------------------------------------------------------------------------

    async def _load(self, judged: JudgedPiece) -> None:
        """The rows are recorded, and the job stands behind them; tried until it is so."""
        target = judged.piece.end
        while self.job.position < target:
            try:
                await self._submit(judged)
            except (WriterBusy, WriterUnavailable):
                await asyncio.sleep(_PAUSE_S)
                await self._go_on()
                self.job = await self._parts.jobs.get(self.job.id)  # the last attempt may have come through
            self._require_sound()

    async def _submit(self, judged: JudgedPiece) -> None:
        reached: Job | None = None

        async def along(tx: UnitOfWork, outcomes: Sequence[Outcome]) -> None:
            nonlocal reached
            reached = await self._behind(tx.files, judged, outcomes)

        await self._parts.writer.submit(judged.facts, _PATIENCE_S, along)
        self.job = reached or self.job

    # -- both ------------------------------------------------------------------------------------------------------

    async def _behind(
        self,
        progress: FileProgress,
        judged: JudgedPiece,
        outcomes: Sequence[Outcome],
        again: Sequence[bool] = (),
    ) -> Job | None:
        """The job behind this piece; None where it is another's by now, or its listing cannot be written.

        Must not fail for reasons of ours: other senders' facts are in this transaction. The listing is touched only
        while the job is held, because its next owner writes it too.
        """
        self._fault = None
        self._is_ours = await progress.holds(self.job.id, self._owner)
        if not self._is_ours:
            return None
        try:
            async with asyncio.timeout(_DISK_S):
                after = await self._listed(judged, outcomes, again)
        except Exception as error:  # noqa: BLE001 - told by `_require_sound`, outside of the transaction
            self._fault = error
            return None
        self._is_ours = await progress.advance(step(self.job, after, self._owner))
        return after if self._is_ours else None

    def _require_sound(self) -> None:
        if isinstance(self._fault, OSError):
            raise FileRefused("report", "cannot be written: is the disk full?", "room") from self._fault
        if self._fault is not None:
            raise self._fault
        if not self._is_ours:
            raise Lost(str(self.job.id))

    async def _listed(
        self, judged: JudgedPiece, outcomes: Sequence[Outcome], again: Sequence[bool] = ()
    ) -> Job:
        """The job behind this piece, the piece's lines in the listing."""
        job, piece = self.job, judged.piece
        told = judged.told(outcomes, again)
        lines = await _lines(piece, told, column_of(self._sources), every_row=job.every_row)
        written = listed_lines(job, lines, self._header)
        end = await self._parts.disk.write_listing(job, job.listing_bytes, written)
        return advanced(job, piece, lines, end)


async def _lines(piece: Piece, told: Sequence[Told], column_of: ColumnOf, *, every_row: bool) -> Lines:
    """The piece's lines; where they are many, made without keeping requests waiting."""
    make = partial(listing, piece, told, column_of, every_row=every_row)
    shown = len(told) if every_row else sum(each.verdict is not Outcome.ACCEPTED for each in told)
    return await asyncio.to_thread(make) if shown > AT_A_STRETCH else make()
