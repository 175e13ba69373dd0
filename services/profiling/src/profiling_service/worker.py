"""What goes on beside the stream of facts: entities become searchable by other particulars, counts are summed up."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from time import monotonic

import structlog
from eventbus import is_transient

_log = structlog.get_logger(log="beside")
_POLL_S = 1.0
_REST, _REST_WHEN_BEHIND = 1, 9
"""How long it rests after it worked, in times of that: half, and a tenth, of one processor."""


async def keep_up(
    refresh: Callable[[], Awaitable[int]],
    stop: asyncio.Event,
    poll_s: float = _POLL_S,
    waiting: Callable[[], int] = lambda: 0,
) -> None:
    """Changes are followed until `stop` is set: a poll later, and of very many a part after the other.

    Between two parts it rests as long as it worked, and nine times as long while facts wait, which have precedence.
    What may pass is told and tried again.

    Args:
        refresh: Follows some changes; how many those were.
        stop: Ends it.
        poll_s: How long it waits when there was nothing to do.
        waiting: How many facts wait to be applied.
    """
    while not stop.is_set():
        done, begun = 0, monotonic()
        try:
            done = await refresh()
        except Exception as error:
            if not is_transient(error):
                raise
            _log.warning("put off", exc_info=error)
        rest = _rest_s(monotonic() - begun, waiting()) if done else poll_s
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), rest)


def _rest_s(worked_s: float, waiting: int) -> float:
    """Seconds to rest after that many of work, while so many facts wait."""
    return worked_s * (_REST_WHEN_BEHIND if waiting else _REST)
