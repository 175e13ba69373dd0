"""Rides out a database that is away for a while; what was claimed comes back when its lease ends."""

from collections.abc import Awaitable
from typing import TypeVar

import structlog
from eventbus import is_transient

_T = TypeVar("_T")
_log = structlog.get_logger("notification.worker")


async def unless_away(step: Awaitable[_T], otherwise: _T) -> _T:
    """What `step` gives, or `otherwise` when the database is away; any other fault is raised."""
    try:
        return await step
    except Exception as error:
        if not is_transient(error):
            raise
        _log.warning("database away", error=repr(error))
        return otherwise
