"""How far a sender is: what was put, what was answered, what was rejected, whether it still works."""

from collections.abc import Sequence

from creditloop_client.errors import Closed, NotDelivered
from creditloop_client.queues import Queue
from creditloop_client.verdicts import Verdict


class Progress:
    """The books of a sender; whoever uses it holds the sender's lock.

    Attributes:
        put: Facts put so far, those found in a spool among them.
        answered: Facts answered so far.
        closing: Nothing more may be put.
        failure: Why nothing more is sent.
    """

    def __init__(self, queue: Queue) -> None:
        self._queue = queue
        self._rejected: list[Verdict] = []
        self.put = queue.facts
        self.answered = 0
        self.closing = False
        self.failure: Exception | None = None

    def require_open(self) -> None:
        """Facts may be put.

        Raises:
            Closed: They may not; the cause is why.
        """
        if self.failure is not None:
            raise Closed(f"nothing is sent any more: {self.failure}") from self.failure
        if self.closing:
            raise Closed("the sender was closed")

    def reached(self, mark: int) -> bool:
        """Whether as many facts were answered, or never will be."""
        return self.answered >= mark or self.failure is not None

    def note(self, verdicts: Sequence[Verdict]) -> None:
        """A batch was answered."""
        self.answered += len(verdicts)
        self._rejected += [verdict for verdict in verdicts if not verdict.delivered]

    def conclude(self, mark: int) -> None:
        """All up to this mark was delivered.

        Raises:
            NotDelivered: It was not; what was rejected is told once.
        """
        missing = self._queue.ids()[: max(0, mark - self.answered)]
        rejected, self._rejected = self._rejected, []
        if missing or rejected:
            raise NotDelivered(missing, rejected) from self.failure
