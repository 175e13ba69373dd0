"""What changed between two decisions about an entity, and why."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Stage:
    """Score and class at a step from the earlier decision to the later one."""

    score: float
    risk_class: str


@dataclass(frozen=True, slots=True)
class Moved:
    """An indicator whose value or points changed.

    Attributes:
        by_model: points more because the model changed, by the value as it was.
        by_facts: points more because the value changed.
        by_people: points more because what people decided to rest changed.
        why: `facts`, `model`, `people`, `both` of the first two, or several with a plus between.
    """

    code: str
    zh: str
    en: str
    value_before: float | None
    value_after: float | None
    points_before: float
    points_after: float
    by_model: float
    by_facts: float
    by_people: float
    why: str
    sentence: str
    sentence_en: str


@dataclass(frozen=True, slots=True)
class RuleMoved:
    """A floor, override or modifier that began or ended to hold; `change` is `began` or `ended`."""

    code: str
    change: str
    zh: str
    en: str
    citation: str


@dataclass(frozen=True, slots=True)
class SectorMoved:
    """The class in a sector changed; empty where the entity is no member."""

    sector: str
    zh: str
    en: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changed and why.

    Attributes:
        before, after: the two decisions.
        by_model: the earlier decision's facts and people's decisions by the later one's models.
        by_facts: the later decision's facts by the later models, with people's earlier decisions.
        model_before, model_after: ids of what judged the whole entity.
        people_before, people_after: ids of people's decisions that were applied.
    """

    uscc: str
    number_before: int
    number_after: int
    day_before: date
    day_after: date
    before: Stage
    by_model: Stage
    by_facts: Stage
    after: Stage
    model_before: str
    model_after: str
    people_before: tuple[int, ...]
    people_after: tuple[int, ...]
    indicators: tuple[Moved, ...]
    rules: tuple[RuleMoved, ...]
    sectors: tuple[SectorMoved, ...]
    sentence: str
    sentence_en: str
