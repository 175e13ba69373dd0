"""Releases facts held under codes that have become known, now and then."""

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta

import structlog

from ingestion_service.ports import UnitOfWork
from ingestion_service.rules.judging import Bench
from ingestion_service.use_cases.join_held import join_held

_log = structlog.get_logger(log="joiner")
_COMMITS_LATE = timedelta(minutes=5)


class Joiner:
    """Held facts and known codes meet here, whichever came first; how far it is outlives the process.

    Args:
        refresh: Reads the codes in memory anew.
        open_transaction: Commits on leaving, rolls back on an exception.
        bench: What released facts are judged by now.
        now: The time now.
    """

    def __init__(
        self,
        refresh: Callable[[], Awaitable[None]],
        open_transaction: Callable[[], AbstractAsyncContextManager[UnitOfWork]],
        bench: Callable[[], Awaitable[Bench]],
        now: Callable[[], datetime],
    ) -> None:
        self._refresh = refresh
        self._open_transaction = open_transaction
        self._bench = bench
        self._now = now

    async def join(self) -> None:
        """What is held and known now is released; what was looked at before is passed over."""
        await self._refresh()
        now = self._now()
        async with self._open_transaction() as tx:
            since = await tx.codes.joined_until()
        after: int | None = 0
        while after is not None:
            bench = await self._bench()
            async with self._open_transaction() as tx:
                at_us = int(self._now().timestamp() * 1_000_000)
                after = await join_held(since, after, at_us, bench, tx)
            if after is not None:
                _log.info("held facts joined", up_to=after)
        async with self._open_transaction() as tx:
            await tx.codes.note_joined(now - _COMMITS_LATE)
