"""What the routes share: transactions, faults as problem details, what the composition root gives."""

from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final, Protocol

from httpapi.field_errors import FieldError
from httpapi.idempotency import IdempotencyStore
from httpapi.problems import Conflict, Invalid, NotFound, ProblemError
from pydantic import BeforeValidator, StringConstraints
from vocabulary.uscc import normalise

from notification_service.errors import (
    ClueAlreadyAnswered,
    NothingToRedeliver,
    NoticeNotFailed,
    NotificationError,
    PlatformExists,
    UnknownClue,
    UnknownNotice,
    UnknownPlatform,
    UnsafeAddress,
)
from notification_service.ports import Reader, UnitOfWork
from notification_service.rules.templates import TemplateCatalogue

USCC_PATTERN: Final = r"^[0-9A-Z]{15,18}$"


def normalise_text(value: object) -> object:
    """A code as the vocabulary writes it, where it is text at all."""
    return normalise(value) if isinstance(value, str) else value


UsccText = Annotated[str, BeforeValidator(normalise_text), StringConstraints(pattern=USCC_PATTERN)]


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
        catalogue: the templates.
        clock: the time now, UTC.
        new_secret: makes a webhook secret.
        private_allowed: whether webhooks may go to addresses that are not public.
    """

    open: OpenEdge
    reader: Reader
    catalogue: TemplateCatalogue
    clock: Callable[[], datetime]
    new_secret: Callable[[], str]
    private_allowed: bool

    async def transaction(self) -> AsyncIterator[EdgeUnitOfWork]:
        """One transaction for one request; commits before the answer is sent."""
        async with self.open() as tx:
            yield tx


class PlatformTaken(Conflict):
    """Raised when a platform with this code is subscribed already."""

    slug, title = "platform-exists", "A platform with this code is subscribed already"


class AnsweredBefore(Conflict):
    """Raised when a clue has another final answer."""

    slug, title = "clue-already-answered", "The clue has another final answer"


_PROBLEMS: Final[Mapping[type[NotificationError], Callable[[NotificationError], ProblemError]]] = {
    UnknownPlatform: lambda _: NotFound("There is no such platform."),
    UnknownClue: lambda _: NotFound("There is no such clue."),
    UnknownNotice: lambda _: NotFound("There is no such notice."),
    PlatformExists: lambda _: PlatformTaken("Change the platform, or choose another code."),
    ClueAlreadyAnswered: lambda fault: AnsweredBefore(f"It was answered {fault.args[0].split(': ')[1]}."),
    NoticeNotFailed: lambda _: Conflict("Only a notice that failed can be sent again."),
    NothingToRedeliver: lambda _: Conflict("The platform takes no webhooks; it can pull the clue."),
    UnsafeAddress: lambda fault: Invalid(
        errors=[FieldError("body.webhook_url", str(fault), "an http or https URL on the public internet")]
    ),
}


@contextmanager
def faults_as_problems() -> Iterator[None]:
    """A fault of the use cases becomes the problem a caller is told.

    Raises:
        ProblemError: in place of the fault.
    """
    try:
        yield
    except NotificationError as fault:
        if (problem := _PROBLEMS.get(type(fault))) is None:
            raise
        raise problem(fault) from fault
