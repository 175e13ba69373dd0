"""A risk model as data: which indicator gives how many points, where the classes begin, and what overrides them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
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
        unit: `year`, `wan_yuan` (10,000 CNY), `count` or `yes_no`.
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


@dataclass(frozen=True, slots=True)
class Item:
    """One indicator's part in the score: its scale's points times `weight`, rounded to whole points, half to even.

    Attributes:
        missing_points: points of an unknown value before the weight.
    """

    indicator: str
    scale: Bins | Curve
    weight: float
    missing: MissingPolicy
    missing_points: float


@dataclass(frozen=True, slots=True)
class AtLeast:
    """True when the indicator is known and reaches the threshold."""

    indicator: str
    threshold: float


@dataclass(frozen=True, slots=True)
class YoungerThan:
    """True when the day of establishment is known and fewer than `days` days before the business day."""

    days: int


@dataclass(frozen=True, slots=True)
class Adjustment:
    """A floor, override or modifier: while it holds, the class is `floor` or worse, and `ignores` gives no points.

    Attributes:
        kind: `override` or `modifier`.
        ignores: indicator codes, or their first parts such as `dynamic`.
    """

    code: str
    kind: str
    when: AtLeast | YoungerThan
    floor: RiskClass | None
    ignores: tuple[str, ...]
    flag: Flag
    zh: str
    en: str
    citation: str
    confidence: str

    def ignores_indicator(self, code: str) -> bool:
        """Whether the indicator gives no points while this holds."""
        return any(code == ignored or code.startswith(f"{ignored}.") for ignored in self.ignores)


@dataclass(frozen=True, slots=True)
class RiskModel:
    """One version of a risk model.

    Attributes:
        base: points every entity starts with.
        cuts: the greatest scores of A, of B and of C, inclusive.
        definition: the whole document as written, for people and for the hash.
    """

    code: str
    version: int
    catalogue_version: int
    valid_from: date
    author: str
    base: float
    cuts: tuple[float, float, float]
    items: tuple[Item, ...]
    adjustments: tuple[Adjustment, ...]
    sha256: str
    definition: Mapping[str, object]

    @property
    def id(self) -> str:
        """Code and version, such as `general@1`."""
        return f"{self.code}@{self.version}"


LOWEST_SCORE = 0.0
HIGHEST_SCORE = 1000.0
