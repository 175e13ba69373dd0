"""Changing which processes of a stack run, each change written down at once."""

import asyncio
import time
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path

from localstack import process
from localstack.health import wait_until_healthy
from localstack.layout import Layout
from localstack.postgres import server
from localstack.record import Kind, ProcessRecord, StackRecord, save

_HEALTHY_WITHIN_S = 60.0


async def together(*tasks: Coroutine[None, None, None]) -> None:
    """All at once; the first failure ends the others and is raised as itself."""
    try:
        async with asyncio.TaskGroup() as group:
            for task in tasks:
                group.create_task(task)
    except ExceptionGroup as failures:
        raise failures.exceptions[0] from None


class Launcher:
    """Starts and ends processes of one stack; to be used only while its lock is held."""

    def __init__(self, layout: Layout, record: StackRecord, progress: Callable[[str], None]) -> None:
        """`record` is kept up to date, in memory and on disk."""
        self.layout = layout
        self.record = record
        self.progress = progress

    def save(self) -> None:
        """The record on disk is this one."""
        save(self.layout, self.record)

    def running(self, name: str) -> ProcessRecord | None:
        """The process of this name, if it lives."""
        known = self.record.processes.get(name)
        return known if known and process.is_alive(known) else None

    async def start(self, new: ProcessRecord) -> None:
        """The process runs and is healthy."""
        began = time.monotonic()
        self._spawn(new)
        await self.wait(self.record.processes[new.name])
        self.progress(f"{new.name} ready at {new.address} after {time.monotonic() - began:.1f} s")

    async def wait(self, running: ProcessRecord) -> None:
        """The running process is healthy."""
        await wait_until_healthy(running, _HEALTHY_WITHIN_S)

    async def start_all(self, new: Sequence[ProcessRecord], *, running: Sequence[ProcessRecord]) -> None:
        """The new processes run, and they and those running are healthy; if one fails the new have ended."""
        try:
            await together(*map(self.start, new), *map(self.wait, running))
        except BaseException:
            for each in new:
                await self.end(self.record.processes.get(each.name, each))
            raise

    async def end(self, running: ProcessRecord) -> None:
        """The process has ended and is forgotten."""
        await process.stop(running)
        self.record.processes.pop(running.name, None)
        self.save()
        self.progress(f"{running.name} stopped")

    async def end_all(self, *, servers: bool) -> None:
        """Every service has ended, and after them the servers too if so told."""
        running = list(self.record.processes.values())
        await together(*(self.end(each) for each in running if each.kind is Kind.SERVICE))
        if servers:
            await together(*(self.end(each) for each in running if each.kind is not Kind.SERVICE))

    async def restart(self, known: ProcessRecord) -> None:
        """The process ended and runs again, healthy."""
        await process.stop(known)
        self._clear(known)
        await self.start(known)

    def revive(self) -> None:
        """Every process that died runs again; whether it is healthy shows later."""
        for dead in [each for each in self.record.processes.values() if not process.is_alive(each)]:
            self._clear(dead)
            self._spawn(dead)
            self.progress(f"{dead.name} had died and was started again")

    def _clear(self, dead: ProcessRecord) -> None:
        if dead.kind is Kind.POSTGRES and self.record.postgres is not None:
            server.clear_remains(Path(self.record.postgres.data))

    def _spawn(self, new: ProcessRecord) -> None:
        self.record.processes[new.name] = process.spawn(new)
        self.save()
