"""How a type of fact is read and what it ends, as data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Test(StrEnum):
    """The closed set of what a flag can ask of a member."""

    IN = "in"
    """One of these codes; of a list, any of them."""
    BEYOND = "beyond"
    """A list with any other code."""
    IS = "is"
    """True, or false."""
    KNOWN = "known"
    """Said at all."""
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    EXCEEDS = "exceeds"
    """Greater than another member, both of them said."""
    INSPECTION = "inspection"
    """A result of an inspection: `problem` or `clean`."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A member of a fact's particulars is so; then the fact has this flag."""

    bit: int
    member: str
    test: Test
    codes: frozenset[str] = frozenset()
    number: int = 0


class Unnamed(StrEnum):
    """What a fact that ends others ends when it names none."""

    NOTHING = "nothing"
    ALL = "all"
    ALIKE = "alike"
    GROUP = "group"


@dataclass(frozen=True, slots=True)
class Ending:
    """Which facts no longer count because of a fact.

    Attributes:
        types: Types of fact it ends.
        with_group: Whether naming a fact names what is grouped by it too: a renewal ends with its licence.
        unnamed: Which it ends when it names none: those that occurred no later than itself.
        alike: `Unnamed.ALIKE`: flags of which both must have one.
    """

    types: tuple[int, ...]
    with_group: bool = False
    unnamed: Unnamed = Unnamed.NOTHING
    alike: tuple[tuple[int, int], ...] = ()


class Sum(StrEnum):
    """How the value of a fact comes about."""

    NOTHING = "nothing"
    SUM = "sum"
    UNTIL = "until"
    MEMBER = "member"


@dataclass(frozen=True, slots=True)
class Form:
    """One type of fact.

    Attributes:
        type: A `FactType`.
        flags: Bit of each name.
        conditions: When a fact has them.
        value, members: How its value comes about, and of which members.
        group: `own`, `reference`, a member, or empty.
        refers_to: The member that names another fact; empty for none.
        ending: What it ends; None for nothing.
        lasts: Whether it counts through the day that is its value only.
    """

    type: int
    flags: Mapping[str, int] = field(default_factory=dict)
    conditions: tuple[Condition, ...] = ()
    value: Sum = Sum.NOTHING
    members: tuple[str, ...] = ()
    group: str = ""
    refers_to: str = ""
    ending: Ending | None = None
    lasts: bool = False


Forms = Mapping[int, Form]
"""Every type's form, by its number."""
