"""How the six stages of the loop turn."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LaneReading:
    """One lane of a service: what it reads, how far it has read and published, what waits before and behind it."""

    topic: str | None
    read: int
    lag: int | None
    published: int
    pending: int


@dataclass(frozen=True, slots=True)
class Reading:
    """What one service told at one moment.

    Attributes:
        at_s: seconds of a monotonic clock.
        up: it answered.
        lanes: its lanes; None when it did not tell.
        dead_letters: events that were buried and nobody has dealt with; None like the lanes.
        oldest_pending_s: for how long the oldest committed batch has waited to be published; None when none waits.
        figures: of its metrics, by name, labels added up.
    """

    at_s: float
    up: bool
    lanes: tuple[LaneReading, ...] | None
    dead_letters: int | None
    oldest_pending_s: float | None
    figures: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Alarm:
    """Something that somebody should look at."""

    code: str
    service: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class StageFigures:
    """One stage as it turns now; None where it cannot be told.

    Attributes:
        stage: collect, profile, sense, classify, dispose or review.
        zh: its name.
        en: its name.
        services: whose figures these are.
        up: all of them answer.
        in_per_s: records read per second since the reading before.
        out_per_s: events published per second since the reading before.
        backlog: records that wait to be read.
        unpublished: committed batches that wait to be published.
        dead_letters: events that were buried and nobody has dealt with.
        alarms: what to look at.
    """

    stage: str
    zh: str
    en: str
    services: tuple[str, ...]
    up: bool
    in_per_s: float | None
    out_per_s: float | None
    backlog: int | None
    unpublished: int | None
    dead_letters: int | None
    alarms: tuple[Alarm, ...]
