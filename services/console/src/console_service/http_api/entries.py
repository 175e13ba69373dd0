"""Entries of the access log, made of the requests they tell of."""

import time
from dataclasses import replace

from fastapi import Request
from httpapi.identity import Caller
from httpapi.problems import Overloaded

from console_service.errors import LogFull
from console_service.http_api.edge import Edge
from console_service.model import AccessEntry
from console_service.rules.queries import readable

_LONGEST_TOLD = 1000


class LogIsFull(Overloaded):
    """Raised when the access log can take no more: what cannot be logged is not asked."""

    slug, title = "access-log-full", "The access log cannot be written"


def entry_of(edge: Edge, request: Request, caller: Caller, asked: tuple[str, str, str | None]) -> AccessEntry:
    """What the log is to say of a request for this service, decoded path and entity, before it is answered.

    Raises:
        Overloaded: The log cannot take any more: what cannot be logged is not asked.
    """
    service, path, entity = asked
    try:
        edge.access_log.require_room()
    except LogFull as error:
        raise LogIsFull("The access log cannot be written at the moment.", retry_after_s=5) from error
    return AccessEntry(
        at=edge.clock(),
        username=request.state.session.person.username,
        subject=caller.subject,
        role=str(caller.role),
        area=caller.area,
        address=request.state.address,
        method=request.method,
        service=service,
        path=_told(path),
        query=_told(readable(request.url.query)),
        entity=entity,
        status=None,
        duration_ms=0,
    )


def answered(entry: AccessEntry, status: int | None, began_s: float) -> AccessEntry:
    """The entry with how it was answered."""
    return replace(entry, status=status, duration_ms=round((time.perf_counter() - began_s) * 1000))


def _told(text: str) -> str:
    return text[:_LONGEST_TOLD].replace("\0", "\ufffd")
