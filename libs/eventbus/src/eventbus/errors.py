"""What can go wrong on the bus.

EventBusError
├── Poison             this event can never be applied: it becomes a dead letter
├── Transient          it may work later: the partitions pause and the batch is tried again
│   └── Fenced         another writer owns the lane: forget everything and read again
├── Gap                an event is missing upstream: the stage stops rather than skip it
├── TooManyDeadLetters the events are probably fine and the code is not: the stage stops and buries none
├── UnknownDeadLetter  no such dead letter, or it is settled already
└── Unfit              a corrected event does not fit its type

Anything else that is raised crashes the process, on purpose: its supervisor starts it again and
the lane's position says where to go on.
"""

from collections.abc import Iterator

import sqlalchemy.exc
from aiokafka.errors import BrokerNotAvailableError, KafkaError, KafkaTimeoutError, KafkaUnavailableError
from asyncpg.exceptions import InterfaceError, InternalClientError, PostgresError


class EventBusError(Exception):
    """Root of the bus's errors."""


class Poison(EventBusError):
    """Raised when an event cannot be read or can never be applied."""


class Transient(EventBusError):
    """Raised when the database, the broker or a concurrent writer is in the way for now."""


class Fenced(Transient):
    """Raised when the lane has moved on without this writer."""


class Gap(EventBusError):
    """Raised when a sequence number is skipped upstream; data holds what was expected and what came."""

    def __init__(self, lane: str, source: str, expected: int, found: int) -> None:
        super().__init__(f"{lane}: {source} should continue at {expected}, found {found}")
        self.lane = lane
        self.source = source
        self.expected = expected
        self.found = found


class TooManyDeadLetters(EventBusError):
    """Raised when more events of a lane fail in a row than the stage's limit; those past it are not buried."""


class UnknownDeadLetter(EventBusError):
    """Raised when a dead letter to replay or discard is not there or is settled."""


class Unfit(EventBusError, ValueError):
    """Raised when a corrected event does not fit its type; `args` are the field's path and what would be right."""

    def __init__(self, field: str, expected: str) -> None:
        super().__init__(field, expected)


_REFUSING_CLASSES = frozenset({"22", "23"})
_PASSING_CLASSES = frozenset({"08", "40", "53", "55", "57"})
_ARGUMENT = "invalid input for query argument"
_READ_ONLY = "25006"  # a standby that is being promoted
_PASSING_ERRORS = (
    Transient,
    OSError,
    sqlalchemy.exc.TimeoutError,  # no connection came free: not the built-in of that name
    KafkaTimeoutError,
    KafkaUnavailableError,
    BrokerNotAvailableError,
    InternalClientError,  # the driver's muddle over a connection that goes away while it is opened or used
)


def is_refused(error: BaseException) -> bool:
    """Whether the event can never be applied: it is `Poison`, or driver or database refused the data itself.

    Source: PostgreSQL error codes, classes 22 (data exception) and 23 (integrity constraint violation); an argument
    that the driver cannot encode has state 22000.
    """
    if isinstance(error, Transient):
        return False
    return isinstance(error, Poison) or any(_state(seen)[:2] in _REFUSING_CLASSES for seen in _causes(error))


def is_transient(error: BaseException) -> bool:
    """Whether trying again later may help, seen from the chain of explicit causes.

    Source: PostgreSQL error codes, classes 08, 40, 53, 55 and 57 (appendix A of its manual); a lost connection
    shows as OSError or as a client error without a code. Kafka's errors say themselves.
    """
    return any(_may_pass(seen) for seen in _causes(error))


def reason_of(error: BaseException) -> str:
    """Why data was refused, without the values: more people read a reason than may read the row."""
    for seen in _causes(error):
        if isinstance(seen, PostgresError):
            return f"{_state(seen)} {_without_values(str(seen.args[0]))}"
    return str(error)


def _without_values(message: str) -> str:
    """The server's and the driver's messages give a value after a colon; the driver then says what is wrong."""
    what, _, rest = message.partition(": ")
    return f"{what} ({rest.rpartition(' (')[2]}" if what.startswith(_ARGUMENT) else what


def _may_pass(error: BaseException) -> bool:
    if isinstance(error, _PASSING_ERRORS):
        return True
    if isinstance(error, KafkaError):
        return bool(error.retriable)
    if getattr(error, "connection_invalidated", False):
        return True
    if isinstance(error, InterfaceError):
        return "closed" in str(error)
    return _state(error)[:2] in _PASSING_CLASSES or _state(error) == _READ_ONLY


def _causes(error: BaseException) -> Iterator[BaseException]:
    seen: BaseException | None = error
    while seen is not None:
        yield seen
        seen = seen.__cause__


def _state(error: BaseException) -> str:
    return str(getattr(error, "sqlstate", None) or "")
