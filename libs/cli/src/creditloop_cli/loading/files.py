"""Files sent to ingestion, checked and loaded there; a broken connection is gone on from."""

import asyncio
import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from creditloop_cli.errors import NotUp, Refused, WrongUse
from creditloop_cli.services import Json, Services

CHUNK = 4 * 1024 * 1024
_SERVICE = "ingestion"
_ATTEMPTS = 5
_PAUSE_S = 1.0
_LOOK_EVERY_S = 0.5
_AT_WORK = frozenset({"waiting", "running"})
Moved = Callable[[float], None]
"""Told how far it is, 0 to 1."""


async def write_mapping(services: Services, source: str, name: str, mapping: bytes) -> Json:
    """The mapping's newest version is this one.

    Raises:
        Refused: It is not right; the fields are named.
    """
    path = f"/v1/sources/{source}/mappings/{name}"
    return (await services.call("PUT", _SERVICE, path, content=mapping)).json()


async def suggest_mapping(services: Services, source: str, fact_type: str, file: Path) -> Json:
    """A proposal from the first bytes of a file, or from all of a workbook."""
    with file.open("rb") as opened:
        sample = await asyncio.to_thread(opened.read, CHUNK)
    path = f"/v1/sources/{source}/mappings/new/suggest"
    query = {"fact_type": fact_type, "file_name": file.name}
    return (await services.call("POST", _SERVICE, path, params=query, content=sample)).json()


async def upload(services: Services, file: Path, source: str, mapping: str, moved: Moved) -> Json:
    """The whole file is there; what is told is as GET of the file.

    Raises:
        WrongUse: It cannot be read, or is empty.
        Refused: It was refused.
        NotUp: Ingestion did not answer, several times over.
    """
    size, sha256 = await asyncio.to_thread(_measured, file)
    order = {"source": source, "mapping": mapping, "name": file.name, "size": size, "sha256": sha256}
    announced = await services.post(_SERVICE, "/v1/files", order)
    await go_on(services, file, announced, moved)
    return await services.get(_SERVICE, f"/v1/files/{announced['id']}")


async def go_on(services: Services, file: Path, announced: Json, moved: Moved) -> None:
    """The rest of an announced file is sent, from where ingestion says that it ends."""
    for attempt in range(_ATTEMPTS):
        try:
            await _send_rest(services, file, announced, moved)
        except NotUp:
            if attempt == _ATTEMPTS - 1:
                raise
            await asyncio.sleep(_PAUSE_S * 2**attempt)
        else:
            return


async def _send_rest(services: Services, file: Path, announced: Json, moved: Moved) -> None:
    url, size = announced["upload_url"], announced["size"]
    at = int((await services.call("HEAD", _SERVICE, url)).headers["upload-offset"])
    with file.open("rb") as opened:
        while at < size:
            moved(at / size)
            opened.seek(at)
            chunk = await asyncio.to_thread(opened.read, CHUNK)
            if not chunk:
                raise Refused(f"{file} is shorter than it was: {at} of {size} bytes")
            offset = {"Upload-Offset": str(at)}
            answer = await services.call("PATCH", _SERVICE, url, content=chunk, headers=offset)
            at = int(answer.headers["upload-offset"])
    moved(1.0)


async def do_job(services: Services, file_id: str, kind: str, *, every_row: bool, moved: Moved) -> Json:
    """The job of this kind, `check` or `load`, once it has ended."""
    await services.post(_SERVICE, f"/v1/files/{file_id}/{kind}", {"every_row": every_row})
    return await watched(services, file_id, moved)


async def watched(services: Services, file_id: str, moved: Moved) -> Json:
    """The file's job, once it has ended."""
    while True:
        job: dict[str, Any] = (await services.get(_SERVICE, f"/v1/files/{file_id}"))["job"]
        moved(job["share"])
        if job["state"] not in _AT_WORK:
            return job
        await asyncio.sleep(_LOOK_EVERY_S)


async def save_report(services: Services, file_id: str, into: Path) -> None:
    """The report of the file's newest job is there."""
    report = await services.download(_SERVICE, f"/v1/files/{file_id}/report.xlsx")
    await asyncio.to_thread(into.write_bytes, report)


def _measured(file: Path) -> tuple[int, str]:
    try:
        size = file.stat().st_size
        with file.open("rb") as opened:
            sha256 = hashlib.file_digest(opened, "sha256").hexdigest()
    except OSError as error:
        raise WrongUse(f"{file} cannot be read: {error.strerror}") from error
    if not size:
        raise WrongUse(f"{file} is empty")
    return size, sha256
