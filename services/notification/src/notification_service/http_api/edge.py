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
    ClueWithdrawn,
    NothingToRedeliver,
    NoticeNotFailed,
    NotificationError,
    PlatformExists,
    UnknownClue,
    UnknownNotice,
    UnknownPlatform,
    UnsafeAddress,
)
from notification_service.ports import Reader, Renderer, UnitOfWork
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
        renderer: turns templates into letters.
        clock: the time now, UTC.
        new_secret: makes a webhook secret.
        private_allowed: whether webhooks may go to addresses that are not public.
    """

    open: OpenEdge
    reader: Reader
    catalogue: TemplateCatalogue
    renderer: Renderer
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


class Withdrawn(Conflict):
    """Raised when a clue was withdrawn."""

    slug, title = "clue-withdrawn", "The clue was withdrawn: what caused it is over"


class NotToBeSent(Conflict):
    """Raised when a notice neither failed nor was withheld, and so is not sent again."""

    slug, title = "notice-not-failed", "Only a notice that failed or was withheld is sent again"


class NoWebhook(Conflict):
    """Raised when a clue is to be pushed to a platform that takes none."""

    slug, title = "platform-without-webhook", "The platform takes no webhooks"


def _problem(fault: NotificationError) -> ProblemError | None:
    """What a caller is told of a fault; None where it is none of theirs."""
    match fault:
        case ClueAlreadyAnswered(action=action):
            return AnsweredBefore(f"It was answered {action}; that answer stands, with its remark.")
        case UnsafeAddress():
            expected = "an http or https URL on the public internet"
            return Invalid(errors=[FieldError("body.webhook_url", str(fault), expected)])
    told = _TOLD.get(type(fault))
    return None if told is None else told[0](told[1])


_TOLD: Final[Mapping[type[NotificationError], tuple[Callable[[str], ProblemError], str]]] = {
    UnknownPlatform: (NotFound, "There is no such platform."),
    UnknownClue: (NotFound, "There is no such clue."),
    UnknownNotice: (NotFound, "There is no such notice."),
    PlatformExists: (PlatformTaken, "Change the platform, or choose another code."),
    ClueWithdrawn: (Withdrawn, "Nothing is to be answered or sent."),
    NoticeNotFailed: (NotToBeSent, "Only a notice that failed or was withheld can be sent again."),
    NothingToRedeliver: (NoWebhook, "The platform takes no webhooks; it can pull the clue."),
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
        if (problem := _problem(fault)) is None:
            raise
        raise problem from fault
