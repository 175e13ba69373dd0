"""A risk model as data: which indicator gives how many points, where the classes begin, and what overrides them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import IntEnum, IntFlag, StrEnum


class RiskClass(IntEnum):
    """Credit-risk class (信用风险类别); a greater value is a greater risk."""

    A = 1
    B = 2
    C = 3
    D = 4


class Flag(IntFlag):
    """What supervision must know of an entity beside its class."""

    NONE = 0
    OBSERVED = 1
    """Inside the observation year of a new entity (观察期)."""
    SUSPENDED = 2
    """Business suspended (歇业): the grace of suspension applies."""
    CANCELLED = 4
    """Registration cancelled (注销): the decision is final and leaves the statistics."""
    KEY_SUPERVISION = 8
    """Key supervision by law (重点监管对象)."""
    MANUAL = 16
    """A person set the class (人工调整)."""
    FROZEN = 32
    """An item is objected to and rests (异议期间暂不计分)."""


class MissingPolicy(StrEnum):
    """What an unknown indicator counts as; missing data is not good news."""

    NEUTRAL = "neutral"
    """Neither good nor bad: no points."""
    MEAN = "mean"
    """What the population has on average, as the model says."""
    WORST = "worst"
    """The most points the indicator can give."""
    NOT_APPLICABLE = "not_applicable"
    """The question does not arise: no points, and the indicator does not count in coverage."""


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator of the catalogue.

    Attributes:
        unit: `year`, `wan_yuan` (10,000 CNY), `count`, `share`, `ratio` or `yes_no`.
        measure: the word that follows the number in Chinese (量词), empty for yes and no.
    """

    code: str
    unit: str
    measure: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The order in which values come."""

    version: int
    indicators: tuple[Indicator, ...]

    @property
    def positions(self) -> Mapping[str, int]:
        """Position of each indicator by code."""
        return {indicator.code: position for position, indicator in enumerate(self.indicators)}


@dataclass(frozen=True, slots=True)
class Bins:
    """Steps: `points[i]` holds from `edges[i - 1]`, inclusive, up to `edges[i]`, exclusive."""

    edges: tuple[float, ...]
    points: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Curve:
    """Straight lines between knots; flat before the first and after the last."""

    at: tuple[float, ...]
    points: tuple[float, ...]


class Kind(StrEnum):
    """What a model judges."""

    GENERAL = "general"
    """Every entity that no other general kind judges (通用)."""
    INDIVIDUAL = "individual"
    """Individual businesses (个体工商户), in place of the general model: lighter, since they may publish little."""
    SECTOR = "sector"
    """Members of a sector, beside the general class (行业)."""


class Part(StrEnum):
    """Whether points come of what an entity is or of what it does (静态, 动态)."""

    STATIC = "static"
    DYNAMIC = "dynamic"


class Aspect(StrEnum):
    """Whether points speak of faith kept or of harm that may come (信用, 风险)."""

    CREDIT = "credit"
    RISK = "risk"


@dataclass(frozen=True, slots=True)
class Dimension:
    """A part of the score.

    Attributes:
        full: the most points its items together give; None where the model does not divide its scale.
    """

    code: str
    zh: str
    en: str
    full: float | None
    part: Part
    aspect: Aspect


@dataclass(frozen=True, slots=True)
class Item:
    """One indicator's part in the score: its scale's points times `weight`, rounded to whole points, half to even.

    Attributes:
        missing_points: points of an unknown value before the weight.
        dimension: code of its dimension; empty where the model has none.
    """

    indicator: str
    scale: Bins | Curve
    weight: float
    missing: MissingPolicy
    missing_points: float
    dimension: str = ""


@dataclass(frozen=True, slots=True)
class Reaches:
    """True when the indicator is known and reaches the threshold from below, or from above."""

    indicator: str
    threshold: float
    from_above: bool = False


@dataclass(frozen=True, slots=True)
class YoungerThan:
    """True when the day of establishment is known and fewer than `days` days before the business day."""

    days: int


Condition = Reaches | YoungerThan


@dataclass(frozen=True, slots=True)
class Adjustment:
    """A floor, override or modifier.

    While it holds, the class is `floor` or worse, `ignores` gives no points, and the class by the score is `shift`
    steps worse, or better where it is negative. What a floor says no shift takes away.

    Attributes:
        kind: `override` or `modifier`.
        when: All of these hold.
        ignores: indicator codes, or their first parts such as `dynamic`.
        valid_from, valid_to: business days on which the rule is in force, days since 1970-01-01, both included.
    """

    code: str
    kind: str
    when: tuple[Condition, ...]
    floor: RiskClass | None
    shift: int
    ignores: tuple[str, ...]
    flag: Flag
    valid_from: int
    valid_to: int
    zh: str
    en: str
    citation: str
    confidence: str

    def ignores_indicator(self, code: str) -> bool:
        """Whether the indicator gives no points while this holds."""
        return any(code == ignored or code.startswith(f"{ignored}.") for ignored in self.ignores)

    @property
    def asks_age(self) -> bool:
        """Whether it asks for the day of establishment."""
        return any(isinstance(condition, YoungerThan) for condition in self.when)


@dataclass(frozen=True, slots=True)
class Coupling:
    """Points that the general class gives in a sector model, best class first (通用+行业)."""

    points: tuple[float, float, float, float]
    citation: str
    confidence: str


@dataclass(frozen=True, slots=True)
class RiskModel:
    """One version of a risk model.

    Attributes:
        sector: code of `vocabulary.industries.Sector`; empty where the kind is another.
        member: the indicator that says who belongs to the sector; empty likewise.
        lowest, highest: ends of the scale.
        base: points every entity starts with.
        cuts: the greatest scores of A, of B and of C, inclusive; None while they are only known as shares.
        shares: what shares of the city are to be A, A to B and A to C; None where the cuts are fixed.
        levels: what A to D are called, zh and en.
        valid_to: the last day, None where none is known.
        definition: the whole document as written, for people and for the hash.
    """

    code: str
    version: int
    kind: Kind
    sector: str
    member: str
    catalogue_version: int
    zh: str
    en: str
    valid_from: date
    valid_to: date | None
    author: str
    approver: str
    lowest: float
    highest: float
    base: float
    cuts: tuple[float, float, float] | None
    shares: tuple[float, float, float] | None
    levels: tuple[tuple[str, str], ...]
    dimensions: tuple[Dimension, ...]
    items: tuple[Item, ...]
    coupling: Coupling | None
    adjustments: tuple[Adjustment, ...]
    sha256: str
    definition: Mapping[str, object]

    @property
    def id(self) -> str:
        """Code and version, such as `general@1`."""
        return f"{self.code}@{self.version}"


@dataclass(frozen=True, slots=True)
class Promotion:
    """A version went live; going back to an earlier one is another promotion.

    Attributes:
        number: of all promotions, from 1.
        from_day: first business day it judges, days since 1970-01-01.
    """

    number: int
    model_id: str
    from_day: int


@dataclass(frozen=True, slots=True)
class PromotedAt:
    """The circumstances of a promotion; nobody approved what the service ships with."""

    from_day: int
    promoted_at: datetime
    promoted_by: str
    approved_by: str = ""


LOWEST_SCORE = 0.0
HIGHEST_SCORE = 1000.0
"""Of the general scale."""
NO_DAY = 2**31 - 1
"""Later than any day."""
LEVELS = (
    ("信用风险低", "low risk"),
    ("信用风险一般", "ordinary risk"),
    ("信用风险较高", "elevated risk"),
    ("信用风险高", "high risk"),
)
"""What the classes of the general model are called."""
