"""What follows from an attempt at a webhook."""

from collections.abc import Callable
from datetime import timedelta

from notification_service.model import Outcome, Verdict
from notification_service.ports import UnitOfWork
from notification_service.rules.retries import RetrySchedule, verdict


async def record_outcome(
    outcome: Outcome, tx: UnitOfWork, schedule: RetrySchedule, chance: Callable[[], float]
) -> Verdict:
    """The attempt is on the books; the webhook is delivered, due again, given up, or its subscription disabled."""
    decided = verdict(outcome, schedule)
    if decided is Verdict.DELIVERED:
        await tx.clues.record_delivered(outcome)
    elif decided is Verdict.GONE:
        await tx.clues.record_gone(outcome)
    else:
        delay_s = schedule.delay_s(outcome.delivery.attempt, chance())
        retry_at = None if delay_s is None else outcome.at + timedelta(seconds=delay_s)
        await tx.clues.record_failed(outcome, retry_at)
    return decided
