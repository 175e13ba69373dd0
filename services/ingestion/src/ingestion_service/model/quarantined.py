"""Facts set aside until a person decides (隔离区)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import msgspec


class State(StrEnum):
    """Where a quarantined fact stands."""

    OPEN = "open"
    RELEASED = "released"
    DISCARDED = "discarded"


@dataclass(frozen=True, slots=True)
class Quarantined:
    """One quarantined fact; `original` is the CloudEvent as it came."""

    id: int
    source_id: int
    source: str
    fact_id: str
    reason: str
    original: bytes
    received_at: datetime
    traceparent: str
    state: State = State.OPEN
    settled_by: str | None = None
    settled_at: datetime | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Correction:
    """What a person puts in place of what was wrong; None leaves a part as it came.

    Attributes:
        subject: The right USCC.
        time: The right instant, RFC 3339.
        data: The right data, the whole object as JSON bytes.
    """

    subject: str | None = None
    time: str | None = None
    data: msgspec.Raw | None = None
