"""What the routes share."""

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Annotated, Protocol

from fastapi import Path
from httpapi import STAFF, AreaRule, Caller, allow
from httpapi.idempotency import IdempotencyStore
from vocabulary.areas import covers

from profiling_service.ports import History, Reads, RunState
from profiling_service.ports.relations import RelatedReads
from profiling_service.ports.searching import SearchReads
from profiling_service.ports.signal_work import SignalWork
from profiling_service.ports.signals import SignalReads, SignalUnitOfWork
from profiling_service.rules.profiles import RuleBook

Reader = Annotated[Caller, allow(*STAFF, area=AreaRule.ENTITY, purpose="read a profile")]
Lister = Annotated[Caller, allow(*STAFF, area=AreaRule.FILTER, purpose="list profiles")]
Staff = Annotated[Caller, allow(*STAFF, area=AreaRule.NOT_APPLICABLE, purpose="read rule data")]
Uscc = Annotated[
    str, Path(pattern=r"^[0-9A-Z]{18}$", description="unified social credit code 统一社会信用代码")
]


class EdgeUnitOfWork(SignalUnitOfWork, SignalWork, Protocol):
    """A unit of work that also keeps answers by idempotency key."""

    @property
    def idempotency(self) -> IdempotencyStore:
        """Answers kept in this transaction."""
        ...


@dataclass(frozen=True, slots=True)
class Edge:
    """What the routes are given.

    Attributes:
        reads: Looks things up.
        history: Looks up what was.
        relations: Looks up who is related.
        search: Finds entities.
        signals: The same of signals.
        book: The rule data in force.
        transactions: Begins a transaction; commits when its block ends well.
        run: Brings the city to a business day.
    """

    reads: Reads
    history: History
    relations: RelatedReads
    search: SearchReads
    signals: SignalReads
    book: RuleBook
    transactions: Callable[[], AbstractAsyncContextManager[EdgeUnitOfWork]]
    run: Callable[[int], Awaitable[RunState]]


def area_asked(caller: Caller, area: str | None) -> str | None:
    """The area a list is limited to: the caller's own, or the one asked for inside it.

    An area outside the caller's own gives the caller's own: there is nothing to see in the other.
    """
    own = caller.area_filter()
    if own is None:
        return area
    return area if area is not None and covers(own, area) else own
