"""What is deleted when nobody will ask for it again."""

import asyncio
import contextlib
from datetime import UTC, datetime, timedelta

import structlog
from eventbus import is_transient
from httpapi.idempotency_store import purge
from sqlalchemy.ext.asyncio import AsyncEngine

from ingestion_service.tables import IDEMPOTENT_ANSWERS

_log = structlog.get_logger(log="upkeep")
_REMEMBERED = timedelta(days=1)
_EVERY_S = 3600.0


async def keep_tidy(engine: AsyncEngine, stop: asyncio.Event) -> None:
    """Delete old answers by idempotency key now and every hour until `stop` is set."""
    while not stop.is_set():
        try:
            await forget_answers(engine, datetime.now(UTC) - _REMEMBERED)
        except Exception as error:
            if not is_transient(error):
                raise
            _log.warning("old answers not deleted", error=repr(error))
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_EVERY_S):
                await stop.wait()


async def forget_answers(engine: AsyncEngine, before: datetime) -> None:
    """Delete the answers stored before then."""
    async with engine.begin() as connection:
        await connection.execute(purge(IDEMPOTENT_ANSWERS, before))
