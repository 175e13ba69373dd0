"""Files: announced, checked, loaded, reported on (文件归集)."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from httpapi import Caller, Page, PageRequest, Role, audit_read
from httpapi.field_errors import Fault, FieldError
from httpapi.pages import PageQuery, encode_cursor
from httpapi.problems import BadRequest, Conflict, Invalid, NotFound, TooLarge
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import FileResponse, Response, StreamingResponse

from ingestion_service.errors import JobAtWork, NoSuchPlace, QuotaUsed, UnknownFile, UnknownMapping
from ingestion_service.http_api.file_answers import FileOut, RowsOut, file_out, row_out
from ingestion_service.http_api.files_edge import FilesEdge, Uploader, file_for, source_for
from ingestion_service.http_api.uploads import completed
from ingestion_service.model.file import File, FileState, Job, JobKind
from ingestion_service.model.verdict import Outcome

MOST_BYTES = 16 * 1024**3
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_TELL_EVERY_S = 1.0
_SIGN_OF_LIFE_EVERY = 15


class FileIn(BaseModel):
    """A file to announce."""

    model_config = ConfigDict(extra="forbid")

    source: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$", description="信息源")
    mapping: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$", description="name of its mapping")
    name: str = Field(
        min_length=1, max_length=255, pattern=r"^[^\x00-\x1f/\\]*$", description="tells its kind"
    )
    size: int = Field(ge=1, le=MOST_BYTES, description="bytes")
    sha256: str | None = Field(None, pattern=r"^[0-9a-f]{64}$", description="checked once all is here")


class JobIn(BaseModel):
    """How to check or load."""

    model_config = ConfigDict(extra="forbid")

    every_row: bool = Field(default=False, description="list rows without fault in the report too")


class LoadIn(JobIn):
    """How to load."""

    mapping_version: int | None = Field(
        default=None,
        ge=1,
        lt=2**31,
        description="that of the last check that got through; without one, the newest",
    )


class JobRunning(Conflict):
    """Raised when a file's job has not ended."""

    slug, title = "file-job-running", "A job of this file has not ended"


class Incomplete(Conflict):
    """Raised when bytes of a file are missing."""

    slug, title = "file-incomplete", "Not all of the file is here"


class NoRoom(TooLarge):
    """Raised when a source's files would take more room than they may."""

    slug, title = "files-quota", "The source's files have no room for this one"


def files_router(edge: FilesEdge) -> APIRouter:
    """Routes of files."""
    router = APIRouter(prefix="/v1/files", tags=["files 文件归集"])
    _announcing(router, edge)
    _ordering(router, edge)
    _watching(router, edge)
    return router


def _announcing(router: APIRouter, edge: FilesEdge) -> None:
    @router.post("", status_code=201, summary="Announce a file (登记文件)")
    async def announce(caller: Uploader, order: FileIn) -> FileOut:
        source = await source_for(edge, caller, order.source)
        await _mapping_version(edge, source.name, order.mapping)
        sha256 = bytes.fromhex(order.sha256) if order.sha256 else None
        file = File(
            id=edge.new_id(),
            source=source.name,
            mapping=order.mapping,
            name=order.name,
            size=order.size,
            sha256=sha256,
            state=FileState.RECEIVING,
            created_by=caller.subject,
            created_at=edge.now(),
        )
        try:
            await edge.files.add(file, edge.quota_bytes)
        except QuotaUsed as error:
            raise _no_room(edge, file, error.left) from error
        return await file_out(edge, file)

    @router.get("", summary="Files (文件清单)")
    async def list_files(
        caller: Uploader, page: PageRequest, source: Annotated[str | None, Query(max_length=64)] = None
    ) -> Page[FileOut]:
        own = caller.source if caller.role is Role.SOURCE_SYSTEM else source
        by = caller.subject if caller.role is Role.AREA_OFFICER else None
        after = page.after(str)
        before = _file_of(str(after[0])) if after else None
        rows = await edge.files.page(source=own, by=by, before=before, limit=page.limit + 1)
        told = [await file_out(edge, file) for file in rows]
        return page.page(told, key=lambda row: (str(row.id),), item=lambda row: row)

    @router.delete("/{file_id}", status_code=204, summary="Delete a file (删除文件)")
    async def delete(caller: Uploader, file_id: UUID) -> None:
        """Its bytes and reports are gone; facts that it brought stay."""
        file = await file_for(edge, caller, file_id)
        try:
            await edge.files.delete(file.id)
        except JobAtWork as error:
            raise JobRunning from error
        await edge.disk.discard(file.id)


def _no_room(edge: FilesEdge, file: File, left: int) -> NoRoom:
    expected = f"at most {left} bytes; delete files of {file.source} that are done with for more"
    wrong = FieldError(
        "body.size", f"goes beyond the {edge.quota_bytes} bytes of the source's files together", expected
    )
    return NoRoom(errors=[wrong])


def _file_of(cursor: str) -> UUID:
    try:
        return UUID(cursor)
    except ValueError as error:
        wrong = FieldError("query.cursor", "is not a cursor of this list", "next_cursor of the page before")
        raise BadRequest("The cursor cannot be read.", errors=[wrong]) from error


async def _mapping_version(edge: FilesEdge, source: str, name: str) -> int:
    try:
        return (await edge.mappings.get(source, name)).version
    except UnknownMapping as error:
        expected = f"one of GET /v1/sources/{source}/mappings"
        raise Invalid(errors=[FieldError("body.mapping", "is not known", expected, Fault.UNKNOWN)]) from error


