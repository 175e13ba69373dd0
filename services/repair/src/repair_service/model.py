"""What repair knows: facts that open or stop records, the ruling of the law on each, and what it tells others."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NewType

import msgspec
from vocabulary.penalties import KeyField, PenaltyKind, SeverityGrade
from vocabulary.uscc import USCC

RecordId = NewType("RecordId", str)
"""`source|fact_id` of the fact a record stands for."""


class RecordKind(StrEnum):
    """What a record stands for: 行政处罚, 经营异常名录 or 严重违法失信名单."""

    PENALTY = "penalty"
    ABNORMAL_LISTING = "abnormal_listing"
    SERIOUS_LISTING = "serious_listing"


class Tier(StrEnum):
    """How grave the law holds a record to be (轻微, 一般, 严重), as far as publicity depends on it."""

    NEVER_PUBLISHED = "never_published"
    MINOR = "minor"
    GENERAL = "general"
    SERIOUS = "serious"
    SERIOUS_NO_EARLY = "serious_no_early"
    LISTING = "listing"


class StopReason(StrEnum):
    """Why publicity of a record stopped."""

    ANNULLED = "annulled"
    REMOVED = "removed"
    REPAIRED = "repaired"
    CANCELLED_ENTITY = "cancelled_entity"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class Penalty:
    """An administrative penalty decided (行政处罚决定).

    Attributes:
        decided_on: day of the decision; it picks the regime.
        published_on: first day of publicity; the day of the decision where the source names none.
        restriction_until: last day of a restriction of business or post.
        fine_fen: fine in fen, 0 when none; likewise `confiscated_fen`.
    """

    record_id: RecordId
    uscc: USCC
    decided_on: date
    published_on: date
    occurred_at_ms: int
    recorded_at_ms: int
    document_number: str = ""
    authority: str = ""
    kinds: frozenset[PenaltyKind] = frozenset()
    fine_fen: int = 0
    confiscated_fen: int = 0
    grade: SeverityGrade = SeverityGrade.ORDINARY
    key_field: KeyField | None = None
    violation: str = ""
    restriction_until: date | None = None

    @property
    def kind(self) -> RecordKind:
        """A penalty opens records of one kind."""
        return RecordKind.PENALTY


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """An entry on the abnormal list or the serious-violation list (列入); published from the day of the decision."""

    record_id: RecordId
    uscc: USCC
    kind: RecordKind
    decided_on: date
    occurred_at_ms: int
    recorded_at_ms: int
    reason: str = ""
    document_number: str = ""
    restriction_until: date | None = None

    @property
    def published_on(self) -> date:
        """A listing is published with its decision."""
        return self.decided_on


Subject = Penalty | Listing
"""What a record is about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StopOrder:
    """A fact that stops records: an annulment, a removal from a list, the cancellation of the entity, a correction.

    Attributes:
        order_id: `source|fact_id` of the fact.
        target: the one record it stops; None stops every record it covers.
        kind: with no target, the kind of record it stops; None stops all kinds.
        ordered_on: the day it holds from.
        superseding: whether the fact stops the record by standing in its fact's place, not by what it says.
    """

    order_id: str
    uscc: USCC
    target: RecordId | None
    kind: RecordKind | None
    reason: StopReason
    ordered_on: date
    ordered_at_ms: int
    recorded_at_ms: int
    superseding: bool = False

    @property
    def key(self) -> tuple[str, bool]:
        """One fact may stop one record by what it says and another by what it supersedes."""
        return self.order_id, self.superseding


Fact = Penalty | Listing | StopOrder


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """What the law says of one record.

    Attributes:
        rule: first day of the rule set and clause, such as `2025-12-25 §9`.
        published_on: first day of publicity; None when it is never published.
        apply_from: first day on which repair may be applied for; None when early repair is not allowed.
        stops_on: day on which publicity stops with no application; None when it has no such day.
        conditions: what repair asks for, as codes, in order.
    """

    tier: Tier
    rule: str
    citation: str
    published_on: date | None
    apply_from: date | None
    stops_on: date | None
    conditions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """Why and on which day publicity of a record stopped; `cause` is the fact that says so, empty for the calendar."""

    reason: StopReason
    on: date
    cause: str
    recorded_at_ms: int
    citation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What must be known of a stored record to tell whether something stops it."""

    record_id: RecordId
    uscc: USCC
    kind: RecordKind
    decided_on: date
    published_on: date | None
    occurred_at_ms: int
    recorded_at_ms: int
    stop: Stop | None = None

    @property
    def starts_on(self) -> date:
        """The first day on which it can stop."""
        return self.published_on or self.decided_on

    @property
    def stopped(self) -> "RecordStopped | None":
        """What is told of its stop; None while it is open."""
        if self.stop is None:
            return None
        was_public = self.published_on is not None and self.stop.on > self.published_on
        return RecordStopped(self.record_id, self.uscc, self.kind, self.stop, was_public=was_public)


@dataclass(frozen=True, slots=True)
class Opening:
    """A record to be opened: what it is about and what the law says of it."""

    subject: Subject
    ruling: Ruling

    @property
    def standing(self) -> Standing:
        """The new record, not yet stopped."""
        return Standing(
            record_id=self.subject.record_id,
            uscc=self.subject.uscc,
            kind=self.subject.kind,
            decided_on=self.subject.decided_on,
            published_on=self.ruling.published_on,
            occurred_at_ms=self.subject.occurred_at_ms,
            recorded_at_ms=self.subject.recorded_at_ms,
        )


@dataclass(frozen=True, slots=True)
class NoticeDue:
    """The repair notice that goes out together with the decision (两书同达); a letter is dated the day it is due."""

    opening: Opening
    issued_on: date

    @property
    def notice_id(self) -> str:
        """The first notice of its record."""
        return f"{self.opening.subject.record_id}|notice-1"


@dataclass(frozen=True, slots=True)
class Opened:
    """A record as it is first stored: how it stands, and its notice where one is due."""

    opening: Opening
    standing: Standing
    notice: NoticeDue | None


@dataclass(frozen=True, slots=True)
class RecordStopped:
    """Publicity of a record stopped: the fact no longer counts (公示停止).

    Attributes:
        was_public: whether it was public on any day before; a warning never is, nor what is annulled before publicity.
    """

    record_id: RecordId
    uscc: USCC
    kind: RecordKind
    stop: Stop
    was_public: bool

    @property
    def notice_due(self) -> bool:
        """Whether a letter says so: it was public, and somebody is left to read it."""
        return self.was_public and self.stop.reason is not StopReason.CANCELLED_ENTITY

    @property
    def stop_id(self) -> str:
        """The first stop of its record."""
        return f"{self.record_id}|stop-1"


Event = Opening | NoticeDue | RecordStopped
"""What repair tells the other services; an `Opening` is told as RecordOpened."""


class Description(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What repair needs to know of an entity, as profiling describes it; a lower version than one known is old news."""

    uscc: USCC
    version: int
    name: str = ""
    area_code: str = ""


@dataclass(frozen=True, slots=True)
class DailyRun:
    """What one call of the daily run did: records stopped, by kind of record."""

    day: date
    stopped: int
    by_kind: dict[str, int]
