"""Jobs over files on PostgreSQL."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Row, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from ingestion_service.errors import JobAtWork, UnknownFile
from ingestion_service.model.file import Advance, File, FileState, Job, JobKind, JobState
from ingestion_service.model.verdict import Outcome, Problem
from ingestion_service.ports.files import FileProgress

FILE_COLUMNS = """
    file.id as file_id, source.name as source, file.mapping, file.name, file.size, file.sha256,
    file.state as file_state, file.created_by, file.created_at
"""
_JOB = f"""
    select file_job.id, kind, mapping_version, every_row, file_job.state, cancel_asked, position, share, accepted,
           duplicate, quarantined, rejected, reasons, listing_bytes, listed, begun_at, begun_rows, ended_at,
           problem, {FILE_COLUMNS}
    from file_job join file on file.id = file_id join source on source.id = file.source_id
"""
_ONE = text(_JOB + " where file_job.id = :id")
_LATEST = text(_JOB + " where file_id = :file_id order by file_job.id desc limit 1")
_KEEP_FILE = text("select 1 from file where id = :file_id and state = 'complete' for update")
_ADD = text("""
    insert into file_job (file_id, kind, mapping_version, every_row, by)
    values (:file_id, :kind, :mapping_version, :every_row, :by) returning id
""")
_CLAIM = text("""
    update file_job set state = 'running', owner = :owner, alive_at = now(), begun_at = now(), begun_rows =
               case when kind = 'check' then 0 else accepted + duplicate + quarantined + rejected end
    where id = (
        select file_job.id from file_job join file on file.id = file_id
        where file.state <> 'deleted' and (file_job.state = 'waiting' or (file_job.state = 'running'
              and alive_at < now() - cast(:lease_s as double precision) * interval '1 second'))
        order by file_job.id for update of file_job skip locked limit 1
    ) returning id, kind
""")
_FROM_THE_START = text("""
    update file_job set position = 0, share = 0, accepted = 0, duplicate = 0, quarantined = 0, rejected = 0,
        reasons = '{}', listing_bytes = 0, listed = 0
    where id = :id
""")
_ALIVE = text("""
    update file_job set alive_at = now() where id = :id and owner = :owner and state = 'running'
    returning not cancel_asked
""")
_GOES_ON = text("""
    select 1 from file_job where id = :id and owner = :owner and state = 'running' and not cancel_asked
""")
_HOLD = text("""
    select 1 from file_job where id = :id and owner = :owner and state = 'running' for update
""")
_ADVANCE = text("""
    update file_job set position = :end, share = :share, accepted = :accepted, duplicate = :duplicate,
        quarantined = :quarantined, rejected = :rejected, reasons = :reasons, listing_bytes = :listing_bytes,
        listed = :listed, alive_at = now()
    where id = :id and owner = :owner and state = 'running' and position in (:start, :end)
""")
_FINISH = text("""
    update file_job set state = :state, problem = :problem, ended_at = now(),
        share = case when :state = 'done' then 1 else share end
    where id = :id and owner = :owner and state = 'running'
""")
_RELEASE = text("""
    update file_job set state = 'waiting', owner = null where id = :id and owner = :owner and state = 'running'
""")
_CANCEL = text("""
    update file_job set cancel_asked = true, state = case when state = 'waiting' then 'cancelled' else state end,
        ended_at = case when state = 'waiting' then now() end
    where file_id = :file_id and state in ('waiting', 'running')
""")
_CHECKED = text("""
    select case when state = 'done' then mapping_version end as version
    from file_job where file_id = :file_id and kind = 'check' order by id desc limit 1
""")
_KNOWN = text("""
    select fact_id from fact where source_id = :source_id and fact_id = any(cast(:ids as text[]))
""")


class SqlFileProgress:
    """A `FileProgress` inside one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def holds(self, job_id: int, owner: str) -> bool:
        """See `FileProgress`."""
        found = await self._connection.execute(_HOLD, {"id": job_id, "owner": owner})
        return found.one_or_none() is not None

    async def advance(self, advance: Advance) -> bool:
        """See `FileProgress`."""
        values = {
            "id": advance.job_id,
            "owner": advance.owner,
            "start": advance.start,
            "end": advance.end,
            "share": advance.share,
            **{outcome.value: advance.counts.get(outcome, 0) for outcome in Outcome},
            "reasons": msgspec.json.encode(advance.reasons),
            "listing_bytes": advance.listing_bytes,
            "listed": advance.listed,
        }
        return (await self._connection.execute(_ADVANCE, values)).rowcount == 1