def _ordering(router: APIRouter, edge: FilesEdge) -> None:
    @router.post("/{file_id}/check", status_code=202, summary="Try a file, record nothing (文件试运行)")
    async def check(caller: Uploader, file_id: UUID, order: JobIn | None = None) -> FileOut:
        """Every row is read, mapped and judged as a load would; the report says what would become of it."""
        return await _order(edge, caller, file_id, JobKind.CHECK, order or JobIn())

    @router.post("/{file_id}/load", status_code=202, summary="Record a file's facts (文件入库)")
    async def load(caller: Uploader, file_id: UUID, order: LoadIn | None = None) -> FileOut:
        """Mapped as it was checked. Facts that are here already are duplicates: loaded twice, a file counts once."""
        return await _order(edge, caller, file_id, JobKind.LOAD, order or LoadIn())

    @router.post("/{file_id}/cancel", status_code=202, summary="End a file's job as it stands (取消文件处理)")
    async def cancel(caller: Uploader, file_id: UUID) -> FileOut:
        """What was recorded by then stays recorded."""
        file = await file_for(edge, caller, file_id)
        await edge.jobs.cancel(file.id)
        return await file_out(edge, file)


async def _order(edge: FilesEdge, caller: Caller, file_id: UUID, kind: JobKind, order: JobIn) -> FileOut:
    file = await completed(edge, await file_for(edge, caller, file_id))
    if file.state is not FileState.COMPLETE:
        raise Incomplete(f"{await edge.disk.length(file.id)} of {file.size} bytes are here.")
    version = await _version_for(edge, file, order)
    try:
        await edge.jobs.add(file, kind, version, caller.subject, every_row=order.every_row)
    except JobAtWork as error:
        raise JobRunning from error
    except UnknownFile as error:
        raise NotFound("There is no such file.") from error
    edge.wake()
    return await file_out(edge, file)


async def _version_for(edge: FilesEdge, file: File, order: JobIn) -> int:
    """What was checked is what is loaded, also where somebody changed the mapping since."""
    if not isinstance(order, LoadIn):
        return await _mapping_version(edge, file.source, file.mapping)
    version = order.mapping_version or await edge.jobs.checked_version(file.id)
    try:
        return (await edge.mappings.get(file.source, file.mapping, version)).version
    except UnknownMapping as error:
        expected = f"a version of {file.mapping}, or none"
        raise Invalid(
            errors=[FieldError("body.mapping_version", "is not known", expected, Fault.UNKNOWN)]
        ) from error


def _watching(router: APIRouter, edge: FilesEdge) -> None:
    @router.get("/{file_id}", summary="How far a file is (文件处理进度)")
    async def read_file(caller: Uploader, file_id: UUID) -> FileOut:
        return await file_out(edge, await file_for(edge, caller, file_id))

    @router.get(
        "/{file_id}/events",
        response_class=StreamingResponse,
        summary="How far a file is, as events (文件进度流)",
    )
    async def events(caller: Uploader, file_id: UUID) -> Response:
        """Server-sent events `progress`, and `ended` at last; each has the same data as GET of the file."""
        file = await file_for(edge, caller, file_id)
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(_events(edge, file), media_type="text/event-stream", headers=headers)

    @router.get("/{file_id}/rows", summary="What is wrong with which row of a file (文件问题行)")
    async def rows(
        caller: Uploader,
        file_id: UUID,
        page: PageRequest,
        verdict: Outcome | None = None,
    ) -> RowsOut:
        """As the report lists them; of the newest job, also while it runs."""
        file = await file_for(edge, caller, file_id)
        job = await edge.jobs.latest(file.id)
        audit_read(caller, "file report")
        return RowsOut(items=[], header=[]) if job is None else await _rows(edge, job, page, verdict)

    @router.get(
        "/{file_id}/report.xlsx", response_class=FileResponse, summary="Report of a file (文件处理报告)"
    )
    async def report(caller: Uploader, file_id: UUID) -> Response:
        """Of the newest job, once it has ended."""
        file = await file_for(edge, caller, file_id)
        job = await edge.jobs.latest(file.id)
        path = Path(edge.disk.report(job)) if job is not None and job.state.ended else None
        if path is None or not await asyncio.to_thread(path.exists):
            raise NotFound("There is no report yet: no job of this file has ended.")
        audit_read(caller, "file report")
        return FileResponse(path, media_type=_XLSX, filename=f"{Path(file.name).stem}-report.xlsx")


async def _rows(edge: FilesEdge, job: Job, page: PageQuery, verdict: Outcome | None) -> RowsOut:
    of_job, start = page.after(int, int) or (job.id, 0)
    try:
        found = await edge.disk.read_listing(_same(job, of_job), int(start), page.limit, verdict)
    except NoSuchPlace as error:
        expected = "next_cursor of the page before, or no cursor: another job may have begun since"
        wrong = FieldError("query.cursor", "is not a cursor of this list", expected, Fault.WRONG_FORM)
        raise BadRequest("The cursor cannot be read.", errors=[wrong]) from error
    cursor = None if found.next is None else encode_cursor(job.id, found.next)
    return RowsOut(items=[row_out(line) for line in found.lines], next_cursor=cursor, header=found.header)


def _same(job: Job, of_job: object) -> Job:
    if job.id != of_job:
        raise NoSuchPlace(f"job {of_job}")
    return job


async def _events(edge: FilesEdge, file: File) -> AsyncIterator[bytes]:
    last, silent = "", 0
    while not edge.stopping():
        job = await edge.jobs.latest(file.id)
        told = (await file_out(edge, file)).model_dump_json()
        ended = job is None or job.state.ended
        if told != last or ended:
            yield f"event: {'ended' if ended else 'progress'}\ndata: {told}\n\n".encode()
            last, silent = told, 0
        if ended:
            return
        silent += 1
        if silent % _SIGN_OF_LIFE_EVERY == 0:
            yield b": still here\n\n"
        await asyncio.sleep(_TELL_EVERY_S)
