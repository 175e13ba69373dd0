"""Routes for those who keep a service running: dead letters, the audit's books, an entity's trail."""

import base64
import binascii
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Protocol

from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict, Field, PlainSerializer

from httpapi.access import AreaRule, allow, audit_read, require_area
from httpapi.field_errors import FieldError
from httpapi.identity import STAFF, Caller, Role
from httpapi.pages import Page, PageRequest
from httpapi.problems import Conflict, Invalid, NotFound

_KEEPER = allow(
    Role.AUDITOR, Role.CITY_ADMINISTRATOR, area=AreaRule.CITY_ONLY, purpose="keep the service whole"
)
Keeper = Annotated[Caller, _KEEPER]
Staff = Annotated[Caller, allow(*STAFF, area=AreaRule.ENTITY, purpose="follow one entity")]
LetterId = Annotated[int, Path(ge=1, lt=2**63)]
BookName = Annotated[str, Path(pattern=r"^[a-z][a-z0-9_.-]{0,63}$")]
Uscc = Annotated[str, Path(pattern=r"^[0-9A-Za-z]{1,32}$", description="unified social credit code")]


def _base64(value: bytes) -> str:
    return base64.b64encode(value).decode()


class DeadLetter(BaseModel):
    """One event that could not be applied, and why."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    topic: str
    partition: int
    record_offset: int
    key: str
    type: str
    source: str
    error: str
    created_at: datetime
    settled_as: str | None = Field(None, description="null while open; else replayed or discarded")
    settled_by: str | None = None
    reason: str | None = None


class DeadLetterWithPayload(DeadLetter):
    """A dead letter with the event as it came."""

    value: Annotated[bytes, PlainSerializer(_base64, return_type=str)]


class DeadLetters(Protocol):
    """A service's dead letters, as `eventbus.DeadLetters` gives them; each call is one transaction."""

    async def page(self, after_id: int, limit: int) -> Sequence[object]:
        """Up to `limit` open letters with a greater id, in order of id: attributes as `DeadLetter`."""
        ...

    async def get(self, letter_id: int) -> object | None:
        """The letter: attributes as `DeadLetterWithPayload`, or None."""
        ...

    async def replay(self, letter_id: int, payload: bytes | None, by: str) -> str:
        """The event is applied once more, with the corrected payload if one is given.

        Returns:
            `done`, `unknown`, `settled_before`, or why it still cannot be applied.
        """
        ...

    async def discard(self, letter_id: int, reason: str, by: str) -> str:
        """The letter is closed with its reason and never applied; `done`, `unknown` or `settled_before`."""
        ...


class Lane(BaseModel):
    """Where one lane stands: what it has read of its partition and how far it has published."""

    model_config = ConfigDict(from_attributes=True)

    name: str
    next_offset: int
    seen: dict[str, int] = Field(description="last sequence applied or passed over, by upstream lane")
    next_sequence: list[int] = Field(description="next own sequence, by output partition")
    pending_batches: int = Field(description="committed batches that Kafka has not acknowledged")


class Lanes(Protocol):
    """Where the lanes of a service stand."""

    async def __call__(self) -> Sequence[object]:
        """All lanes: attributes as `Lane`."""
        ...


class BucketDigest(BaseModel):
    """One bucket of a book: how many rows it has, and the sum of its keys' hashes in decimal."""

    model_config = ConfigDict(from_attributes=True)

    bucket: int
    rows: int
    keys_hash: str


class KeyCount(BaseModel):
    """One key of a bucket, and how often the book has it."""

    key: str
    count: int


class Books(Protocol):
    """What a service has on its books, for the audit to compare with the books of the others."""

    def names(self) -> Sequence[str]:
        """The names of the books."""
        ...

    async def digests(self, book: str) -> Sequence[object]:
        """One digest for each bucket of a book that has rows: attributes as `BucketDigest`."""
        ...

    async def keys(self, book: str, bucket: int) -> Sequence[tuple[str, int]]:
        """Each key of one bucket with its count."""
        ...


class TrailEntry(BaseModel):
    """One thing the service knows of an entity, or did about it."""

    at: datetime
    kind: str
    what: str
    detail: str = ""
    trace_id: str | None = None


class Trail(Protocol):
    """What a service knows of one entity, in order of time."""

    async def area_of(self, uscc: str) -> str | None:
        """The entity's area code; None when not known here: then only staff of the whole city see it."""
        ...

    async def entries(self, uscc: str) -> Sequence[TrailEntry]:
        """What happened, oldest first; empty when the service knows nothing."""
        ...


class Replay(BaseModel):
    """An order to apply a dead letter once more."""

    payload_base64: str | None = Field(
        None, description="the corrected event; without it the event as it came"
    )


class Discard(BaseModel):
    """An order to close a dead letter without applying it."""

    reason: str = Field(min_length=3, max_length=1000)


