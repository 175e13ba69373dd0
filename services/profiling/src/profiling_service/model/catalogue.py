"""The indicator catalogue: what each indicator means and how it is computed, as data."""

from dataclasses import dataclass
from enum import StrEnum

from vocabulary.industries import Sector


class Dimension(StrEnum):
    """First-level groups of indicators, after the national general system (通用型指标体系); and those of a sector."""

    BASE = "base"
    DYNAMIC = "dynamic"
    REGULATORY = "regulatory"
    RELATION = "relation"
    SOCIAL = "social"
    SECTOR = "sector"


class Missing(StrEnum):
    """What is said when nothing is known: that it is not known, or that there is none."""

    UNKNOWN = "unknown"
    NONE = "none"


class Aggregate(StrEnum):
    """The closed set of ways to get a value."""

    COUNT = "count"
    """Number of facts."""
    SUM_WAN = "sum_wan"
    """Their values added up, fen as 万元."""
    PRESENT = "present"
    """1 when there is any, else 0."""
    DISTINCT = "distinct"
    """Number of groups."""
    REPEATS = "repeats"
    """Facts beyond the first of each group."""
    LATEST = "latest"
    """Value of the one that occurred last; of several in the same minute, the greatest."""
    FALL = "fall"
    """By what share the value of the last is below the greatest; not known from fewer than two."""
    SHARE = "share"
    """Number of facts to the number of those of `per`; not known from fewer than `at_least`."""
    GROWTH = "growth"
    """Number of facts to that in as long a span before, at least 1; 0 where there is none now."""
    LAPSED = "lapsed"
    """Groups whose last day, the value of the fact that occurred last, has passed."""
    LAPSING = "lapsing"
    """Groups whose last day is today or within `ahead` days."""

    COMPLETED_YEARS = "completed_years"
    CAPITAL_WAN = "capital_wan"
    IS_BRANCH = "is_branch"
    IS_INDIVIDUAL = "is_individual"
    IS_TYPE = "is_type"
    """1 when the entity type is one of `codes`."""
    IS_INDUSTRY = "is_industry"
    """1 when the industry begins with one of `codes`."""
    IN_SECTOR = "in_sector"
    """1 when a licence in effect, the industry or the business scope says that it works in `sector`."""
    IS_KNOWN = "is_known"
    """1 when the particular `codes` is known."""

    RELATED = "related"
    """Counted by the daily run; `codes` names the count and the particular without which it is not known. It is
    `at_least` until the first count: who is the only one of its kind counts itself, where itself is counted."""


OF_FACTS = frozenset(
    {
        Aggregate.COUNT,
        Aggregate.SUM_WAN,
        Aggregate.PRESENT,
        Aggregate.DISTINCT,
        Aggregate.REPEATS,
        Aggregate.LATEST,
        Aggregate.FALL,
        Aggregate.SHARE,
        Aggregate.GROWTH,
        Aggregate.LAPSED,
        Aggregate.LAPSING,
    }
)
OF_IDENTITY = frozenset(
    {
        Aggregate.CAPITAL_WAN,
        Aggregate.IS_BRANCH,
        Aggregate.IS_INDIVIDUAL,
        Aggregate.IS_TYPE,
        Aggregate.IS_INDUSTRY,
        Aggregate.IS_KNOWN,
    }
)


@dataclass(frozen=True, slots=True)
class Window:
    """A span that ends on the business day: months if positive, else days."""

    months: int = 0
    days: int = 0

    @property
    def doubled(self) -> "Window":
        """A span twice as long."""
        return Window(self.months * 2, self.days * 2)


@dataclass(frozen=True, slots=True, order=True)
class Selector:
    """Facts of a type that have all of these flags."""

    type: int
    flags: int = 0


@dataclass(frozen=True, slots=True)
class Group:
    """A second-level group of indicators.

    Attributes:
        ground: What its indicators lean on, where they do not say it themselves; `confidence` how we know.
    """

    code: str
    zh: str
    en: str
    dimension: Dimension
    ground: str
    confidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """One indicator.

    Attributes:
        code: Stable code; its first part is the dimension, or the sector.
        unit: `year`, `wan_yuan`, `yes_no`, `count`, `share`, `ratio` or `minutes`.
        measure: The word that follows the number in Chinese (量词); empty for yes and no.
        group: Its second-level group.
        nature: `static`, what an entity is, or `dynamic`, what it does and what happens to it.
        period: How long a fact counts: see `packs/README.md`.
        aggregate: How the value comes about.
        of: Facts it looks at.
        per: `SHARE`: those they are compared with.
        without: Only facts that no fact of these selectors refers to.
        overdue: Only facts whose value, a day, has passed.
        window: Which facts are young enough; None for all.
        ahead: `LAPSING`: days.
        at_least: `SHARE`: fewest facts to say anything from.
        codes: See `Aggregate`.
        sector: `IN_SECTOR`.
        missing: What is said when nothing is known.
        effect: Whether a greater value means more risk (`more`), less (`less`), or neither by itself (`neutral`).
        ground: Why it is here: citation, or that the project chose it.
        confidence: How we know the ground.
    """

    code: str
    zh: str
    en: str
    unit: str
    measure: str
    group: Group
    nature: str
    period: str
    aggregate: Aggregate
    of: tuple[Selector, ...] = ()
    per: tuple[Selector, ...] = ()
    without: tuple[Selector, ...] = ()
    overdue: bool = False
    window: Window | None = None
    ahead: int = 0
    at_least: int = 1
    codes: tuple[str, ...] = ()
    sector: Sector | None = None
    missing: Missing
    effect: str
    ground: str
    confidence: str

    @property
    def dimension(self) -> Dimension:
        """Its first-level group."""
        return self.group.dimension


@dataclass(frozen=True, slots=True)
class Catalogue:
    """A version of the catalogue; the order of indicators is the order of values.

    Attributes:
        risky: Places of the indicators of which one at 1 or more makes an entity risky for those related to it.
    """

    version: int
    indicators: tuple[Indicator, ...]
    risky: tuple[int, ...] = ()

    @property
    def width(self) -> int:
        """Number of values of a profile."""
        return len(self.indicators)

    def related(self) -> dict[str, int]:
        """Where each count of relations stands, by its name."""
        return {
            indicator.codes[0]: position
            for position, indicator in enumerate(self.indicators)
            if indicator.aggregate is Aggregate.RELATED
        }

    def position(self, code: str) -> int:
        """Where an indicator stands.

        Raises:
            LookupError: There is none of that code.
        """
        for position, indicator in enumerate(self.indicators):
            if indicator.code == code:
                return position
        raise LookupError(code)
