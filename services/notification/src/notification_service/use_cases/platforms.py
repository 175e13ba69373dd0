"""Platforms subscribe, name their operators, and answer clues."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from notification_service.errors import (
    ClueWithdrawn,
    NothingToRedeliver,
    PlatformExists,
    UnknownClue,
    UnknownPlatform,
)
from notification_service.model import Answer, Clue, ClueState, Platform, PlatformState
from notification_service.ports import UnitOfWork
from notification_service.rules import clues as clue_rules
from notification_service.rules.addresses import address_of, require_safe_host


async def subscribe_platform(
    platform: Platform, secret: str, tx: UnitOfWork, now: datetime, *, private_allowed: bool
) -> None:
    """The platform is subscribed; clues about its operators go to it from now on.

    Raises:
        UnsafeAddress: its webhook address must not be called.
        PlatformExists: the code is taken.
    """
    _check_address(platform.url, private_allowed=private_allowed)
    if not await tx.platforms.add(platform, secret, now):
        raise PlatformExists(platform.code)


async def change_platform(platform: Platform, tx: UnitOfWork, *, private_allowed: bool) -> None:
    """Name and address are as given, and webhooks are sent again if they were disabled.

    Raises:
        UnsafeAddress: its webhook address must not be called.
        UnknownPlatform: there is none with this code.
    """
    _check_address(platform.url, private_allowed=private_allowed)
    await _find(platform.code, tx)
    await tx.platforms.change(replace(platform, state=PlatformState.ACTIVE))


async def rotate_secret(code: str, secret: str, tx: UnitOfWork) -> None:
    """Webhooks are signed with the new secret and, until the next rotation, with the former one too.

    Raises:
        UnknownPlatform: there is none with this code.
    """
    await _find(code, tx)
    await tx.platforms.rotate(code, secret)


async def add_operators(code: str, usccs: Sequence[str], tx: UnitOfWork) -> int:
    """These entities are known to sell on the platform; returns how many were not known to.

    Raises:
        UnknownPlatform: there is none with this code.
    """
    await _find(code, tx)
    return await tx.platforms.add_operators(code, sorted(set(usccs)))


async def answer_clue(answer: Answer, tx: UnitOfWork) -> Clue:
    """The platform's answer is kept and told of; the same answer again changes nothing.

    Raises:
        UnknownClue: there is no such clue, or it is another platform's.
        ClueAlreadyAnswered: another final answer was given before.
        ClueWithdrawn: what caused the clue is over.
    """
    clue = await tx.clues.lock(answer.clue_id)
    if clue is None or clue.platform != answer.platform:
        raise UnknownClue(answer.clue_id)
    changed = clue_rules.answered(clue, answer)
    if changed is None:
        return clue
    await tx.clues.save_answer(changed, answer.answered_at)
    tx.publish(clue_rules.answer_event(changed, answer))
    return changed


async def send_clue_again(clue_id: str, tx: UnitOfWork, now: datetime) -> None:
    """The clue's webhook is sent once more, attempts counted anew.

    Raises:
        UnknownClue: there is none with this id.
        ClueWithdrawn: what caused it is over.
        NothingToRedeliver: its platform takes no webhooks.
    """
    clue = await tx.clues.lock(clue_id)
    if clue is None:
        raise UnknownClue(clue_id)
    if clue.state is ClueState.WITHDRAWN:
        raise ClueWithdrawn(clue_id)
    if not await tx.clues.redeliver(clue_id, now):
        raise NothingToRedeliver(clue_id)
    tx.wake_webhooks()


async def close_day(day: date, tx: UnitOfWork) -> int:
    """Clues whose answer was due before `day` are overdue; returns how many became so."""
    return await tx.clues.mark_overdue(day)


def _check_address(url: str | None, *, private_allowed: bool) -> None:
    if url is None:
        return
    address = address_of(url)
    if not private_allowed:
        require_safe_host(address.host)


async def _find(code: str, tx: UnitOfWork) -> Platform:
    platform = await tx.platforms.find(code)
    if platform is None:
        raise UnknownPlatform(code)
    return platform
