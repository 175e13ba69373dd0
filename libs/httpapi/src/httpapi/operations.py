"""Routes for those who keep a service running: lanes, the audit's books, an entity's trail, dead letters."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Protocol

from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict, Field

from httpapi.access import AreaRule, allow, audit_read, require_area
from httpapi.dead_letters import KEEPER, DeadLetters, dead_letters_router
from httpapi.identity import STAFF, Caller
from httpapi.problems import NotFound

Staff = Annotated[Caller, allow(*STAFF, area=AreaRule.ENTITY, purpose="follow one entity")]
BookName = Annotated[str, Path(pattern=r"^[a-z][a-z0-9_.-]{0,63}$")]
Uscc = Annotated[str, Path(pattern=r"^[0-9A-Za-z]{1,32}$", description="unified social credit code")]


class Lane(BaseModel):
    """Where one lane stands: what it has read of its partition and how far it has published."""

    model_config = ConfigDict(from_attributes=True)

    name: str
    next_offset: int
    seen: dict[str, int] = Field(description="last sequence applied or passed over, by upstream lane")
    next_sequence: list[int] = Field(description="next own sequence, by output partition")
    pending_batches: int = Field(description="committed batches that Kafka has not acknowledged")


class LaneFlow(BaseModel):
    """How one lane flows: two readings, a few seconds apart, give its rates."""

    model_config = ConfigDict(from_attributes=True)

    name: str
    topic: str | None = Field(description="what it reads; null for a lane that only publishes")
    partition: int | None
    read: int = Field(description="records of its partition read so far; only ever grows")
    end_offset: int | None = Field(
        description="records there are; null when it reads none or the broker does not answer"
    )
    lag: int | None = Field(description="records not yet read; null like `end_offset`")
    published: int = Field(description="events it has published or is about to; only ever grows")
    pending_batches: int = Field(description="committed batches that Kafka has not acknowledged")
    oldest_pending_at: datetime | None = Field(description="when the oldest of these was committed")


class Flow(BaseModel):
    """What flows through the service at one moment."""

    model_config = ConfigDict(from_attributes=True)

    at: datetime
    lanes: list[LaneFlow]
    open_dead_letters: int


class Bus(Protocol):
    """The bus of a service, as `eventbus.Bus` is one."""

    @property
    def dead_letters(self) -> DeadLetters:
        """The events it could not apply."""
        ...

    async def lanes(self) -> Sequence[object]:
        """Where all lanes stand, as stored: attributes as `Lane`."""
        ...

    async def flow(self) -> object:
        """What flows now: attributes as `Flow`."""
        ...


class BucketDigest(BaseModel):
    """One bucket of a book: how many rows it has, and the sum of its keys' hashes in decimal.

    A key is there once; `repeated` are the rows beyond the first of their key.
    """

    model_config = ConfigDict(from_attributes=True)

    bucket: int
    rows: int
    keys_hash: str
    repeated: int


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
    """One thing the service knows of an entity, or did about it: codes and fields, which readers put into words."""

    model_config = ConfigDict(from_attributes=True)

    at: datetime
    kind: str = Field(pattern=r"^[a-z_]+$", description="a code, such as `decision`")
    what: str = Field(pattern=r"^\S*$", description="code of what it is about; empty where its kind tells it")
    says: dict[str, str | int | float | bool | list[str]] = Field(
        description="what else it says, by field; days as `YYYY-MM-DD`, no field is null"
    )
    trace_id: str | None = None


class Trail(Protocol):
    """What a service knows of one entity, in order of time."""

    async def area_of(self, uscc: str) -> str | None:
        """The entity's area code; None when not known here: then only staff of the whole city see it."""
        ...

    async def entries(self, uscc: str) -> Sequence[TrailEntry]:
        """What happened, oldest first; empty when the service knows nothing."""
        ...


class BookNames(BaseModel):
    """The books a service keeps."""

    books: list[str]


def operations_router(bus: Bus, books: Books, trail: Trail) -> APIRouter:
    """All these routes over one service's own bus, books and trail.

    With eventbus: `operations_router(bus, SqlBooks(bus.engine, BOOKS), trail)`.
    """
    router = APIRouter()
    parts = (
        dead_letters_router(bus.dead_letters),
        books_router(books),
        trail_router(trail),
        lanes_router(bus),
    )
    for part in parts:
        router.include_router(part)
    return router


def books_router(books: Books) -> APIRouter:
    """Routes the audit reads: names of the books, digests of a book, keys of a bucket."""
    router = APIRouter(prefix="/v1/books", tags=["operations"])

    @router.get("", summary="The books 账簿清单", dependencies=[KEEPER])
    async def list_books() -> BookNames:
        return BookNames(books=list(books.names()))

    @router.get("/{book}", summary="Digests of a book 账簿摘要", dependencies=[KEEPER])
    async def read_book(book: BookName) -> list[BucketDigest]:
        _require_book(books, book)
        return [BucketDigest.model_validate(digest) for digest in await books.digests(book)]

    @router.get("/{book}/{bucket}", summary="One part of a book 账簿明细", dependencies=[KEEPER])
    async def read_bucket(book: BookName, bucket: Annotated[int, Path(ge=0, lt=2**31)]) -> list[KeyCount]:
        _require_book(books, book)
        return [KeyCount(key=key, count=count) for key, count in await books.keys(book, bucket)]

    return router


def lanes_router(bus: Bus) -> APIRouter:
    """The route the audit reads to see that what was published was read, and the one people watch."""
    router = APIRouter(tags=["operations"])

    @router.get("/v1/lanes", summary="How far each lane has read 消费进度", dependencies=[KEEPER])
    async def list_lanes() -> list[Lane]:
        return [Lane.model_validate(lane) for lane in await bus.lanes()]

    @router.get("/v1/flow", summary="What flows in and out 运行流量", dependencies=[KEEPER])
    async def read_flow() -> Flow:
        return Flow.model_validate(await bus.flow())

    return router


def trail_router(trail: Trail) -> APIRouter:
    """The route that shows what this service knows of one entity; staff only, by the entity's area."""
    router = APIRouter(prefix="/v1/trail", tags=["operations"])

    @router.get("/{uscc}", summary="What the service wrote down of an entity 全链路留痕")
    async def read_trail(caller: Staff, uscc: Uscc) -> list[TrailEntry]:
        require_area(caller, await trail.area_of(uscc))
        audit_read(caller, "trail", uscc)
        return list(await trail.entries(uscc))

    return router


def _require_book(books: Books, book: str) -> None:
    if book not in books.names():
        raise NotFound("There is no such book.")
