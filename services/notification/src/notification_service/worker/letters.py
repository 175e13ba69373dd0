"""Delivers planned notices: claim, render, hand over, record; nothing is held locked meanwhile."""

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from notification_service.ports import Channel, OpenUnitOfWork, Renderer
from notification_service.rules.retries import RetrySchedule
from notification_service.use_cases.letters import record_attempts, render_letters
from notification_service.worker.alarm import Alarm
from notification_service.worker.patience import unless_away


@dataclass(frozen=True, slots=True)
class Pace:
    """How a worker works.

    Attributes:
        batch: most things claimed at once.
        lease_s: seconds until what was claimed may be claimed by another worker.
        poll_s: seconds after which a worker looks for work though nobody woke it.
        gather_s: seconds a worker that was woken waits for more to do at once.
    """

    batch: int
    lease_s: float
    poll_s: float
    gather_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a worker is given: transactions, the clock, chance, when to try again, and how fast to go."""

    open: OpenUnitOfWork
    clock: Callable[[], datetime]
    chance: Callable[[], float]
    schedule: RetrySchedule
    pace: Pace


class LetterWorker:
    """Delivers letters until stopped."""

    def __init__(
        self, surroundings: Surroundings, renderer: Renderer, channel: Channel, alarm: Alarm
    ) -> None:
        self._around = surroundings
        self._renderer = renderer
        self._channel = channel
        self._alarm = alarm

    async def run(self, stop: asyncio.Event) -> None:
        """Delivers what is due until `stop` is set; the batch in hand is finished first."""
        while not stop.is_set():
            if await unless_away(self.deliver_batch(), 0) < self._around.pace.batch:
                await self._alarm.wait(stop, self._around.pace.poll_s)
                await self._gather(stop)

    async def _gather(self, stop: asyncio.Event) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._around.pace.gather_s):
                await stop.wait()

    async def deliver_batch(self) -> int:
        """One batch of due notices is delivered, postponed or given up; returns how many were claimed."""
        around = self._around
        now = around.clock()
        async with around.open() as tx:
            claimed = await tx.notices.claim(
                around.pace.batch, now, now + timedelta(seconds=around.pace.lease_s)
            )
        if not claimed:
            return 0
        letters, unrendered = render_letters(claimed, self._renderer)
        attempts = [*await self._channel.deliver(letters), *unrendered]
        async with around.open() as tx:
            await record_attempts(attempts, tx, around.schedule, around.clock(), around.chance)
        return len(claimed)
