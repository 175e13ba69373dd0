"""A fact about an entity, and the 24 bytes of it that the indicators need."""

import struct
from enum import IntEnum, IntFlag

import msgspec
import numpy as np

from profiling_service.model.entities import Patch


class FactType(IntEnum):
    """Types of fact, as stored; the names are those of the contracts."""

    REGISTRATION_RECORDED = 1
    REGISTRATION_CHANGED = 2
    REGISTRATION_CANCELLED = 3
    REGISTRATION_REVOKED = 4
    ANNUAL_REPORT_FILED = 5
    ANNUAL_REPORT_MISSED = 6
    PENALTY_IMPOSED = 7
    PENALTY_ANNULLED = 8
    LISTING_ENTERED = 9
    LISTING_REMOVED = 10
    COMPLAINT_RECEIVED = 11
    INSPECTION_COMPLETED = 12
    SUSPENSION_DECLARED = 13
    SUSPENSION_ENDED = 14
    RECORD_STOPPED = 15

    @property
    def code(self) -> str:
        """The name used in packs and answers, such as `penalty_imposed`."""
        return self.name.lower()


class Flag(IntFlag):
    """What else an indicator may ask of a fact."""

    HEAVY = 1
    """A penalty that counts as heavy."""
    PROBLEM = 2
    """An inspection that found a problem."""
    CLEAN = 4
    """A valid inspection without problem."""
    LATE = 8
    """An annual report filed late."""
    ABNORMAL = 16
    """About the abnormal list (经营异常名录)."""
    SERIOUS = 32
    """About the serious-violation list (严重违法失信名单)."""
    UPHELD = 64
    """A justified complaint."""
    LEGAL_PERSON = 128
    """The legal representative changed."""
    ADDRESS = 256
    """The address changed."""


FEATURES = np.dtype(
    [
        ("key", "<u8"),
        ("value", "<i8"),
        ("minute", "<i4"),
        ("flags", "<u2"),
        ("type", "u1"),
        ("spare", "u1"),
    ]
)
"""A fact as the rules see it.

key: hash of `source|fact_id`: the fact's own for a penalty or a listing, the target's for what ends one; else 0.
value: fen of a penalty, report year, last day of a suspension (days since 1970-01-01); else 0.
minute: when it occurred, minutes since 1970-01-01T00:00 in Shanghai.
flags, type: see `Flag`, `FactType`.
"""

WIDTH = FEATURES.itemsize
_pack = struct.Struct("<QqiHBx").pack
_SHANGHAI_MS = 8 * 3_600_000
_EARLIEST_MINUTE, _LATEST_MINUTE = -(2**31), 2**31 - 1


def packed(kind: int, occurred_at_ms: int, *, flags: int = 0, value: int = 0, key: int = 0) -> bytes:
    """The features of one fact, `WIDTH` bytes."""
    minute = (occurred_at_ms + _SHANGHAI_MS) // 60_000
    return _pack(key, value, min(max(minute, _EARLIEST_MINUTE), _LATEST_MINUTE), flags, kind)


class Fact(msgspec.Struct, frozen=True, gc=False):
    """A fact as it came: three clocks, what the rules need of it, and the event's own bytes.

    Attributes:
        source, fact_id: unique together.
        type: A `FactType`.
        uscc: The entity.
        occurred_at_ms, recorded_at_ms: Milliseconds since the epoch, UTC.
        features: See `FEATURES`.
        payload: The event as it came.
        patch: What it says of the entity's identity, if anything.
    """

    source: str
    fact_id: str
    type: int
    uscc: str
    occurred_at_ms: int
    recorded_at_ms: int
    features: bytes
    payload: bytes
    patch: Patch | None = None
