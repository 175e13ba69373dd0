"""Families of signals (预警): when one is raised and what is to be done, as data; and what was raised."""

from dataclasses import dataclass
from enum import IntEnum, StrEnum

import msgspec


class Severity(IntEnum):
    """How urgent, numbered as in the contract."""

    NOTICE = 1
    WARNING = 2
    ALARM = 3


class RuleKind(StrEnum):
    """The closed set of rules."""

    FACT_IN_EFFECT = "fact_in_effect"
    """One episode for each such fact; over when the fact no longer counts."""
    RISING = "rising"
    """One episode while there are many such facts, and many more than in the span before."""
    REPORT_DUE = "report_due"
    """One episode for a report year, in the season and until the report is filed; raised by the daily run."""


@dataclass(frozen=True, slots=True)
class SignalRule:
    """Parameters of a rule; those a kind does not use are 0.

    Attributes:
        kind: Which rule.
        types: Types of fact it looks at.
        days: `fact_in_effect`: raised only within so many days of the fact, 0 for ever; `rising`: the span.
        at_least: `rising`: fewest facts in the span.
        factor: `rising`: more than so many times the span before.
        season: `report_due`: first and last (month, day).
    """

    kind: RuleKind
    types: tuple[int, ...] = ()
    days: int = 0
    at_least: int = 0
    factor: float = 0.0
    season: tuple[tuple[int, int], tuple[int, int]] = ((1, 1), (12, 31))


@dataclass(frozen=True, slots=True)
class SignalFamily:
    """One family.

    Attributes:
        suggested_step: `remind`, `interview`, `order_correction` or `inspect`.
        due_days: Days until the step is due; None for the end of the season.
        notifies: Whether notification must have it on its books.
        ground, confidence: Why it is here, and how we know.
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


class Raise(msgspec.Struct, frozen=True):
    """A decision to raise a signal; `facts` are the numbers of the entity's facts that show it."""

    entity: int
    family: SignalFamily
    episode: int
    facts: tuple[int, ...]
    due_on_day: int


class Clear(msgspec.Struct, frozen=True):
    """A decision that what caused a signal is over; `was_open` when no person had cleared it before."""

    entity: int
    family: str
    episode: int
    was_open: bool


def signal_id(family: str, uscc: str, episode: int) -> str:
    """The identifier of an episode: the same however often it is computed."""
    return f"{family}|{uscc}|{episode}"
