"""Clues to platforms and their answers (违法违规线索, 平台反馈)."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from notification_service.model.incoming import Severity
from notification_service.model.platforms import Secrets


class ClueState(StrEnum):
    """How far a clue has come; only `answered` and `withdrawn` finish it."""

    CREATED = "created"
    DELIVERED = "delivered"
    ACKNOWLEDGED = "acknowledged"
    ANSWERED = "answered"
    OVERDUE = "overdue"
    WITHDRAWN = "withdrawn"


class ClueAction(StrEnum):
    """What a platform did about a clue; all but the first are final."""

    ACKNOWLEDGED = "acknowledged"
    WARNED = "warned"
    DELISTED = "delisted"
    RECTIFIED = "rectified"
    NOT_OURS = "not_ours"


@dataclass(frozen=True, slots=True)
class Clue:
    """One clue for one platform: the least it needs to act.

    Attributes:
        clue_id: ours, derived from signal and platform.
        signal_id: the signal behind it.
        uscc: the operator.
        platform: code of the platform.
        kind: what it is about, a family code of `packs/clues.yaml`.
        severity: how urgent it is.
        evidence_digest: hex digest of the evidence's identifiers, so that it can be proven later and tells nothing now.
        evidence_salt: hex key of that digest, ours alone until something is to be proven.
        legal_basis: the clause by which the platform must act.
        raised_on: business day of the signal.
        due_on: day by which the platform must have answered.
        state: how far it has come.
        action: the answer, once given.
        remark: what the platform says.
    """

    clue_id: str
    signal_id: str
    uscc: str
    platform: str
    kind: str
    severity: Severity
    evidence_digest: str
    evidence_salt: str
    legal_basis: str
    raised_on: date
    due_on: date
    state: ClueState = ClueState.CREATED
    action: ClueAction | None = None
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a platform says it did about a clue, and when it said so."""

    clue_id: str
    platform: str
    action: ClueAction
    remark: str
    answered_at: datetime


class DeliveryKind(StrEnum):
    """What a webhook tells of a clue, by the type its payload bears."""

    CREATED = "clue.created"
    WITHDRAWN = "clue.withdrawn"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One attempt at one webhook, claimed by one worker until its lease ends.

    Attributes:
        delivery_id: the `webhook-id`, the same in every attempt.
        kind: what is told of the clue.
        clue: what it is about.
        name: the operator's registered name; empty when unknown.
        happened_at: when that came to be.
        url: where to.
        secrets: what signs it.
        attempt: number of this attempt since the last order to send, from 1.
    """

    delivery_id: str
    kind: DeliveryKind
    clue: Clue
    name: str
    happened_at: datetime
    url: str
    secrets: Secrets
    attempt: int


class Verdict(StrEnum):
    """What an attempt means for the delivery and for the subscription."""

    DELIVERED = "delivered"
    RETRY = "retry"
    FAILED = "failed"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one attempt.

    Attributes:
        delivery: the attempt.
        status: HTTP status; None when no answer came.
        error: what went wrong, in words; empty when delivered.
        at: when it ended.
        duration_ms: how long it took.
    """

    delivery: Delivery
    status: int | None
    error: str
    at: datetime
    duration_ms: int
