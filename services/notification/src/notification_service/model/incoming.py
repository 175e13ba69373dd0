"""What other services told us, as this service understands it."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Severity(StrEnum):
    """How urgent a signal is; nothing about the entity's risk."""

    NOTICE = "notice"
    WARNING = "warning"
    ALARM = "alarm"


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom a letter addresses (送达对象): the newest description of an entity.

    Attributes:
        uscc: unified social credit code.
        name: registered name; empty when facts came before the registration.
        area: supervising area; empty when unknown.
        cancelled: it is struck off the register (注销): no letter can reach it.
        version: version of the description, from 1; a lower one is old news.
    """

    uscc: str
    name: str
    area: str
    cancelled: bool
    version: int


@dataclass(frozen=True, slots=True)
class RepairNotice:
    """A repair notice that must go out with the decision (两书同达).

    Attributes:
        notice_id: repair's identifier of the notice.
        uscc: unified social credit code.
        kind: `penalty`, `abnormal_listing` or `serious_listing`.
        document_number: number of the decision document; empty when unknown.
        apply_from: first day on which repair may be applied for; None when not allowed or no wait applies.
        stops_on: day publicity stops with no application; None when it has no such day.
        conditions: codes of the conditions of repair, in order.
        citation: the rule applied.
        issued_on: day of the notice.
    """

    notice_id: str
    uscc: str
    kind: str
    document_number: str
    apply_from: date | None
    stops_on: date | None
    conditions: tuple[str, ...]
    citation: str
    issued_on: date


@dataclass(frozen=True, slots=True)
class RecordStop:
    """Publicity of a record stopped (公示停止).

    Attributes:
        stop_id: repair's identifier of the stop.
        uscc: unified social credit code.
        kind: `penalty`, `abnormal_listing` or `serious_listing`.
        reason: one of repair's stop reasons.
        stopped_on: day on which it stopped.
        citation: the rule applied.
        was_public: the record was public for a day at least.
    """

    stop_id: str
    uscc: str
    kind: str
    reason: str
    stopped_on: date
    citation: str
    was_public: bool = True


@dataclass(frozen=True, slots=True)
class Signal:
    """A warning was raised about an entity (预警).

    Attributes:
        signal_id: profiling's identifier of the signal.
        uscc: unified social credit code.
        family: code of the signal's family.
        severity: how urgent it is.
        evidence: facts that show it, each as `source|fact_id`.
        raised_on: business day on which it was raised.
        platforms: names of platforms the entity is known to sell on.
    """

    signal_id: str
    uscc: str
    family: str
    severity: Severity
    evidence: tuple[str, ...]
    raised_on: date
    platforms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SignalEnd:
    """A warning ended: what caused it is over, or a person cleared it."""

    signal_id: str
    uscc: str
    family: str
    cleared_on: date


News = Contact | RepairNotice | RecordStop | Signal | SignalEnd
