"""A fact about an entity, and the 48 bytes of it that the indicators need."""

import struct
from enum import IntEnum
from typing import NamedTuple

import msgspec
import numpy as np

from profiling_service.model.entities import Patch


class FactType(IntEnum):
    """Types of fact, as stored: a number is never changed and never used again. Names are those of the contracts."""

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
    REGISTRATION_MOVED = 16
    REGISTRATION_RESTORED = 17
    REGISTRATION_ANNULLED = 18
    REGISTRATION_RECODED = 19
    DEREGISTRATION_ANNOUNCED = 20
    DEREGISTRATION_WITHDRAWN = 21
    STAKE_RECORDED = 22
    STAKE_ENDED = 23
    OFFICER_APPOINTED = 24
    OFFICER_LEFT = 25
    ANNUAL_REPORT_CORRECTED = 26
    ANNUAL_REPORT_FALSIFIED = 27
    DISCLOSURE_MISSED = 28
    DISCLOSURE_MADE = 29
    SELF_REPORT_FILED = 30
    STAFFING_REPORTED = 31
    LICENCE_GRANTED = 32
    LICENCE_CHANGED = 33
    LICENCE_RENEWED = 34
    LICENCE_ENDED = 35
    PENALTY_FULFILLED = 36
    CORRECTION_ORDERED = 37
    CORRECTION_COMPLETED = 38
    INTERVIEW_HELD = 39
    EXEMPTION_GRANTED = 40
    INDIVIDUAL_MARKED = 41
    INDIVIDUAL_RESTORED = 42
    DEFAULTER_ENTERED = 43
    DEFAULTER_REMOVED = 44
    ENFORCEMENT_BEGUN = 45
    ENFORCEMENT_CLOSED = 46
    AUTHORITY_LIST_ENTERED = 47
    AUTHORITY_LIST_REMOVED = 48
    EQUITY_PLEDGED = 49
    EQUITY_RELEASED = 50
    EQUITY_FROZEN = 51
    EQUITY_UNFROZEN = 52
    MORTGAGE_REGISTERED = 53
    MORTGAGE_RELEASED = 54
    INSOLVENCY_OPENED = 55
    INSOLVENCY_CLOSED = 56
    PRODUCT_TESTED = 57
    RECALL_BEGUN = 58
    RECALL_COMPLETED = 59
    ACCIDENT_OCCURRED = 60
    COMPLAINT_ACCEPTED = 61
    COMPLAINT_DECIDED = 62
    OPINION_OBSERVED = 63
    CERTIFICATION_GRANTED = 64
    CERTIFICATION_ENDED = 65
    AWARD_GRANTED = 66
    AWARD_WITHDRAWN = 67
    COMMITMENT_SIGNED = 68
    COMMITMENT_FULFILLED = 69
    COMMITMENT_BREACHED = 70
    EQUIPMENT_REGISTERED = 71
    EQUIPMENT_INSPECTED = 72
    EQUIPMENT_RETIRED = 73
    ELEVATOR_MAINTAINED = 74
    ELEVATOR_FAILED = 75
    ADVERT_MONITORED = 76
    PRICE_MONITORED = 77
    PLATFORM_OPERATOR_REPORTED = 78
    PLATFORM_ACTION_TAKEN = 79
    FACT_RETRACTED = 80

    @property
    def code(self) -> str:
        """The name used in packs and answers, such as `penalty_imposed`."""
        return self.name.lower()


FEATURES = np.dtype(
    [
        ("key", "<u8"),
        ("target", "<u8"),
        ("replaces", "<u8"),
        ("group", "<u8"),
        ("value", "<i8"),
        ("minute", "<i4"),
        ("flags", "<u2"),
        ("type", "u1"),
        ("spare", "u1"),
    ]
)
"""A fact as the rules see it.

key: hash of its own `source|fact_id`.
target: the same of the fact it refers to; 0 when it names none.
replaces: the same of the fact it corrects or takes back; 0 for none.
group: hash of what it belongs together with others by, such as a piece of equipment; else its own key.
value: as its form says: fen, a year, a count, a day (days since 1970-01-01); else 0.
minute: when it occurred, minutes since 1970-01-01T00:00 in Shanghai.
flags: bits as its form names them.
type: a `FactType`.
"""

WIDTH = FEATURES.itemsize
NO_END = 2**31 - 1
"""The last day of what has no end."""
_pack = struct.Struct("<QQQQqiHBx").pack
_SHANGHAI_MS = 8 * 3_600_000
_EARLIEST_MINUTE, _LATEST_MINUTE = -(2**31), 2**31 - 1


Seen = tuple[int, int, int, int]
"""What a form makes of particulars: flags, value, target and group, see `FEATURES`; a plain tuple for speed."""
NOTHING_SEEN: Seen = (0, 0, 0, 0)


def packed(kind: int, occurred_at_ms: int, key: int, seen: Seen, replaces: int = 0) -> bytes:
    """The features of one fact, `WIDTH` bytes."""
    minute = (occurred_at_ms + _SHANGHAI_MS) // 60_000
    flags, value, target, group = seen
    return _pack(
        key,
        target,
        replaces,
        group or key,
        value,
        minute if _EARLIEST_MINUTE <= minute <= _LATEST_MINUTE else _nearest(minute),
        flags,
        kind,
    )


def _nearest(minute: int) -> int:
    return _EARLIEST_MINUTE if minute < 0 else _LATEST_MINUTE


STATING = (FactType.REGISTRATION_RECORDED, FactType.REGISTRATION_CHANGED, FactType.REGISTRATION_MOVED)
"""Types of fact that say something of registered particulars."""
_KEY, _REPLACES, _NONE = slice(0, 8), slice(16, 24), bytes(8)


def key_of(features: bytes) -> int:
    """The key of a fact."""
    return int.from_bytes(features[_KEY], "little")


def replaces(features: bytes) -> bool:
    """Whether a fact corrects or takes back another."""
    return features[_REPLACES] != _NONE


def replaced(features: bytes) -> frozenset[int]:
    """Keys of the facts that these, packed, correct or take back."""
    table = np.frombuffer(features, FEATURES)
    return frozenset(table["replaces"][table["replaces"] != 0].tolist())


def replaces_statement(features: bytes) -> bool:
    """Whether one of these facts, packed, corrects or takes back what another of them says of particulars."""
    table = np.frombuffer(features, FEATURES)
    stating = table["key"][np.isin(table["type"], STATING)]
    return bool(np.isin(table["replaces"], stating).any())


class Statement(NamedTuple):
    """What a fact says of registered particulars, and the fact's key."""

    key: int
    patch: Patch


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
        holder: The shareholder that a stake names; else empty.
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
    holder: str = ""

    @property
    def statement(self) -> Statement | None:
        """What it says of the entity's particulars, if anything."""
        return None if self.patch is None else Statement(key_of(self.features), self.patch)
