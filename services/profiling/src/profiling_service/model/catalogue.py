"""The indicator catalogue: what each indicator means and how it is computed, as data."""

from dataclasses import dataclass
from enum import StrEnum


class Dimension(StrEnum):
    """First-level groups of indicators, after the national general system (通用型指标体系)."""

    BASE = "base"
    DYNAMIC = "dynamic"
    REGULATORY = "regulatory"
    RELATION = "relation"
    SOCIAL = "social"


class Missing(StrEnum):
    """What is said when nothing is known: that it is not known, or that there is none."""

    UNKNOWN = "unknown"
    NONE = "none"


class Aggregate(StrEnum):
    """The closed set of ways to get a value. Facts: count to present; identity: the next four; relation: the last."""

    COUNT = "count"
    SUM_WAN = "sum_wan"
    PRESENT = "present"
    COMPLETED_YEARS = "completed_years"
    CAPITAL_WAN = "capital_wan"
    IS_BRANCH = "is_branch"
    IS_INDIVIDUAL = "is_individual"
    SAME_PERSON = "same_person"
    SAME_ADDRESS = "same_address"


OF_FACTS = frozenset({Aggregate.COUNT, Aggregate.SUM_WAN, Aggregate.PRESENT})
OF_RELATIONS = frozenset({Aggregate.SAME_PERSON, Aggregate.SAME_ADDRESS})


@dataclass(frozen=True, slots=True)
class Window:
    """A span that ends on the business day: months if positive, else days."""

    months: int = 0
    days: int = 0


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator.

    Attributes:
        code: Stable code; its first part is the dimension.
        unit: `year`, `wan_yuan`, `yes_no` or `count`.
        aggregate: How the value comes about.
        types: Types of fact it looks at.
        where: Flag bits a fact must have, 0 for none.
        window: Which facts are young enough; None for all.
        missing: What is said when nothing is known.
        effect: Whether a greater value means more risk, less, or neither by itself.
        ground: Why it is here: citation, or that the project chose it.
        confidence: How we know the ground.
    """

    code: str
    zh: str
    en: str
    unit: str
    dimension: Dimension
    aggregate: Aggregate
    types: tuple[int, ...]
    where: int
    window: Window | None
    missing: Missing
    effect: str
    ground: str
    confidence: str


@dataclass(frozen=True, slots=True)
class HeavyPenalty:
    """When a penalty counts as heavy: one of these severities, or any kind beyond the light ones."""

    severities: frozenset[str]
    light_kinds: frozenset[str]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """A version of the catalogue; the order of indicators is the order of values."""

    version: int
    indicators: tuple[Indicator, ...]
    heavy_penalty: HeavyPenalty

    def position(self, aggregate: Aggregate) -> int:
        """Where the indicator of an identity or relation aggregate stands.

        Raises:
            LookupError: No indicator is computed so.
        """
        for index, indicator in enumerate(self.indicators):
            if indicator.aggregate is aggregate:
                return index
        raise LookupError(aggregate)
