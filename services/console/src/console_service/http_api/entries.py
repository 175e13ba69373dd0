"""Entries of the access log, made of the requests they tell of."""

import time
from contextlib import suppress
from dataclasses import replace
from urllib.parse import unquote

from fastapi import Request
from httpapi.identity import Caller
from httpapi.problems import Forbidden, Overloaded

from console_service.errors import LogFull
from console_service.http_api.edge import Edge
from console_service.model import AccessEntry, Person
from console_service.rules.paths import entity_of
from console_service.rules.queries import readable

_LONGEST_TOLD = 1000
NOBODY_KNOWN = Person("unknown account", "", "", "")
"""Whoever tries a name that is no account's: that is not told, as people type passwords there. No account has this."""


class LogIsFull(Overloaded):
    """Raised when the access log can take no more: what cannot be logged is not asked."""

    slug, title = "access-log-full", "The access log cannot be written"


def entry_of(edge: Edge, request: Request, caller: Caller, asked: tuple[str, str, str | None]) -> AccessEntry:
    """What the log is to say of a request for this service, decoded path and entity, before it is answered.

    Raises:
        Overloaded: The log cannot take any more: what cannot be logged is not asked.
    """
    require_room(edge)
    request.state.is_noted = True
    username = request.state.session.person.username
    person = Person(username, caller.subject, username, str(caller.role), caller.area)
    return _entry(edge, request, person, asked)


def session_entry(edge: Edge, request: Request, person: Person) -> AccessEntry:
    """What the log is to say of this person's coming or going; nobody is kept from leaving by a log without room.

    Never the query: an issuer's code stands there.
    """
    path = request.url.path.removeprefix("/api")
    return replace(_entry(edge, request, person, ("console", path, None)), query="")


def note_refusal(edge: Edge, request: Request) -> None:
    """The log has that this request was refused, unless it has it already; a log without room is not filled further."""
    session = getattr(request.state, "session", None)
    if session is None or getattr(request.state, "is_noted", False):
        return
    with suppress(LogIsFull):
        require_room(edge)
        path = unquote(request.url.path).removeprefix("/api")
        asked = ("console", path, entity_of(f"/v1{path}", request.url.query))
        edge.access_log.add(replace(_entry(edge, request, session.person, asked), status=Forbidden.status))


def require_room(edge: Edge) -> None:
    """The log can take another entry.

    Raises:
        Overloaded: It cannot.
    """
    try:
        edge.access_log.require_room()
    except LogFull as error:
        raise LogIsFull("The access log cannot be written at the moment.", retry_after_s=5) from error


def _entry(edge: Edge, request: Request, person: Person, asked: tuple[str, str, str | None]) -> AccessEntry:
    service, path, entity = asked
    return AccessEntry(
        at=edge.clock(),
        username=person.username,
        subject=person.subject,
        role=person.role,
        area=person.area,
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
