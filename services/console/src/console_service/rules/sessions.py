"""How long somebody stays logged in."""

from datetime import datetime, timedelta
from typing import Final

from console_service.model import Session

IDLE: Final = timedelta(minutes=30)
LONGEST: Final = timedelta(hours=12)
NOTED_EVERY: Final = timedelta(minutes=1)
"""Being seen is written down no more often than this."""


def ends_at(session: Session) -> datetime:
    """When the session ends if nothing more is done in it."""
    return min(session.seen_at + IDLE, session.began_at + LONGEST)


def is_own_path(path: str) -> bool:
    """Whether a text is a path of this console's page, and nothing that leads elsewhere."""
    return (
        path.startswith("/")
        and not path.startswith(("//", "/\\", "/api/"))
        and path.isprintable()
        and "\\" not in path
    )
