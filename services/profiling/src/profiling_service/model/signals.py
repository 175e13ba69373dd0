"""Families of signals (预警): when one is raised and what is to be done, as data; and what was raised."""

from dataclasses import dataclass
from enum import IntEnum, StrEnum

import msgspec
from vocabulary.industries import Sector

from profiling_service.model.catalogue import Indicator, Selector, Window

NO_TAIL = float("nan")
"""The chance of an episode that is not judged by chance."""


class Severity(IntEnum):
    """How urgent, numbered as in the contract."""

    NOTICE = 1
    WARNING = 2
    ALARM = 3


class RuleKind(StrEnum):
    """The closed set of rules."""

    FACT_IN_EFFECT = "fact_in_effect"
    """One episode for each such fact; over when the fact no longer counts, or when what ends its matter has come."""
    RISING = "rising"
    """One episode while there are many such facts, and many more than in the span before."""
    REACHED = "reached"
    """One episode while indicators have reached their bounds."""
    REPORT_DUE = "report_due"
    """One episode for a report year, in the season and until the report is filed; raised by the daily run."""
    UNUSUAL = "unusual"
    """One episode while there are more such facts than the entity's own history makes likely."""
    ABOVE_PEERS = "above_peers"
    """One episode while an indicator is above nearly all of the same industry and area."""
    CONFLICT = "conflict"
    """One episode while facts of two kinds say of the same value what cannot both be so."""
    AFTER = "after"
    """One episode while there are facts that should not follow others, and do."""


@dataclass(frozen=True, slots=True)
class Reach:
    """An indicator and the bound it must have reached; `position` is where it stands in the catalogue."""

    indicator: Indicator
    position: int
    bound: float
    at_most: bool = False


class Matter(StrEnum):
    """Which later fact ends the matter of a fact."""

    ANY = "any"
    """Any of the entity."""
    GROUP = "group"
    """One of the same group: of the same elevator, of the same product."""
    NAMED = "named"
    """One that names it."""


@dataclass(frozen=True, slots=True)
class Worse:
    """From which measure on a signal is more severe."""

    at_least: float
    severity: Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalRule:
    """Parameters of a rule; those a kind does not use are empty.

    Attributes:
        kind: Which rule.
        of: Facts it looks at.
        days: `fact_in_effect`: raised only within so many days of the fact, 0 for ever; `rising`, `unusual`: the span;
            `after`: days that may pass between the two.
        over_with, matter: `fact_in_effect`: later facts that end its matter, and which of them do.
        at_least: `rising`, `unusual`: fewest facts in the span.
        factor: `rising`: more than so many times the span before.
        history_days: `unusual`: the days before the span that are the entity's own history.
        alpha: `unusual`, `above_peers`: the most false alarms, per entity and look.
        peers: `above_peers`: fewest in the group.
        reaches: `reached`: what must hold, all of it; the facts of the first are the evidence. `above_peers`: the
            indicator, and the least of it. `report_due`: for whom it is due.
        against: `conflict`, `after`: the other facts.
        only_registered: `reached`: only for who is registered and not revoked.
        season: `report_due`: first and last (month, day).
    """

    kind: RuleKind
    of: tuple[Selector, ...] = ()
    days: int = 0
    over_with: tuple[Selector, ...] = ()
    matter: Matter = Matter.ANY
    at_least: int = 0
    factor: float = 0.0
    history_days: int = 0
    alpha: float = 0.0
    peers: int = 0
    against: tuple[Selector, ...] = ()
    reaches: tuple[Reach, ...] = ()
    only_registered: bool = False
    season: tuple[tuple[int, int], tuple[int, int]] = ((1, 1), (12, 31))

    @property
    def windows(self) -> tuple[Window, ...]:
        """Spans that end on the business day and that the rule looks at by itself, the shortest first."""
        if self.kind is RuleKind.RISING:
            return Window(days=self.days), Window(days=2 * self.days)
        if self.kind is RuleKind.UNUSUAL:
            return Window(days=self.days), Window(days=self.days + self.history_days)
        return ()


@dataclass(frozen=True, slots=True)
class SignalFamily:
    """One family.

    Attributes:
        suggested_step: `remind`, `interview`, `order_correction` or `inspect`.
        due_days: Days until the step is due; None for the end of the season.
        notifies: Whether notification must have it on its books.
        ground, confidence: Why it is here, and how we know.
        target_precision: The share of judged signals that staff must find useful; below it the rule is to be tuned.
        sector: The sector it is about, if one.
        worse: When it is more severe than `severity`; None for never.
    """

    code: str
    zh: str
    en: str
    rule: SignalRule
    severity: Severity
    suggested_step: str
    due_days: int | None
    notifies: bool
    ground: str
    confidence: str
    target_precision: float
    sector: Sector | None = None
    worse: Worse | None = None

    def severity_at(self, measure: float) -> Severity:
        """How severe an episode of this measure is."""
        return self.worse.severity if self.worse and measure >= self.worse.at_least else self.severity


class Raise(msgspec.Struct, frozen=True):
    """A decision to raise a signal.

    Attributes:
        facts: Numbers of the entity's facts that show it, the newest at most.
        measure: What was held against the rule's bound: a number of facts, or a value.
        tail: The chance of so many by the entity's own history; `NO_TAIL` where the rule does not ask.
        silent: It is kept and not told: it is suppressed.
        again: It is stored: it was kept silent until now, or was over, and what ended it never was so.
    """

    entity: int
    family: SignalFamily
    episode: int
    facts: tuple[int, ...]
    due_on_day: int
    severity: int
    measure: float
    tail: float = NO_TAIL
    silent: bool = False
    again: bool = False


class Grow(msgspec.Struct, frozen=True):
    """A decision that an open signal has grown enough to be told of again; `was` is the measure told last."""

    entity: int
    family: SignalFamily
    episode: int
    facts: tuple[int, ...]
    severity: int
    measure: float
    was: float


class Clear(msgspec.Struct, frozen=True):
    """A decision that what caused a signal is over; `was_open` when no person had cleared it before."""

    entity: int
    family: str
    episode: int
    was_open: bool


class Decisions(msgspec.Struct, frozen=True):
    """What becomes of signals."""

    raises: list[Raise]
    grows: list[Grow]
    clears: list[Clear]


def signal_id(family: str, uscc: str, episode: int) -> str:
    """The identifier of an episode: the same however often it is computed."""
    return f"{family}|{uscc}|{episode}"


class Suppression(msgspec.Struct, frozen=True):
    """Signals of a family are not told, of an entity or of an area, through the day `until_day`.

    Attributes:
        area_code, uscc: One of the two; the other is empty.
    """

    family: str
    area_code: str
    uscc: str
    until_day: int
