"""What notification speaks of: frozen data, no behaviour beyond reading itself."""

from notification_service.model.clues import (
    Answer,
    Clue,
    ClueAction,
    ClueState,
    Delivery,
    DeliveryState,
    Outcome,
    Verdict,
)
from notification_service.model.events import ClueAnswered, DomainEvent, NoticeDelivered, NoticeFailed
from notification_service.model.incoming import Contact, RecordStop, RepairNotice, Severity, Signal
from notification_service.model.notices import (
    NO_CHANNEL_ERROR,
    Attempt,
    ClaimedNotice,
    Letter,
    Notice,
    NoticeState,
)
from notification_service.model.platforms import Platform, PlatformState, Secrets

__all__ = [
    "NO_CHANNEL_ERROR",
    "Answer",
    "Attempt",
    "ClaimedNotice",
    "Clue",
    "ClueAction",
    "ClueAnswered",
    "ClueState",
    "Contact",
    "Delivery",
    "DeliveryState",
    "DomainEvent",
    "Letter",
    "Notice",
    "NoticeDelivered",
    "NoticeFailed",
    "NoticeState",
    "Outcome",
    "Platform",
    "PlatformState",
    "RecordStop",
    "RepairNotice",
    "Secrets",
    "Severity",
    "Signal",
    "Verdict",
]
