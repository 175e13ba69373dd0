"""Who read or changed what through the console."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class AccessEntry:
    """Something that was asked or done, and how it was answered.

    Attributes:
        at: when it came.
        username: who asked, by the name they log in with; one that no account can have stands for nobody known.
        subject: the same, by the name the services keep.
        role: in which role; empty where that is nobody's.
        area: with which area.
        address: from where.
        method: HTTP method.
        service: which service was asked.
        path: what was asked of it.
        query: with which parameters.
        entity: the entity it names, if it names one.
        status: how the service answered; None when it did not.
        duration_ms: until its answer began.
        number: the entry's place in the log, once it is written.
        reason: why an account was changed, as whoever changed it says.
    """

    at: datetime
    username: str
    subject: str
    role: str
    area: str | None
    address: str
    method: str
    service: str
    path: str
    query: str
    entity: str | None
    status: int | None
    duration_ms: int
    number: int = 0
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class AccessFilter:
    """Which entries are asked for; None asks for all."""

    username: str | None = None
    role: str | None = None
    entity: str | None = None
    since: datetime | None = None
    until: datetime | None = None
