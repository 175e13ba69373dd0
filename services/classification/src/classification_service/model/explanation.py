"""A decision as it was made, and its explanation for people."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision in the books, frozen as it was made.

    Attributes:
        values: the catalogue's indicators, NaN when unknown.
        points: base, one per item of the model, cap.
        flags: bits of `Flag`.
        previous_class: letter, empty for the first.
    """

    uscc: str
    number: int
    decided_at: datetime
    business_day: date
    recorded_at: datetime
    profile_version: int
    model_id: str
    values: tuple[float, ...]
    points: tuple[float, ...]
    score: float
    risk_class: str
    score_class: str
    override_code: str
    flags: int
    cause: str
    previous_class: str


@dataclass(frozen=True, slots=True)
class CurrentState:
    """An entity as it stands: what lists, counts and area checks need, without the reasons.

    Attributes:
        risk_class: letter A to D.
        status: code of `vocabulary.entity_types.Status`, `unknown` before the registration came.
    """

    uscc: str
    profile_version: int
    risk_class: str
    score: float
    override_code: str
    flags: int
    decision_number: int
    change_number: int
    area_code: str
    industry: str
    entity_type: str
    status: str
    business_day: date
    recorded_at: datetime
    model_id: str


@dataclass(frozen=True, slots=True)
class ClassCount:
    """How many entities of a group a model put in a class; `group` is empty when all are counted together."""

    group: str
    risk_class: str
    model_id: str
    entities: int
    under_observation: int


@dataclass(frozen=True, slots=True)
class Line:
    """One indicator's part in a score.

    Attributes:
        value: None when unknown.
        treatment: `counted`, `missing:<policy>`, or `ignored:<modifier>`.
        sentence: as it is read aloud.
    """

    code: str
    zh: str
    en: str
    unit: str
    value: float | None
    points: float
    treatment: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Applied:
    """A floor, override or modifier that held; `decided` when it, and not the score, gave the class."""

    code: str
    kind: str
    zh: str
    en: str
    citation: str
    confidence: str
    floor: str | None
    decided: bool


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a class is what it is.

    Attributes:
        cap: points taken away or added to stay within 0 to 1000.
        coverage: share of the applicable indicators whose value was known, 0 to 1.
        sentence: in Chinese, as a member of staff may read it aloud.
    """

    base: float
    cap: float
    lines: tuple[Line, ...]
    applied: tuple[Applied, ...]
    coverage: float
    sentence: str
