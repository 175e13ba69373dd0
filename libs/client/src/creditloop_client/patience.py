"""How long a batch is tried, and how long is waited between two tries."""

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from creditloop_client.answers import Later
from creditloop_client.errors import Unanswered


@dataclass(frozen=True, slots=True)
class Patience:
    """Exponential back-off with jitter.

    Attributes:
        total_s: How long one batch is tried in all.
        first_s: The first wait, at most; each further one may be twice as long.
        longest_s: No wait of our own is longer; what the service asks for (Retry-After) is honoured all the same.
    """

    total_s: float = 120.0
    first_s: float = 0.2
    longest_s: float = 20.0


class Tries:
    """The tries of one batch.

    Args:
        patience: How long in all.
        clock: Seconds of a clock that is never set.
        chance: A number from 0 to 1, so that many senders do not come back at once.
    """

    def __init__(
        self,
        patience: Patience,
        clock: Callable[[], float] = time.monotonic,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._patience = patience
        self._clock = clock
        self._chance = chance
        self._began_s = clock()
        self._step_s = patience.first_s

    def wait_s(self, later: Later, ids: Sequence[str]) -> float:
        """How long to wait before the next try.

        Raises:
            Unanswered: The time allowed would be over by then.
        """
        half_s = min(self._step_s, self._patience.longest_s) / 2
        self._step_s *= 2
        wait_s = max(later.wait_s, half_s) + half_s * self._chance()
        waited_s = self._clock() - self._began_s
        if waited_s + wait_s > self._patience.total_s:
            raise Unanswered(ids, waited_s, later.why)
        return wait_s
