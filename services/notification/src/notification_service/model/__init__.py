"""What notification speaks of: frozen data, no behaviour beyond reading itself."""

from notification_service.model.clues import (
    Answer,
    Clue,
    ClueAction,
    ClueState,
    Delivery,
    DeliveryKind,
    Outcome,
    Verdict,
)
from notification_service.model.events import ClueAnswered, DomainEvent, NoticeDelivered, NoticeFailed
from notification_service.model.incoming import (
    Contact,
    News,
    RecordStop,
    RepairNotice,
    Severity,
    Signal,
    SignalEnd,
)
from notification_service.model.notices import (
    Attempt,
    ClaimedNotice,
    Letter,
    Notice,
    NoticeState,
)
from notification_service.model.platforms import Platform, PlatformState, Secrets

__all__ = [
    "Answer",
    "Attempt",
    "ClaimedNotice",
    "Clue",
    "ClueAction",
    "ClueAnswered",
    "ClueState",
    "Contact",
    "Delivery",
    "DeliveryKind",
    "DomainEvent",
    "Letter",
    "News",
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
    "SignalEnd",
    "Verdict",
]
