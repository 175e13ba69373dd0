"""Facts set aside until a person decides (隔离区)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

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
    type: str = ""
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Head:
    """What a list tells of a quarantined fact; of its original only the length."""

    id: int
    source: str
    fact_id: str
    type: str
    subject: str
    reason: str
    state: State
    received_at: datetime
    settled_by: str | None
    settled_at: datetime | None
    note: str | None
    original_bytes: int


@dataclass(frozen=True, slots=True)
class Filter:
    """Which quarantined facts are meant; what is None does not narrow.

    Attributes:
        received_from: Received at this instant or later.
        received_to: Received before this instant.
        subject: Text that the subject holds.
        ids: Numbers in the quarantine.
    """

    state: State | None = State.OPEN
    source: str | None = None
    reason: str | None = None
    type: str | None = None
    received_from: datetime | None = None
    received_to: datetime | None = None
    subject: str | None = None
    ids: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class Heap:
    """How many quarantined facts of one source have one reason."""

    source: str
    reason: str
    facts: int


class Action(StrEnum):
    """How quarantined facts are settled."""

    RELEASE = "release"
    DISCARD = "discard"


@dataclass(frozen=True, slots=True)
class Replacement:
    """A value in place of another; a `was` of None also stands for a member that is missing."""

    was: Any
    becomes: Any


@dataclass(frozen=True, slots=True)
class StillUnusable:
    """A fact that was not released, and why."""

    id: int
    fact_id: str
    field: str
    problem: str
    expected: str


@dataclass(frozen=True, slots=True)
class BulkOrder:
    """What one person asks for many quarantined facts."""

    action: Action
    filter: Filter
    replacements: Mapping[str, Replacement]
    reason: str | None
    asked_by: str
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class Job:
    """A bulk settlement: the order, and how far it has come.

    Attributes:
        up_to: Highest number that matched when it was asked.
        after: Last number that was looked at.
        matched: How many matched when it was asked.
        problems: The first of those still unusable, with reasons.
    """

    id: int
    order: BulkOrder
    up_to: int
    after: int
    matched: int
    released: int = 0
    discarded: int = 0
    unusable: int = 0
    problems: tuple[StillUnusable, ...] = ()
    ended_at: datetime | None = None


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
