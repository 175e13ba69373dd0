"""What people and platforms look up: questions and the rows that answer them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeQuery:
    """Which notices; None leaves a condition out. `before` is the sequence of the last one seen."""

    limit: int
    before: int | None = None
    uscc: str | None = None
    state: str | None = None
    template: str | None = None
    area: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClueQuery:
    """Which clues; None leaves a condition out. `after` is the position of the last one seen."""

    limit: int
    after: int = 0
    uscc: str | None = None
    state: str | None = None
    platform: str | None = None
    area: str | None = None


@dataclass(frozen=True, slots=True)
class NoticeView:
    """One notice as it stands; `text` is None until it was handed to its channel."""

    notice_id: str
    sequence: int
    uscc: str
    name: str
    area: str | None
    template: str
    version: int
    params: Mapping[str, str]
    text: str | None
    channel: str
    issued_on: date
    origin_id: str
    state: str
    attempts: int
    last_error: str
    planned_at: datetime
    settled_at: datetime | None


@dataclass(frozen=True, slots=True)
class ClueView:
    """One clue as it stands; `webhook` is None where the platform only pulls."""

    clue_id: str
    position: int
    signal_id: str
    uscc: str
    name: str
    area: str | None
    platform: str
    kind: str
    severity: str
    evidence_digest: str
    evidence_salt: str
    legal_basis: str
    raised_on: date
    due_on: date
    state: str
    action: str | None
    remark: str
    created_at: datetime
    delivered_at: datetime | None
    responded_at: datetime | None
    withdrawn_at: datetime | None
    webhook: str | None


@dataclass(frozen=True, slots=True)
class AttemptView:
    """One attempt at a webhook; `status` is None when no answer came."""

    kind: str
    attempt: int
    at: datetime
    status: int | None
    error: str
    duration_ms: int


@dataclass(frozen=True, slots=True)
class PlatformView:
    """One subscription, without its secrets."""

    code: str
    name: str
    url: str | None
    state: str
    created_at: datetime
    operators: int


@dataclass(frozen=True, slots=True)
class Count:
    """How many of what are in which state: `what` is `notice` or `clue`, `group` a template or a platform."""

    what: str
    group: str
    state: str
    count: int
