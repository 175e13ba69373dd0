"""Looks at all sources now and then: who fell silent, whose key ends soon, which keys are used."""

from collections.abc import Awaitable, Callable, Collection
from datetime import date, datetime, timedelta, timezone
from typing import Protocol

import structlog

from ingestion_service.model.alert import Alert, Seen

_log = structlog.get_logger(log="lookout")
_SHANGHAI = timezone(timedelta(hours=8))


class NoteUsed(Protocol):
    """Keeps the day on which keys were last used."""

    def __call__(self, key_ids: Collection[str], on: date) -> Awaitable[None]:
        """These were used that day."""
        ...


class Lookout:
    """What is looked at, and what was seen last.

    Attributes:
        silent: How many sources were silent at the last look.
    """

    def __init__(
        self,
        look: Callable[[datetime], Awaitable[Seen]],
        note_used: NoteUsed,
        used_keys: set[str | None],
        now: Callable[[], datetime],
    ) -> None:
        self.silent = 0
        self._look = look
        self._note_used = note_used
        self._used_keys = used_keys
        self._now = now

    async def look(self) -> None:
        """Alerts are as things are now, and logged; keys used since the last look are noted."""
        now = self._now()
        seen = await self._look(now)
        self.silent = seen.silent
        for alert in seen.opened:
            _log.warning("alert opened", **_told(alert))
        for alert in seen.closed:
            _log.info("alert over", **_told(alert))
        if used := {key_id for key_id in self._used_keys if key_id is not None}:
            await self._note_used(used, now.astimezone(_SHANGHAI).date())
            self._used_keys -= used


def _told(alert: Alert) -> dict[str, object]:
    return {"kind": alert.kind.value, "source": alert.source, "key": alert.key_id, "since": str(alert.since)}
