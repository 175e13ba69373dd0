"""What can go wrong on the bus.

EventBusError
├── Poison             this event can never be applied: it becomes a dead letter
├── Transient          it may work later: the partitions pause and the batch is tried again
│   └── Fenced         another writer owns the lane: forget everything and read again
├── Gap                an event is missing upstream: the stage stops rather than skip it
├── TooManyDeadLetters the events are probably fine and the code is not: the stage stops
└── UnknownDeadLetter  no such dead letter, or it is settled already

Anything else that is raised crashes the process, on purpose: its supervisor starts it again and
the lane's position says where to go on.
"""


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
    """Raised when more events in a row fail than the stage's limit."""


class UnknownDeadLetter(EventBusError):
    """Raised when a dead letter to replay or discard is not there or is settled."""


_TRANSIENT_STATES = frozenset(
    {
        "40001",
        "40P01",
        "53300",
        "55P03",
        "57P01",
        "57P02",
        "57P03",
        "57P05",
        "08000",
        "08003",
        "08006",
        "25006",
    }
)


def is_refused_data(error: BaseException) -> bool:
    """Whether PostgreSQL refused the data itself: trying again cannot help, so the event is poison.

    Source: PostgreSQL error codes, classes 22 (data exception) and 23 (integrity constraint violation).
    """
    seen: BaseException | None = error
    while seen is not None:
        if str(getattr(seen, "sqlstate", "") or "")[:2] in {"22", "23"}:
            return True
        seen = seen.__cause__
    return False


def is_transient(error: BaseException) -> bool:
    """Whether trying again later may help, seen from the chain of causes.

    Source: PostgreSQL error codes, classes 08, 40, 53, 55 and 57 (appendix A of its manual); a lost connection
    shows as OSError or as a client error without a code.
    """
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, Transient | OSError | TimeoutError):
            return True
        if getattr(seen, "sqlstate", None) in _TRANSIENT_STATES or getattr(
            seen, "connection_invalidated", False
        ):
            return True
        if type(seen).__name__ in {"ConnectionDoesNotExistError", "InterfaceError", "KafkaConnectionError"}:
            return True
        seen = seen.__cause__ or seen.__context__
    return False
