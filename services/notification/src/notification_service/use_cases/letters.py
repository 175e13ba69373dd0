"""Letters: claimed, rendered, handed over, counted once."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from notification_service.errors import NoticeNotFailed, TemplateFault, UnknownNotice
from notification_service.model import (
    Attempt,
    ClaimedNotice,
    Letter,
    NoticeDelivered,
    NoticeState,
)
from notification_service.ports import UnitOfWork
from notification_service.rules import notices as notice_rules
from notification_service.rules.retries import RetrySchedule
from notification_service.rules.templates import TemplateCatalogue


def render_letters(
    claimed: Sequence[ClaimedNotice], catalogue: TemplateCatalogue
) -> tuple[list[Letter], list[Attempt]]:
    """The letters that could be rendered, and failed attempts for those that could not."""
    letters: list[Letter] = []
    failed: list[Attempt] = []
    for notice in claimed:
        try:
            letters.append(notice_rules.letter(notice, catalogue))
        except TemplateFault as fault:
            failed.append(Attempt(_blank(notice), f"template: {fault}"))
    return letters, failed


def _blank(claimed: ClaimedNotice) -> Letter:
    notice = claimed.notice
    template = f"{notice.template}@{notice.version}"
    return Letter(notice.notice_id, notice.uscc, template, notice.issued_on, "", claimed.attempts)


async def record_attempts(
    attempts: Sequence[Attempt],
    tx: UnitOfWork,
    schedule: RetrySchedule,
    now: datetime,
    chance: Callable[[], float],
) -> int:
    """Delivered letters are delivered and told of, once each; the others are tried again or given up.

    Returns:
        How many letters were delivered that were not before.
    """
    done = await tx.notices.mark_delivered([attempt.letter for attempt in attempts if not attempt.error], now)
    tx.publish(
        *(
            NoticeDelivered(letter.notice_id, letter.uscc, letter.template, notice_rules.OUTBOX_FOLDER, now)
            for letter in done
        )
    )
    failing = [attempt for attempt in attempts if attempt.error]
    if failing:
        await _record_failing(failing, tx, schedule, now, chance)
    return len(done)


async def _record_failing(
    failing: Sequence[Attempt],
    tx: UnitOfWork,
    schedule: RetrySchedule,
    now: datetime,
    chance: Callable[[], float],
) -> None:
    delays = [schedule.delay_s(attempt.letter.attempts, chance()) for attempt in failing]
    again = [
        (attempt, now + timedelta(seconds=delay))
        for attempt, delay in zip(failing, delays, strict=True)
        if delay is not None
    ]
    over = [attempt for attempt, delay in zip(failing, delays, strict=True) if delay is None]
    await tx.notices.postpone(again)
    given_up = await tx.notices.mark_failed(over, now)
    tx.publish(*(notice_rules.failed(attempt) for attempt in given_up))


async def send_notice_again(notice_id: str, tx: UnitOfWork, now: datetime) -> None:
    """A notice that failed is planned again.

    Raises:
        UnknownNotice: there is none with this id.
        NoticeNotFailed: it is still planned, or was delivered.
    """
    found = await tx.notices.state_of(notice_id)
    if found is None:
        raise UnknownNotice(notice_id)
    if found[0] != NoticeState.FAILED:
        raise NoticeNotFailed(notice_id)
    await tx.notices.reopen(notice_id, now)
    tx.wake_workers()