class Settled(BaseModel):
    """Confirms what was done with a dead letter."""

    id: int
    settled: str


class BookNames(BaseModel):
    """The books a service keeps."""

    books: list[str]


def operations_router(dead_letters: DeadLetters, books: Books, trail: Trail, lanes: Lanes) -> APIRouter:
    """All routes of this module over one service's own dead letters, books, trail and lanes.

    With eventbus: `operations_router(bus.dead_letters, SqlBooks(bus.engine, BOOKS), trail, bus.lanes)`.
    """
    router = APIRouter()
    parts = (
        dead_letters_router(dead_letters),
        books_router(books),
        trail_router(trail),
        lanes_router(lanes),
    )
    for part in parts:
        router.include_router(part)
    return router


def dead_letters_router(letters: DeadLetters) -> APIRouter:
    """Routes to list, read, replay and discard dead letters."""
    router = APIRouter(prefix="/v1/dead-letters", tags=["operations"])

    @router.get("", dependencies=[_KEEPER])
    async def list_dead_letters(page: PageRequest) -> Page[DeadLetter]:
        after = page.after(int) or (0,)
        rows = await letters.page(int(after[0]), page.limit + 1)
        return page.page(
            rows, key=lambda row: (DeadLetter.model_validate(row).id,), item=DeadLetter.model_validate
        )

    @router.get("/{letter_id}")
    async def read_dead_letter(caller: Keeper, letter_id: LetterId) -> DeadLetterWithPayload:
        found = await letters.get(letter_id)
        if found is None:
            raise NotFound("There is no such dead letter.")
        letter = DeadLetterWithPayload.model_validate(found)
        audit_read(caller, "dead_letter", letter.key)
        return letter

    @router.post("/{letter_id}/replay")
    async def replay_dead_letter(caller: Keeper, letter_id: LetterId, order: Replay | None = None) -> Settled:
        payload = None if order is None else _decoded(order.payload_base64)
        return _settled(letter_id, "replayed", await letters.replay(letter_id, payload, caller.subject))

    @router.post("/{letter_id}/discard")
    async def discard_dead_letter(caller: Keeper, letter_id: LetterId, order: Discard) -> Settled:
        return _settled(
            letter_id, "discarded", await letters.discard(letter_id, order.reason, caller.subject)
        )

    return router


def books_router(books: Books) -> APIRouter:
    """Routes the audit reads: names of the books, digests of a book, keys of a bucket."""
    router = APIRouter(prefix="/v1/books", tags=["operations"])

    @router.get("", dependencies=[_KEEPER])
    async def list_books() -> BookNames:
        return BookNames(books=list(books.names()))

    @router.get("/{book}", dependencies=[_KEEPER])
    async def read_book(book: BookName) -> list[BucketDigest]:
        _require_book(books, book)
        return [BucketDigest.model_validate(digest) for digest in await books.digests(book)]

    @router.get("/{book}/{bucket}", dependencies=[_KEEPER])
    async def read_bucket(book: BookName, bucket: Annotated[int, Path(ge=0, lt=2**31)]) -> list[KeyCount]:
        _require_book(books, book)
        return [KeyCount(key=key, count=count) for key, count in await books.keys(book, bucket)]

    return router


def lanes_router(lanes: Lanes) -> APIRouter:
    """The route the audit reads to see that what was published was read."""
    router = APIRouter(prefix="/v1/lanes", tags=["operations"])

    @router.get("", dependencies=[_KEEPER])
    async def list_lanes() -> list[Lane]:
        return [Lane.model_validate(lane) for lane in await lanes()]

    return router


def trail_router(trail: Trail) -> APIRouter:
    """The route that shows what this service knows of one entity; staff only, by the entity's area."""
    router = APIRouter(prefix="/v1/trail", tags=["operations"])

    @router.get("/{uscc}")
    async def read_trail(caller: Staff, uscc: Uscc) -> list[TrailEntry]:
        require_area(caller, await trail.area_of(uscc))
        audit_read(caller, "trail", uscc)
        return list(await trail.entries(uscc))

    return router


def _require_book(books: Books, book: str) -> None:
    if book not in books.names():
        raise NotFound("There is no such book.")


def _settled(letter_id: int, how: str, outcome: str) -> Settled:
    if outcome == "unknown":
        raise NotFound("There is no such dead letter.")
    if outcome == "settled_before":
        raise Conflict("This dead letter was replayed or discarded before.")
    if outcome != "done":
        raise Conflict(f"The event still cannot be applied: {outcome}")
    return Settled(id=letter_id, settled=how)


def _decoded(payload_base64: str | None) -> bytes | None:
    if payload_base64 is None:
        return None
    try:
        return base64.b64decode(payload_base64, validate=True)
    except (binascii.Error, ValueError) as error:
        wrong = FieldError(
            "body.payload_base64", "is not base64", "standard base64 with padding, RFC 4648 section 4"
        )
        raise Invalid(errors=[wrong]) from error
