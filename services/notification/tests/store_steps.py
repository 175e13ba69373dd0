"""Steps that several tests of the store begin with."""

from typing import Any

from notification_service.rules.retries import RetrySchedule
from notification_service.use_cases import events, platforms

ONCE = RetrySchedule((), 0.0)
TWICE = RetrySchedule((60.0,), 0.0)


async def plan(store: Any, packs: Any, make: Any, *numbers: str) -> None:
    async with store.open() as tx:
        dues = [make.repair_notice(number) for number in numbers]
        await events.heed(dues, tx, packs.guidance, make.now)


async def claim(store: Any, at: Any, until: Any, limit: int = 10) -> Any:
    async with store.open() as tx:
        return await tx.notices.claim(limit, at, until)


async def subscribe(store: Any, make: Any, *, url: str | None = "http://93.184.216.34/hooks") -> None:
    async with store.open() as tx:
        await platforms.subscribe_platform(
            make.platform(url=url), make.secret, tx, make.now, private_allowed=False
        )


async def heed(store: Any, packs: Any, make: Any, *signals: Any) -> None:
    async with store.open() as tx:
        await events.heed(signals, tx, packs.guidance, make.now)


async def clue_of(store: Any, packs: Any, make: Any) -> Any:
    """A platform is subscribed and has one clue, its webhook claimed."""
    await subscribe(store, make)
    await heed(store, packs, make, make.signal())
    async with store.open() as tx:
        (delivery,) = await tx.clues.claim_deliveries(5, make.now, make.now)
    return delivery
