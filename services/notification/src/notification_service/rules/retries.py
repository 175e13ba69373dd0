"""When to try again, and when to stop trying."""

from collections.abc import Sequence
from dataclasses import dataclass

from notification_service.model import Outcome, Verdict

GONE = 410
"""The receiver wants nothing more. Source: Standard Webhooks, "Deliverability"."""


@dataclass(frozen=True, slots=True)
class RetrySchedule:
    """Waiting times in seconds before the 2nd, 3rd, … attempt; after the last comes no other.

    Attributes:
        delays_s: waiting times, in order.
        jitter: share of a waiting time that chance may add, 0 to 1.
        scale: multiplies every waiting time; 1 but for tests.
    """

    delays_s: Sequence[float]
    jitter: float
    scale: float = 1.0

    @property
    def attempts(self) -> int:
        """How many attempts there are at most."""
        return len(self.delays_s) + 1

    def delay_s(self, attempt: int, chance: float) -> float | None:
        """Seconds to wait after the attempt with this number, from 1; None when it was the last.

        Args:
            attempt: number of the attempt that failed.
            chance: a random number, 0 ≤ chance < 1.
        """
        if attempt >= self.attempts:
            return None
        return self.delays_s[attempt - 1] * (1 + self.jitter * chance) * self.scale


@dataclass(frozen=True, slots=True)
class RetrySchedules:
    """The schedules of `packs/retries.yaml`."""

    webhook: RetrySchedule
    letter: RetrySchedule


def verdict(outcome: Outcome, schedule: RetrySchedule) -> Verdict:
    """What an attempt means: delivered on 2xx, gone on 410, else try again while attempts are left."""
    status = outcome.status
    if status is not None and 200 <= status < 300:
        return Verdict.DELIVERED
    if status == GONE:
        return Verdict.GONE
    return Verdict.RETRY if outcome.delivery.attempt < schedule.attempts else Verdict.FAILED
