"""The bytes of a file, in as many requests as it takes, from where the last one ended.

Source: as in tus 1.0.0 (https://tus.io/protocols/resumable-upload), HEAD tells the offset and PATCH goes on there;
RFC 9110 §14.4 for the `Content-Range` of a PUT.
"""

import re
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from httpapi import Caller
from httpapi.field_errors import FieldError
from httpapi.problems import BadRequest, Conflict, Invalid, NotFound, TooLarge
from starlette.requests import ClientDisconnect
from starlette.responses import Response

from ingestion_service.errors import FileRefused, UnknownFile, WrongOffset
from ingestion_service.http_api.files_edge import FilesEdge, Uploader, file_for
from ingestion_service.model.file import File, FileState

_RANGE = re.compile(r"bytes (\d{1,18})-(\d{1,18})/(\d{1,18})", re.ASCII)
_OFFSET = re.compile(r"\d{1,18}", re.ASCII)
_BYTES: dict[str, Any] = {
    "requestBody": {
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
    }
}


class OffsetMismatch(Conflict):
    """Raised when bytes do not begin where the last ended; `Upload-Offset` says where that is."""

    slug, title = "offset-mismatch", "The file does not end there"


def uploads_router(edge: FilesEdge) -> APIRouter:
    """Routes of a file's bytes."""
    router = APIRouter(prefix="/v1/files/{file_id}/content", tags=["files 文件归集"])

    @router.head("", summary="How much of a file is here (文件已传字节)")
    async def offset(caller: Uploader, file_id: UUID) -> Response:
        file = await file_for(edge, caller, file_id)
        return _answer(file, await _length(edge, file), 200)

    @router.patch("", status_code=204, openapi_extra=_BYTES, summary="Go on sending a file (文件续传)")
    async def go_on(caller: Uploader, file_id: UUID, request: Request) -> Response:
        """From `Upload-Offset` on. What is here already is passed over, so a repeated chunk is harmless."""
        start = _offset_of(request)
        return await _take(edge, caller, file_id, request, start)

    @router.put("", status_code=204, openapi_extra=_BYTES, summary="Send a file (上传文件)")
    async def send(caller: Uploader, file_id: UUID, request: Request) -> Response:
        """The whole file, from its beginning; or, with `Content-Range: bytes first-last/size`, that part of it."""
        start = await _start_of(edge, caller, file_id, request)
        return await _take(edge, caller, file_id, request, start, anew="content-range" not in request.headers)

    return router


async def _take(  # noqa: PLR0913 - the request, and how it is meant
    edge: FilesEdge, caller: Caller, file_id: UUID, request: Request, start: int, *, anew: bool = False
) -> Response:
    file = await file_for(edge, caller, file_id)
    if file.state is FileState.COMPLETE:
        return _answer(file, file.size, 204)
    try:
        length = await edge.disk.append(file.id, start, _received(request), file.size, anew=anew)
    except WrongOffset as error:
        headers = {"Upload-Offset": str(error.offset)}
        raise OffsetMismatch(f"Go on at {error.offset}.", headers=headers) from error
    except FileRefused as error:
        raise TooLarge(f"The file was announced with {file.size} bytes.") from error
    if length == file.size:
        await completed(edge, file)
    return _answer(file, length, 204)


async def completed(edge: FilesEdge, file: File) -> File:
    """The file, complete if all of it is here and is what was announced.

    Raises:
        Invalid: It is not; nothing of it is kept, so that it may be sent again.
    """
    if file.state is FileState.COMPLETE or await edge.disk.length(file.id) < file.size:
        return file
    sha256 = await edge.disk.digest(file.id)
    if file.sha256 not in {None, sha256}:
        await edge.disk.discard(file.id)
        wrong = FieldError(
            "body", "has another SHA-256 than was announced", "the same bytes, sent again from 0"
        )
        raise Invalid("The file arrived damaged.", errors=[wrong])
    await edge.files.complete(file.id, sha256)
    try:
        return await edge.files.get(file.id)
    except UnknownFile as error:
        raise NotFound("There is no such file.") from error


async def _received(request: Request) -> AsyncIterator[bytes]:
    """The body; where the sender goes away, what came of it."""
    try:
        async for chunk in request.stream():
            yield chunk
    except ClientDisconnect:
        return


async def _start_of(edge: FilesEdge, caller: Caller, file_id: UUID, request: Request) -> int:
    stated = request.headers.get("content-range")
    if stated is None:
        return 0
    size = (await file_for(edge, caller, file_id)).size
    match = _RANGE.fullmatch(stated)
    if match is None or int(match[3]) != size or not int(match[1]) <= int(match[2]) < size:
        wrong = FieldError("header.content-range", "does not fit the file", f"bytes first-last/{size}")
        raise BadRequest(errors=[wrong])
    return int(match[1])


def _offset_of(request: Request) -> int:
    stated = request.headers.get("upload-offset", "")
    if _OFFSET.fullmatch(stated) is None:
        wrong = FieldError("header.upload-offset", "is not a number of bytes", "what HEAD answered")
        raise BadRequest(errors=[wrong])
    return int(stated)


async def _length(edge: FilesEdge, file: File) -> int:
    return file.size if file.state is FileState.COMPLETE else await edge.disk.length(file.id)


def _answer(file: File, offset: int, status: int) -> Response:
    headers = {"Upload-Offset": str(offset), "Upload-Length": str(file.size), "Cache-Control": "no-store"}
    return Response(None, status, headers)
