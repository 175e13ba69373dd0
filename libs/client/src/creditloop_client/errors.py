"""What can go wrong on the way of a fact.

CreditloopError
├── UnusableFact       the fact cannot be written as a CloudEvent; nothing was sent
├── Rejected           the service read the fact and does not take it: field, problem, expected
├── Refused            the service refuses the whole request: key, rights; sending again does not help
├── UnexpectedAnswer   what answered does not speak as ingestion does
├── Unanswered         no answer in all the time allowed; the facts may be there or not: send them again
├── Full               the sender's queue had no room in time
├── Closed             the sender was closed before
├── NotDelivered       at flush or close: which facts did not arrive for sure, which were rejected
└── SpoolError         the spool on disk cannot be used
    ├── SpoolInUse     another process has it
    └── SpoolDamaged   a record in the middle of it is not what was written
"""

from collections.abc import Sequence

from creditloop_client.verdicts import Problem, Verdict


class CreditloopError(Exception):
    """Root of what this library raises."""


class UnusableFact(CreditloopError):
    """Raised when a fact cannot be sent as it is; names the attribute.

    Attributes:
        id: The fact's id, as it was given.
        field: The attribute at fault.
    """

    def __init__(self, id_: str, field: str, problem: str) -> None:
        super().__init__(f"fact {id_!r}: {field} {problem}")
        self.id = id_
        self.field = field


class Rejected(CreditloopError):
    """Raised when one fact was sent and the service does not take it.

    Attributes:
        verdict: The whole answer.
    """

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(f"fact {verdict.id!r}: {verdict.why}")
        self.verdict = verdict

    @property
    def _first(self) -> Problem:
        return self.verdict.problems[0] if self.verdict.problems else Problem("", self.verdict.reason, "")

    @property
    def field(self) -> str:
        """Path of the first field at fault, such as `data.kinds`."""
        return self._first.field

    @property
    def problem(self) -> str:
        """What is wrong with it."""
        return self._first.problem

    @property
    def expected(self) -> str:
        """What would be right."""
        return self._first.expected


class Refused(CreditloopError):
    """Raised when a request was refused as a whole.

    Attributes:
        status: The HTTP status.
        by_ingestion: Whether ingestion itself says so, and not something on the way to it.
    """

    def __init__(self, status: int, why: str, *, by_ingestion: bool = False) -> None:
        super().__init__(f"{status}: {why}")
        self.status = status
        self.by_ingestion = by_ingestion


class UnexpectedAnswer(CreditloopError):
    """Raised when an answer cannot be understood, or is not about the facts that were sent."""


class Unanswered(CreditloopError):
    """Raised when facts were not answered in all the time allowed.

    Attributes:
        ids: The facts of the batch; each may have arrived or not, and may be sent again.
    """

    def __init__(self, ids: Sequence[str], waited_s: float, last: str) -> None:
        super().__init__(f"{len(ids)} facts unanswered after {waited_s:.0f} s, the last time: {last}")
        self.ids = ids


class Full(CreditloopError):
    """Raised when a fact found no room in time: the service takes less than is sent."""


class Closed(CreditloopError):
    """Raised when something is put into a sender that was closed, or that stopped for good."""


class NotDelivered(CreditloopError):
    """Raised when not everything that was put was delivered.

    Attributes:
        ids: Facts whose delivery is not certain; in a spool they are kept, and sent when it is used again.
        rejected: Answers to the facts that the service does not take.
    """

    def __init__(self, ids: Sequence[str], rejected: Sequence[Verdict]) -> None:
        named = ", ".join([*ids[:3], *(verdict.id for verdict in rejected[:3])])
        super().__init__(f"{len(ids)} facts not delivered for sure, {len(rejected)} rejected: {named}, …")
        self.ids = ids
        self.rejected = rejected


class SpoolError(CreditloopError):
    """Raised when the spool cannot be used."""


class SpoolInUse(SpoolError):
    """Raised when another sender has the spool open."""


class SpoolDamaged(SpoolError):
    """Raised when a record that was safe on disk is no longer what was written; names file and place."""
