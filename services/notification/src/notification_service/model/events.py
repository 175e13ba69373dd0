"""What this service tells the others."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class NoticeDelivered:
    """A notice reached its channel; `template` is `code@version`."""

    notice_id: str
    uscc: str
    template: str
    channel: str
    delivered_at: datetime


@dataclass(frozen=True, slots=True)
class NoticeFailed:
    """A notice could not be delivered and will not be tried again by itself."""

    notice_id: str
    uscc: str
    channel: str
    error: str
    attempts: int


@dataclass(frozen=True, slots=True)
class ClueAnswered:
    """A platform answered a clue: an answer, not a 200."""

    clue_id: str
    uscc: str
    platform: str
    action: str
    remark: str
    answered_at: datetime


DomainEvent = NoticeDelivered | NoticeFailed | ClueAnswered
