"""What follows from what other services told us."""

from collections.abc import Sequence
from datetime import datetime

from notification_service.model import Contact, PlatformState, RecordStop, RepairNotice, Signal
from notification_service.ports import UnitOfWork
from notification_service.rules import clues as clue_rules
from notification_service.rules import notices as notice_rules
from notification_service.rules.clues import ClueKinds
from notification_service.rules.templates import TemplateCatalogue


async def describe_entities(contacts: Sequence[Contact], tx: UnitOfWork) -> None:
    """Letters address these entities by their newest description."""
    await tx.contacts.save(contacts)


async def plan_repair_notices(
    dues: Sequence[RepairNotice], tx: UnitOfWork, catalogue: TemplateCatalogue, now: datetime
) -> None:
    """One letter is planned for each repair notice due (两书同达); one that is planned already stays as it is."""
    await tx.notices.plan([notice_rules.repair_notice(due, catalogue) for due in dues], now)
    tx.wake_workers()


async def plan_stop_notices(
    stops: Sequence[RecordStop], tx: UnitOfWork, catalogue: TemplateCatalogue, now: datetime
) -> None:
    """Whoever's record is no longer public is told so, once."""
    planned = [notice_rules.stop_notice(stop, catalogue) for stop in stops]
    await tx.notices.plan([notice for notice in planned if notice is not None], now)
    tx.wake_workers()


async def heed_signals(
    signals: Sequence[Signal],
    tx: UnitOfWork,
    catalogue: TemplateCatalogue,
    kinds: ClueKinds,
    *,
    now: datetime,
) -> None:
    """New signals are on the books; entities are reminded, and platforms told of their operators, once each."""
    heeded = [signal for signal in signals if _is_heeded(signal, kinds)]
    new = await tx.signals.receive(heeded)
    if not new:
        return
    reminders = [notice_rules.reminder(signal, catalogue) for signal in new]
    await tx.notices.plan([notice for notice in reminders if notice is not None], now)
    await _add_clues(new, tx, kinds, now)
    tx.wake_workers()


def _is_heeded(signal: Signal, kinds: ClueKinds) -> bool:
    return signal.family == notice_rules.REMINDED_FAMILY or signal.family in kinds


async def _add_clues(signals: Sequence[Signal], tx: UnitOfWork, kinds: ClueKinds, now: datetime) -> None:
    concerned = [signal for signal in signals if signal.family in kinds]
    platforms = await tx.platforms.subscribed() if concerned else []
    if not platforms:
        return
    operators = await tx.platforms.operators_among(sorted({signal.uscc for signal in concerned}))
    pushed_to = {
        platform.code for platform in platforms if platform.url and platform.state is PlatformState.ACTIVE
    }
    found = [
        clue for signal in concerned for clue in clue_rules.clues_of(signal, platforms, operators, kinds)
    ]
    await tx.clues.add(found, pushed_to, now)
