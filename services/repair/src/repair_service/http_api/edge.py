"""What the routes share."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from httpapi.idempotency import IdempotencyStore
from httpapi.pages import PageQuery
from httpapi.problems import BadRequest

from repair_service.ports import Reader, RecordRow, UnitOfWork
from repair_service.rules import Phrases


class EdgeUnitOfWork(UnitOfWork, Protocol):
    """A unit of work that also keeps answers by idempotency key."""

    @property
    def idempotency(self) -> IdempotencyStore:
        """Answers kept in this transaction."""
        ...


class OpenEdge(Protocol):
    """Begins a transaction of an HTTP edge."""

    def __call__(self) -> AbstractAsyncContextManager[EdgeUnitOfWork]:
        """Commits when its block ends well, rolls back when it raises."""
        ...


@dataclass(frozen=True, slots=True)
class Edge:
    """What the routes are given.

    Attributes:
        open: begins a transaction.
        reader: looks things up.
        phrases: wordings for enterprises.
        clock: the time now, UTC.
        run_batch: most records one transaction of the daily run stops.
    """

    open: OpenEdge
    reader: Reader
    phrases: Phrases
    clock: Callable[[], datetime]
    run_batch: int = 20_000


def after_key(page: PageQuery) -> tuple[date, str] | None:
    """Day and identifier of the record a page continues after; None for the first page.

    Raises:
        BadRequest: the cursor is not one of this list.
    """
    values = page.after(str, str)
    if values is None:
        return None
    try:
        return date.fromisoformat(str(values[0])), str(values[1])
    except ValueError as error:
        raise BadRequest("The cursor cannot be read.") from error


def key_of(row: RecordRow) -> tuple[str, str]:
    """What a cursor remembers of a record."""
    return row.decided_on.isoformat(), row.record_id
