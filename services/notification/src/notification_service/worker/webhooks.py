"""Delivers clues as webhooks: claims by lease, calls outside any transaction, a bounded number at once."""

import asyncio
from datetime import timedelta

from notification_service.model import Delivery
from notification_service.ports import WebhookSender
from notification_service.use_cases.webhooks import record_outcome
from notification_service.worker.alarm import Alarm
from notification_service.worker.letters import Surroundings
from notification_service.worker.patience import unless_away


class WebhookWorker:
    """Delivers webhooks until stopped; as many at once as its pace's batch says."""

    def __init__(self, surroundings: Surroundings, sender: WebhookSender, alarm: Alarm) -> None:
        self._around = surroundings
        self._sender = sender
        self._alarm = alarm

    async def run(self, stop: asyncio.Event) -> None:
        """Delivers what is due until `stop` is set; calls under way are finished first."""
        under_way: set[asyncio.Task[None]] = set()
        async with asyncio.TaskGroup() as calls:
            while not stop.is_set():
                free = self._around.pace.batch - len(under_way)
                for delivery in await unless_away(self._claim(free), []):
                    task = calls.create_task(unless_away(self._deliver(delivery), None))
                    under_way.add(task)
                    task.add_done_callback(under_way.discard)
                    task.add_done_callback(lambda _: self._alarm.ring())
                await self._alarm.wait(stop, self._around.pace.poll_s)

    async def deliver_batch(self) -> int:
        """One round of due webhooks is tried, all at once; returns how many."""
        claimed = await self._claim(self._around.pace.batch)
        await asyncio.gather(*map(self._deliver, claimed))
        return len(claimed)

    async def _claim(self, limit: int) -> list[Delivery]:
        if limit <= 0:
            return []
        now = self._around.clock()
        async with self._around.open() as tx:
            lease_until = now + timedelta(seconds=self._around.pace.lease_s)
            return await tx.clues.claim_deliveries(limit, now, lease_until)

    async def _deliver(self, delivery: Delivery) -> None:
        outcome = await self._sender.send(delivery)
        async with self._around.open() as tx:
            await record_outcome(outcome, tx, self._around.schedule, self._around.chance)