class SqlJobs:
    """`Jobs`; each call is one transaction."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def add(self, file: File, kind: JobKind, mapping_version: int, by: str, *, every_row: bool) -> Job:
        """See `Jobs`."""
        values = {"kind": kind.value, "mapping_version": mapping_version, "by": by, "every_row": every_row}
        try:
            async with self._engine.begin() as connection:
                if (await connection.execute(_KEEP_FILE, {"file_id": file.id})).one_or_none() is None:
                    raise UnknownFile(str(file.id))
                added = await connection.execute(_ADD, {"file_id": file.id, **values})
                return await _job(connection, added.scalar_one())
        except IntegrityError as error:
            raise JobAtWork(str(file.id)) from error

    async def claim(self, owner: str, lease_s: float) -> Job | None:
        """See `Jobs`. A check begins anew: it changes nothing, and the ledger may know more by now."""
        async with self._engine.begin() as connection:
            row = (await connection.execute(_CLAIM, {"owner": owner, "lease_s": lease_s})).one_or_none()
            if row is None:
                return None
            if row.kind == JobKind.CHECK:
                await connection.execute(_FROM_THE_START, {"id": row.id})
            return await _job(connection, row.id)

    async def alive(self, job_id: int, owner: str) -> bool:
        """See `Jobs`."""
        async with self._engine.begin() as connection:
            row = (await connection.execute(_ALIVE, {"id": job_id, "owner": owner})).one_or_none()
        return row is not None and bool(row[0])

    async def goes_on(self, job_id: int, owner: str) -> bool:
        """See `Jobs`."""
        async with self._engine.connect() as connection:
            found = await connection.execute(_GOES_ON, {"id": job_id, "owner": owner})
            return found.one_or_none() is not None

    @asynccontextmanager
    async def progress(self) -> AsyncIterator[FileProgress]:
        """See `Jobs`."""
        async with self._engine.begin() as connection:
            yield SqlFileProgress(connection)

    async def finish(self, job_id: int, owner: str, state: JobState, problem: Problem | None = None) -> None:
        """See `Jobs`."""
        told = None if problem is None else msgspec.json.encode(problem)
        values = {"id": job_id, "owner": owner, "state": state.value, "problem": told}
        await self._change(_FINISH, values)

    async def release(self, job_id: int, owner: str) -> None:
        """See `Jobs`."""
        await self._change(_RELEASE, {"id": job_id, "owner": owner})

    async def cancel(self, file_id: UUID) -> None:
        """See `Jobs`."""
        await self._change(_CANCEL, {"file_id": file_id})

    async def checked_version(self, file_id: UUID) -> int | None:
        """See `Jobs`."""
        async with self._engine.connect() as connection:
            found = await connection.execute(_CHECKED, {"file_id": file_id})
            version: int | None = found.scalar_one_or_none()
            return version

    async def latest(self, file_id: UUID) -> Job | None:
        """See `Jobs`."""
        async with self._engine.connect() as connection:
            row = (await connection.execute(_LATEST, {"file_id": file_id})).one_or_none()
        return None if row is None else job_of(row)

    async def get(self, job_id: int) -> Job:
        """See `Jobs`."""
        async with self._engine.connect() as connection:
            return await _job(connection, job_id)

    async def known(self, source_id: int, ids: Sequence[str]) -> Collection[str]:
        """See `KnownFacts`."""
        async with self._engine.connect() as connection:
            rows = await connection.execute(_KNOWN, {"source_id": source_id, "ids": list(ids)})
            return {row.fact_id for row in rows}

    async def _change(self, statement: Any, values: Mapping[str, object]) -> None:
        async with self._engine.begin() as connection:
            await connection.execute(statement, values)


async def _job(connection: AsyncConnection, job_id: int) -> Job:
    return job_of((await connection.execute(_ONE, {"id": job_id})).one())


def job_of(row: Row[Any]) -> Job:
    """The job of a row that also has its file's columns."""
    return Job(
        id=row.id,
        file=file_of(row),
        kind=JobKind(row.kind),
        mapping_version=row.mapping_version,
        every_row=row.every_row,
        state=JobState(row.state),
        cancel_asked=row.cancel_asked,
        position=row.position,
        share=row.share,
        counts={outcome: getattr(row, outcome.value) for outcome in Outcome},
        reasons=msgspec.json.decode(row.reasons, type=dict[str, int]),
        listing_bytes=row.listing_bytes,
        listed=row.listed,
        begun_at=row.begun_at,
        begun_rows=row.begun_rows,
        ended_at=row.ended_at,
        problem=None if row.problem is None else msgspec.json.decode(row.problem, type=Problem),
    )


def file_of(row: Row[Any]) -> File:
    """The file of a row with its columns."""
    if row.file_state == FileState.DELETED:
        raise UnknownFile(str(row.file_id))
    return File(
        id=row.file_id,
        source=row.source,
        mapping=row.mapping,
        name=row.name,
        size=row.size,
        sha256=row.sha256,
        state=FileState(row.file_state),
        created_by=row.created_by,
        created_at=row.created_at,
    )
