"""What the routes of files and mappings share."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

import structlog
from fastapi import Depends, Path
from httpapi import AreaRule, Caller, Role, allow
from httpapi.problems import Forbidden, NotFound

from ingestion_service.errors import UnknownFile
from ingestion_service.model.file import File
from ingestion_service.model.source import Source
from ingestion_service.ports.files import FileDisk, FileReader, Files, Jobs, Mappings
from ingestion_service.ports.sources import Senders

_log = structlog.get_logger(log="access")


@dataclass(frozen=True, slots=True)
class FilesEdge:
    """What the routes are given.

    Attributes:
        senders: Who may send.
        mappings: How their files become facts.
        files: What was announced; `disk` has the bytes.
        jobs: Checks and loads; `wake` has the next looked for at once.
        reader: Reads the header of a sample.
        now: The time now, UTC.
        new_id: An id that no file has.
        quota_bytes: Most bytes that a source's files may have together.
        stopping: Whether the process is to end: who listens is let go.
    """

    senders: Senders
    mappings: Mappings
    files: Files
    jobs: Jobs
    disk: FileDisk
    reader: FileReader
    wake: Callable[[], None]
    now: Callable[[], datetime]
    new_id: Callable[[], UUID]
    quota_bytes: int
    stopping: Callable[[], bool]


_known = allow(
    Role.CITY_ADMINISTRATOR,
    Role.AREA_OFFICER,
    Role.SOURCE_SYSTEM,
    area=AreaRule.NOT_APPLICABLE,
    purpose="load files of a source",
)


async def _uploader(caller: Annotated[Caller, _known]) -> Caller:
    """Sources belong to no area, and what one sends counts in the whole city.

    Raises:
        Forbidden: The caller's office is that of a district.
    """
    if caller.is_staff and not caller.sees_whole_city:
        _log.warning("refused", subject=caller.subject, role=caller.role, area=caller.area, what="files")
        raise Forbidden("Only sources themselves and staff of the whole city may call this.")
    return caller


Uploader = Annotated[Caller, Depends(_uploader)]
"""A source has its own files only, an officer of the city's office those they announced themselves."""

SourceName = Annotated[str, Path(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$")]
MappingName = Annotated[str, Path(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]


async def source_for(edge: FilesEdge, caller: Caller, name: str) -> Source:
    """The source, which the caller may speak for.

    Raises:
        NotFound: There is none, it is suspended, or it is another's.
    """
    own = caller.role is not Role.SOURCE_SYSTEM or caller.source == name
    found = (await edge.senders.sender(name)).get(name) if own else None
    if found is None:
        raise NotFound("There is no such source, or it is suspended.")
    return found


async def file_for(edge: FilesEdge, caller: Caller, file_id: UUID) -> File:
    """The file, which the caller may see.

    Raises:
        NotFound: There is none, or it is another's.
    """
    try:
        file = await edge.files.get(file_id)
    except UnknownFile as error:
        raise NotFound("There is no such file.") from error
    if not _may_see(caller, file):
        raise NotFound("There is no such file.")
    return file


def _may_see(caller: Caller, file: File) -> bool:
    if caller.role is Role.SOURCE_SYSTEM:
        return caller.source == file.source
    return caller.role is Role.CITY_ADMINISTRATOR or caller.subject == file.created_by
