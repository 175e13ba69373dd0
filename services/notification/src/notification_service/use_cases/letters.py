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
from notification_service.ports import Renderer, UnitOfWork
from notification_service.rules import notices as notice_rules
from notification_service.rules.retries import RetrySchedule
from notification_service.rules.templates import Addressee

CANCELLED = "withheld: the addressee is struck off the register 注销"


def render_letters(
    claimed: Sequence[ClaimedNotice], renderer: Renderer
) -> tuple[list[Letter], list[Attempt]]:
    """The letters to be delivered, and attempts that ended here: nobody is there to read it, or it has a fault."""
    letters: list[Letter] = []
    ended: list[Attempt] = []
    for notice in claimed:
        if notice.cancelled:
            ended.append(Attempt(_letter(notice, ""), CANCELLED, withheld=True))
            continue
        try:
            letters.append(letter(notice, renderer))
        except TemplateFault as fault:
            ended.append(Attempt(_letter(notice, ""), f"template: {fault}"))
    return letters, ended


def letter(claimed: ClaimedNotice, renderer: Renderer) -> Letter:
    """The notice as it will stand on paper, addressed with what is known now.

    Raises:
        TemplateFault: the notice lacks what its template requires.
    """
    notice = claimed.notice
    text = renderer.render(
        notice.template,
        notice.version,
        number=notice.notice_id,
        addressee=Addressee(notice.uscc, claimed.name, claimed.area),
        issued_on=notice.issued_on,
        params=notice.params,
    )
    return _letter(claimed, text)


def _letter(claimed: ClaimedNotice, text: str) -> Letter:
    notice = claimed.notice
    template = f"{notice.template}@{notice.version}"
    return Letter(notice.notice_id, notice.uscc, template, notice.issued_on, text, claimed.attempts)


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
    delays = [
        None if attempt.withheld else schedule.delay_s(attempt.letter.attempts, chance())
        for attempt in failing
    ]
    again = [
        (attempt, now + timedelta(seconds=delay))
        for attempt, delay in zip(failing, delays, strict=True)
        if delay is not None
    ]
    over = [attempt for attempt, delay in zip(failing, delays, strict=True) if delay is None]
    await tx.notices.postpone(again)
    given_up = await tx.notices.give_up(over, now)
    tx.publish(*(notice_rules.failed(attempt) for attempt in given_up))


async def send_notice_again(notice_id: str, tx: UnitOfWork, now: datetime) -> None:
    """A notice that failed or was withheld is planned again.

    Raises:
        UnknownNotice: there is none with this id.
        NoticeNotFailed: it is still planned, or was delivered.
    """
    state = await tx.notices.state_of(notice_id)
    if state is None:
        raise UnknownNotice(notice_id)
    if state not in {NoticeState.FAILED, NoticeState.WITHHELD}:
        raise NoticeNotFailed(notice_id)
    await tx.notices.reopen(notice_id, now)
    tx.wake_letters()
