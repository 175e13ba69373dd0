"""What follows from what other services told us."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from notification_service.model import (
    Contact,
    News,
    Notice,
    PlatformState,
    RecordStop,
    RepairNotice,
    Signal,
    SignalEnd,
)
from notification_service.ports import UnitOfWork
from notification_service.rules import clues as clue_rules
from notification_service.rules import notices as notice_rules
from notification_service.rules.clues import ClueKinds
from notification_service.rules.templates import TemplateCatalogue


@dataclass(frozen=True, slots=True)
class Guidance:
    """What news is heeded by: the templates, the families that become clues, and where salts come from."""

    catalogue: TemplateCatalogue
    kinds: ClueKinds
    new_salt: Callable[[], bytes]


async def heed(news: Sequence[News], tx: UnitOfWork, by: Guidance, now: datetime) -> None:
    """All news is heeded in order: a signal that ended and is told anew afterwards is open."""
    for stretch in _stretches(news):
        await _heed(stretch, tx, by, now)


def _stretches(news: Sequence[News]) -> Iterator[Sequence[News]]:
    """Parts in which no signal is told after its end."""
    ended, begun = set[str](), 0
    for place, item in enumerate(news):
        if isinstance(item, SignalEnd):
            ended.add(item.signal_id)
        elif isinstance(item, Signal) and item.signal_id in ended:
            yield news[begun:place]
            ended, begun = set(), place
    yield news[begun:]


async def _heed(news: Sequence[News], tx: UnitOfWork, by: Guidance, now: datetime) -> None:
    """What the news asks for is planned: letters, clues, and clues withdrawn; each once, however often it is told.

    Letters address entities by their newest description. A letter is planned for each repair notice due (两书同达),
    for each record that is no longer public, and to remind of an annual report; platforms are told of their operators.
    """
    of = _by_type(news)
    await tx.contacts.save(of[Contact])
    signals = await tx.signals.receive([signal for signal in of[Signal] if _is_heeded(signal, by.kinds)])
    notices = _notices(of[RepairNotice], of[RecordStop], signals, by.catalogue)
    if notices:
        await tx.notices.plan(notices, now)
        tx.wake_letters()
    await _add_clues(signals, tx, by, now)
    await _withdraw_clues([end for end in of[SignalEnd] if _is_heeded(end, by.kinds)], tx, now)


def _by_type(news: Sequence[News]) -> dict[type, list[Any]]:
    found: dict[type, list[Any]] = defaultdict(list)
    for item in news:
        found[type(item)].append(item)
    return found


def _is_heeded(signal: Signal | SignalEnd, kinds: ClueKinds) -> bool:
    return signal.family == notice_rules.REMINDED_FAMILY or signal.family in kinds


def _notices(
    dues: Sequence[RepairNotice],
    stops: Sequence[RecordStop],
    signals: Sequence[Signal],
    catalogue: TemplateCatalogue,
) -> list[Notice]:
    due = [notice_rules.repair_notice(due, catalogue) for due in dues]
    stopped = [notice_rules.stop_notice(stop, catalogue) for stop in stops]
    reminders = [notice_rules.reminder(signal, catalogue) for signal in signals]
    return [notice for notice in [*due, *stopped, *reminders] if notice is not None]


async def _add_clues(signals: Sequence[Signal], tx: UnitOfWork, by: Guidance, now: datetime) -> None:
    concerned = [signal for signal in signals if signal.family in by.kinds]
    platforms = await tx.platforms.subscribed() if concerned else []
    if not platforms:
        return
    operators = await tx.platforms.operators_among(sorted({signal.uscc for signal in concerned}))
    pushed_to = {
        platform.code for platform in platforms if platform.url and platform.state is PlatformState.ACTIVE
    }
    found = [
        clue
        for signal in concerned
        for clue in clue_rules.clues_of(signal, platforms, operators, by.kinds, by.new_salt)
    ]
    if await tx.clues.add(found, pushed_to, now):
        tx.wake_webhooks()


async def _withdraw_clues(ends: Sequence[SignalEnd], tx: UnitOfWork, now: datetime) -> None:
    if not ends:
        return
    await tx.signals.end(ends)
    if await tx.clues.withdraw([end.signal_id for end in ends], now):
        tx.wake_webhooks()
